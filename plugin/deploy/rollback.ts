import { inParallel } from '../in-parallel.ts';
import { applyPlans } from './apply.ts';
import { type FoundAlias, type FoundFunction, type FoundVersion, isFailed } from './found.ts';
import { cool, type Plan, type Step } from './plan.ts';
import { openSession, type Session, type SessionOptions } from './session.ts';

export interface RollbackOptions extends SessionOptions {
  /** How many instances of a function are to be kept warm. */
  provisioned: (name: string) => number;
}

/** A function that callers are led to, with what decides where they can be led back to. */
interface Led {
  deployedName: string;
  live: FoundAlias;
  versions: readonly FoundVersion[];
  provisioned: FoundFunction['provisioned'];
  /** Instances that are to be kept warm. */
  warm: number;
}

type ReturnStep = Extract<Step, { do: 'provision' | 'switch' }> & { version: string };

interface ReturnPlan extends Plan<ReturnStep> {
  led: Led;
  /** The version that callers are led to, and the deployment that they leave. */
  target: FoundVersion;
  left: string;
}

/**
 * `rollback`: leads callers back to the versions before the last deployment, or of one function to the version before its
 * live one. Code and environment go back together; the next `deploy` goes forward again. The next run does what an
 * interrupted one has left; it goes one deployment further back with `--again` alone.
 */
export const rollback = async (options: RollbackOptions): Promise<void> => {
  const session = openSession(options);
  const { remote, deployedName, utils, report } = session;
  const { function: only, again = false } = options.options;
  const { owned } = await session.inventory();
  const names = [...owned.keys()].filter((name) => only === undefined || name === deployedName(only));
  if (names.length === 0) throw new Error(`${only ?? 'Nothing'} is not deployed in the stage ${options.stage}.`);

  const look = (name: string) =>
    lookAt(name, session, {
      warm: options.provisioned(name.slice(deployedName('').length)),
      wasWarm: Boolean(owned.get(name)?.TotalProvisionedConcurrencyMem),
    });
  const all = (await inParallel(names, look)).filter((led) => led !== undefined);
  const plans = planReturns(all, again);
  if (plans.length === 0 && wasRolledBack(all) && !again)
    return utils.writeText('The last deployment is rolled back already: --again goes one further back.');
  if (plans.length === 0)
    throw new Error('There is no version to go back to: what is live was deployed first, or not from here.');
  for (const plan of plans) report(describeReturn(plan));

  const work = applyPlans(plans, {
    ...session,
    perform: (step, plan) =>
      step.do === 'switch'
        ? remote.switch(plan.deployedName, step.version, step.mark, false)
        : remote.provision(plan.deployedName, step.version, step.instances),
    async replan({ led, target, left }) {
      const now = await look(led.deployedName);
      if (!now) throw new Error(`Nobody is led to ${led.deployedName} any longer: somebody else is at it.`);
      return planReturn(now, target, left);
    },
  });
  await work.prepare();
  await work.switch();
  utils.writeText(`Rolled back: ${plans.length} of ${names.length}. The next deploy goes forward again.`);
};

/** No more than what a roll back goes by: it does not wait for a function that is stuck. */
const lookAt = async (
  deployedName: string,
  { looker }: Session,
  { warm, wasWarm }: { warm: number; wasWarm: boolean },
): Promise<Led | undefined> => {
  const live = await looker.live(deployedName);
  if (!live) return undefined;
  const versions = await looker.versions(deployedName);
  const provisioned = warm > 0 || wasWarm ? await looker.provisioned(deployedName) : {};
  return { deployedName, live, versions, provisioned, warm };
};

/** What an earlier run has left comes first. */
const planReturns = (all: readonly Led[], again: boolean): ReturnPlan[] => {
  const left = lastMoved(all)?.live.mark?.left;
  const rest = left === undefined ? [] : [...finish(all, left), ...leave(all, left)];
  if (rest.length > 0 || (left !== undefined && !again)) return rest;
  const last = lastDeployed(all);
  return last === undefined ? [] : leave(all, last);
};

/** Those that are led back already, and still keep instances warm of what was left. */
const finish = (all: readonly Led[], left: string): ReturnPlan[] =>
  all
    .flatMap((led) => {
      const target = liveOf(led);
      return target && led.live.mark?.left === left ? planReturn(led, target, left) : [];
    })
    .filter((plan) => plan.prepare.length + plan.switch.length > 0);

const leave = (all: readonly Led[], deployment: string): ReturnPlan[] =>
  all.flatMap((led) => {
    const target = versionBefore(led);
    return target && deploymentOf(led) === deployment ? planReturn(led, target, deployment) : [];
  });

const planReturn = (led: Led, target: FoundVersion, left: string): ReturnPlan => {
  const { deployedName, live, provisioned, warm } = led;
  const { version, mark } = target;
  const isWarm = warm === 0 || provisioned[version] === warm;
  const isUsed = (each: string) => each === version || each === live.version;
  const warmed = Object.keys(provisioned);
  const release = mark?.release ?? 'unknown';
  return {
    deployedName,
    led,
    target,
    left,
    prepare: [
      ...warmed.filter((each) => !isUsed(each)).map(cool),
      ...(isWarm ? [] : [{ do: 'provision', version, instances: warm } as const]),
    ],
    switch: [
      ...(live.version === version
        ? []
        : [{ do: 'switch', version, from: live.version, mark: { release, left } } as const]),
      ...warmed.filter((each) => isUsed(each) && (each !== version || warm === 0)).map(cool),
    ],
  };
};

const describeReturn = ({ deployedName, led: { live }, target: { version } }: ReturnPlan): string =>
  live.version === version
    ? `${deployedName}: callers are back at version ${version} already, what is left is to keep no other warm`
    : `${deployedName}: callers go from version ${live.version} back to version ${version}`;

const liveOf = ({ live, versions }: Led) => versions.find(({ version }) => version === live.version);
const deploymentOf = (led: Led) => liveOf(led)?.mark?.deployment;

/** The version that was live before this one was deployed, if it is still there and whole. */
const versionBefore = (led: Led): FoundVersion | undefined => {
  const after = liveOf(led)?.mark?.after;
  return led.versions.find(({ version, status }) => version === after && !isFailed(status));
};

const wasRolledBack = (all: readonly Led[]): boolean => lastMoved(all)?.live.mark?.left !== undefined;

/** The function whose callers were led elsewhere last. Times are told in whole seconds. */
const lastMoved = (all: readonly Led[]): Led | undefined =>
  newest(
    all,
    ({ live }) => `${live.movedAt} ${live.mark?.left === undefined ? 0 : 1} ${live.version.padStart(9, '0')}`,
  );

/** The deployment that is live and came last. Of a version that callers were led back to, publishing tells when it came. */
const lastDeployed = (all: readonly Led[]): string | undefined => {
  const since = (led: Led) => (led.live.mark?.left === undefined ? led.live.movedAt : liveOf(led)?.addedAt);
  const last = newest(all.filter(deploymentOf), (led) => `${since(led)} ${led.live.version.padStart(9, '0')}`);
  return last && deploymentOf(last);
};

const newest = (all: readonly Led[], age: (led: Led) => string): Led | undefined =>
  [...all].sort((a, b) => (age(a) < age(b) ? 1 : -1))[0];
