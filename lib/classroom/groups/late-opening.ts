import type { Database } from '../../db/database.ts';
import { AppError } from '../../errors.ts';
import type { Lesson } from '../class/class.ts';
import { classLock, waitForClassMs } from '../class/class-lock.ts';
import type { ClassStore } from '../class/class-store.ts';
import type { Users } from '../members/users.ts';
import { type createGroupOpening, planOpening } from './group-opening.ts';

export interface LateOpeningOptions {
  database: Database;
  store: Pick<ClassStore, 'find' | 'beginOpening' | 'groupsOpened'>;
  groups: Pick<ReturnType<typeof createGroupOpening>, 'open'>;
  users: Pick<Users, 'nameOf'>;
}

/**
 * Opens the groups of classes that were created long ahead. Killed on the way, the next one finds the mark of the first,
 * and so takes for ours what it has made.
 */
export const createLateOpening = ({ database, store, groups, users }: LateOpeningOptions) => {
  const open = async (lesson: Lesson): Promise<boolean> => {
    const begun = await store.beginOpening(lesson.classId);
    if (!begun) return false;
    await groups.open(planOpening(lesson, await users.nameOf(lesson.teacherId), begun.resumed));
    await store.groupsOpened(lesson.classId);
    return true;
  };

  return {
    /** Makes sure that the class has its groups. Throws `CONFLICT` when an id is somebody else's, `GONE`, or what IM failed with. */
    async ensureOpen(lesson: Lesson): Promise<void> {
      if (lesson.groups === 'open') return;
      await database.exclusively(classLock(lesson.classId), () => open(lesson), waitForClassMs);
      const now = await store.find(lesson.classId);
      if (now?.groups !== 'open') throw new AppError('GONE', 'This class has ended.');
    },

    /** The same for a sweep, which does not wait. Answers whether it opened them. */
    async openIfFree(lesson: Lesson): Promise<boolean> {
      return (await database.tryExclusively(classLock(lesson.classId), () => open(lesson))) ?? false;
    },
  };
};

export type LateOpening = ReturnType<typeof createLateOpening>;
