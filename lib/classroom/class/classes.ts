import type { Caller } from '../../auth/authenticate.ts';
import { AppError } from '../../errors.ts';
import { isMember, type Member } from '../members/member.ts';
import { downloadEnd, hardEnd, isOver, type Lesson, type RoleInClass, roleInClass } from './class.ts';
import type { ClassFinder } from './class-finder.ts';

export interface ClassesOptions {
  finder: Pick<ClassFinder, 'findWith'>;
  /** Milliseconds since 1970. */
  clock(): number;
}

/** A class with who is calling, as it knows them. */
export interface Enrolment {
  lesson: Lesson;
  member: Member;
  role: RoleInClass;
}

/** Under so many seconds, nothing is handed out any more. */
const leastLifetimeSeconds = 60;

/**
 * The classes as the functions ask for them. Every `require…` throws `NOT_FOUND` when there is no such class, and
 * `FORBIDDEN` when it is not for the caller; those that say so throw `GONE` when it is over.
 */
export const createClasses = ({ finder, clock }: ClassesOptions) => {
  const nowSeconds = () => Math.floor(clock() / 1000);

  const require = async (classId: string, { userId }: Caller): Promise<Enrolment> => {
    const found = await finder.findWith(classId, userId);
    if (!found || found.lesson.status === 'opening') throw new AppError('NOT_FOUND', 'There is no such class.');
    return { ...found, role: roleInClass(found.lesson, userId) };
  };

  const secondsUntil = (end: number, ttlSeconds: number): number => {
    const seconds = Math.min(ttlSeconds, end - nowSeconds());
    if (seconds < leastLifetimeSeconds) throw gone();
    return seconds;
  };

  const assertGoingOn = (lesson: Lesson): void => {
    if (isOver(lesson, nowSeconds())) throw gone();
  };

  const assertReadable = (lesson: Lesson): void => void secondsUntil(downloadEnd(lesson), leastLifetimeSeconds);

  const requireMember = async (classId: string, caller: Caller): Promise<Enrolment> => {
    const enrolment = await require(classId, caller);
    if (!isMember(enrolment.lesson, enrolment.member)) throw new AppError('FORBIDDEN', 'You are not in this class.');
    return enrolment;
  };

  const requireOwnedBy = async (classId: string, caller: Caller): Promise<Lesson> => {
    const { lesson, role } = await require(classId, caller);
    if (role !== 'teacher' && caller.role !== 'admin')
      throw new AppError('FORBIDDEN', 'This is for the teacher of the class.');
    return lesson;
  };

  return {
    /** The class and the caller, whoever that is; `GONE` when it ended more than 30 days ago. */
    async requireReadable(classId: string, caller: Caller): Promise<Enrolment> {
      const enrolment = await require(classId, caller);
      assertReadable(enrolment.lesson);
      return enrolment;
    },

    /** For its members, however long ago it ended. */
    requireMember,

    /** For its members; `GONE` when it ended more than 30 days ago. */
    async requireReader(classId: string, caller: Caller): Promise<Enrolment> {
      const enrolment = await requireMember(classId, caller);
      assertReadable(enrolment.lesson);
      return enrolment;
    },

    /** For whoever is signed in and was not removed; `GONE` when it is over. */
    async requireJoinable(classId: string, caller: Caller): Promise<Enrolment> {
      const enrolment = await require(classId, caller);
      if (enrolment.member.removedAt !== undefined)
        throw new AppError('FORBIDDEN', 'You have been removed from this class.');
      assertGoingOn(enrolment.lesson);
      return enrolment;
    },

    /** For its teacher and admins, however long ago it ended. */
    requireOwnedBy,

    /** For its teacher and admins; `GONE` when it is over. */
    async requireTaughtBy(classId: string, caller: Caller): Promise<Lesson> {
      const lesson = await requireOwnedBy(classId, caller);
      assertGoingOn(lesson);
      return lesson;
    },

    /** For its teacher, its assistants and admins; `GONE` when it is over. */
    async requireLedBy(classId: string, caller: Caller): Promise<Lesson> {
      const { lesson, role, member } = await require(classId, caller);
      const leads = role !== 'student' && member.removedAt === undefined;
      if (!leads && caller.role !== 'admin')
        throw new AppError('FORBIDDEN', 'This is for the teacher and the assistants of the class.');
      assertGoingOn(lesson);
      return lesson;
    },

    /** Throws `GONE` when the class is over. */
    assertGoingOn,

    /** Throws `GONE` when it ended more than 30 days ago. */
    assertReadable,

    /** The lifetime of something that ends with the class. Throws `GONE` when the class has ended or is about to. */
    lifetimeSeconds: (lesson: Lesson, ttlSeconds: number): number => secondsUntil(hardEnd(lesson), ttlSeconds),

    /** The same for its files, which can be read for 30 days more. */
    downloadLifetimeSeconds: (lesson: Lesson, ttlSeconds: number): number =>
      secondsUntil(downloadEnd(lesson), ttlSeconds),
  };
};

export type Classes = ReturnType<typeof createClasses>;

const gone = () => new AppError('GONE', 'This class has ended.');
