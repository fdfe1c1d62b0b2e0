import middy from '@middy/core';
import { AppError, statusOfCode } from '../errors.ts';
import type { Log, LogFields } from '../log.ts';
import { bodyBytes, readHttpEvent, type ScfContext } from './event.ts';
import {
  addLogFields,
  addLogWarning,
  type Chain,
  freezeAfterReply,
  logInvocations,
  withInvocation,
} from './instance.ts';
import { type HttpReply, jsonReply } from './reply.ts';

export interface CallbackRequest {
  headers: Readonly<Record<string, string>>;
  query: Readonly<Record<string, string>>;
  /** As it came: signatures may cover these very bytes. */
  body: Buffer;
  /** Adds fields to the invocation's log line. */
  note(fields: LogFields): void;
  /** The same, of what did not go as it should, though it is answered with 200: the line is a warning. */
  warn(fields: LogFields): void;
}

export interface CallbackEndpoint {
  maxBodyBytes: number;
  /** Throws `UNAUTHENTICATED` for whoever is not the service that we expect. */
  verify(request: CallbackRequest): void;
  answer(request: CallbackRequest): Promise<object>;
}

/** A function that a Tencent service posts to: method → size → signature → answer. Refusals tell nothing: their body is `{}`. */
export const callbackEndpoint = (log: Log, clock: () => number, { maxBodyBytes, verify, answer }: CallbackEndpoint) =>
  middy<unknown, HttpReply, Error, ScfContext>()
    .use(freezeAfterReply())
    .use(logInvocations(log, clock))
    .use(refusals())
    .handler(
      withInvocation(async (event, context) => {
        const http = readHttpEvent(event);
        if (!http) throw new AppError('BAD_REQUEST', 'This is not an HTTP event.');
        if (http.httpMethod !== 'POST') throw new AppError('METHOD_NOT_ALLOWED', 'Use POST.');
        const body = bodyBytes(http);
        if (body.length > maxBodyBytes)
          throw new AppError('PAYLOAD_TOO_LARGE', `The body is larger than ${maxBodyBytes} bytes.`);
        const request = {
          headers: http.headers,
          query: http.query,
          body,
          note: (fields: LogFields) => addLogFields(context, fields),
          warn: (fields: LogFields) => addLogWarning(context, fields),
        };
        verify(request);
        return jsonReply(200, await answer(request));
      }),
    );

const refusals = (): Chain => ({
  onError: (request) => {
    const { error } = request;
    const code = error instanceof AppError ? error.code : 'INTERNAL';
    request.response = jsonReply(statusOfCode[code], {}, code === 'METHOD_NOT_ALLOWED' ? { allow: 'POST' } : {});
  },
});
