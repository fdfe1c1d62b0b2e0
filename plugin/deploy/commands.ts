import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { LocalFunction } from '../../local/runtime.ts';
import type { Serverless, Utils } from '../framework.ts';
import type { DeploymentBucket } from './code-store.ts';
import { deploy } from './deploy.ts';
import { readLocalEnvironment, readStageEnvironment } from './environment.ts';
import { info } from './info.ts';
import { invoke } from './invoke.ts';
import { logs } from './logs.ts';
import { remove } from './remove.ts';
import { rollback } from './rollback.ts';
import type { SessionOptions } from './session.ts';
import type { Packed, WantedDomain } from './wanted.ts';

/** What the plugin hands to a command. */
export interface CommandInput {
  serverless: Serverless;
  utils: Utils;
  stage: string;
  region: string;
  functions: readonly LocalFunction[];
}

export type Command = 'deploy' | 'info' | 'invoke' | 'logs' | 'rollback' | 'remove';

/** The commands on the cloud, each as the framework's hook runs it. They throw an `Error` that is one for people. */
export const commands: Readonly<Record<Command, (input: CommandInput) => Promise<void>>> = {
  async deploy(input) {
    const { functions, serverless } = input;
    const { function: only } = serverless.processedInput.options;
    const chosen = functions.filter(({ name }) => only === undefined || name === only);
    await deploy({
      ...(await sessionOptions(input)),
      packed: await Promise.all(chosen.map((fn) => readPacked(fn, serverless))),
      names: functions.map(({ name }) => name),
      domain: domainOf(input),
      bucket: bucketOf(input),
    });
  },

  async info(input) {
    await info({ ...(await sessionOptions(input)), domain: domainOf(input) });
  },

  async invoke(input) {
    process.exitCode = await invoke({ ...(await sessionOptions(input)), serviceDir: input.serverless.serviceDir });
  },

  async logs(input) {
    await logs(await sessionOptions(input));
  },

  async rollback(input) {
    const provisioned = (name: string) => input.serverless.service.functions?.[name]?.provisionedConcurrency ?? 0;
    await rollback({ ...(await sessionOptions(input)), provisioned });
  },

  async remove(input) {
    await remove(await sessionOptions(input));
  },
};

/** Values come from the environment and `.env.<stage>`, and never from `.env`, which is for this machine. */
const sessionOptions = async ({ serverless, utils, stage, region }: CommandInput): Promise<SessionOptions> => {
  const { service, serviceDir, processedInput } = serverless;
  const { options } = processedInput;
  return {
    service: service.service,
    stage,
    provider: { ...service.provider, region },
    options,
    utils,
    env:
      (await readLocalEnvironment(process.env, serviceDir, options.endpoint)) ??
      readStageEnvironment(process.env, serviceDir, stage),
    clock: Date.now,
    sleep,
  };
};

/** A function with what `package` has just made of it. */
const readPacked = async (fn: LocalFunction, { service, serviceDir }: Serverless): Promise<Packed> => ({
  fn,
  source: service.getFunction(fn.name),
  archive: await readFile(join(serviceDir, '.serverless', `${fn.name}.zip`)),
});

const domainOf = ({ serverless, functions }: CommandInput): WantedDomain | undefined => {
  const { name, certificateId } = serverless.service.custom?.domain ?? {};
  if (!name) return undefined;
  const routed = functions.filter(({ isRouted }) => isRouted);
  return {
    name,
    ...(certificateId && { certificateId }),
    routes: Object.fromEntries(routed.map((fn) => [`/${fn.name}`, fn.deployedName])),
  };
};

const bucketOf = ({ serverless, region }: CommandInput): DeploymentBucket | undefined => {
  const { name, region: own, origin } = serverless.service.custom?.deploymentBucket ?? {};
  if (!name) return undefined;
  const place = own ?? region;
  return { name, region: place, origin: origin ?? `https://${name}.cos.${place}.myqcloud.com` };
};
