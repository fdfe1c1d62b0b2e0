import * as z from 'zod/mini';
import { TencentApiError } from '../api/action.ts';
import { type ScfActions, scfAction } from './action.ts';
import type { ScfContext } from './context.ts';
import { describeFailure } from './failure.ts';
import type { Call, Invocation, Invoker } from './invoker.ts';
import type { LogStore, Request } from './log-store.ts';
import { defaultAlias, latest, requireFunction, resolveQualifier } from './lookup.ts';
import { assertStatus, type Status, timeText } from './status.ts';

const named = { FunctionName: z.string(), Namespace: z._default(z.string(), 'default') };
const logType = z._default(z.enum(['None', 'Tail']), 'None');

const invokeInput = z.strictObject({
  ...named,
  Qualifier: z._default(z.string(), latest),
  InvocationType: z._default(z.enum(['RequestResponse', 'Event']), 'RequestResponse'),
  ClientContext: z._default(z.string(), '{}'),
  LogType: logType,
});
const invokeFunctionInput = z.strictObject({
  ...named,
  Qualifier: z._default(z.string(), defaultAlias),
  Event: z._default(z.string(), '{}'),
  LogType: logType,
});
const statusInput = z.strictObject({
  ...named,
  FunctionRequestId: z.string(),
  StartTime: z.optional(z.string()),
  EndTime: z.optional(z.string()),
});

/** Events: bytes. Source: https://cloud.tencent.com/document/product/583/11637 */
const maxEventBytes = { RequestResponse: 6 * 1024 * 1024, Event: 128 * 1024 };
const tailBytes = 4096;

/** What is being updated, or failed to be, runs as it was before. */
const runnable: readonly Status[] = ['Active', 'Updating', 'UpdateFailed'];

/** What runs functions and tells how that ended. Source: https://cloud.tencent.com/document/api/583/17243 */
export const createInvocationActions = (
  { state, clock }: ScfContext,
  { invoker, logs }: { invoker: Invoker; logs: LogStore },
): ScfActions => {
  const assertRunnable = ({ fn, qualifier }: Call) =>
    assertStatus(resolveQualifier(fn, qualifier), clock(), runnable, 'FailedOperation.InvokeFunction');

  const invoke = async (call: Call, log: 'None' | 'Tail') => {
    assertRunnable(call);
    return { Result: describeResult(await invoker.invoke(call), log) };
  };

  return {
    Invoke: scfAction(invokeInput, (input, region) => {
      const fn = requireFunction(state, region, input);
      const event = readEvent(input.ClientContext, maxEventBytes[input.InvocationType]);
      const call = { fn, qualifier: input.Qualifier, event, source: 'invoke' } as const;
      if (input.InvocationType === 'RequestResponse') return invoke(call, input.LogType);
      assertRunnable(call);
      const nothing = { Log: '', RetMsg: '', ErrMsg: '', MemUsage: 0, Duration: 0, BillDuration: 0, InvokeResult: 0 };
      return { Result: { ...nothing, FunctionRequestId: invoker.start(call) } };
    }),

    InvokeFunction: scfAction(invokeFunctionInput, (input, region) => {
      const fn = requireFunction(state, region, input);
      const event = readEvent(input.Event, maxEventBytes.RequestResponse);
      return invoke({ fn, qualifier: input.Qualifier, event, source: 'invoke' }, input.LogType);
    }),

    GetRequestStatus: scfAction(statusInput, (input, region) => {
      const fn = requireFunction(state, region, input);
      const found = logs.findRequest(input.FunctionRequestId);
      const isOurs = found?.region === region && found.namespace === fn.namespace && found.functionName === fn.name;
      return { TotalCount: isOurs ? 1 : 0, Data: isOurs ? [describeRequest(found)] : [] };
    }),

    GetFunctionLogs: scfAction(z.looseObject({}), () => {
      throw new TencentApiError('ActionOffline', 'Logs are read through CLS: SearchLog.');
    }),
  };
};

const readEvent = (text: string, maxBytes: number): unknown => {
  if (Buffer.byteLength(text) > maxBytes)
    throw new TencentApiError('InvalidParameter.Payload', 'The event is too large.');
  try {
    return JSON.parse(text);
  } catch {
    throw new TencentApiError('InvalidParameterValue.Param', 'The event is not JSON.');
  }
};

const describeResult = ({ requestId, durationMs, ...ended }: Invocation, log: 'None' | 'Tail') => ({
  FunctionRequestId: requestId,
  RetMsg: ended.result ?? '',
  ErrMsg: ended.failure ? describeFailure(ended.failure, requestId) : '',
  // 0, or the status of what went wrong; the SDK only says that it is no longer kept up.
  InvokeResult: ended.failure?.statusCode ?? 0,
  Log: log === 'Tail' ? Buffer.from(ended.written).subarray(-tailBytes).toString() : '',
  MemUsage: ended.memory,
  Duration: durationMs,
  BillDuration: Math.ceil(durationMs),
});

const describeRequest = ({ functionName, requestId, startedAt, ended }: Request) => ({
  FunctionName: functionName,
  RequestId: requestId,
  StartTime: timeText(startedAt),
  RetMsg: ended?.result ?? (ended?.failure ? describeFailure(ended.failure, requestId) : ''),
  RetCode: ended ? (ended.failure ? -1 : 0) : 1,
  Duration: ended?.durationMs ?? 0,
  MemUsage: (ended?.memory ?? 0) / 1024 / 1024,
  RetryNum: 0,
});
