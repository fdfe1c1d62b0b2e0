import { inBoth } from '../language.ts';
import { Icon } from '../parts/icon.tsx';
import { IconButton } from '../parts/icon-button.tsx';
import { ProblemNote } from '../parts/problem-note.tsx';
import { useAction } from '../parts/use-action.ts';
import type { LessonInProgress } from './lesson.ts';
import type { Present } from './people.ts';

const text = inBoth({
  en: {
    here: 'Here now',
    nobody: 'Nobody is here yet.',
    you: 'you',
    teacher: 'Teacher',
    assistant: 'Assistant',
    student: 'Student',
    board: 'may draw',
    muted: 'muted',
    muteAll: 'Mute everybody',
    unmuteAll: 'Let everybody speak',
    grant: (name: string) => `Lend ${name} the board`,
    revoke: (name: string) => `Take the board from ${name}`,
    mute: (name: string) => `Mute ${name} for five minutes`,
    unmute: (name: string) => `Let ${name} speak again`,
    remove: (name: string) => `Remove ${name}`,
    removed: 'Removed',
    restore: 'Let in again',
  },
  zh: {
    here: '当前在线',
    nobody: '还没有人。',
    you: '我',
    teacher: '老师',
    assistant: '助教',
    student: '学生',
    board: '可书写',
    muted: '已禁言',
    muteAll: '全员禁言',
    unmuteAll: '解除全员禁言',
    grant: (name: string) => `请 ${name} 上台`,
    revoke: (name: string) => `收回 ${name} 的白板`,
    mute: (name: string) => `禁言 ${name} 五分钟`,
    unmute: (name: string) => `允许 ${name} 发言`,
    remove: (name: string) => `移出 ${name}`,
    removed: '已移出',
    restore: '允许返回',
  },
});

const muteSeconds = 300;

/** Who is here, and what whoever leads the class can do about them. */
export const PeoplePanel = ({ lesson }: { lesson: LessonInProgress }) => {
  const { present, isClassMuted } = lesson.people;
  const { run, isBusy, error } = useAction((work: () => Promise<unknown>) => work());
  return (
    <div class="people">
      {lesson.mayMute && (
        <button
          type="button"
          class="button small"
          disabled={isBusy}
          onClick={() => run(() => lesson.muteClass(!isClassMuted.value))}
        >
          <Icon name="mute" />
          {isClassMuted.value ? text().unmuteAll : text().muteAll}
        </button>
      )}
      {error !== undefined && <ProblemNote error={error} />}
      <h2>{text().here}</h2>
      {present.value.length === 0 && <p class="faint">{text().nobody}</p>}
      <ul class="roster">
        {present.value.map((member) => (
          <Row key={member.userId} member={member} lesson={lesson} isBusy={isBusy} run={run} />
        ))}
      </ul>
      {lesson.mayLead && lesson.removed.value.length > 0 && (
        <>
          <h2>{text().removed}</h2>
          <ul class="roster">
            {lesson.removed.value.map(({ userId, name }) => (
              <li class="member" key={userId}>
                <Avatar userId={userId} name={name} />
                <span class="member-name">{name}</span>
                <button
                  type="button"
                  class="button small"
                  disabled={isBusy}
                  onClick={() => run(() => lesson.restore(userId))}
                >
                  {text().restore}
                </button>
              </li>
            ))}
          </ul>
        </>
      )}
    </div>
  );
};

const Row = ({
  member: { userId, name, board, mutedUntil },
  lesson,
  isBusy,
  run,
}: {
  member: Present;
  lesson: LessonInProgress;
  isBusy: boolean;
  run: (work: () => Promise<unknown>) => void;
}) => {
  const role = lesson.roleOf(userId);
  const isMuted = mutedUntil * 1000 > Date.now();
  const isOther = userId !== lesson.userId && role !== 'teacher';
  return (
    <li class="member">
      <Avatar userId={userId} name={name} />
      <span class="member-name">
        {name}
        <span class="member-facts faint">
          {text()[role]}
          {userId === lesson.userId && ` · ${text().you}`}
          {board && role !== 'teacher' && <span class="badge is-on">{text().board}</span>}
          {isMuted && <span class="badge is-warn">{text().muted}</span>}
        </span>
      </span>
      {isOther && lesson.mayLead && (
        <IconButton
          icon="board"
          label={board ? text().revoke(name) : text().grant(name)}
          aria-pressed={board}
          disabled={isBusy}
          onClick={() => run(() => lesson.setBoard(userId, !board))}
        />
      )}
      {isOther && lesson.mayMute && (
        <IconButton
          icon="mute"
          label={isMuted ? text().unmute(name) : text().mute(name)}
          aria-pressed={isMuted}
          disabled={isBusy}
          onClick={() => run(() => lesson.mute(userId, isMuted ? 0 : muteSeconds))}
        />
      )}
      {isOther && lesson.mayLead && (
        <IconButton
          icon="remove"
          label={text().remove(name)}
          disabled={isBusy}
          onClick={() => run(() => lesson.remove(userId))}
        />
      )}
    </li>
  );
};

const tints = 6;

const Avatar = ({ userId, name }: { userId: string; name: string }) => {
  const tint = [...userId].reduce((sum, char) => sum + char.charCodeAt(0), 0) % tints;
  return (
    <span class={`avatar tint-${tint}`} aria-hidden="true">
      {[...name][0]}
    </span>
  );
};
