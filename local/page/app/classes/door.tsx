import { useState } from 'preact/hooks';
import type { Reply } from '../../../../client/classroom.ts';
import { formatTime, inBoth } from '../language.ts';
import { Field } from '../parts/field.tsx';
import { Icon } from '../parts/icon.tsx';
import { ProblemNote } from '../parts/problem-note.tsx';
import { useAction } from '../parts/use-action.ts';
import { classesHref } from '../route.ts';
import type { Person } from '../session.ts';
import { StatusBadge } from './status-badge.tsx';

const text = inBoth({
  en: {
    back: 'Classes',
    enter: 'Come in',
    start: 'Begin the class',
    passcode: 'Passcode',
    passcodeHint: 'Asked for once. Members and assistants need none.',
    starts: (time: string) => `Begins ${time}`,
    taughtBy: (teacherId: string) => `taught by ${teacherId}`,
  },
  zh: {
    back: '课堂',
    enter: '进入课堂',
    start: '开始上课',
    passcode: '口令',
    passcodeHint: '只需输入一次；成员和助教无需口令。',
    starts: (time: string) => `开始时间 ${time}`,
    taughtBy: (teacherId: string) => `老师：${teacherId}`,
  },
});

/** In front of a class: what it is, and the way in. */
export const Door = ({
  lesson,
  person,
  onEnter,
}: {
  lesson: Reply<'get-class'>;
  person: Person;
  onEnter: (passcode: string) => Promise<void>;
}) => {
  const { name, teacherId, status, needsPasscode, startsAt } = lesson;
  const [passcode, setPasscode] = useState('');
  const { run, isBusy, error } = useAction(() => onEnter(passcode));
  const isTeacher = person.userId === teacherId;
  const isMember = 'chatGroupId' in lesson;
  return (
    <div class="door">
      <a class="back" href={classesHref}>
        <Icon name="back" />
        {text().back}
      </a>
      <form
        class="card form"
        onSubmit={(event) => {
          event.preventDefault();
          run();
        }}
      >
        <StatusBadge status={status} />
        <h1>{name}</h1>
        <p class="faint">{text().taughtBy(teacherId)}</p>
        {startsAt !== undefined && (
          <p>{text().starts(formatTime(startsAt, { dateStyle: 'full', timeStyle: 'short' }))}</p>
        )}
        {needsPasscode && !isMember && (
          <Field
            label={text().passcode}
            hint={text().passcodeHint}
            value={passcode}
            onValue={setPasscode}
            minLength={4}
            maxLength={64}
          />
        )}
        {error !== undefined && <ProblemNote error={error} />}
        <button class="button primary" type="submit" disabled={isBusy}>
          {isTeacher && status === 'scheduled' ? text().start : text().enter}
        </button>
      </form>
    </div>
  );
};
