import type { MiddlewareObj } from '@middy/core';
import { type Invocation, invoke, summarizeCalls } from '../calls.ts';
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

/** An invocation, with what its line will tell beside its calls. */
interface Told extends Invocation {
  startedAt: number;
  fields: LogFields;
  /** It went through, but not as it should. */
  isWarning: boolean;
}

const toldOf = new WeakMap<ScfContext, Told>();

const requireTold = (context: ScfContext): Told => {
  const told = toldOf.get(context);
  if (!told) throw new Error('the invocation did not pass logInvocations');
  return told;
};

/** Adds fields to the one line that the log gets for this invocation. */
export const addLogFields = (context: ScfContext, fields: LogFields): void => {
  Object.assign(requireTold(context).fields, fields);
};

/** The same, and makes that line a warning. */
export const addLogWarning = (context: ScfContext, fields: LogFields): void => {
  addLogFields(context, fields);
  requireTold(context).isWarning = true;
};

/** Lets what a handler calls and logs be told as its invocation's, also where several go on at once. */
export const withInvocation =
  <Result>(handler: (event: unknown, context: ScfContext) => Promise<Result>) =>
  (event: unknown, context: ScfContext): Promise<Result> =>
    invoke(requireTold(context), () => handler(event, context));

/** Writes one line for each invocation, and what an unexpected failure was. */
export const logInvocations = <Result extends object = HttpReply>(log: Log, clock: () => number): Chain<Result> => {
  let cold = true;
  const line = (told: Told, reply: Result | null | undefined): LogFields => ({
    requestId: told.requestId,
    function: told.function,
    ...(reply && 'statusCode' in reply && { status: reply.statusCode }),
    ms: Math.round(clock() - told.startedAt),
    ...told.fields,
    ...summarizeCalls(told),
  });
  return {
    before: ({ context, event }) => {
      toldOf.set(context, {
        requestId: context.request_id,
        function: context.function_name,
        clock,
        calls: [],
        startedAt: clock(),
        fields: { cold, ...traceOf(event) },
        isWarning: false,
      });
      cold = false;
    },
    after: ({ context, response }) => {
      const told = requireTold(context);
      log[told.isWarning ? 'warn' : 'info']('invocation', { ...line(told, response), code: 'OK' });
    },
    onError: ({ context, response, error }) => {
      const isTheirs = error instanceof AppError && statusOfCode[error.code] < 500;
      log[isTheirs ? 'info' : 'error']('invocation', {
        ...line(requireTold(context), response),
        code: error instanceof AppError ? error.code : 'INTERNAL',
        ...(isTheirs ? error.details : describeError(error)),
      });
    },
  };
};

/** The trace that the caller's `traceparent` names. Source: https://www.w3.org/TR/trace-context/ */
const traceOf = (event: unknown): LogFields => {
  const traceId = /^[0-9a-f]{2}-([0-9a-f]{32})-/.exec(readHttpEvent(event)?.headers.traceparent ?? '')?.[1];
  return traceId === undefined ? {} : { traceId };
};
