import type { Database } from '../../db/database.ts';
import { AppError } from '../../errors.ts';
import type { ClassFinder } from './class-finder.ts';
import { classLock, waitForClassMs } from './class-lock.ts';
import type { ClassSettling } from './class-settling.ts';
import type { Classes } from './classes.ts';

export interface ClassMuteOptions {
  database: Database;
  finder: Pick<ClassFinder, 'find'>;
  classes: Pick<Classes, 'assertGoingOn'>;
  settling: Pick<ClassSettling, 'settle'>;
}

/**
 * Makes the function that silences all students of a class, or lets them speak again. It throws `GONE` when the class has
 * ended meanwhile, and what IM failed with: then the same call again or the sweep tells IM.
 */
export const createClassMute =
  ({ database, finder, classes, settling }: ClassMuteOptions) =>
  (classId: string, muted: boolean): Promise<void> =>
    database.exclusively(
      classLock(classId),
      async () => {
        const lesson = await finder.find(classId);
        if (!lesson) throw new AppError('NOT_FOUND', 'There is no such class.');
        classes.assertGoingOn(lesson);
        const [before] = await database.run(
          (sql) => sql<{ wasUnsettled: boolean }[]>`
            update classes set muted = ${muted}, mute_unsettled = true
            from (select class_id, mute_unsettled from classes where class_id = ${classId} for update) as held
            where classes.class_id = held.class_id
            returning held.mute_unsettled as "wasUnsettled"`,
        );
        await settling.settle(classId, before?.wasUnsettled);
      },
      waitForClassMs,
    );

export type ClassMute = ReturnType<typeof createClassMute>;
