import type { Fetch } from '../../lib/http/fetch.ts';

export interface Post {
  url: string;
  headers: Record<string, string>;
  body: string;
  timeoutMs: number;
}

/** Posts, and says how that went. Never rejects. */
export const post = async (
  fetch: Fetch,
  { url, headers, body, timeoutMs }: Post,
): Promise<{ status: number; text: string } | 'timeout' | 'no connection'> => {
  const signal = AbortSignal.timeout(timeoutMs);
  // A `fetch` that does not look at its signal must not hold the service up either.
  const expired = new Promise<never>((_, reject) =>
    signal.addEventListener('abort', () => reject(signal.reason), { once: true }),
  );
  const answered = fetch(url, { method: 'POST', headers, body, signal }).then(async (response) => ({
    status: response.status,
    text: await response.text(),
  }));
  try {
    return await Promise.race([answered, expired]);
  } catch {
    // Whatever went wrong, the service goes on; the two ways are told apart for the inspector.
    return signal.aborted ? 'timeout' : 'no connection';
  }
};
