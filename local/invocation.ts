import * as z from 'zod/mini';
import { clientCode, drop } from '../lib/im/callback-reply.ts';
import type { CallbackVerdict, InvocationEvent } from './feed-event.ts';

/** How an invocation ended. */
export type Outcome = { result: unknown } | { error: unknown };

type Described = Omit<InvocationEvent, 'id' | 'at' | 'ms' | 'kind' | 'function' | 'trigger'>;

/** Larger ones are not worth reading twice. */
const maxBodyCharacters = 256 * 1024;

const httpEvent = z.object({
  httpMethod: z.string(),
  body: z._default(z.string(), ''),
  isBase64Encoded: z.optional(z.boolean()),
  queryString: z._default(
    z.object({ CallbackCommand: z.optional(z.string()), OptPlatform: z.optional(z.string()) }),
    {},
  ),
});

const httpReply = z.object({ statusCode: z.int(), body: z._default(z.string(), '') });

const callbackReply = z.object({ ErrorCode: z.int(), MsgBody: z.optional(z.unknown()) });

/** The fields of the line that the log gets for each invocation, as far as they are looked at. */
const invocationLine = z.object({
  event: z.literal('invocation'),
  command: z.optional(z.string()),
  userId: z.optional(z.string()),
  verdict: z.optional(z.string()),
  reason: z.optional(z.string()),
});

type InvocationLine = z.output<typeof invocationLine>;

/** What there is to see of an event, of what came of it and of the lines that were logged meanwhile. Nothing of a header. */
export const describeInvocation = (event: unknown, outcome: Outcome, lines: readonly string[]): Described => {
  const log = lines.map(parseLine).filter((line) => line !== undefined);
  const line = log.map((each) => invocationLine.safeParse(each).data).findLast((each) => each !== undefined);
  const http = httpEvent.safeParse(event).data;
  const command = http?.queryString.CallbackCommand ?? line?.command;
  const seen = {
    command,
    platform: http?.queryString.OptPlatform,
    caller: line?.userId,
    request: http ? readBody(http.body, http.isBase64Encoded) : event,
    log,
  };
  if ('error' in outcome) return { ...seen, error: String(outcome.error) };
  const reply = httpReply.safeParse(outcome.result).data;
  if (!reply) return { ...seen, reply: outcome.result };
  const body = readBody(reply.body);
  const verdict = reply.statusCode === 200 ? readVerdict(command, body, line) : undefined;
  return { ...seen, status: reply.statusCode, reply: body, verdict };
};

const parseLine = (line: string): Record<string, unknown> | undefined => {
  try {
    return JSON.parse(line);
  } catch {
    // Somebody else's line. It stays where it was written to.
    return undefined;
  }
};

/** What is no JSON is not shown: the names of its secrets are not known. */
const readBody = (text: string, isBase64Encoded = false): unknown => {
  if (text === '') return undefined;
  if (isBase64Encoded || text.length > maxBodyCharacters) return `… (${text.length} characters)`;
  try {
    return JSON.parse(text);
  } catch {
    return `(${text.length} characters that are no JSON)`;
  }
};

const readVerdict = (
  command: string | undefined,
  reply: unknown,
  line: InvocationLine | undefined,
): CallbackVerdict | undefined => {
  const answer = callbackReply.safeParse(reply).data;
  if (!answer || !command?.includes('CallbackBefore')) return undefined;
  const { ErrorCode: code, MsgBody } = answer;
  const told = { ...(code !== 0 && { code }), ...(line?.reason !== undefined && { reason: line.reason }) };
  if (line?.verdict === 'deliver' || code === clientCode.undecided) return { outcome: 'undecided', ...told };
  if (code === 0) return { outcome: MsgBody === undefined ? 'passed' : 'masked', ...told };
  return { outcome: code === drop.ErrorCode ? 'dropped' : 'refused', ...told };
};
