import { useState } from 'preact/hooks';
import type { FeedEvent } from '../../../feed-event.ts';
import { inBoth } from '../language.ts';
import { Icon } from '../parts/icon.tsx';
import { CallRow } from './call-row.tsx';
import { type CallKind, isShown, keyOf } from './calls.ts';
import type { Feed } from './feed.ts';

const text = inBoth({
  en: {
    show: 'Show',
    all: 'Everything',
    functions: 'Functions',
    callbacks: 'Callbacks',
    services: 'IM, STS, COS…',
    errors: 'Errors',
    find: 'Find in the calls',
    pause: 'Pause',
    goOn: 'Go on',
    news: (count: number) => `Go on (${count} new)`,
    clear: 'Clear',
    emptyTitle: 'Nothing has happened yet',
    empty: 'Each call of a function, each callback and each call of a service comes up here.',
    noneTitle: 'Nothing fits',
    none: 'Other calls are hidden by the choice above.',
  },
  zh: {
    show: '显示',
    all: '全部',
    functions: '函数',
    callbacks: '回调',
    services: 'IM、STS、COS…',
    errors: '错误',
    find: '在调用中查找',
    pause: '暂停',
    goOn: '继续',
    news: (count: number) => `继续（${count} 条新）`,
    clear: '清空',
    emptyTitle: '还没有调用',
    empty: '函数、回调和云服务的每次调用都会显示在这里。',
    noneTitle: '没有匹配的调用',
    none: '其他调用被上面的条件隐藏了。',
  },
});

const kinds = ['all', 'functions', 'callbacks', 'services', 'errors'] as const satisfies readonly CallKind[];

/** The calls, the latest first. */
export const Calls = ({ feed }: { feed: Feed }) => {
  const [kind, setKind] = useState<CallKind>('all');
  const [words, setWords] = useState('');
  const [held, setHeld] = useState<readonly FeedEvent[]>();
  const [clearedAt, setClearedAt] = useState(0);
  const isSinceCleared = ({ at, ms }: FeedEvent) => at + ms > clearedAt;
  const now = feed.events.value.filter(isSinceCleared);
  const events = held?.filter(isSinceCleared) ?? now;
  const shown = events.filter((event) => isShown(event, { kind, text: words })).reverse();
  const newer = held ? now.filter((event) => event.id > (held.at(-1)?.id ?? 0)).length : 0;
  return (
    <div class="calls">
      <div class="calls-tools">
        <select
          aria-label={text().show}
          value={kind}
          onChange={({ currentTarget }) => setKind(currentTarget.value as CallKind)}
        >
          {kinds.map((each) => (
            <option key={each} value={each}>
              {text()[each]}
            </option>
          ))}
        </select>
        <input
          type="search"
          aria-label={text().find}
          placeholder={text().find}
          value={words}
          onInput={({ currentTarget }) => setWords(currentTarget.value)}
        />
        <button
          type="button"
          class="button small"
          aria-pressed={held !== undefined}
          onClick={() => setHeld(held ? undefined : feed.events.value)}
        >
          <Icon name={held ? 'play' : 'pause'} />
          {!held ? text().pause : newer > 0 ? text().news(newer) : text().goOn}
        </button>
        <button type="button" class="button small" onClick={() => setClearedAt(Date.now())}>
          {text().clear}
        </button>
      </div>
      {shown.length === 0 ? (
        <div class="empty">
          <Icon name="inspect" />
          <h2>{events.length === 0 ? text().emptyTitle : text().noneTitle}</h2>
          <p>{events.length === 0 ? text().empty : text().none}</p>
        </div>
      ) : (
        <ul class="call-list">
          {shown.map((event) => (
            <li key={keyOf(event)}>
              <CallRow event={event} />
            </li>
          ))}
        </ul>
      )}
    </div>
  );
};
