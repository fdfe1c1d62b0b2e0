import { Client as StsClient } from 'tencentcloud-sdk-nodejs/tencentcloud/services/sts/v20180813/sts_client.js';
import { readCredentials } from '../../lib/config.ts';
import { createApi } from '../deploy/api.ts';
import { type Check, type Finding, ok, unknown, wrong } from './finding.ts';
import type { Patient } from './patient.ts';

/** Who the API credentials belong to. */
export const credentialsCheck = (patient: Patient): Check => ({
  name: 'credentials',
  async look() {
    if (!hasCredentials(patient)) return wrong(missing, `set them in the environment or in .env.${patient.stage}`);
    // Of an action without parameters the SDK says `null`; the API wants an object.
    return asked(async () => {
      const { Arn } = await stsOf(patient)('GetCallerIdentity', {} as never);
      return `${Arn} signs the calls`;
    }, 'make an API key in the CAM console, of a user that may deploy');
  },
});

/** Whether the role is there whose rights are handed out, as far as it lets these keys assume it. */
export const roleCheck = (patient: Patient): Check => ({
  name: 'AssumeRole',
  async look() {
    const { COS_ROLE_ARN: roleArn } = patient.env;
    const self = patient.role ?? 'the execution role';
    if (!roleArn)
      return wrong('COS_ROLE_ARN is missing', `make a role that may use the bucket, and let ${self} assume it`);
    if (!hasCredentials(patient)) return unknown(missing, 'mend the credentials first');
    return asked(async () => {
      await stsOf(patient)('AssumeRole', { RoleArn: roleArn, RoleSessionName: 'classroom-doctor' });
      return `${roleArn} is there and can be assumed; on SCF ${self} does it`;
    }, `make the role, and name in its trust policy ${self} and whoever runs this`);
  },
});

const missing = 'TENCENTCLOUD_SECRETID and TENCENTCLOUD_SECRETKEY are missing';

const hasCredentials = ({ env }: Patient): boolean => Boolean(env.TENCENTCLOUD_SECRETID && env.TENCENTCLOUD_SECRETKEY);

const stsOf = ({ env, region, endpoint = env.STS_API_URL, sleep }: Patient) =>
  createApi(StsClient, { credentials: readCredentials(env), region, endpoint, sleep });

/** What the API says, or what it refuses in its own words. */
const asked = async (ask: () => Promise<string>, fix: string): Promise<Finding> => {
  try {
    return ok(await ask());
  } catch (error) {
    return wrong((error as Error).message, fix);
  }
};
