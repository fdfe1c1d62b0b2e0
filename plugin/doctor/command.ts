import { setTimeout as sleep } from 'node:timers/promises';
import type { CommandInput } from '../deploy/commands.ts';
import { readLocalEnvironment, readStageEnvironment } from '../deploy/environment.ts';
import { diagnose } from './doctor.ts';

const timeoutMs = 10_000;

/**
 * `diagnose`, as the framework's hook runs it: with the values that `deploy` would take. Answers the exit code. Throws an
 * `Error` for an endpoint that is none.
 */
export const runDiagnosis = async ({ serverless, utils, stage, region, functions }: CommandInput): Promise<number> => {
  const { service, serviceDir, processedInput } = serverless;
  const { endpoint } = processedInput.options;
  if (endpoint !== undefined && !/^https?:\/\/./.test(endpoint))
    throw new Error('--endpoint must be an origin such as http://127.0.0.1:8788.');
  const { role, vpc } = service.provider;
  const env =
    (await readLocalEnvironment(process.env, serviceDir, endpoint)) ??
    readStageEnvironment(process.env, serviceDir, stage);
  return diagnose(
    {
      functions,
      stage,
      region,
      env,
      role: role ?? undefined,
      hasVpc: Boolean(vpc?.vpcId),
      endpoint,
      fetch,
      timeoutMs,
      clock: Date.now,
      sleep,
    },
    utils,
  );
};
