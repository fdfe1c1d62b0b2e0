import { inParallel } from '../in-parallel.ts';
import { isWorthAnotherLook } from './api.ts';
import { describeStep, type Plan } from './plan.ts';

type StepOf<P extends Plan> = P['prepare'][number];

export interface ApplyOptions<P extends Plan> {
  perform: (step: StepOf<P>, plan: P) => Promise<void>;
  /** What is left to be done. */
  replan: (plan: P) => Promise<P>;
  report: (line: string) => void;
  sleep: (ms: number) => Promise<unknown>;
}

/** The phases of all functions together: whatever stops the first, callers are where they were. */
export interface Work {
  prepare(): Promise<void>;
  switch(): Promise<void>;
}

const pausesMs = [1000, 2000, 4000];

/** Calls again what may or may not have come through, each time after another look at what is left. */
export const persist = async (
  work: () => Promise<void>,
  lookAgain: () => Promise<void>,
  { report, sleep }: Pick<ApplyOptions<Plan>, 'report' | 'sleep'>,
): Promise<void> => {
  for (let looks = 0; ; looks += 1) {
    try {
      return await work();
    } catch (error) {
      const pauseMs = pausesMs[looks];
      if (pauseMs === undefined || !isWorthAnotherLook(error)) throw error;
      report(`${(error as Error).message}. Looking again.`);
      await sleep(pauseMs);
    }
    await lookAgain();
  }
};

/** Carries plans out. A change that may or may not have been made is looked up, and what is left goes on from there. */
export const applyPlans = <P extends Plan>(plans: readonly P[], options: ApplyOptions<P>): Work => {
  const { perform, replan, report } = options;

  /** What is left of each. */
  const current = new Map(plans.map((plan) => [plan.deployedName, plan]));

  const finish = async (first: P, phase: 'prepare' | 'switch'): Promise<void> => {
    let plan = current.get(first.deployedName) ?? first;
    const run = async (steps: readonly StepOf<P>[]) => {
      for (const step of steps) {
        report(`${plan.deployedName}: ${describeStep(step)}`);
        await perform(step, plan);
      }
    };
    await persist(
      async () => {
        await run(plan.prepare);
        plan = { ...plan, prepare: [] };
        if (phase === 'switch') await run(plan.switch);
      },
      async () => {
        plan = await replan(plan);
      },
      options,
    );
    current.set(plan.deployedName, plan);
  };

  const finishAll = async (phase: 'prepare' | 'switch') => {
    await inParallel(plans, (plan) => finish(plan, phase));
  };
  return { prepare: () => finishAll('prepare'), switch: () => finishAll('switch') };
};
