import { createHash } from 'node:crypto';
import type { Fetch } from '../../lib/http/fetch.ts';
import { createCallbackPoster } from '../callbacks/poster.ts';
import type { Faults } from '../faults.ts';
import type { Reporter } from '../feed.ts';
import { type CallbackAnswer, parseCallbackAnswer } from './callback-answer.ts';

export interface CallbackOptions {
  /** Where to post; `undefined` switches callbacks off. */
  url(): string | undefined;
  token: string;
  sdkAppId: number;
  /** Milliseconds since 1970. */
  clock(): number;
  fetch: Fetch;
  faults: Faults;
  feed?: Reporter;
  timeoutMs?: number;
  sleep?(ms: number): Promise<unknown>;
}

export interface CallbackSender {
  /** Asks the app's backend; `undefined` when it gave no usable answer. Never rejects. */
  before(command: string, body: object, platform: string): Promise<CallbackAnswer | undefined>;
  /** Tells the app's backend; not waited for, not repeated. */
  after(command: string, body: object, platform: string): void;
  /** When all that has been sent so far is answered or given up. */
  idle(): Promise<void>;
}

/** Source: https://cloud.tencent.com/document/product/269/1522 */
const documentedTimeoutMs = 2000;

/**
 * Posts IM's callbacks as the real one does: signed in the query, one try, 2 s.
 * Ordered faults go by the callback's name.
 * Source: https://cloud.tencent.com/document/product/269/32431
 */
export const createCallbackSender = ({
  timeoutMs = documentedTimeoutMs,
  ...options
}: CallbackOptions): CallbackSender => {
  const poster = createCallbackPoster({
    ...options,
    service: 'IM',
    timeoutMs,
    read: (status, text) => (status === 200 ? parseCallbackAnswer(text) : undefined),
  });

  const send = async (command: string, fields: object, platform: string): Promise<CallbackAnswer | undefined> => {
    const target = options.url();
    if (target === undefined) return undefined;
    const body = { CallbackCommand: command, ...fields, EventTime: options.clock() };
    return poster.send(command, () => ({ url: signedUrl(target, command, platform, options), body }));
  };

  return {
    before: send,
    after: (command, body, platform) => void send(command, body, platform),
    idle: poster.idle,
  };
};

/** The signature covers token and time alone. `SdkAppid` is spelled so. */
const signedUrl = (target: string, command: string, platform: string, { token, sdkAppId, clock }: CallbackOptions) => {
  const requestTime = String(Math.floor(clock() / 1000));
  const url = new URL(target);
  const parameters = {
    SdkAppid: String(sdkAppId),
    CallbackCommand: command,
    contenttype: 'json',
    ClientIP: '127.0.0.1',
    OptPlatform: platform,
    Sign: createHash('sha256')
      .update(token + requestTime)
      .digest('hex'),
    RequestTime: requestTime,
  };
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  return url.href;
};
