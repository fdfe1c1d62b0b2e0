import { setTimeout as sleep } from 'node:timers/promises';
import type { CommandInput } from '../deploy/commands.ts';
import { readLocalEnvironment, readStageEnvironment } from '../deploy/environment.ts';
import { diagnose } from './doctor.ts';

/** `diagnose`, as the framework's hook runs it: with the values that `deploy` would take. Answers the exit code. */
export const runDiagnosis = async ({ serverless, utils, stage, region, functions }: CommandInput): Promise<number> => {
  const { service, serviceDir, processedInput } = serverless;
  const { endpoint } = processedInput.options;
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
      clock: Date.now,
      sleep,
    },
    utils,
  );
};
