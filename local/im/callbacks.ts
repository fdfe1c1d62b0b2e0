import { createHash } from 'node:crypto';
import type { Fetch } from '../../lib/http/fetch.ts';
import type { Faults } from '../faults.ts';
import { type CallbackAnswer, parseCallbackAnswer } from './callback-answer.ts';
import { pause } from './pause.ts';

export interface CallbackOptions {
  /** Where to post; `undefined` switches callbacks off. */
  url(): string | undefined;
  token: string;
  sdkAppId: number;
  /** Milliseconds since 1970. */
  clock(): number;
  fetch: Fetch;
  faults: Faults;
  timeoutMs?: number;
  sleep?(ms: number): Promise<unknown>;
}

/** One callback, as the inspector shows it. */
export interface CallbackExchange {
  /** Milliseconds since 1970. */
  at: number;
  command: string;
  body: object;
  status?: number;
  reply?: string;
  ms: number;
  /** `answered`: with what IM understands. All others count as failed, and IM goes on. */
  outcome: 'answered' | 'bad reply' | 'timeout' | 'no connection' | 'reply lost' | 'not sent';
}

export interface CallbackSender {
  /** Asks the app's backend; `undefined` when it gave no usable answer. Never rejects. */
  before(command: string, body: object, platform: string): Promise<CallbackAnswer | undefined>;
  /** Tells the app's backend; not waited for, not repeated. */
  after(command: string, body: object, platform: string): void;
  /** The latest ones, newest last. */
  recent(): CallbackExchange[];
  /** When all that has been sent so far is answered or given up. */
  idle(): Promise<void>;
}

/** Source: https://cloud.tencent.com/document/product/269/1522 */
const documentedTimeoutMs = 2000;
const keptExchanges = 200;
const keptReplyLength = 4000;

/**
 * Posts IM's callbacks as the real one does: signed in the query, one try, 2 s.
 * Ordered faults go by the callback's name.
 * Source: https://cloud.tencent.com/document/product/269/32431
 */
export const createCallbackSender = ({
  timeoutMs = documentedTimeoutMs,
  sleep = pause,
  ...options
}: CallbackOptions): CallbackSender => {
  const { clock, faults } = options;
  const recent: CallbackExchange[] = [];
  const underWay = new Set<Promise<unknown>>();

  const keep = (exchange: CallbackExchange) => {
    recent.push(exchange);
    if (recent.length > keptExchanges) recent.shift();
  };
  const track = <T>(work: Promise<T>): Promise<T> => {
    underWay.add(work);
    void work.finally(() => underWay.delete(work));
    return work;
  };

  const exchange = async (url: string, command: string, body: object, isLost: boolean) => {
    const at = clock();
    const result = await post(options.fetch, url, body, timeoutMs);
    const { answer, ...seen } = result;
    keep({ at, command, body, ms: clock() - at, ...seen, ...(isLost && { outcome: 'reply lost' as const }) });
    return answer;
  };

  const send = async (command: string, fields: object, platform: string): Promise<CallbackAnswer | undefined> => {
    const target = options.url();
    if (target === undefined) return undefined;
    const body = { CallbackCommand: command, ...fields, EventTime: clock() };
    const fault = faults.take(command);
    if (fault?.errorCode !== undefined) {
      keep({ at: clock(), command, body, ms: 0, outcome: 'not sent' });
      return undefined;
    }
    if (fault?.delayMs !== undefined) await sleep(fault.delayMs);
    const isLost = fault?.dropReply === true;
    const once = () => track(exchange(signedUrl(target, command, platform, options), command, body, isLost));
    const first = once();
    if (fault?.duplicate) void once();
    return isLost ? undefined : first;
  };

  return {
    before: (command, body, platform) => track(send(command, body, platform)),
    after: (command, body, platform) => void track(send(command, body, platform)),
    recent: () => [...recent],
    async idle() {
      while (underWay.size > 0) await Promise.all(underWay);
    },
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

type Result = Pick<CallbackExchange, 'status' | 'reply' | 'outcome'> & { answer?: CallbackAnswer };

const post = async (fetch: Fetch, url: string, body: object, timeoutMs: number): Promise<Result> => {
  const signal = AbortSignal.timeout(timeoutMs);
  // A `fetch` that does not look at its signal must not hold IM up either.
  const expired = new Promise<never>((_, reject) =>
    signal.addEventListener('abort', () => reject(signal.reason), { once: true }),
  );
  const answered = fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
    signal,
  }).then(async (response) => ({ status: response.status, text: await response.text() }));
  try {
    const { status, text } = await Promise.race([answered, expired]);
    const seen = { status, reply: text.slice(0, keptReplyLength) };
    const answer = status === 200 ? parseCallbackAnswer(text) : undefined;
    return answer ? { ...seen, outcome: 'answered', answer } : { ...seen, outcome: 'bad reply' };
  } catch {
    // Whatever went wrong, IM goes on; the two ways are told apart for the inspector.
    return { outcome: signal.aborted ? 'timeout' : 'no connection' };
  }
};
