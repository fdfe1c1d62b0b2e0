/** Something that happened in the local cloud, as `/local/feed` tells it. */
export type FeedEvent = InvocationEvent | UpstreamEvent;

/** One event given to a function, and what came of it. Secrets read `'•••'`, and what is long is cut. */
export interface InvocationEvent extends Moment {
  kind: 'invocation';
  /** Its name, which is its path. */
  function: string;
  trigger: Trigger;
  /** Of a callback: `Group.CallbackBeforeSendMsg`, `TRTC.103`. */
  command?: string;
  /** Of a callback of IM: where it was done, as `Web` or `RESTAPI`. */
  platform?: string;
  /** Who called, or whom a callback is about: a userId. */
  caller?: string;
  /** The body of an HTTP event, or else the event. */
  request?: unknown;
  /** Absent when the function threw, and of events that are not HTTP. */
  status?: number;
  /** The body of an HTTP reply, or else the result. */
  reply?: unknown;
  /** Of a callback that IM asks before it does something, unless it was refused as such. */
  verdict?: CallbackVerdict;
  /** What it threw. */
  error?: string;
  /** The lines that it logged, oldest first. */
  log: Record<string, unknown>[];
}

/** Who gave the event: an app or the page, a Tencent service, the clock, or a developer. */
export type Trigger = 'http' | 'callback' | 'timer' | 'invoke';

/** What IM was told to do with what it asked about. */
export interface CallbackVerdict {
  /** `undecided`: it could not be judged in time; it was let through, or refused when there is a code. */
  outcome: 'passed' | 'masked' | 'refused' | 'dropped' | 'undecided';
  /** What IM tells its client: 10100 and up is the function's own, 1 stands for IM's 10016. */
  code?: number;
  /** Why, in the words of the log. */
  reason?: string;
}

/** One call to a service of the local cloud: all of IM's and of the API's, of others only what went wrong. */
export interface UpstreamEvent extends Moment {
  kind: 'upstream';
  service: Service;
  /** `create_group`, `GetFederationToken`, `PutObject`, a callback's name, `socket` for a client's connection, `PostgreSQL`. */
  command: string;
  request?: unknown;
  /** Of IM, STS and TRTC, whether or not it got through. */
  reply?: unknown;
  /**
   * `ok` and `refused` have been answered. `reply lost`: it was done. `cut`: a connection ended without a word.
   * The rest are callbacks': `not sent`, or sent and not answered in time, not at all, or with nonsense.
   */
  outcome: 'ok' | 'refused' | 'reply lost' | 'cut' | 'not sent' | 'timeout' | 'no connection' | 'bad reply';
  /** Of a refusal, in the service's own terms: 10010, `AccessDenied`, `53300`. */
  code?: number | string;
  message?: string;
  /** What was ordered for it, when something was. */
  fault?: OrderedFault;
}

export type Service = 'IM' | 'STS' | 'TRTC' | 'COS' | 'SCF' | 'CLS' | 'PostgreSQL';

/** How a call was made to fail, as it was ordered at `/local/faults`. */
export interface OrderedFault {
  errorCode?: number | string;
  delayMs?: number;
  dropReply?: boolean;
  duplicate?: boolean;
}

interface Moment {
  /** Counts from 1 since the start. */
  id: number;
  /** When it began: milliseconds since 1970. */
  at: number;
  /** How long it took. */
  ms: number;
}
