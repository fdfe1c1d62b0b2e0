import { useEffect, useState } from 'preact/hooks';
import type { Reply } from '../../../../client/classroom.ts';
import { Board } from '../board/board.tsx';
import { Files } from '../files/files.tsx';
import { inBoth } from '../language.ts';
import { Icon } from '../parts/icon.tsx';
import { Tabs } from '../parts/tabs.tsx';
import { classesHref } from '../route.ts';
import { client, type Person } from '../session.ts';
import { surroundings } from '../surroundings.ts';
import { ChatPanel } from './chat-panel.tsx';
import { Danmaku } from './danmaku.tsx';
import { createLesson, type LessonInProgress, type LessonPhase } from './lesson.ts';
import { LessonHead } from './lesson-head.tsx';
import { Hearts, LikeButton } from './likes.tsx';
import { PeoplePanel } from './people-panel.tsx';

const text = inBoth({
  en: {
    chat: 'Chat',
    people: 'People',
    files: 'Files',
    panels: 'Beside the board',
    connecting: 'Connecting…',
    reconnecting: 'The connection is gone. Trying again…',
    elsewhereTitle: 'This class is open in another tab',
    elsewhere: 'You came in again somewhere else, so this tab has stopped.',
    takeBack: 'Go on here',
    removedTitle: 'You were removed from this class',
    removed: 'Its teacher can let you in again.',
    refusedTitle: 'IM does not let you in',
    refused: 'Your sig was refused twice. Come in again to get a new one.',
    classes: 'All classes',
    again: 'Come in again',
  },
  zh: {
    chat: '聊天',
    people: '成员',
    files: '文件',
    panels: '侧栏',
    connecting: '正在连接…',
    reconnecting: '连接已断开，正在重连…',
    elsewhereTitle: '课堂已在另一个标签页打开',
    elsewhere: '您在别处重新进入了课堂，本页已停止。',
    takeBack: '在此继续',
    removedTitle: '您已被移出课堂',
    removed: '老师可以让您重新进入。',
    refusedTitle: 'IM 拒绝登录',
    refused: '签名两次被拒。请重新进入以获取新的签名。',
    classes: '全部课堂',
    again: '重新进入',
  },
});

interface LessonScreenProps {
  joined: Reply<'join-class'>;
  person: Person;
  /** It has ended. */
  onOver(): void;
  /** Back to the door. */
  onLeft(): void;
}

/** A class that goes on, from coming in until one leaves. */
export const LessonScreen = ({ joined, person, ...leaving }: LessonScreenProps) => {
  const [lesson, setLesson] = useState<LessonInProgress>();
  useEffect(() => {
    const begun = createLesson({ client, imUrl: surroundings.imUrl, joined, person });
    setLesson(begun);
    return begun.close;
  }, [joined, person]);
  return lesson ? <Live lesson={lesson} person={person} {...leaving} /> : null;
};

/** The board with comments flying over it, and beside it the chat, the people and the files. */
const Live = ({ lesson, person, onOver, onLeft }: Omit<LessonScreenProps, 'joined'> & { lesson: LessonInProgress }) => {
  const [panel, setPanel] = useState<'chat' | 'people' | 'files'>('chat');
  const phase = lesson.phase.value;
  useEffect(() => {
    if (phase === 'over') onOver();
  }, [phase, onOver]);
  if (phase === 'elsewhere' || phase === 'removed' || phase === 'refused')
    return <Outside phase={phase} onTakeBack={lesson.takeBack} onLeft={onLeft} />;

  const { classId } = lesson.lesson;
  return (
    <div class="lesson">
      <div class="stage">
        <LessonHead lesson={lesson} />
        {phase !== 'live' && (
          <p class="banner" role="status">
            {phase === 'connecting' ? text().connecting : text().reconnecting}
          </p>
        )}
        <Board lesson={lesson}>
          <Danmaku lesson={lesson} />
          <Hearts lesson={lesson} />
        </Board>
      </div>
      <aside class="side card" aria-label={text().panels}>
        <Tabs
          label={text().panels}
          selected={panel}
          onSelect={setPanel}
          tabs={[
            { id: 'chat', name: text().chat, icon: 'chat' },
            { id: 'people', name: `${text().people} ${lesson.people.present.value.length}`, icon: 'people' },
            { id: 'files', name: text().files, icon: 'file' },
          ]}
        >
          {panel === 'chat' && (
            <ChatPanel lesson={lesson}>
              <LikeButton lesson={lesson} />
            </ChatPanel>
          )}
          {panel === 'people' && <PeoplePanel lesson={lesson} />}
          {panel === 'files' && (
            <Files classId={classId} role={lesson.role} isOver={false} person={person} nameOf={lesson.people.nameOf} />
          )}
        </Tabs>
      </aside>
    </div>
  );
};

const Outside = ({
  phase,
  onTakeBack,
  onLeft,
}: {
  phase: Extract<LessonPhase, 'elsewhere' | 'removed' | 'refused'>;
  onTakeBack: () => void;
  onLeft: () => void;
}) => {
  const titles = { elsewhere: text().elsewhereTitle, removed: text().removedTitle, refused: text().refusedTitle };
  return (
    <div class="door">
      <div class="card form outside" role="alert">
        <Icon name={phase === 'elsewhere' ? 'copy' : 'lock'} />
        <h1>{titles[phase]}</h1>
        <p class="faint">{text()[phase]}</p>
        {phase === 'elsewhere' ? (
          <button type="button" class="button primary" onClick={onTakeBack}>
            {text().takeBack}
          </button>
        ) : (
          <button type="button" class="button" onClick={onLeft}>
            {text().again}
          </button>
        )}
        <a href={classesHref}>{text().classes}</a>
      </div>
    </div>
  );
};
