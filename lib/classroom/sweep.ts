import type { Database } from '../db/database.ts';
import { describeError, type Log } from '../log.ts';
import { type ClassCreation, lockOf } from './class-creation.ts';
import type { ClassStore } from './class-store.ts';
import type { Notices } from './notices.ts';
import type { Repairs } from './repairs.ts';

export interface SweepOptions {
  database: Database;
  store: Pick<ClassStore, 'unfinished' | 'forgetOldKeys'>;
  creation: Pick<ClassCreation, 'finishLeftover'>;
  repairs: Pick<Repairs, 'pending' | 'settle'>;
  notices: Pick<Notices, 'flush'>;
  log: Log;
  /** Milliseconds since 1970. */
  clock(): number;
}

/** What a sweep has done, by kind. */
export interface SweepReport {
  repaired: number;
  ended: number;
  opened: number;
  exported: number;
  flushed: number;
}

/** A creation is left alone for so long: whoever began it may still be at it. */
const unfinishedAfterSeconds = 15;

/** Brings to an end what killed or failed invocations left: one sweep at a time, and one failure does not stop the rest. */
export const createSweep = ({ database, store, creation, repairs, notices, log, clock }: SweepOptions) => {
  const eachClass = async (
    repair: string,
    classIds: readonly string[],
    work: (classId: string) => Promise<number>,
  ): Promise<number> => {
    let done = 0;
    for (const classId of classIds) {
      try {
        done += await work(classId);
        log.info('repair', { repair, classId });
      } catch (error) {
        log.warn('repair failed', { repair, classId, ...describeError(error) });
      }
    }
    return done;
  };

  const sweep = async (): Promise<SweepReport> => {
    const unfinished = await store.unfinished(Math.floor(clock() / 1000) - unfinishedAfterSeconds);
    const finished = await eachClass('unfinished creation', unfinished, async (classId) =>
      (await creation.finishLeftover(classId)) ? 1 : 0,
    );
    const settled = await eachClass(
      'leftover groups',
      await repairs.pending(),
      async (classId) => (await database.tryExclusively(lockOf(classId), () => repairs.settle(classId))) ?? 0,
    );
    const flushed = await notices.flush().catch((error: unknown) => {
      log.warn('repair failed', { repair: 'unsent notices', ...describeError(error) });
      return 0;
    });
    await store.forgetOldKeys();
    return { repaired: finished + settled, ended: 0, opened: 0, exported: 0, flushed };
  };

  return async (): Promise<SweepReport> =>
    (await database.tryExclusively('sweep', sweep)) ?? { repaired: 0, ended: 0, opened: 0, exported: 0, flushed: 0 };
};
