import { onTestFinished, vi } from 'vitest';
import type { Fetch } from '../../lib/http/fetch.ts';

/** Until the test is done, deadlines of remote calls pass only when it says so. */
export const holdDeadlines = () => {
  const set: number[] = [];
  const passed = new AbortController();
  const timeout = vi.spyOn(AbortSignal, 'timeout').mockImplementation((ms) => {
    set.push(ms);
    return passed.signal;
  });
  onTestFinished(() => timeout.mockRestore());
  return {
    /** Those that were set, in milliseconds. */
    set: set as readonly number[],
    pass: () => passed.abort(new DOMException('The deadline has passed.', 'TimeoutError')),
  };
};

/** Until the test is done, every deadline of a remote call has passed as soon as it is set. Answers those that were set, in milliseconds. */
export const passDeadlines = (): readonly number[] => {
  const { set, pass } = holdDeadlines();
  pass();
  return set;
};

/** A service that takes calls and never answers. */
export const silentFetch: Fetch = (_url, { signal } = {}) =>
  new Promise((_resolve, reject) => {
    const abort = () => reject(signal?.reason);
    if (signal?.aborted) abort();
    signal?.addEventListener('abort', abort);
  });
