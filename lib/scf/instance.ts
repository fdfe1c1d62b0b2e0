import type { MiddlewareObj } from '@middy/core';
import { type CallRecord, recordCalls, summarizeCalls } from '../calls.ts';
import { AppError, statusOfCode } from '../errors.ts';
import { describeError, type Log, type LogFields } from '../log.ts';
import { readHttpEvent, type ScfContext } from './event.ts';
import type { HttpReply } from './reply.ts';

export type Chain<Result = HttpReply> = MiddlewareObj<unknown, Result, Error, ScfContext>;

/**
 * Lets SCF freeze the instance as soon as it has the reply. Without it an idle database or keep-alive socket keeps the
 * invocation running, and billed, until its time limit.
 * Source: https://cloud.tencent.com/document/product/583/11060
 */
export const freezeAfterReply = <Result = HttpReply>(): Chain<Result> => ({
  before: ({ context }) => {
    context.callbackWaitsForEmptyEventLoop = false;
  },
});

const fieldsOf = new WeakMap<ScfContext, LogFields>();

/** Adds fields to the one line that the log gets for this invocation. */
export const addLogFields = (context: ScfContext, fields: LogFields): void => {
  fieldsOf.set(context, { ...fieldsOf.get(context), ...fields });
};

const callsOf = new WeakMap<ScfContext, CallRecord>();

/** Lets a handler's outside calls be told in its invocation's line, also where several invocations go on at once. */
export const withCalls =
  <Result>(clock: () => number, handler: (event: unknown, context: ScfContext) => Promise<Result>) =>
  (event: unknown, context: ScfContext): Promise<Result> => {
    const record: CallRecord = { clock, calls: [] };
    callsOf.set(context, record);
    return recordCalls(record, () => handler(event, context));
  };

/** Writes one line for each invocation, and what an unexpected failure was. */
export const logInvocations = <Result extends object = HttpReply>(log: Log, clock: () => number): Chain<Result> => {
  let cold = true;
  const startedAt = new WeakMap<ScfContext, number>();
  const calls = (context: ScfContext): LogFields => {
    const record = callsOf.get(context);
    return record ? summarizeCalls(record) : {};
  };
  const line = (context: ScfContext, reply: Result | null | undefined): LogFields => ({
    requestId: context.request_id,
    function: context.function_name,
    ...(reply && 'statusCode' in reply && { status: reply.statusCode }),
    ms: Math.round(clock() - (startedAt.get(context) ?? clock())),
    ...fieldsOf.get(context),
    ...calls(context),
  });
  return {
    before: ({ context, event }) => {
      startedAt.set(context, clock());
      fieldsOf.set(context, { ...(cold && { cold }), ...traceOf(event) });
      cold = false;
    },
    after: ({ context, response }) => log.info('invocation', line(context, response)),
    onError: ({ context, response, error }) => {
      const known = error instanceof AppError;
      const ours = !known || statusOfCode[error.code] >= 500;
      log[ours ? 'error' : 'info']('invocation', {
        ...line(context, response),
        code: known ? error.code : 'INTERNAL',
        ...(known && error.details),
        ...(ours && describeError(error)),
      });
    },
  };
};

/** The trace that the caller's `traceparent` names. Source: https://www.w3.org/TR/trace-context/ */
const traceOf = (event: unknown): LogFields => {
  const traceId = /^[0-9a-f]{2}-([0-9a-f]{32})-/.exec(readHttpEvent(event)?.headers.traceparent ?? '')?.[1];
  return traceId === undefined ? {} : { traceId };
};
