import { imSettings, signingSettings } from '../../lib/config.ts';
import { createImClient } from '../../lib/im/client.ts';
import { ImError } from '../../lib/im/error.ts';
import { createUserSigSigner } from '../../lib/usersig/signer.ts';
import { type Check, type Finding, ok, unknown, wrong } from './finding.ts';
import { type Patient, withSettings } from './patient.ts';

/** Whether IM takes a call that is signed with the app's key in its administrator's name. */
export const imCheck = (patient: Patient): Check => ({
  name: 'IM account',
  look: () =>
    withSettings(signingSettings, patient, ({ sdkAppId, signingKey }) =>
      withSettings(imSettings, patient, async ({ imApiUrl, adminUserId }) => {
        const { fetch, clock, sleep } = patient;
        const signer = createUserSigSigner(sdkAppId, signingKey);
        const im = createImClient({ apiUrl: imApiUrl, adminUserId, signer, fetch, clock, sleep, random: Math.random });
        // Reads, and wants nothing but a caller who may: there need be no such group.
        return im.findGroup('doctor').then(() => ok(`${adminUserId} of ${sdkAppId} may call ${imApiUrl}`), explain);
      }),
    ),
});

/** Whether there is a token to know IM's callbacks by. */
export const callbackTokenCheck = ({ env, stage }: Patient): Check => ({
  name: 'IM callback token',
  async look() {
    const fix = 'enter the same token in the IM console: callback configuration → authentication';
    return env.IM_CALLBACK_TOKEN
      ? ok('IM_CALLBACK_TOKEN is set; the IM console must have the same, and serverless info has the URL')
      : wrong('IM_CALLBACK_TOKEN is missing', `set it in the environment or in .env.${stage}, and ${fix}`);
  },
});

/** The console alone shows and changes it. Source: https://cloud.tencent.com/document/product/647/32240 */
export const roomPermissionCheck: Check = {
  name: 'TRTC permission control',
  look: async () =>
    unknown(
      'no API tells whether a PrivateMapKey is asked for, and without that it means nothing',
      'TRTC console → application → function configuration: advanced permission control must be on',
    ),
};

/** The caller is no administrator of the app. Source: https://cloud.tencent.com/document/product/269/1671 */
const notAdministrator = 60010;

const explain = (error: unknown): Finding => {
  if (!(error instanceof ImError)) throw error;
  const { imCode, details } = error;
  if (imCode === undefined) return wrong('IM does not answer', 'compare IM_API_URL with the data centre of the app');
  return wrong(
    `IM answers ${imCode}: ${details.vendorText}`,
    imCode === notAdministrator
      ? 'make IM_ADMIN_USER_ID an administrator of the app in the IM console'
      : 'compare IM_SDK_APP_ID, the key and IM_ADMIN_USER_ID with the IM console',
  );
};
