import { AppError } from '../../lib/errors.ts';
import { describeError, type LogFields } from '../../lib/log.ts';

/** What some work came to; a failure is told in the fields of a log line. */
export type Outcome<T> = { value: T } | { failure: LogFields };

/** Starts work, and answers what it came to: by the deadline at the latest. Late work goes on until the instance is frozen. */
export type InTime = <T>(work: () => T | Promise<T>) => Promise<Outcome<T>>;

type Sleep = (ms: number, value: undefined, options: { signal: AbortSignal }) => Promise<unknown>;

const late = { failure: { reason: 'deadline' } };

/** Lets something be decided within so many milliseconds by what has arrived by then. Leaves no timer behind. */
export const withDeadline = async <T>(sleep: Sleep, ms: number, decide: (inTime: InTime) => Promise<T>): Promise<T> => {
  const timer = new AbortController();
  const deadline = sleep(Math.max(ms, 0), undefined, { signal: timer.signal }).then(
    () => late,
    // Aborted: nobody waits for it any more.
    () => late,
  );
  try {
    return await decide((work) => Promise.race([attempt(work), deadline]));
  } finally {
    timer.abort();
  }
};

/** What the work came to, whenever that is. */
export const attempt = async <T>(work: () => T | Promise<T>): Promise<Outcome<T>> => {
  try {
    return { value: await work() };
  } catch (error) {
    return { failure: { reason: error instanceof AppError ? error.code : 'exception', ...describeError(error) } };
  }
};
