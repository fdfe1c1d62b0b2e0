import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { inBoth } from '../language.ts';
import { Icon } from '../parts/icon.tsx';
import { IconButton } from '../parts/icon-button.tsx';
import type { Comment } from './chat.ts';
import type { LessonInProgress } from './lesson.ts';
import { noticeSentence } from './notice-sentence.ts';

const text = inBoth({
  en: {
    log: 'Chat',
    say: 'Say something',
    placeholder: 'It flies over the board',
    send: 'Send',
    empty: 'Nobody has said anything yet.',
    masked: (typed: string) => `You wrote “${typed}”. This is what the others see.`,
    gap: 'You were away for a moment. What was said meanwhile is not here.',
    sending: 'sending…',
    lost: 'No answer came. It may not have arrived.',
    100: 'Not sent: it holds a word that is not wanted here.',
    101: 'Not sent: you do not hold the board.',
    102: 'Not sent: you are muted, or not in the class any more.',
    103: 'Not sent: it could not be checked in time. Try again.',
    104: 'Not sent: only others may send this.',
    muted: 'Not sent: you are muted.',
    long: 'Not sent: it is too long.',
    outside: 'Not sent: you are not in the class.',
    other: (code: number) => `Not sent: IM refused it (${code}).`,
  },
  zh: {
    log: '聊天',
    say: '说点什么',
    placeholder: '发一条弹幕',
    send: '发送',
    empty: '还没有人说话。',
    masked: (typed: string) => `您写的是“${typed}”，这是其他人看到的内容。`,
    gap: '刚才连接断开过，其间的消息不在这里。',
    sending: '发送中…',
    lost: '没有收到回复，消息可能未送达。',
    100: '未发送：含有不允许的词。',
    101: '未发送：您没有白板权限。',
    102: '未发送：您被禁言，或已不在课堂。',
    103: '未发送：未能及时审核，请重试。',
    104: '未发送：此类消息只有他人可发。',
    muted: '未发送：您被禁言。',
    long: '未发送：内容过长。',
    outside: '未发送：您不在课堂中。',
    other: (code: number) => `未发送：IM 拒绝了（${code}）。`,
  },
});

/** Of the codes that a sender's client sees: ours begin at 10100. Source: https://cloud.tencent.com/document/product/269/1671 */
const reasonOf = (code: number): string => {
  const texts = text();
  switch (code) {
    case 10100:
      return texts[100];
    case 10101:
      return texts[101];
    case 10102:
      return texts[102];
    case 10103:
      return texts[103];
    case 10104:
      return texts[104];
    case 10017:
      return texts.muted;
    case 80002:
      return texts.long;
    case 10007:
      return texts.outside;
    default:
      return texts.other(code);
  }
};

/** What has been said, and a line to say something; `children` stand beside it. */
export const ChatPanel = ({ lesson, children }: { lesson: LessonInProgress; children: ComponentChildren }) => {
  const { lines } = lesson.chat;
  const list = useRef<HTMLDivElement>(null);
  const isAtEnd = useRef(true);
  // Whoever reads further up is left there.
  const keepAtEnd = () => {
    if (isAtEnd.current) list.current?.scrollTo({ top: list.current.scrollHeight });
  };
  useLayoutEffect(keepAtEnd, [lines.value]);
  useLayoutEffect(() => {
    if (!list.current) return;
    const observer = new ResizeObserver(keepAtEnd);
    observer.observe(list.current);
    return () => observer.disconnect();
  }, []);
  return (
    <div class="chat">
      <div
        class="lines"
        ref={list}
        role="log"
        aria-label={text().log}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard
        tabIndex={0}
        onScroll={({ currentTarget: { scrollTop, scrollHeight, clientHeight } }) => {
          isAtEnd.current = scrollHeight - scrollTop - clientHeight < 40;
        }}
      >
        {lines.value.length === 0 && <p class="notice">{text().empty}</p>}
        {lines.value.map((line) =>
          'notice' in line ? (
            <p class="notice" key={line.key}>
              {noticeSentence(line.notice)}
            </p>
          ) : 'gap' in line ? (
            <p class="notice" key={line.key}>
              {text().gap}
            </p>
          ) : (
            <ChatLine key={line.key} comment={line} lesson={lesson} />
          ),
        )}
      </div>
      <div class="composer">
        <Composer lesson={lesson} />
        {children}
      </div>
    </div>
  );
};

const ChatLine = ({ comment, lesson }: { comment: Comment; lesson: LessonInProgress }) => {
  const { userId, text: said, typed = '', state, code = 0 } = comment;
  const isOwn = userId === lesson.userId;
  return (
    <div class={`line is-${state}${isOwn ? ' is-own' : ''}`}>
      <span class="line-name">{lesson.people.nameOf(userId)}</span>
      <p class="line-text">{said}</p>
      {state === 'sending' && <p class="line-note">{text().sending}</p>}
      {state === 'masked' && <p class="line-note">{text().masked(typed)}</p>}
      {state === 'lost' && <p class="line-note is-bad">{text().lost}</p>}
      {state === 'refused' && (
        <p class="line-note is-bad" role="alert">
          <Icon name="alert" />
          {reasonOf(code)}
        </p>
      )}
    </div>
  );
};

const Composer = ({ lesson }: { lesson: LessonInProgress }) => {
  const [draft, setDraft] = useState('');
  const say = () => {
    const said = draft.trim();
    if (said) void lesson.chat.say(said);
    setDraft('');
  };
  return (
    <form
      class="say"
      onSubmit={(event) => {
        event.preventDefault();
        say();
      }}
    >
      <input
        aria-label={text().say}
        placeholder={text().placeholder}
        value={draft}
        onInput={({ currentTarget }) => setDraft(currentTarget.value)}
        maxLength={500}
        autocomplete="off"
      />
      <IconButton icon="send" label={text().send} type="submit" />
    </form>
  );
};
