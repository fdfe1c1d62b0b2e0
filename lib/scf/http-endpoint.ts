import { isUtf8 } from 'node:buffer';
import middy from '@middy/core';
import * as z from 'zod/mini';
import type { Authenticate, Caller, Role } from '../auth/authenticate.ts';
import { AppError } from '../errors.ts';
import { fieldErrors } from '../field-errors.ts';
import type { Log, LogFields } from '../log.ts';
import { bodyBytes, type HttpEvent, readHttpEvent, type ScfContext } from './event.ts';
import { addLogFields, type Chain, freezeAfterReply, logInvocations, withInvocation } from './instance.ts';
import { Created, emptyReply, type HttpReply, jsonReply, problemReply } from './reply.ts';

/** What every HTTP function is given. */
export interface HttpDeps {
  authenticate: Authenticate;
  log: Log;
  /** Milliseconds since 1970. */
  clock(): number;
  /** Exact origins that browsers may call from. */
  allowedOrigins: readonly string[];
}

/** What a function may want of its invocation beside the input and the caller. */
export interface HttpRequest {
  headers: Readonly<Record<string, string>>;
  /** Adds fields to the invocation's log line. */
  note(fields: LogFields): void;
}

export interface HttpEndpoint<Input extends z.core.$ZodType> {
  /** Who may call at all; everybody who is signed in when absent. */
  roles?: readonly Role[];
  input: Input;
  /** Of the decoded body. */
  maxBodyBytes?: number;
  run(input: z.output<Input>, caller: Caller, request: HttpRequest): Promise<object>;
}

export type HttpHandler = (event: unknown, context: ScfContext) => Promise<HttpReply>;

const defaultMaxBodyBytes = 32 * 1024;

/**
 * A function behind HTTP: method → authenticate → decode → zod → run → JSON.
 * An `AppError` becomes a problem reply, anything else a 500 that only the log explains.
 */
export const httpEndpoint = <Input extends z.core.$ZodType>(
  { authenticate, log, clock, allowedOrigins }: HttpDeps,
  { roles, input, maxBodyBytes = defaultMaxBodyBytes, run }: HttpEndpoint<Input>,
): HttpHandler => {
  const answer = async (event: HttpEvent | undefined, context: ScfContext): Promise<HttpReply> => {
    if (!event) throw new AppError('BAD_REQUEST', 'This is not an HTTP event: it has no `httpMethod`.');
    if (event.httpMethod === 'OPTIONS') return emptyReply(204);
    if (event.httpMethod !== 'POST') throw new AppError('METHOD_NOT_ALLOWED', 'Use POST.');
    const caller = await authenticate(event.headers.authorization);
    const note = (fields: LogFields) => addLogFields(context, fields);
    note({ userId: caller.userId });
    if (roles && !roles.includes(caller.role))
      throw new AppError('FORBIDDEN', `This is for ${roles.join(' and ')} only.`);
    const result = await run(parseBody(event, input, maxBodyBytes), caller, { headers: event.headers, note });
    return result instanceof Created ? jsonReply(201, result.value) : jsonReply(200, result);
  };
  return middy<unknown, HttpReply, Error, ScfContext>()
    .use(crossOrigin(allowedOrigins))
    .use(freezeAfterReply())
    .use(logInvocations(log, clock))
    .use(problems())
    .handler(withInvocation((event, context) => answer(readHttpEvent(event), context)));
};

/** So many wrong fields are named: SCF carries no reply above 6 MB. Source: https://cloud.tencent.com/document/product/583/11637 */
const mostErrors = 1000;

const parseBody = <Input extends z.core.$ZodType>(
  event: HttpEvent,
  input: Input,
  maxBodyBytes: number,
): z.output<Input> => {
  const bytes = bodyBytes(event);
  if (bytes.length > maxBodyBytes)
    throw new AppError('PAYLOAD_TOO_LARGE', `The body is larger than ${maxBodyBytes} bytes.`);
  const result = parseFields(input, parseJson(bytes));
  if (!result.success)
    throw new AppError('BAD_REQUEST', 'The body has wrong fields.', {
      errors: fieldErrors(result.error.issues).slice(0, mostErrors),
    });
  return result.data;
};

const parseFields = <Input extends z.core.$ZodType>(input: Input, body: unknown) => {
  try {
    return z.safeParse(input, body);
  } catch (error) {
    // What zod says of more wrong fields than some hundred thousand does not fit on the stack.
    if (error instanceof RangeError)
      throw new AppError('BAD_REQUEST', 'The body has too many wrong fields to name them.', { cause: error });
    throw error;
  }
};

/** An empty body is an empty object: several functions need no field at all. */
const parseJson = (bytes: Buffer): unknown => {
  if (bytes.length === 0) return {};
  try {
    if (isUtf8(bytes)) return JSON.parse(bytes.toString('utf8'));
  } catch {
    // Told below, as of bytes that are no text.
  }
  throw new AppError('BAD_REQUEST', 'The body is not JSON in UTF-8.');
};

const problems = (): Chain => ({
  onError: (request) => {
    request.response = problemReply(request.error, request.context.request_id ?? '');
  },
});

const crossOrigin = (allowedOrigins: readonly string[]): Chain => {
  const allow = ({ event, response }: { event: unknown; response: HttpReply | undefined | null }) => {
    const origin = readHttpEvent(event)?.headers.origin;
    if (!response || allowedOrigins.length === 0) return;
    response.headers.vary = 'Origin';
    if (origin === undefined || !allowedOrigins.includes(origin)) return;
    Object.assign(response.headers, {
      'access-control-allow-origin': origin,
      'access-control-expose-headers': 'retry-after',
      ...(response.statusCode === 204 && {
        'access-control-allow-methods': 'POST',
        'access-control-allow-headers': 'authorization, content-type, idempotency-key, traceparent',
        'access-control-max-age': '600',
      }),
    });
  };
  return { after: allow, onError: allow };
};
