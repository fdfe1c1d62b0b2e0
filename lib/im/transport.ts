import * as z from 'zod/mini';
import { callOutside } from '../calls.ts';
import type { Fetch } from '../http/fetch.ts';
import { ImError, isRetryable } from './error.ts';

/** Every reply has this, whatever else it has. HTTP is 200 even for failures. Source: https://cloud.tencent.com/document/product/269/1519 */
const envelope = z.looseObject({ ErrorCode: z.int(), ErrorInfo: z.optional(z.string()) });

export type ImReply = z.output<typeof envelope>;

export interface TransportOptions {
  /** Origin of the REST API. */
  apiUrl: string;
  fetch: Fetch;
  /** Waits so many milliseconds. */
  sleep(ms: number): Promise<unknown>;
  /** 0 ≤ n < 1. */
  random(): number;
}

export interface ImCall<Result> {
  /** `group_open_http_svc/create_group` */
  command: string;
  body: object;
  /** `sdkappid`, `identifier` and `usersig`. */
  identity: Readonly<Record<string, string>>;
  /** Reads a reply that is no refusal. What it throws is what the call failed with. */
  read(reply: ImReply): Result;
}

/** IM gives itself 3 s, so we must wait longer. Source: as above. */
const timeoutMs = 4000;
const maxTries = 3;
const firstPauseMs = 100;

/**
 * Posts one command. Tries again only after a code that asks for it, with the very same body and so the same `Random`;
 * a lost reply is the caller's to judge. Throws `ImError`.
 */
export const createTransport = ({ apiUrl, fetch, sleep, random }: TransportOptions) => {
  const post = async <T>({ command, body, identity, read }: ImCall<T>, tries: number): Promise<T> => {
    const query = new URLSearchParams({
      ...identity,
      random: String(Math.floor(random() * 2 ** 32)),
      contenttype: 'json',
    });
    const lost = (cause: unknown, timedOut = false) =>
      new ImError({ command, tries, replyLost: true, timedOut, cause });
    const signal = AbortSignal.timeout(timeoutMs);
    const reply = await fetch(`${apiUrl}/v4/${command}?${query}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      signal,
    })
      .then(async (response) => ({ status: response.status, text: await response.text() }))
      .catch((error: unknown) => {
        throw lost(withoutUrl(error), signal.aborted);
      });
    if (reply.status !== 200) throw lost(new Error(`HTTP status ${reply.status}`));
    const parsed = envelope.safeParse(parseJson(reply.text));
    if (!parsed.success) throw lost(new Error('the reply is not what IM answers'));
    const { ErrorCode: imCode, ErrorInfo: imText } = parsed.data;
    if (imCode === 0) return read(parsed.data);
    throw new ImError({ command, imCode, imText, tries, replyLost: tries > 1 || isRetryable(imCode) });
  };

  return async <T>(call: ImCall<T>): Promise<T> => {
    for (let tries = 1; ; tries += 1) {
      try {
        return await callOutside('im', () => post(call, tries));
      } catch (error) {
        const asksAgain = error instanceof ImError && error.imCode !== undefined && isRetryable(error.imCode);
        if (!asksAgain || tries === maxTries) throw error;
      }
      await sleep(firstPauseMs * 2 ** (tries - 1) * (1 + random()));
    }
  };
};

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    // The envelope's schema refuses it, as it does any other nonsense.
    return undefined;
  }
};

/** A system error's own words, without the address that it may quote: its query holds the administrator's sig. */
const withoutUrl = (error: unknown): Error => {
  const code = error instanceof Error && 'code' in error ? ` (${error.code})` : '';
  return new Error(`no reply${code}`);
};
