import { randomUUID } from 'node:crypto';
import type { ScfContext } from './context.ts';
import type { Ended } from './instance.ts';
import type { Instances } from './instances.ts';
import type { LogStore } from './log-store.ts';
import { findQualified, resolveQualifier } from './lookup.ts';
import type { ScfFunction } from './state.ts';
import { type Status, statusOf } from './status.ts';

export interface Call {
  fn: ScfFunction;
  /** A version's name or an alias, resolved now. */
  qualifier: string;
  /** JSON. */
  event: string;
  source: 'http' | 'timer' | 'invoke';
  /** Somebody waits for the result. */
  isAwaited: boolean;
}

export type Invocation = Ended & { requestId: string; durationMs: number };

/** Why an event is not given to a function: as the API says it, and as a status. */
export interface Refusal {
  code: string;
  statusCode: number;
  message: string;
}

export interface Invoker {
  /** Answers its request id at once. What is refused ends as a failure. */
  begin(call: Call): { requestId: string; ended: Promise<Invocation> };
  /** Why SCF would not take this call; undefined when it would. */
  refusalOf(call: Call): Refusal | undefined;
}

/** What is being updated, or failed to be, runs as it was before. */
const runnable: readonly Status[] = ['Active', 'Updating', 'UpdateFailed'];

/** The most that an event may be: bytes. Source: https://cloud.tencent.com/document/product/583/11637 */
const maxAwaitedBytes = 6 * 1024 * 1024;
const maxUnawaitedBytes = 128 * 1024;

/** Gives events to instances and keeps what they logged. */
export const createInvoker = ({ clock }: ScfContext, instances: Instances, logs: LogStore): Invoker => {
  /** The statuses: https://cloud.tencent.com/document/product/583/35311 */
  const refusalOf = ({ fn, qualifier, event, isAwaited }: Call): Refusal | undefined => {
    const version = findQualified(fn, qualifier);
    if (!version) {
      const message = `QualifierNotFound: ${fn.name} has no version or alias ${qualifier}`;
      return { code: 'ResourceNotFound.Qualifier', statusCode: 442, message };
    }
    const status = statusOf(version, clock());
    if (!runnable.includes(status)) {
      const message = `FunctionStatusError: the version ${version.name} is in the status ${status}`;
      return { code: 'FailedOperation.InvokeFunction', statusCode: 438, message };
    }
    if (Buffer.byteLength(event) > (isAwaited ? maxAwaitedBytes : maxUnawaitedBytes))
      return { code: 'InvalidParameter.Payload', statusCode: 406, message: 'RequestTooLarge: the event is too large' };
    return undefined;
  };

  const run = async (call: Call, requestId: string): Promise<Invocation> => {
    const { fn, qualifier, event, source, isAwaited } = call;
    const version = resolveQualifier(fn, qualifier);
    const log = logs.begin({ fn, version, qualifier, requestId, isAwaited });
    const before = clock();
    const ran = await instances.run({ fn, version, requestId, event, source });
    const durationMs = clock() - before;
    log.end(ran, durationMs);
    return { ...ran, requestId, durationMs };
  };

  const refuse = async ({ statusCode, message }: Refusal, requestId: string): Promise<Invocation> => ({
    failure: { statusCode, message, stack: '' },
    written: '',
    memory: 0,
    requestId,
    durationMs: 0,
  });

  return {
    begin(call) {
      const requestId = randomUUID();
      const refusal = refusalOf(call);
      return { requestId, ended: refusal ? refuse(refusal, requestId) : run(call, requestId) };
    },
    refusalOf,
  };
};
