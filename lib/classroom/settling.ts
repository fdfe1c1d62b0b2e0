import type { Database } from '../db/database.ts';
import { AppError } from '../errors.ts';
import { describeError, type Log } from '../log.ts';
import { classLock } from './class/class-lock.ts';

/** What somebody or some class still has to be told about at IM or TRTC. */
export interface Pending {
  classId: string;
  userId?: string;
}

/** Waits for all the works that there are, even when one fails; then throws the first failure. */
export const finishAll = async (works: readonly (Promise<unknown> | false | undefined)[]): Promise<void> => {
  const outcomes = await Promise.allSettled(works);
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
};

/** Answers whether somebody did not answer at all: then waiting for the next of many is time wasted. */
export const isSilent = (error: unknown): boolean => error instanceof AppError && error.code === 'UPSTREAM_TIMEOUT';

/**
 * Settles what is pending, each under its class's lock. What somebody is busy with is left to them, and one failure does
 * not stop the rest, unless nobody answers. Answers how many it settled.
 */
export const settleEach = async <P extends Pending>(
  repair: string,
  pending: readonly P[],
  settle: (pending: P) => Promise<void>,
  { database, log }: { database: Pick<Database, 'tryExclusively'>; log: Log },
): Promise<number> => {
  let settled = 0;
  for (const each of pending) {
    try {
      const isDone = await database.tryExclusively(classLock(each.classId), async () => {
        await settle(each);
        return true;
      });
      if (!isDone) continue;
      settled += 1;
      log.info('repair', { repair, ...each });
    } catch (error) {
      log.warn('repair failed', { repair, ...each, ...describeError(error) });
      if (isSilent(error)) break;
    }
  }
  return settled;
};
