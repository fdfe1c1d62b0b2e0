import type { Database } from '../db/database.ts';
import { AppError } from '../errors.ts';
import { classLock } from './class/class-lock.ts';
import type { RepairLog } from './repair-log.ts';

/** Waits for all the works that there are, even when one fails; then throws the first failure. */
export const finishAll = async (works: readonly (Promise<unknown> | false | undefined)[]): Promise<void> => {
  const outcomes = await Promise.allSettled(works);
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
};

/** Answers whether somebody did not answer at all: then waiting for the next of many is time wasted. */
export const isSilent = (error: unknown): boolean => error instanceof AppError && error.code === 'UPSTREAM_TIMEOUT';

/**
 * Does some work for each of many and tells of it; one failure does not stop the rest, unless nobody answers. `work` answers
 * how often it was done, which for nothing of it is 0; so does this, of all.
 */
export const doEach = async <Each>(
  all: readonly Each[],
  work: (each: Each) => Promise<number>,
  logOf: (each: Each) => Pick<RepairLog, 'done' | 'failed'>,
): Promise<number> => {
  let done = 0;
  for (const each of all) {
    try {
      const times = await work(each);
      if (times > 0) logOf(each).done();
      done += times;
    } catch (error) {
      logOf(each).failed(error);
      if (isSilent(error)) break;
    }
  }
  return done;
};

/** Makes good what is pending, each under its class's lock. What somebody is busy with is left to them. Answers how many that were. */
export const settleEach = <Pending extends { classId: string }>(
  pending: readonly Pending[],
  settle: (pending: Pending) => Promise<boolean>,
  repairLogOf: (pending: Pending) => RepairLog,
  database: Pick<Database, 'tryExclusively'>,
): Promise<number> =>
  doEach(
    pending,
    async (each) => ((await database.tryExclusively(classLock(each.classId), () => settle(each))) ? 1 : 0),
    repairLogOf,
  );
