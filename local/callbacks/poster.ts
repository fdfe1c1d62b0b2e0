import type { Fetch } from '../../lib/http/fetch.ts';
import type { Faults } from '../faults.ts';
import { type Reporter, type Tell, unheard } from '../feed.ts';
import type { OrderedFault, Service } from '../feed-event.ts';
import { pause } from '../pause.ts';
import { post } from './post.ts';

export interface PosterOptions<Answer> {
  /** Whose callbacks they are. */
  service: Service;
  /** Milliseconds since 1970. */
  clock(): number;
  fetch: Fetch;
  faults: Faults;
  /** Told of tries that fail, or were made to; the function tells of the others itself. */
  feed?: Reporter;
  timeoutMs: number;
  /** What the service makes of a reply; `undefined` when it counts as failed. */
  read(status: number, text: string): Answer | undefined;
  /** What fails is repeated at once, then every `everyMs` until it is `forMs` old. Left out: it is not. */
  retries?: { everyMs: number; forMs: number };
  sleep?(ms: number): Promise<unknown>;
}

export interface CallbackRequest {
  url: string;
  body: object;
  /** Headers beside `Content-Type`, for the body as it is sent. */
  sign?(rawBody: string): Record<string, string>;
}

export interface CallbackPoster<Answer> {
  /** Posts to the app's backend; the request is made anew for each try. `undefined` when no answer came. Never rejects. */
  send(command: string, makeRequest: () => CallbackRequest): Promise<Answer | undefined>;
  /** When all that has been sent so far is answered or given up. */
  idle(): Promise<void>;
  /** Gives up what waits for its next try, and waits for the rest. */
  stop(): Promise<void>;
}

/** Posts a service's callbacks, in the way that the faults ordered for them by name want it. */
export const createCallbackPoster = <Answer>({
  feed = unheard,
  sleep = pause,
  ...options
}: PosterOptions<Answer>): CallbackPoster<Answer> => {
  const { service, clock, fetch, faults, timeoutMs, read, retries } = options;
  const underWay = new Set<Promise<unknown>>();
  const stopping = new AbortController();
  const stopped = new Promise((resolve) => stopping.signal.addEventListener('abort', resolve, { once: true }));

  const track = <T>(work: Promise<T>): Promise<T> => {
    underWay.add(work);
    void work.finally(() => underWay.delete(work));
    return work;
  };
  const idle = async () => {
    while (underWay.size > 0) await Promise.all(underWay);
  };

  const wait = (ms: number) => Promise.race([sleep(ms), stopped]);

  const attempt = async (
    command: string,
    makeRequest: () => CallbackRequest,
    { fault, tell = feed.begin() }: { fault?: OrderedFault | undefined; tell?: Tell } = {},
  ) => {
    const { url, body, sign } = makeRequest();
    const rawBody = JSON.stringify(body);
    const headers = { 'content-type': 'application/json', ...sign?.(rawBody) };
    const result = await post(fetch, { url, headers, body: rawBody, timeoutMs });
    const call = { kind: 'upstream', service, command, request: body, fault } as const;
    if (typeof result === 'string') {
      tell({ ...call, outcome: result });
      return { answer: undefined, isOver: false };
    }
    const { status, text } = result;
    const understood = read(status, text);
    if (understood === undefined) tell({ ...call, outcome: 'bad reply', code: status });
    else if (fault) tell({ ...call, outcome: fault.dropReply ? 'reply lost' : 'ok' });
    const answer = fault?.dropReply ? undefined : understood;
    // A gateway that does not have the function answers 404: nobody is there to repeat it for.
    return { answer, isOver: answer !== undefined || status === 404 };
  };

  const repeat = async (command: string, makeRequest: () => CallbackRequest, since: number) => {
    if (!retries) return undefined;
    for (let waitMs = 0; clock() + waitMs - since <= retries.forMs; waitMs = retries.everyMs) {
      if (waitMs > 0) await wait(waitMs);
      if (stopping.signal.aborted) return undefined;
      const { answer, isOver } = await attempt(command, makeRequest);
      if (isOver) return answer;
    }
    return undefined;
  };

  const deliver = async (command: string, makeRequest: () => CallbackRequest) => {
    const tell = feed.begin();
    const fault = faults.take(command);
    if (fault?.errorCode !== undefined) {
      tell({ kind: 'upstream', service, command, request: makeRequest().body, outcome: 'not sent', fault });
      return undefined;
    }
    if (fault?.delayMs !== undefined) await wait(fault.delayMs);
    const since = clock();
    const first = attempt(command, makeRequest, { fault, tell });
    if (fault?.duplicate) void track(attempt(command, makeRequest));
    const { answer, isOver } = await first;
    return isOver ? answer : repeat(command, makeRequest, since);
  };

  return {
    send: (command, makeRequest) => track(deliver(command, makeRequest)),
    idle,
    stop() {
      stopping.abort();
      return idle();
    },
  };
};
