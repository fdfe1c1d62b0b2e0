import { describeFailure, type LogFields } from '../../lib/log.ts';

/** What some work came to; a failure is told in the fields of a log line. */
export type Outcome<T> = { value: T } | { failure: LogFields };

/** Starts work, and answers what it came to: by the deadline at the latest. Late work goes on until the instance is frozen. */
export type InTime = <T>(work: () => T | Promise<T>) => Promise<Outcome<T>>;

/** Rings once after so many milliseconds, unless what it answers is called before. */
export type StartTimer = (ms: number, ring: () => void) => () => void;

export const startTimer: StartTimer = (ms, ring) => {
  const timer = setTimeout(ring, ms);
  return () => clearTimeout(timer);
};

const late = { failure: { reason: 'deadline' } };

/** Lets something be decided within so many milliseconds by what has arrived by then. Leaves no timer behind. */
export const withDeadline = async <T>(
  start: StartTimer,
  ms: number,
  decide: (inTime: InTime) => Promise<T>,
): Promise<T> => {
  let stop = () => {};
  const deadline = new Promise<typeof late>((resolve) => {
    stop = start(Math.max(ms, 0), () => resolve(late));
  });
  try {
    return await decide((work) => Promise.race([attempt(work), deadline]));
  } finally {
    stop();
  }
};

/** What the work came to, whenever that is. */
export const attempt = async <T>(work: () => T | Promise<T>): Promise<Outcome<T>> => {
  try {
    return { value: await work() };
  } catch (error) {
    return { failure: describeFailure(error) };
  }
};
