import { randomUUID } from 'node:crypto';
import type { ScfContext } from './context.ts';
import type { Ended } from './instance.ts';
import type { Instances } from './instances.ts';
import type { LogStore } from './log-store.ts';
import { resolveQualifier } from './lookup.ts';
import type { ScfFunction } from './state.ts';

export interface Call {
  fn: ScfFunction;
  /** A version's name or an alias, resolved now. */
  qualifier: string;
  event: unknown;
  source: 'http' | 'timer' | 'invoke';
}

export type Invocation = Ended & { requestId: string; durationMs: number };

export interface Invoker {
  /** Throws `ResourceNotFound.Qualifier`. */
  invoke(call: Call): Promise<Invocation>;
  /** Lets it run, and answers its request id at once. */
  start(call: Call): string;
}

/** Gives events to instances and keeps what they logged. */
export const createInvoker = ({ clock }: ScfContext, instances: Instances, logs: LogStore): Invoker => {
  const begin = ({ fn, qualifier, event, source }: Call): { requestId: string; ended: Promise<Invocation> } => {
    const version = resolveQualifier(fn, qualifier);
    const requestId = randomUUID();
    const log = logs.begin({ fn, version, qualifier, requestId });
    const run = async (): Promise<Invocation> => {
      const before = clock();
      const ran = await instances.run({ fn, version, requestId, event, source });
      const durationMs = clock() - before;
      log.end(ran, durationMs);
      return { ...ran, requestId, durationMs };
    };
    return { requestId, ended: run() };
  };

  return {
    invoke: (call) => begin(call).ended,
    start(call) {
      const { requestId, ended } = begin(call);
      ended.catch(console.error);
      return requestId;
    },
  };
};
