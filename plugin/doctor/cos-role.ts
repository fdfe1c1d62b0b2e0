import { cosSettings } from '../../lib/config.ts';
import { type Bucket, listPolicy } from '../../lib/cos/policy.ts';
import type { TemporaryCredentials } from '../../lib/cos/sts.ts';
import { isNotFound } from '../deploy/api.ts';
import { cannotSay } from './cloud-api.ts';
import { type Check, type Finding, ok, wrong } from './finding.ts';
import { type Patient, withSettings } from './patient.ts';
import { stsOf } from './sts.ts';

/** No class has this name: nothing is stored below it. */
export const emptyPrefix = '.doctor/';
const ttlSeconds = 60;

/** The rights that `list-files` gets for a prefix, or what keeps these credentials from getting them. */
export type Assumed = TemporaryCredentials | Finding;

/** Assumes the role whose rights are handed out, as the functions do, to list one prefix and nothing else. */
export const assumeCosRole = (patient: Patient): Promise<Assumed> =>
  withSettings(cosSettings, patient, async ({ bucket, cosRoleArn }) => {
    const self = patient.role ?? 'the execution role';
    if (cosRoleArn === undefined)
      return wrong('COS_ROLE_ARN is missing', `make a role that may use the bucket, and let ${self} assume it`);
    try {
      return await assume(patient, bucket, cosRoleArn);
    } catch (error) {
      return isNotFound(error)
        ? wrong((error as Error).message, `make the role ${cosRoleArn}, and name ${self} in its trust policy`)
        : cannotSay(error, `see in the CAM console that ${cosRoleArn} is there, and lets ${self} assume it`);
    }
  });

const assume = async (patient: Patient, bucket: Bucket, roleArn: string): Promise<TemporaryCredentials> => {
  const startTime = Math.floor(patient.clock() / 1000);
  const { Credentials = {}, ExpiredTime: expiredTime = startTime } = await stsOf(patient)('AssumeRole', {
    RoleArn: roleArn,
    RoleSessionName: 'classroom-doctor',
    DurationSeconds: ttlSeconds,
    // STS decodes the policy once more than JSON does.
    Policy: encodeURIComponent(JSON.stringify(listPolicy(bucket, [emptyPrefix]))),
  });
  const { TmpSecretId: tmpSecretId = '', TmpSecretKey: tmpSecretKey = '', Token: sessionToken = '' } = Credentials;
  return { credentials: { tmpSecretId, tmpSecretKey, sessionToken }, startTime, expiredTime };
};

/** Whether the role is there, as far as it lets these credentials assume it. */
export const cosRoleCheck = ({ env, role = 'the execution role' }: Patient, assumed: Promise<Assumed>): Check => ({
  name: 'AssumeRole',
  async look() {
    const given = await assumed;
    return 'verdict' in given ? given : ok(`${env.COS_ROLE_ARN} is there and can be assumed; on SCF ${role} does it`);
  },
});
