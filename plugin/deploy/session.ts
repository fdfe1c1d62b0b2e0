import { Client as ScfClient } from 'tencentcloud-sdk-nodejs/tencentcloud/services/scf/v20180416/scf_client.js';
import type { CloudCredentials } from '../../lib/config.ts';
import type { Environment } from '../../local/environment.ts';
import type { CliOptions, Utils } from '../framework.ts';
import type { TencentProvider } from '../service.ts';
import { type ApiOptions, createApi, type Scf } from './api.ts';
import { createLooker, type Listed, type Looker } from './found.ts';
import { isOwnedBy, type Owner, readMark } from './mark.ts';

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
  /** The name of a function of this service and stage. */
  deployedName(name: string): string;
  /** Those of this service and stage that there are, by their names on SCF. */
  owned(): Promise<ReadonlyMap<string, Listed>>;
}

/** Throws an `Error` without credentials. */
export const openSession = (options: SessionOptions): Session => {
  const { service, stage, provider, env, sleep } = options;
  const credentials = credentialsOf(env, stage);
  const namespace = provider.namespace ?? 'default';
  const apiOptions = { credentials, region: provider.region, endpoint: options.options.endpoint, sleep };
  const scf = createApi(ScfClient, apiOptions);
  const looker = createLooker({ scf, namespace, sleep });
  const owner = { service, stage };
  return {
    ...options,
    owner,
    namespace,
    credentials,
    apiOptions,
    scf,
    looker,
    deployedName: (name) => prefixOf(owner) + name,
    async owned() {
      const listed = await looker.list(prefixOf(owner));
      return new Map([...listed].filter(([, { Description = '' }]) => isOwnedBy(readMark(Description).mark, owner)));
    },
  };
};

/** What the names of this service and stage begin with, as the framework makes them. */
export const prefixOf = ({ service, stage }: Owner): string => `${service}-${stage}-`;

const credentialsOf = (env: Environment, stage: string): CloudCredentials => {
  const { TENCENTCLOUD_SECRETID: secretId, TENCENTCLOUD_SECRETKEY: secretKey } = env;
  if (!secretId || !secretKey)
    throw new Error(
      `TENCENTCLOUD_SECRETID and TENCENTCLOUD_SECRETKEY are missing: set them in the environment or in .env.${stage}.`,
    );
  const { TENCENTCLOUD_SESSIONTOKEN: sessionToken } = env;
  return { secretId, secretKey, ...(sessionToken && { sessionToken }) };
};
