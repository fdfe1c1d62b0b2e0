import * as z from 'zod/mini';
import { TencentApiError } from '../api/action.ts';
import { type ScfActions, scfAction } from './action.ts';
import type { ScfContext } from './context.ts';
import { describeFailure } from './failure.ts';
import type { Call, Invocation, Invoker } from './invoker.ts';
import type { LogStore, Request } from './log-store.ts';
import { defaultAlias, latest, named, requireFunction } from './lookup.ts';
import { timeText } from './status.ts';

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

const tailBytes = 4096;

/** What runs functions and tells how that ended. Source: https://cloud.tencent.com/document/api/583/17243 */
export const createInvocationActions = (
  { state }: ScfContext,
  { invoker, logs }: { invoker: Invoker; logs: LogStore },
): ScfActions => {
  const begin = (call: Omit<Call, 'source'>) => {
    const invoked: Call = { ...call, source: 'invoke' };
    assertJson(call.event);
    const refusal = invoker.refusalOf(invoked);
    if (refusal) throw new TencentApiError(refusal.code, refusal.message);
    return invoker.begin(invoked);
  };

  const invoke = async (call: Omit<Call, 'source' | 'isAwaited'>, log: 'None' | 'Tail') => ({
    Result: describeResult(await begin({ ...call, isAwaited: true }).ended, log),
  });

  return {
    Invoke: scfAction(invokeInput, (input, region) => {
      const fn = requireFunction(state, region, input);
      const call = { fn, qualifier: input.Qualifier, event: input.ClientContext };
      if (input.InvocationType === 'RequestResponse') return invoke(call, input.LogType);
      const { requestId, ended } = begin({ ...call, isAwaited: false });
      ended.catch(console.error);
      const nothing = { Log: '', RetMsg: '', ErrMsg: '', MemUsage: 0, Duration: 0, BillDuration: 0, InvokeResult: 0 };
      return { Result: { ...nothing, FunctionRequestId: requestId } };
    }),

    InvokeFunction: scfAction(invokeFunctionInput, (input, region) => {
      const fn = requireFunction(state, region, input);
      return invoke({ fn, qualifier: input.Qualifier, event: input.Event }, input.LogType);
    }),

    GetRequestStatus: scfAction(statusInput, (input, region) => {
      const fn = requireFunction(state, region, input);
      const found = logs.findRequest(input.FunctionRequestId);
      const isOurs = found?.region === region && found.namespace === fn.namespace && found.functionName === fn.name;
      return { TotalCount: isOurs ? 1 : 0, Data: isOurs ? [describeRequest(found)] : null };
    }),

    GetFunctionLogs: scfAction(z.looseObject({}), () => {
      throw new TencentApiError('ActionOffline', 'Logs are read through CLS: SearchLog.');
    }),
  };
};

const assertJson = (text: string): void => {
  try {
    JSON.parse(text);
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
