import { useState } from 'preact/hooks';
import type { Reply } from '../../../../client/classroom.ts';
import { ClassroomError } from '../../../../client/classroom.ts';
import { inBoth } from '../language.ts';
import { LessonScreen } from '../lesson/lesson-screen.tsx';
import { ProblemNote } from '../parts/problem-note.tsx';
import { useLoaded } from '../parts/use-loaded.ts';
import { Review } from '../review/review.tsx';
import { client, type Person } from '../session.ts';
import { Door } from './door.tsx';

const text = inBoth({ en: { loading: 'The class is coming…' }, zh: { loading: '正在加载课堂…' } });

/** One class: its door, the lesson while it goes on, and what is left of it afterwards. */
export const ClassScreen = ({ classId, person }: { classId: string; person: Person }) => {
  const { loaded, reload } = useLoaded(classId, () => client.call('get-class', { classId }));
  const [joined, setJoined] = useState<Reply<'join-class'>>();
  if (loaded.state === 'failed')
    return (
      <div class="page">
        <ProblemNote error={loaded.error} retry={reload} />
      </div>
    );
  if (loaded.state === 'loading') return <div class="page skeleton-page" role="status" aria-label={text().loading} />;
  const lesson = loaded.value;
  if (lesson.status === 'ended') return <Review lesson={lesson} person={person} />;
  if (joined)
    return (
      <LessonScreen
        joined={joined}
        person={person}
        onOver={() => {
          setJoined(undefined);
          reload();
        }}
        onLeft={() => setJoined(undefined)}
      />
    );
  const enter = async (passcode: string) => {
    try {
      setJoined(await client.call('join-class', { classId, ...(passcode && { passcode }) }));
    } catch (error) {
      // It was over before anybody said so.
      if (error instanceof ClassroomError && error.code === 'GONE') reload();
      throw error;
    }
  };
  return <Door lesson={lesson} person={person} onEnter={enter} />;
};
