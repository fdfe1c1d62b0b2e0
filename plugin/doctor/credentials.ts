import { Client as CamClient } from 'tencentcloud-sdk-nodejs/tencentcloud/services/cam/v20190116/cam_client.js';
import { ApiError, createApi } from '../deploy/api.ts';
import { cannotSay, hasCredentials, withCredentials } from './cloud-api.ts';
import { type Check, ok, unknown, wrong } from './finding.ts';
import type { Patient } from './patient.ts';
import { stsOf } from './sts.ts';

/** Who the API credentials belong to. */
export const credentialsCheck = (patient: Patient): Check => ({
  name: 'credentials',
  async look() {
    if (!hasCredentials(patient))
      return wrong(
        'TENCENTCLOUD_SECRETID and TENCENTCLOUD_SECRETKEY are missing',
        `set them in the environment or in .env.${patient.stage}`,
      );
    try {
      // Of an action without parameters the SDK says `null`; the API wants an object.
      const { Arn } = await stsOf(patient)('GetCallerIdentity', {} as never);
      return ok(`${Arn} signs the calls`);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      return wrong(
        error.message,
        error.code === undefined
          ? 'mend the network between here and Tencent Cloud'
          : 'make an API key in the CAM console, of a user that may deploy',
      );
    }
  },
});

/** Whether the role is there that the functions run as. Source: https://cloud.tencent.com/document/product/598/36221 */
export const executionRoleCheck = (patient: Patient): Check => ({
  name: 'execution role',
  async look() {
    const { role } = patient;
    if (role === undefined) return unknown('there is none to look for', 'mend the environment first');
    return withCredentials(patient, async (options) => {
      try {
        await createApi(CamClient, options)('GetRole', { RoleName: role });
        return ok(`${role} is there`);
      } catch (error) {
        return error instanceof ApiError && error.code === 'InvalidParameter.RoleNotExist'
          ? wrong(error.message, 'make the role in the CAM console, for SCF, or correct DEPLOY_ROLE')
          : cannotSay(error, `see in the CAM console that there is a role ${role}, for SCF`);
      }
    });
  },
});
