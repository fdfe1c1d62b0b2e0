import { useState } from 'preact/hooks';
import type { Reply } from '../../../../client/classroom.ts';
import { StatusBadge } from '../classes/status-badge.tsx';
import { Files } from '../files/files.tsx';
import { formatTime, inBoth } from '../language.ts';
import { Icon } from '../parts/icon.tsx';
import { Tabs } from '../parts/tabs.tsx';
import { classesHref } from '../route.ts';
import type { Person } from '../session.ts';
import { Attendance } from './attendance.tsx';
import { Replay } from './replay.tsx';

const text = inBoth({
  en: {
    back: 'Classes',
    parts: 'What is left of the class',
    replay: 'Replay',
    attendance: 'Attendance',
    files: 'Files',
    ended: (time: string) => `Ended ${time}`,
    outsiderTitle: 'This class is over',
    outsider: 'Its replay is for those who were in it.',
  },
  zh: {
    back: '课堂',
    parts: '课后',
    replay: '回放',
    attendance: '考勤',
    files: '文件',
    ended: (time: string) => `结束于 ${time}`,
    outsiderTitle: '课堂已结束',
    outsider: '回放仅对课堂成员开放。',
  },
});

/** A class that is over: its replay, who was there, and its files. */
export const Review = ({ lesson, person }: { lesson: Reply<'get-class'>; person: Person }) => {
  const [part, setPart] = useState<'replay' | 'attendance' | 'files'>('replay');
  const { classId, name, teacherId } = lesson;
  const isMember = 'chatGroupId' in lesson;
  const isTeacher = person.userId === teacherId;
  const role = isTeacher
    ? 'teacher'
    : isMember && lesson.assistantIds.includes(person.userId)
      ? 'assistant'
      : 'student';
  return (
    <div class="page review">
      <a class="back" href={classesHref}>
        <Icon name="back" />
        {text().back}
      </a>
      <div class="page-head">
        <h1>{name}</h1>
        <StatusBadge status="ended" />
        {isMember && lesson.endedAt !== undefined && (
          <span class="faint">
            {text().ended(formatTime(lesson.endedAt, { dateStyle: 'medium', timeStyle: 'short' }))}
          </span>
        )}
      </div>
      {!isMember ? (
        <div class="empty">
          <Icon name="lock" />
          <h2>{text().outsiderTitle}</h2>
          <p>{text().outsider}</p>
        </div>
      ) : (
        <Tabs
          label={text().parts}
          selected={part}
          onSelect={setPart}
          tabs={[
            { id: 'replay', name: text().replay, icon: 'play' },
            ...(isTeacher || person.role === 'admin'
              ? [{ id: 'attendance' as const, name: text().attendance, icon: 'chart' as const }]
              : []),
            { id: 'files', name: text().files, icon: 'file' },
          ]}
        >
          {part === 'replay' && <Replay classId={classId} />}
          {part === 'attendance' && <Attendance classId={classId} />}
          {part === 'files' && <Files classId={classId} role={role} isOver person={person} />}
        </Tabs>
      )}
    </div>
  );
};
