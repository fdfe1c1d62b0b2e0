import { TencentApiError } from '../api/action.ts';
import type { Faults } from '../faults.ts';
import { latestOf } from './lookup.ts';
import type { ScfSettings } from './settings.ts';
import type { FunctionVersion, ScfFunction, ScfState } from './state.ts';

type Transition = NonNullable<FunctionVersion['transition']>;

const failed = {
  Creating: 'CreateFailed',
  Updating: 'UpdateFailed',
  Publishing: 'PublishFailed',
  Deleting: 'DeleteFailed',
} as const;

/** Source: https://cloud.tencent.com/document/product/583/115197 */
export type Status = 'Active' | Transition['status'] | (typeof failed)[Transition['status']];

export const statusOf = ({ transition }: FunctionVersion, now: number): Status => {
  if (!transition) return 'Active';
  if (now < transition.until) return transition.status;
  if (transition.failure) return failed[transition.status];
  return transition.status === 'Deleting' ? 'Deleting' : 'Active';
};

/** Throws with the action's own code unless the version is in one of the statuses. */
export const assertStatus = (
  version: FunctionVersion,
  now: number,
  allowed: readonly Status[],
  code: `FailedOperation.${string}`,
): void => {
  const status = statusOf(version, now);
  if (!allowed.includes(status))
    throw new TencentApiError(code, `The version ${version.name} is in the status ${status}.`);
};

/** In which nothing is under way. */
export const settledStatuses: readonly Status[] = ['Active', ...Object.values(failed)];

/**
 * Starts a transition. A fault that was ordered for its status (`Creating`, `Updating`, `Publishing`, `Deleting`, and
 * `Reserving` or `Provisioning` of concurrency) makes it fail with that code, or take that long.
 */
export const createTransitions =
  ({ faults, clock, settings }: { faults: Faults; clock: () => number; settings: ScfSettings }) =>
  <S extends Transition['status'] | 'Reserving' | 'Provisioning'>(status: S) => {
    const fault = faults.take(status);
    return {
      status,
      until: clock() + (fault?.delayMs ?? settings.settleMs),
      ...(fault?.errorCode !== undefined && {
        failure: { ErrorCode: String(fault.errorCode), ErrorMessage: 'Ordered by a fault.' },
      }),
    };
  };

/** Takes out of the state what has been Deleting for long enough, and the instances that have been given up. */
export const removeGone = ({ functions }: ScfState, now: number): void => {
  const isGone = (fn: ScfFunction): boolean => {
    const { transition } = latestOf(fn);
    return transition?.status === 'Deleting' && !transition.failure && now >= transition.until;
  };
  for (const fn of functions.filter(isGone)) functions.splice(functions.indexOf(fn), 1);
  for (const fn of functions)
    fn.provisioned = fn.provisioned.filter(({ instances, doneAt }) => instances > 0 || now < doneAt);
};

/** As the API writes times: in Beijing, without saying so. */
export const timeText = (ms: number): string =>
  new Date(ms + 8 * 3_600_000).toISOString().slice(0, 19).replace('T', ' ');
