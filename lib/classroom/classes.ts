import type { Caller } from '../auth/authenticate.ts';
import { AppError } from '../errors.ts';
import { downloadEnd, hardEnd, type Lesson, roleInClass } from './class.ts';
import type { ClassFinder } from './class-finder.ts';

export interface ClassesOptions {
  finder: ClassFinder;
  /** Milliseconds since 1970. */
  clock(): number;
}

/** Under so many seconds, nothing is handed out any more. */
const leastLifetimeSeconds = 60;

/** The classes as the functions ask for them. */
export const createClasses = ({ finder, clock }: ClassesOptions) => {
  const require = async (classId: string): Promise<Lesson> => {
    const lesson = await finder.find(classId);
    if (!lesson || lesson.status === 'opening') throw new AppError('NOT_FOUND', 'There is no such class.');
    return lesson;
  };

  const secondsUntil = (end: number, ttlSeconds: number): number => {
    const seconds = Math.min(ttlSeconds, end - Math.floor(clock() / 1000));
    if (seconds < leastLifetimeSeconds) throw new AppError('GONE', 'This class has ended.');
    return seconds;
  };

  return {
    /** Throws `NOT_FOUND`, or `GONE` when it ended more than 30 days ago. */
    async requireReadable(classId: string): Promise<Lesson> {
      const lesson = await require(classId);
      secondsUntil(downloadEnd(lesson), leastLifetimeSeconds);
      return lesson;
    },

    /** Throws `NOT_FOUND`, or `FORBIDDEN` for anybody but the teacher and the assistants. */
    async requireMember(classId: string, caller: Caller): Promise<Lesson> {
      const lesson = await require(classId);
      if (!isMember(lesson, caller.userId)) throw new AppError('FORBIDDEN', 'You are not in this class.');
      return lesson;
    },

    /** The lifetime of something that ends with the class. Throws `GONE` when the class has ended or is about to. */
    lifetimeSeconds: (lesson: Lesson, ttlSeconds: number): number => secondsUntil(hardEnd(lesson), ttlSeconds),

    /** The same for its files, which can be read for 30 days more. */
    downloadLifetimeSeconds: (lesson: Lesson, ttlSeconds: number): number =>
      secondsUntil(downloadEnd(lesson), ttlSeconds),
  };
};

export type Classes = ReturnType<typeof createClasses>;

/** Answers whether somebody belongs to the class: its teacher or one of its assistants. */
export const isMember = (lesson: Lesson, userId: string): boolean => roleInClass(lesson, userId) !== 'student';
