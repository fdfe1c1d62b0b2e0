import { createHash } from 'node:crypto';
import type { Environment } from '../../local/environment.ts';
import type { LocalFunction } from '../../local/runtime.ts';
import type { TencentFunction, TencentProvider } from '../service.ts';
import { filesOf } from '../zip.ts';
import { type Owner, plainText } from './mark.ts';

/** What of a function can be changed without new code. */
export interface Configuration {
  description: string;
  runtime: string;
  memoryMb: number;
  timeoutSeconds: number;
  /** Name of the execution role; empty: none. */
  role: string;
  /** Both empty: in no network of ours. */
  vpcId: string;
  subnetId: string;
  hasPublicAccess: boolean;
  /** Where its logs go; without them, to a topic of SCF's own choice. */
  clsLogsetId?: string;
  clsTopicId?: string;
  environment: Environment;
}

export interface WantedTrigger {
  name: string;
  type: 'http' | 'timer';
  /** As the cloud takes it: JSON of a function URL, the bare cron of a timer. */
  description: string;
}

export interface WantedFunction {
  name: string;
  deployedName: string;
  owner: Owner;
  archive: Buffer;
  handler: string;
  /** Hash of the files in the archive, which one zlib packs differently from the next, and of the handler. */
  code: string;
  configuration: Configuration;
  /** Hash of code and configuration: what a version holds. */
  release: string;
  /** How much memory all its instances may take together; 0: what the account leaves. */
  reservedMb: number;
  /** Instances of the live version that are kept warm. */
  provisioned: number;
  triggers: readonly WantedTrigger[];
}

export interface WantedDomain {
  name: string;
  /** Without one, plain HTTP. */
  certificateId?: string;
  /** Path → name of a function on SCF. */
  routes: Readonly<Record<string, string>>;
}

/** Packed code, and where `serverless.ts` and the defaults have brought a function. */
export interface Packed {
  fn: LocalFunction;
  source: TencentFunction;
  archive: Buffer;
}

/** What shall be of one function. Only variables with a value are deployed: of the others it has defaults of its own. */
export const describeWanted = async (
  { fn, source, archive }: Packed,
  provider: TencentProvider,
  owner: Owner,
  env: Environment,
): Promise<WantedFunction> => {
  const handler = `index.${fn.exportName}`;
  const { logsetId, topicId } = provider.logs ?? {};
  const configuration: Configuration = {
    description: plainText(source.description ?? ''),
    runtime: source.runtime ?? provider.runtime,
    memoryMb: fn.memoryMb,
    timeoutSeconds: fn.timeoutSeconds,
    role: provider.role ?? '',
    vpcId: provider.vpc?.vpcId ?? '',
    subnetId: provider.vpc?.subnetId ?? '',
    // Within a network of ours, IM and STS are reached over the public one still.
    hasPublicAccess: true,
    ...(logsetId && topicId && { clsLogsetId: logsetId, clsTopicId: topicId }),
    environment: Object.fromEntries(
      [...new Set(fn.environment)].sort().flatMap((name) => (env[name] ? [[name, env[name]]] : [])),
    ),
  };
  const { description: _, ...released } = configuration;
  const files = await filesOf(archive);
  const code = hash(handler, ...files.flatMap(([name, content]) => [name, hash(content)]));
  return {
    name: fn.name,
    deployedName: fn.deployedName,
    owner,
    archive,
    handler,
    code,
    configuration,
    release: hash(code, JSON.stringify(released)),
    reservedMb: (source.reservedConcurrency ?? 0) * fn.memoryMb,
    provisioned: source.provisionedConcurrency ?? 0,
    triggers: [...(fn.isRouted ? [functionUrl] : []), ...fn.cron.map(timer)],
  };
};

/** Reachable from everywhere without the cloud's own signatures: the functions ask for tokens themselves. */
const functionUrl: WantedTrigger = {
  name: 'url',
  type: 'http',
  description: JSON.stringify({ AuthType: 'NONE', NetConfig: { EnableIntranet: false, EnableExtranet: true } }),
};

const timer = (cron: string, index: number): WantedTrigger => ({
  name: index === 0 ? 'timer' : `timer-${index + 1}`,
  type: 'timer',
  description: cron,
});

/** Whether a trigger's name is one that we give. */
export const isOurTrigger = (name: string): boolean => /^(url|timer(-\d+)?)$/.test(name);

/** Names the functions whose callers are led elsewhere together, so that it can be taken back together. */
export const deploymentOf = (functions: readonly WantedFunction[]): string =>
  hash(...functions.map(({ deployedName, release }) => `${deployedName} ${release}`).sort());

const hash = (...parts: readonly (string | Buffer)[]): string => {
  const digest = createHash('sha256');
  for (const part of parts) digest.update(part).update('\0');
  return digest.digest('hex').slice(0, 32);
};
