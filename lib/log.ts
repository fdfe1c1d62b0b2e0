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
  'words',
  'version',
  'target',
  'vendor',
  'vendorCode',
  'vendorText',
  'vendorRequestId',
  'tries',
  'repair',
  'count',
  'im',
  'sts',
  'trtc',
  'cos',
  'db',
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

/**
 * A log of one JSON object a line: `{time, level, event, ...fields}`.
 * Fields outside the allow-list are dropped, and queries are cut off every address, since that is where sigs travel.
 *
 * Four events are there to be counted; all others are warnings in words of their own.
 * - `invocation`, one each: `requestId`, `function`, `status`, `code` of a problem, `ms`, `cold`, `traceId`, `userId`, and
 *   for each of `im`, `sts`, `trtc`, `cos` and `db` that was called `{calls, ms, codes}`. Of a callback also its `command`
 *   and the `verdict` on what it asks: `pass`, `mask`, `reject`, `drop`, or `deliver` when it could not be judged;
 *   `not finished` is something told that was not kept in time. `reason` says why.
 * - `repair due`: something is left to the sweep. `repair` names its kind, with `classId`, `groupId` or `userId`, and why.
 * - `repair failed`: it was tried, and is left again.
 * - `repair`: it is made good, by the sweep or by whoever came by first.
 */
export const createLog = ({ level, write, clock }: LogOptions): Log => {
  const at =
    (name: LogLevel) =>
    (event: string, fields: LogFields = {}) => {
      if (levels[name] < levels[level]) return;
      const line: Record<string, unknown> = { time: new Date(clock()).toISOString(), level: name, event };
      for (const field of allowedFields) {
        const value = fields[field];
        if (value !== undefined) line[field] = typeof value === 'string' ? withoutQueries(value) : value;
      }
      write(JSON.stringify(line));
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
    ...(causes.length > 0 && { cause: withoutQueries(causes.join(' ← ')) }),
  };
};

const withoutQueries = (text: string) =>
  !text.includes('://') ? text : text.replace(/(\w+:\/\/[^\s?#"']*)[?#][^\s"']*/g, '$1');
