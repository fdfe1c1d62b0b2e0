import { inParallel } from '../in-parallel.ts';
import { applyPlans, type Work } from './apply.ts';
import { assertDeployable } from './assert-deployable.ts';
import { createCodeStore, type DeploymentBucket } from './code-store.ts';
import { type DomainStep, describeDomainStep, planDomain, routeDomain } from './domain.ts';
import { type FoundFunction, leadsOnlyTo } from './found.ts';
import { createPerformer } from './perform.ts';
import { describeStep, type FunctionPlan, planFunction } from './plan.ts';
import { type Inventory, openSession, type Session, type SessionOptions } from './session.ts';
import { table } from './table.ts';
import { deploymentOf, describeWanted, type Packed, type WantedDomain, type WantedFunction } from './wanted.ts';

export interface DeployOptions extends SessionOptions {
  /** All functions of the service, or the one that was asked for. */
  packed: readonly Packed[];
  /** Names of all functions in `serverless.ts`. */
  names: readonly string[];
  /** Not looked at when one function alone is deployed. */
  domain: WantedDomain | undefined;
  bucket: DeploymentBucket | undefined;
}

/**
 * `deploy`: makes the cloud what `serverless.ts`, the sources and the environment say, and only as far as it is not that
 * yet. Whoever interrupts it leaves the old versions live; the next run does what is left.
 */
export const deploy = async (options: DeployOptions): Promise<void> => {
  assertDeployable(options);
  const session = openSession(options);
  const { looker, utils } = session;
  const wanted = await Promise.all(
    options.packed.map((packed) => describeWanted(packed, session.provider, session.owner, session.env)),
  );

  const inventory = await session.inventory();
  const found = await inParallel(wanted, async (fn) => {
    const listed = inventory.listed.get(fn.deployedName);
    return listed && looker.look(fn, listed);
  });
  const { plans, deployment } = planTogether(wanted, found);
  const route = await lookAtDomains(options, session, inventory);
  const former = formerFunctions(options, session, inventory);
  for (const name of former)
    utils.log.warning(`${session.deployedName(name)} is still at work: serverless remove --function ${name} ends it.`);
  for (const name of route.former)
    utils.log.warning(`The domain ${name} still leads here: remove it in the console, and its DNS record.`);

  const changed = plans.filter((plan) => plan.prepare.length + plan.switch.length > 0);
  const { domain, step } = route;
  if (changed.length === 0 && !step)
    return utils.writeText(
      [...former, ...route.former].length === 0
        ? 'Nothing to do: everything is as it shall be.'
        : `Nothing to do, but what is no longer in serverless.ts is still there: ${[...former, ...route.former].join(', ')}.`,
    );
  if (options.options['dry-run']) return utils.writeText(planTable(changed, route));

  const work = startWork(changed, deployment, session, options.bucket);
  const addDomain = async () => {
    if (domain && step) await routeDomain(domain, step, session, inventory);
  };
  // A new domain may be refused, as one that somebody else has: known before callers are led anywhere, if it can be.
  const isEarly = step === 'create' && found.every((fn) => fn?.live);
  await work.prepare();
  if (isEarly) await addDomain();
  await work.switch();
  if (!isEarly) await addDomain();
  utils.writeText(
    `Deployed: ${changed.length} of ${wanted.length} changed${domain && step ? `, and the domain ${domain.name}` : ''}.`,
  );
};

const startWork = (
  plans: readonly FunctionPlan[],
  deployment: string,
  session: Session,
  bucket: DeployOptions['bucket'],
): Work =>
  applyPlans(plans, {
    ...session,
    perform: createPerformer({
      ...session,
      codeStore: createCodeStore({ ...session, bucket, fetch }),
      deployment,
    }),
    replan: async ({ fn }) => planFunction(fn, await session.looker.look(fn), deployment),
  });

/**
 * What callers are led to together is led back together, by the one deployment that its versions were published for. So
 * versions of an earlier run are taken when there are no others, or when that run was the same deployment.
 */
const planTogether = (wanted: readonly WantedFunction[], found: readonly (FoundFunction | undefined)[]) => {
  const switched = planAll(wanted, found).filter((plan) => plan.switch.some((step) => step.do === 'switch'));
  const [published, ...others] = new Set(switched.map((plan) => plan.deployment));
  const isOne = published !== undefined && others.length === 0;
  const deployment = isOne ? published : deploymentOf(switched.map(({ fn }) => fn));
  return { deployment, plans: planAll(wanted, found, deployment) };
};

/** Throws an `Error` that names every function which must not be touched. */
const planAll = (
  wanted: readonly WantedFunction[],
  found: readonly (FoundFunction | undefined)[],
  deployment?: string,
): FunctionPlan[] => {
  const refusals: string[] = [];
  const plans = wanted.flatMap((fn, index) => {
    try {
      return [planFunction(fn, found[index], deployment)];
    } catch (error) {
      refusals.push((error as Error).message);
      return [];
    }
  });
  if (refusals.length > 0) throw new Error(refusals.join('\n'));
  return plans;
};

interface Route {
  domain: WantedDomain | undefined;
  step: DomainStep | undefined;
  /** Domains of ours that are not the wanted one. */
  former: readonly string[];
}

const lookAtDomains = async (
  { domain, packed, names }: DeployOptions,
  { looker, namespace }: Session,
  { isOurs }: Inventory,
): Promise<Route> => {
  if (packed.length < names.length) return { domain: undefined, step: undefined, former: [] };
  const found = await looker.domains();
  return {
    domain,
    step: domain && planDomain(domain, found.get(domain.name), isOurs, namespace),
    former: [...found]
      .filter(([name, there]) => name !== domain?.name && leadsOnlyTo(there, isOurs, namespace))
      .map(([name]) => name),
  };
};

/** Short names of those that are no longer in `serverless.ts`. */
const formerFunctions = ({ names }: DeployOptions, { deployedName }: Session, { owned }: Inventory): string[] => {
  const kept = new Set(names.map(deployedName));
  return [...owned.keys()].filter((name) => !kept.has(name)).map((name) => name.slice(deployedName('').length));
};

const planTable = (plans: readonly FunctionPlan[], { domain, step }: Route): string =>
  table([
    ['what', 'change'],
    ...(['prepare', 'switch'] as const).flatMap((phase) =>
      plans.flatMap((plan) => plan[phase].map((each) => [plan.deployedName, describeStep(each)])),
    ),
    ...(domain && step ? [[domain.name, describeDomainStep(domain, step)]] : []),
  ]);
