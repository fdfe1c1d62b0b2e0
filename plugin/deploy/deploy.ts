import { applyPlans } from './apply.ts';
import { createCodeStore, type DeploymentBucket } from './code-store.ts';
import { findProblems } from './environment.ts';
import type { FoundFunction, Listed } from './found.ts';
import { isOwnedBy, readMark } from './mark.ts';
import { type DomainStep, describeStep, type FunctionPlan, planDomain, planFunction } from './plan.ts';
import { createRemote } from './remote.ts';
import { openSession, prefixOf, type Session, type SessionOptions } from './session.ts';
import { table } from './table.ts';
import { describeWanted, type Packed, type WantedDomain, type WantedFunction } from './wanted.ts';

export interface DeployOptions extends SessionOptions {
  /** All functions of the service, or the one that was asked for. */
  packed: readonly Packed[];
  /** Names of all functions in `serverless.ts`. */
  names: readonly string[];
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
  const { owner, looker, namespace, utils, scf, credentials } = session;
  const wanted = options.packed.map((packed) => describeWanted(packed, session.provider, owner, session.env));

  const listed = await looker.list(prefixOf(owner));
  const look = async (fn: WantedFunction) => looker.look(fn, listed.get(fn.deployedName));
  const found = await Promise.all(wanted.map((fn) => (listed.has(fn.deployedName) ? look(fn) : undefined)));
  const plans = planAll(wanted, found);
  const domainStep = await planRoutes(options, session, listed);
  for (const name of abandoned(options, session, listed))
    utils.log.warning(`${name} is no longer in serverless.ts, but in the cloud still: see serverless remove.`);

  const changed = plans.filter(({ prepare, switch: switched }) => prepare.length + switched.length > 0);
  if (changed.length === 0 && !domainStep) return utils.writeText('Nothing to do: everything is as it shall be.');
  if (options.options['dry-run']) return utils.writeText(planTable(changed, options.domain, domainStep));

  const codeStore = createCodeStore({ bucket: options.bucket, credentials, fetch, clock: session.clock });
  const remote = createRemote({ scf, looker, namespace });
  const report = (line: string) => utils.log.notice(line);
  await applyPlans(changed, { remote, codeStore, look, report });
  if (options.domain && domainStep) {
    report(`${options.domain.name}: ${describeDomainStep(options.domain, domainStep)}`);
    await remote.route(options.domain, domainStep === 'create');
  }
  utils.writeText(`Deployed: ${changed.length} of ${wanted.length} changed.`);
};

/** Throws an `Error` that names everything which is missing or malformed, before anything is asked of the cloud. */
const assertDeployable = ({ packed, env, stage, service, provider }: DeployOptions): void => {
  const problems = [
    ...(['TENCENTCLOUD_SECRETID', 'TENCENTCLOUD_SECRETKEY'] as const)
      .filter((name) => !env[name])
      .map((name) => `${name} is missing: it signs the calls to Tencent Cloud`),
    ...[service, stage]
      .filter((name) => !/^[A-Za-z][A-Za-z0-9-]*$/.test(name))
      .map((name) => `"${name}" must be letters, digits and hyphens, a letter first`),
    ...packed
      .filter(({ fn }) => fn.deployedName.length > 60)
      .map(({ fn }) => `${fn.deployedName} is longer than the 60 characters that SCF allows`),
    ...packed
      .filter(({ source: { provisionedConcurrency = 0, reservedConcurrency = Infinity } }) => {
        return provisionedConcurrency * 2 > reservedConcurrency;
      })
      .map(({ fn }) => `${fn.name}: reservedConcurrency must be twice provisionedConcurrency: two versions overlap`),
    ...(Boolean(provider.vpc?.vpcId) === Boolean(provider.vpc?.subnetId)
      ? []
      : ['provider.vpc needs vpcId and subnetId, or neither']),
    ...findProblems(
      packed.map(({ fn }) => fn),
      env,
      Boolean(provider.role),
    ),
  ];
  if (problems.length > 0)
    throw new Error(
      `Nothing was deployed. In the environment or in .env.${stage}:\n${problems.map((line) => `  ${line}`).join('\n')}`,
    );
};

/** Throws an `Error` that names every function which must not be touched. */
const planAll = (wanted: readonly WantedFunction[], found: readonly (FoundFunction | undefined)[]): FunctionPlan[] => {
  const refusals: string[] = [];
  const plans = wanted.flatMap((fn, index) => {
    try {
      return [planFunction(fn, found[index])];
    } catch (error) {
      refusals.push((error as Error).message);
      return [];
    }
  });
  if (refusals.length > 0) throw new Error(refusals.join('\n'));
  return plans;
};

const planRoutes = async (
  { domain }: DeployOptions,
  { looker, owner, namespace }: Session,
  listed: ReadonlyMap<string, Listed>,
): Promise<DomainStep | undefined> => {
  if (!domain) return undefined;
  const isOurs = (name: string) => {
    const there = listed.get(name);
    return there ? isOwnedBy(readMark(there.Description ?? '').mark, owner) : name.startsWith(prefixOf(owner));
  };
  return planDomain(domain, (await looker.domains()).get(domain.name), isOurs, namespace);
};

const abandoned = ({ names }: DeployOptions, { owner, deployedName }: Session, listed: ReadonlyMap<string, Listed>) => {
  const kept = new Set(names.map(deployedName));
  return [...listed]
    .filter(([name, { Description = '' }]) => !kept.has(name) && isOwnedBy(readMark(Description).mark, owner))
    .map(([name]) => name);
};

const planTable = (
  plans: readonly FunctionPlan[],
  domain: WantedDomain | undefined,
  domainStep: DomainStep | undefined,
): string =>
  table([
    ['what', 'change'],
    ...(['prepare', 'switch'] as const).flatMap((phase) =>
      plans.flatMap((plan) => plan[phase].map((step) => [plan.fn.deployedName, describeStep(step)])),
    ),
    ...(domain && domainStep ? [[domain.name, describeDomainStep(domain, domainStep)]] : []),
  ]);

const describeDomainStep = ({ routes }: WantedDomain, step: DomainStep): string =>
  `${step === 'create' ? 'add the domain with' : 'lead it to'} ${Object.keys(routes).length} paths`;
