import { isWorthAnotherLook } from './api.ts';
import type { CodeStore } from './code-store.ts';
import type { FoundFunction } from './found.ts';
import { describeStep, type FunctionPlan, planFunction, type Step } from './plan.ts';
import type { Remote } from './remote.ts';
import { deploymentOf, type WantedFunction } from './wanted.ts';

export interface ApplyOptions {
  remote: Remote;
  codeStore: CodeStore;
  look: (fn: WantedFunction) => Promise<FoundFunction | undefined>;
  report: (line: string) => void;
}

/** SCF takes its time for each, and its API a hundred calls a second. */
const atOnce = 5;
const maxLooks = 3;

/**
 * Prepares all functions, then switches all: whatever stops it before, callers are where they were. A change that may or
 * may not have been made is looked up, and what is left of the plan goes on from there.
 */
export const applyPlans = async (plans: readonly FunctionPlan[], options: ApplyOptions): Promise<void> => {
  const { remote, codeStore, look, report } = options;
  const deployment = deploymentOf(plans.map(({ fn }) => fn));
  /** Name → version that was published just now. */
  const published = new Map<string, string>();

  const perform = async (step: Step, fn: WantedFunction): Promise<void> => {
    const name = fn.deployedName;
    const version = ('version' in step ? step.version : undefined) ?? published.get(name) ?? '';
    report(`${name}: ${describeStep(step)}`);
    switch (step.do) {
      case 'delete':
        return remote.delete(name);
      case 'create':
        return remote.create(fn, await codeStore(fn));
      case 'configure':
        return remote.configure(fn, step.code);
      case 'upload':
        return remote.upload(fn, await codeStore(fn));
      case 'publish':
        published.set(name, await remote.publish(name, { release: fn.release, deployment, after: step.after }));
        return;
      case 'reserve':
        return remote.reserve(name, step.megabytes);
      case 'provision':
        return remote.provision(name, version, step.instances);
      case 'switch':
        return remote.switch(name, version, fn.release, step.from === undefined);
      case 'bind':
        return remote.bind(name, step.trigger);
      case 'rebind':
        return remote.rebind(name, step.trigger);
      case 'unbind':
        return remote.unbind(name, step.trigger);
    }
  };

  const current = new Map(plans.map((plan) => [plan.fn.deployedName, plan]));

  const finish = async ({ fn }: FunctionPlan, phase: 'prepare' | 'switch'): Promise<void> => {
    for (let looks = 0; ; looks += 1) {
      try {
        for (const step of current.get(fn.deployedName)?.[phase] ?? []) await perform(step, fn);
        return;
      } catch (error) {
        if (looks === maxLooks || !isWorthAnotherLook(error)) throw error;
        report(`${(error as Error).message}. Looking again.`);
      }
      current.set(fn.deployedName, planFunction(fn, await look(fn)));
    }
  };

  for (const phase of ['prepare', 'switch'] as const) await forEach(plans, atOnce, (plan) => finish(plan, phase));
};

/** Works on a few at a time. After a failure none is begun any more; those under way come to their end first. */
export const forEach = async <Item>(
  items: readonly Item[],
  width: number,
  work: (item: Item) => Promise<void>,
): Promise<void> => {
  const waiting = [...items];
  const workers = Array.from({ length: width }, async () => {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift())
      await work(item).catch((error: unknown) => {
        waiting.length = 0;
        throw error;
      });
  });
  const failed = (await Promise.allSettled(workers)).find((outcome) => outcome.status === 'rejected');
  if (failed) throw failed.reason;
};
