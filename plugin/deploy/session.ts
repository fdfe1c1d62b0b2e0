import { Client as ScfClient } from 'tencentcloud-sdk-nodejs/tencentcloud/services/scf/v20180416/scf_client.js';
import type { CloudCredentials } from '../../lib/config.ts';
import type { Environment } from '../../local/environment.ts';
import type { CliOptions, Utils } from '../framework.ts';
import type { TencentProvider } from '../service.ts';
import { type ApiOptions, createApi, type Scf } from './api.ts';
import { createLooker, type Listed, type Looker } from './found.ts';
import { isOwnedBy, type Owner, readMark } from './mark.ts';
import { createRemote, type Remote } from './remote.ts';
import { createUntil } from './until.ts';

export interface SessionOptions {
  service: string;
  stage: string;
  /** With the region that was asked for. */
  provider: TencentProvider;
  options: CliOptions;
  utils: Utils;
  env: Environment;
  /** Milliseconds since 1970. */
  clock: () => number;
  sleep: (ms: number) => Promise<unknown>;
  /** `Math.random` unless told. */
  random?: () => number;
}

/** What every command on the cloud goes by. */
export interface Session extends SessionOptions {
  owner: Owner;
  namespace: string;
  credentials: CloudCredentials;
  /** For APIs other than SCF's. */
  apiOptions: ApiOptions;
  scf: Scf;
  looker: Looker;
  remote: Remote;
  report(line: string): void;
  /** The name of a function of this service and stage. */
  deployedName(name: string): string;
  inventory(): Promise<Inventory>;
}

/** What there is under names like those of this service and stage. */
export interface Inventory {
  listed: ReadonlyMap<string, Listed>;
  /** Those of them that this service and stage have made. */
  owned: ReadonlyMap<string, Listed>;
  /** Of a function that is gone, its name says whose it was. */
  isOurs(deployedName: string): boolean;
}

/** Throws an `Error` without credentials. */
export const openSession = (options: SessionOptions): Session => {
  const { service, stage, provider, env, sleep, utils, random = Math.random } = options;
  const credentials = credentialsOf(env, stage);
  const namespace = provider.namespace ?? 'default';
  const apiOptions = { credentials, region: provider.region, endpoint: options.options.endpoint, sleep, random };
  const scf = createApi(ScfClient, apiOptions);
  const report = (line: string) => utils.log.notice(line);
  const until = createUntil({ sleep, report });
  const looker = createLooker({ scf, namespace, until });
  const run = random().toString(36).slice(2);
  const owner = { service, stage };
  const prefix = prefixOf(owner);
  return {
    ...options,
    owner,
    namespace,
    credentials,
    apiOptions,
    scf,
    looker,
    remote: createRemote({ scf, looker, until, namespace, run }),
    report,
    deployedName: (name) => prefix + name,
    async inventory() {
      const listed = await looker.list(prefix);
      const owned = new Map(
        [...listed].filter(([, { Description }]) => isOwnedBy(readMark(Description ?? '').mark, owner)),
      );
      return {
        listed,
        owned,
        isOurs: (name) => (listed.has(name) ? owned.has(name) : name.startsWith(prefix)),
      };
    },
  };
};

/** What the names of this service and stage begin with, as the framework makes them. */
const prefixOf = ({ service, stage }: Owner): string => `${service}-${stage}-`;

const credentialsOf = (env: Environment, stage: string): CloudCredentials => {
  const { TENCENTCLOUD_SECRETID: secretId, TENCENTCLOUD_SECRETKEY: secretKey } = env;
  if (!secretId || !secretKey)
    throw new Error(
      `TENCENTCLOUD_SECRETID and TENCENTCLOUD_SECRETKEY are missing: set them in the environment or in .env.${stage}.`,
    );
  const { TENCENTCLOUD_SESSIONTOKEN: sessionToken } = env;
  return { secretId, secretKey, ...(sessionToken && { sessionToken }) };
};
