import { onTestFinished, vi } from 'vitest';
import type { Fetch } from '../../lib/http/fetch.ts';

/** Until the test is done, every deadline of a remote call has passed as soon as it is set. Answers those that were set, in milliseconds. */
export const passDeadlines = (): readonly number[] => {
  const set: number[] = [];
  const timeout = vi.spyOn(AbortSignal, 'timeout').mockImplementation((ms) => {
    set.push(ms);
    return AbortSignal.abort(new DOMException('The deadline has passed.', 'TimeoutError'));
  });
  onTestFinished(() => timeout.mockRestore());
  return set;
};

/** A service that takes calls and never answers. */
export const silentFetch: Fetch = (_url, { signal } = {}) =>
  new Promise((_resolve, reject) => {
    const abort = () => reject(signal?.reason);
    if (signal?.aborted) abort();
    signal?.addEventListener('abort', abort);
  });
