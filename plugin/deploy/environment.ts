import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'dotenv';
import * as config from '../../lib/config.ts';
import { type Environment, localEnvironment, readOutside, readSecrets, withoutEmpty } from '../../local/environment.ts';
import { findHolder } from '../../local/running.ts';
import type { LocalFunction } from '../../local/runtime.ts';
import { localSettings } from '../local-settings.ts';

/** What a stage is deployed with: the environment, then `.env.<stage>`. An empty string counts as unset. */
export const readStageEnvironment = (
  environment: NodeJS.ProcessEnv,
  serviceDir: string,
  stage: string,
): Environment => {
  const file = join(serviceDir, `.env.${stage}`);
  const fromFile = existsSync(file) ? parse(readFileSync(file)) : {};
  return withoutEmpty({ ...fromFile, ...withoutEmpty(environment) });
};

/**
 * The same for the local cloud, when that is what is deployed to: it brings the values that its own functions have.
 * `undefined` for any other endpoint.
 */
export const readLocalEnvironment = async (
  environment: NodeJS.ProcessEnv,
  serviceDir: string,
  endpoint: string | undefined,
): Promise<Environment | undefined> => {
  if (endpoint === undefined) return undefined;
  const outside = readOutside(environment, serviceDir);
  const { dataDir } = localSettings(outside, serviceDir);
  const addresses = (await findHolder(dataDir))?.addresses;
  if (addresses?.cloud !== endpoint.replace(/\/$/, '')) return undefined;
  return { COS_ROLE_ARN: localRole, ...localEnvironment(outside, readSecrets(dataDir), addresses) };
};

/** On SCF credentials are those of a role, which may do no more than assume another one. */
const localRole = 'qcs::cam::uin/100000000001:roleName/classroom';

/** All variables of a function together. Source: https://cloud.tencent.com/document/product/583/11637 */
const maxEnvironmentBytes = 4096;

/** What a function of SCF with an execution role finds in its environment. */
const roleCredentials: Environment = {
  TENCENTCLOUD_SECRETID: 'of the role',
  TENCENTCLOUD_SECRETKEY: 'of the role',
  TENCENTCLOUD_SESSIONTOKEN: 'of the role',
};

const slices: readonly config.Slice<unknown>[] = Object.values<unknown>(config).filter(isSlice);

function isSlice(exported: unknown): exported is config.Slice<unknown> {
  return typeof exported === 'object' && exported !== null && 'names' in exported && 'read' in exported;
}

/**
 * What the functions would say of this environment at their cold start, each complaint once and no value in it. A function
 * reads the slices whose names it lists; the credentials that it finds are those of its role, if it gets one.
 */
export const findProblems = (functions: readonly LocalFunction[], env: Environment, hasRole: boolean): string[] => {
  const { TENCENTCLOUD_SECRETID: _, TENCENTCLOUD_SECRETKEY: __, TENCENTCLOUD_SESSIONTOKEN: ___, ...own } = env;
  const seen = hasRole ? { ...own, ...roleCredentials } : own;
  const problems = functions.flatMap((fn) => [
    ...slices
      .filter(({ names }) => names.every((name) => fn.environment.includes(name)))
      .flatMap((slice) => slice.read(seen).problems),
    ...(sizeOf(fn, env) > maxEnvironmentBytes
      ? [`${fn.name}: its variables take more than the ${maxEnvironmentBytes} bytes that SCF allows`]
      : []),
  ]);
  return [...new Set(problems.map(aboutRole))];
};

const aboutRole = (complaint: string): string =>
  complaint.startsWith('TENCENTCLOUD_')
    ? 'provider.role (DEPLOY_ROLE) is missing: functions that call STS or TRTC do so as their execution role'
    : complaint;

const sizeOf = ({ environment }: LocalFunction, env: Environment): number =>
  [...new Set(environment)]
    .map((name) => (env[name] ? Buffer.byteLength(name) + Buffer.byteLength(env[name]) : 0))
    .reduce((sum, bytes) => sum + bytes, 0);
