import { useState } from 'preact/hooks';
import type { ClassView } from '../../../../client/classroom.ts';
import { formatTime, inBoth } from '../language.ts';
import { Icon } from '../parts/icon.tsx';
import { ProblemNote } from '../parts/problem-note.tsx';
import { useAction } from '../parts/use-action.ts';
import { useLoaded } from '../parts/use-loaded.ts';
import { classHref, goTo } from '../route.ts';
import { client, type Person } from '../session.ts';
import { CreateClass } from './create-class.tsx';
import { StatusBadge } from './status-badge.tsx';

const text = inBoth({
  en: {
    title: 'Classes',
    create: 'New class',
    join: 'Join',
    joinLabel: 'Id of a class',
    emptyTitle: 'No class yet',
    emptyTeacher: 'Open the first one. Students join it with its id.',
    emptyStudent: 'Ask your teacher for the id of a class, and join it above.',
    taughtBy: (teacherId: string) => `taught by ${teacherId}`,
    loading: 'Classes are coming…',
    more: 'More',
    passcode: 'with a passcode',
  },
  zh: {
    title: '课堂',
    create: '新建课堂',
    join: '加入',
    joinLabel: '课堂 ID',
    emptyTitle: '还没有课堂',
    emptyTeacher: '新建第一个课堂，学生用课堂 ID 加入。',
    emptyStudent: '向老师要一个课堂 ID，在上方加入。',
    taughtBy: (teacherId: string) => `老师：${teacherId}`,
    loading: '正在加载课堂…',
    more: '更多',
    passcode: '需要口令',
  },
});

/** The caller's classes, and the ways into one. */
export const ClassList = ({ person }: { person: Person }) => {
  const [isCreating, setCreating] = useState(false);
  const { loaded, reload } = useLoaded(person.userId, () => client.call('list-classes', { limit: 60 }));
  const mayCreate = person.role !== 'student';
  return (
    <div class="page">
      <div class="page-head">
        <h1>{text().title}</h1>
        <JoinById />
        {mayCreate && (
          <button type="button" class="button primary" onClick={() => setCreating(true)}>
            <Icon name="plus" />
            {text().create}
          </button>
        )}
      </div>
      {loaded.state === 'loading' && <LoadingClasses />}
      {loaded.state === 'failed' && <ProblemNote error={loaded.error} retry={reload} />}
      {loaded.state === 'loaded' && loaded.value.classes.length === 0 && (
        <div class="empty">
          <EmptyPicture />
          <h2>{text().emptyTitle}</h2>
          <p>{mayCreate ? text().emptyTeacher : text().emptyStudent}</p>
        </div>
      )}
      {loaded.state === 'loaded' && <Classes key={turnOf(loaded.value)} first={loaded.value} />}
      {isCreating && <CreateClass person={person} onClose={() => setCreating(false)} />}
    </div>
  );
};

type Page = { classes: ClassView[]; nextCursor?: string | undefined };

const turnOf = ({ classes }: Page) => classes.map(({ classId, status }) => classId + status).join();

const Classes = ({ first }: { first: Page }) => {
  const [pages, setPages] = useState([first]);
  const cursor = pages.at(-1)?.nextCursor;
  const { run, isBusy, error } = useAction(async () => {
    const next = await client.call('list-classes', { limit: 60, ...(cursor !== undefined && { cursor }) });
    setPages([...pages, next]);
  });
  return (
    <>
      <ul class="classes">
        {pages
          .flatMap(({ classes }) => classes)
          .map((lesson) => (
            <li key={lesson.classId}>
              <ClassCard lesson={lesson} />
            </li>
          ))}
      </ul>
      {error !== undefined && <ProblemNote error={error} />}
      {cursor !== undefined && (
        <button type="button" class="button" disabled={isBusy} onClick={run}>
          {text().more}
        </button>
      )}
    </>
  );
};

const ClassCard = ({
  lesson: { classId, name, teacherId, status, needsPasscode, createdAt, startsAt },
}: {
  lesson: ClassView;
}) => (
  <a class="card class-card" href={classHref(classId)}>
    <span class="class-card-head">
      <StatusBadge status={status} />
      {needsPasscode && (
        <span class="faint" title={text().passcode}>
          <Icon name="lock" />
        </span>
      )}
    </span>
    <strong class="class-name">{name}</strong>
    <span class="faint">{text().taughtBy(teacherId)}</span>
    <span class="faint class-card-foot">
      <code>{classId}</code>
      <time>{formatTime(startsAt ?? createdAt, { dateStyle: 'medium', timeStyle: 'short' })}</time>
    </span>
  </a>
);

const JoinById = () => {
  const [classId, setClassId] = useState('');
  return (
    <form
      class="join-by-id"
      onSubmit={(event) => {
        event.preventDefault();
        goTo(classHref(classId.trim()));
      }}
    >
      <input
        aria-label={text().joinLabel}
        placeholder={text().joinLabel}
        value={classId}
        onInput={({ currentTarget }) => setClassId(currentTarget.value)}
        required
        pattern="\s*[A-Za-z0-9_\-]{1,32}\s*"
        autocomplete="off"
      />
      <button type="submit" class="button">
        {text().join}
      </button>
    </form>
  );
};

const LoadingClasses = () => (
  <div class="classes" role="status" aria-label={text().loading}>
    {[1, 2, 3].map((each) => (
      <div class="card class-card skeleton" key={each} />
    ))}
  </div>
);

/** An empty board with one line on it. */
const EmptyPicture = () => (
  <svg class="empty-picture" viewBox="0 0 200 130" aria-hidden="true">
    <rect x="8" y="8" width="184" height="106" rx="10" />
    <path d="M40 84c20-46 38-46 50-14s28 22 54-34" />
    <path class="tray" d="M60 122h80" />
  </svg>
);
