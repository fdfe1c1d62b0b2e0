import { currentInvocation } from './calls.ts';
import { AppError } from './errors.ts';

const levels = { debug: 10, info: 20, warn: 30, error: 40 } as const;

export type LogLevel = keyof typeof levels;
export const logLevels = Object.keys(levels) as [LogLevel, ...LogLevel[]];

/** The only fields that a line may carry: what is not named here cannot reach a log by accident. */
const allowedFields = [
  'requestId',
  'function',
  'userId',
  'classId',
  'groupId',
  'command',
  'code',
  'status',
  'ms',
  'cold',
  'traceId',
  'verdict',
  'reason',
  'version',
  'target',
  'vendor',
  'vendorCode',
  'vendorText',
  'vendorRequestId',
  'tries',
  'repair',
  'step',
  'count',
  'im',
  'sts',
  'trtc',
  'cos',
  'db',
  'jwks',
  'error',
  'stack',
  'cause',
] as const;

export type LogFields = Partial<Record<(typeof allowedFields)[number], unknown>>;

export interface Log {
  debug(event: string, fields?: LogFields): void;
  info(event: string, fields?: LogFields): void;
  warn(event: string, fields?: LogFields): void;
  error(event: string, fields?: LogFields): void;
}

export interface LogOptions {
  level: LogLevel;
  /** Writes one line, without a line end. */
  write(line: string): void;
  /** Milliseconds since 1970. */
  clock(): number;
}

/** What is counted is told whatever the level. */
const countedEvents: readonly string[] = ['invocation', 'repair due', 'repair failed', 'repair given up', 'repair'];

/**
 * A log of one JSON object a line: `{time, level, event, ...fields}`, with the `requestId` and `function` of the invocation
 * that it is written in. Fields outside the allow-list are dropped; passwords and queries are cut off every address, since
 * that is where sigs travel.
 *
 * These events are there to be counted, and written at any level; all others have words of their own.
 * - `invocation`, one each: `status`, `code` (`OK` or the problem's), `ms`, `cold`, `traceId`, `userId`, and for each of
 *   `im`, `sts`, `trtc`, `cos`, `db` and `jwks` that was called `{calls, ms, codes}`. A failure of ours or of somebody we
 *   call is an error, with its `vendor`, `vendorCode`, `error` and `cause`.
 *   Of a message also the `verdict` of the word list, `pass`, `mask`, `reject` or `drop`, and the list's `version`; of a
 *   callback its `command` and the `verdict` on what it asks, with the `reason`. It is a warning when the verdict was given
 *   without all that it takes: `deliver` or `reject`, as `MODERATION_ON_FAILURE` has it, or `reject` for an entrance;
 *   `not finished` is something told that was not kept in time.
 * - `repair due`: a call has left something to the sweep. `repair` is its kind; kind and place, of which `Repair` of
 *   lib/classroom/repair-log.ts has the list, are the same in all lines about it. `reason` says why.
 * - `repair failed`: it was tried again, and is left again.
 * - `repair given up`: nobody will try it any more.
 * - `repair`: it is made good, by the sweep or by whoever came by first.
 */
export const createLog = ({ level, write, clock }: LogOptions): Log => {
  const at =
    (name: LogLevel) =>
    (event: string, fields: LogFields = {}) => {
      if (levels[name] < levels[level] && !countedEvents.includes(event)) return;
      const { requestId, function: functionName } = currentInvocation() ?? {};
      const told: LogFields = { requestId, function: functionName, ...fields };
      const line: Record<string, unknown> = { time: new Date(clock()).toISOString(), level: name, event };
      for (const field of allowedFields) line[field] = told[field];
      write(JSON.stringify(line, (_, value) => (typeof value === 'string' ? withoutSecrets(value) : value)));
    };
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
};

/** What the log tells of a thrown value: its details, its text, its stack and the chain of its causes. */
export const describeError = (error: unknown): LogFields => {
  if (!(error instanceof Error)) return { error: String(error) };
  const causes: string[] = [];
  for (let cause = error.cause; cause instanceof Error && causes.length < 4; cause = cause.cause)
    causes.push(`${cause.name}: ${cause.message}`);
  return {
    ...(error instanceof AppError && error.details),
    error: `${error.name}: ${error.message}`,
    stack: error.stack?.split('\n').slice(1, 8).join('\n'),
    ...(causes.length > 0 && { cause: causes.join(' ← ') }),
  };
};

/** The same of what had something else done instead of failing; `reason` is our code for it. */
export const describeFailure = (error: unknown): LogFields => ({
  reason: error instanceof AppError ? error.code : 'exception',
  ...describeError(error),
});

/** Addresses without their user, password, query and fragment. */
const withoutSecrets = (text: string) =>
  text.includes('://') ? text.replace(/(\w+:\/\/)(?:[^\s/?#"']*@)?([^\s?#"']*)(?:[?#][^\s"']*)?/g, '$1$2') : text;
