import { type DeploymentBucket, maxDirectBytes } from './code-store.ts';
import { findProblems } from './environment.ts';
import type { SessionOptions } from './session.ts';
import type { Packed } from './wanted.ts';

export interface Deployable extends SessionOptions {
  packed: readonly Packed[];
  bucket: DeploymentBucket | undefined;
}

/** Throws an `Error` that names everything which is missing or malformed, before anything is asked of the cloud. */
export const assertDeployable = (options: Deployable): void => {
  const { packed, env, stage, provider } = options;
  const functions = packed.map(({ fn }) => fn);
  const problems = [
    ...(['TENCENTCLOUD_SECRETID', 'TENCENTCLOUD_SECRETKEY'] as const)
      .filter((name) => !env[name])
      .map((name) => `${name} is missing: it signs the calls to Tencent Cloud`),
    ...findProblems(functions, env, Boolean(provider.role)),
    ...settingProblems(options),
    ...packed.flatMap((each) => packedProblems(each, options)),
  ];
  if (problems.length > 0)
    throw new Error(
      `Nothing was deployed, because of what serverless.ts, the environment and .env.${stage} say:\n${problems.map((line) => `  ${line}`).join('\n')}`,
    );
};

const settingProblems = ({ service, stage, provider: { vpc, logs, role } }: Deployable): string[] => [
  ...[service, stage]
    .filter((name) => !/^[A-Za-z][A-Za-z0-9-]*$/.test(name))
    .map((name) => `"${name}" must be letters, digits and hyphens, a letter first`),
  ...(Boolean(vpc?.vpcId) === Boolean(vpc?.subnetId) ? [] : ['provider.vpc needs vpcId and subnetId, or neither']),
  ...(Boolean(logs?.logsetId) === Boolean(logs?.topicId)
    ? []
    : ['provider.logs needs logsetId (DEPLOY_CLS_LOGSET_ID) and topicId (DEPLOY_CLS_TOPIC_ID), or neither']),
  // Refused otherwise with InvalidParameterValue.ClsRole.
  ...(logs?.topicId && !role ? ['provider.logs needs provider.role (DEPLOY_ROLE), which is what writes to CLS'] : []),
];

const packedProblems = ({ fn, source, archive }: Packed, { bucket }: Deployable): string[] => {
  const { provisionedConcurrency = 0, reservedConcurrency = Infinity } = source;
  return [
    ...(fn.deployedName.length > 60 ? [`${fn.deployedName} is longer than the 60 characters that SCF allows`] : []),
    ...(provisionedConcurrency * 2 > reservedConcurrency
      ? [`${fn.name}: reservedConcurrency must be twice provisionedConcurrency: two versions overlap`]
      : []),
    ...(archive.length > maxDirectBytes && !bucket
      ? [
          `${fn.name} is packed into ${archive.length} bytes, and a call takes ${maxDirectBytes}: set custom.deploymentBucket (DEPLOY_BUCKET)`,
        ]
      : []),
  ];
};
