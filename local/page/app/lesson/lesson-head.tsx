import { useState } from 'preact/hooks';
import { StatusBadge } from '../classes/status-badge.tsx';
import { inBoth } from '../language.ts';
import { Dialog } from '../parts/dialog.tsx';
import { Icon } from '../parts/icon.tsx';
import { IconButton } from '../parts/icon-button.tsx';
import { ProblemNote } from '../parts/problem-note.tsx';
import { useAction } from '../parts/use-action.ts';
import { classesHref } from '../route.ts';
import type { LessonInProgress } from './lesson.ts';

const text = inBoth({
  en: {
    leave: 'Leave',
    copyId: 'Copy the id',
    copied: 'Copied',
    end: 'End class',
    endTitle: 'End the class?',
    endLead: 'Everybody leaves, and nobody can come back. The replay, the attendance and the files stay.',
    endNow: 'End it',
    keepOn: 'Not yet',
  },
  zh: {
    leave: '离开',
    copyId: '复制 ID',
    copied: '已复制',
    end: '下课',
    endTitle: '确定下课吗？',
    endLead: '所有人将离开，且无法再进入。回放、考勤和文件会保留。',
    endNow: '下课',
    keepOn: '再等等',
  },
});

/** What the class is called, and how to leave or end it. */
export const LessonHead = ({ lesson }: { lesson: LessonInProgress }) => {
  const [isEnding, setEnding] = useState(false);
  const [isCopied, setCopied] = useState(false);
  const { run, isBusy, error } = useAction(lesson.end);
  const { classId, name } = lesson.lesson;
  return (
    <div class="lesson-head">
      <a class="icon-button" href={classesHref} aria-label={text().leave} title={text().leave}>
        <Icon name="back" />
      </a>
      <h1>{name}</h1>
      <StatusBadge status="live" />
      <span class="class-id">
        <code>{classId}</code>
        <IconButton
          icon={isCopied ? 'check' : 'copy'}
          label={isCopied ? text().copied : text().copyId}
          onClick={() => void navigator.clipboard.writeText(classId).then(() => setCopied(true), refused)}
        />
      </span>
      {lesson.mayEnd && (
        <button type="button" class="button danger lesson-end" onClick={() => setEnding(true)}>
          {text().end}
        </button>
      )}
      {isEnding && (
        <Dialog title={text().endTitle} onClose={() => setEnding(false)}>
          <div class="form">
            <p>{text().endLead}</p>
            {error !== undefined && <ProblemNote error={error} />}
            <div class="choices">
              <button type="button" class="button" onClick={() => setEnding(false)}>
                {text().keepOn}
              </button>
              <button type="button" class="button danger" disabled={isBusy} onClick={run}>
                {text().endNow}
              </button>
            </div>
          </div>
        </Dialog>
      )}
    </div>
  );
};

/** A browser may refuse the clipboard; the id stands beside the button. */
const refused = () => {};
