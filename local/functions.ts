import { AsyncLocalStorage } from 'node:async_hooks';
import type { Environment } from './environment.ts';
import type { Reporter } from './feed.ts';
import type { Trigger } from './feed-event.ts';
import { describeInvocation, type Outcome } from './invocation.ts';
import { type Invoke, type LocalFunction, loadFunction } from './runtime.ts';

export interface FunctionsOptions {
  functions: readonly LocalFunction[];
  /** What they see of it is each one's own affair. */
  env: Environment;
  /** Where their console goes. */
  output: Pick<Console, 'log' | 'error'>;
  feed: Reporter;
}

/** The functions of the service, each loaded at its first call. */
export interface Functions {
  /** Rejects when there is none of this name, or it does not load. */
  find(name: string, trigger: Trigger): Promise<Invoke>;
  /** Loads a function anew at its next call. */
  reload(name: string): void;
}

/** Runs the functions, and tells of each invocation with the lines that were logged in it. */
export const createFunctions = ({ functions, env, output, feed }: FunctionsOptions): Functions => {
  const loaded = new Map<string, Promise<Invoke>>();
  const linesOfInvocation = new AsyncLocalStorage<string[]>();

  const overhear =
    (write: (...values: unknown[]) => void) =>
    (...values: unknown[]) => {
      const [line] = values;
      if (typeof line === 'string' && line.startsWith('{')) linesOfInvocation.getStore()?.push(line);
      write(...values);
    };
  const overheard = { log: overhear(output.log), error: overhear(output.error) };

  const load = (fn: LocalFunction): Promise<Invoke> => {
    const known = loaded.get(fn.name);
    if (known) return known;
    const loading = loadFunction(fn, env, overheard);
    // A function that did not load is tried anew at its next call: its source may have been mended.
    loading.catch(() => loaded.delete(fn.name));
    loaded.set(fn.name, loading);
    return loading;
  };

  return {
    async find(name, trigger) {
      const fn = functions.find((candidate) => candidate.name === name);
      if (!fn) throw new Error(`There is no function "${name}".`);
      const invoke = await load(fn);
      return async (event) => {
        const tell = feed.begin();
        const lines: string[] = [];
        const outcome = await linesOfInvocation.run(lines, () => settle(invoke(event)));
        tell({ kind: 'invocation', function: name, trigger, ...describeInvocation(event, outcome, lines) });
        if ('error' in outcome) throw outcome.error;
        return outcome.result;
      };
    },
    reload: (name) => void loaded.delete(name),
  };
};

const settle = (work: Promise<unknown>): Promise<Outcome> =>
  work.then(
    (result) => ({ result }),
    (error: unknown) => ({ error }),
  );
