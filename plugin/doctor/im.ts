import { imSettings, signingSettings } from '../../lib/config.ts';
import { createImClient } from '../../lib/im/client.ts';
import { ImError } from '../../lib/im/error.ts';
import { createUserSigSigner } from '../../lib/usersig/signer.ts';
import { type Check, type Finding, ok, unknown, wrong } from './finding.ts';
import { fetchInTime, type Patient, withSettings } from './patient.ts';

/** Whether IM takes a call that is signed with the app's key in its administrator's name. */
export const imCheck = (patient: Patient): Check => ({
  name: 'IM account',
  look: () =>
    withSettings(signingSettings, patient, ({ sdkAppId, signingKey }) =>
      withSettings(imSettings, patient, async ({ imApiUrl: apiUrl, adminUserId }) => {
        const { clock, sleep } = patient;
        const signer = createUserSigSigner(sdkAppId, signingKey);
        const fetch = fetchInTime(patient);
        const im = createImClient({ apiUrl, adminUserId, signer, fetch, clock, sleep, random: Math.random });
        try {
          // Reads, and wants nothing but a caller who may: there need be no such group.
          await im.findGroup('doctor');
          return ok(`${adminUserId} of ${sdkAppId} may call ${apiUrl}`);
        } catch (error) {
          return explain(error, apiUrl);
        }
      }),
    ),
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

/** Who has a code need not look further than here. Source: https://cloud.tencent.com/document/product/269/1671 */
const causes: readonly { codes: readonly number[]; fix: string }[] = [
  { codes: [60010, 70403], fix: 'make IM_ADMIN_USER_ID an administrator of the app in the IM console' },
  {
    codes: [60006, 70020],
    fix: 'compare IM_SDK_APP_ID with the IM console, and IM_API_URL with the data centre of the app',
  },
  { codes: [70001], fix: 'let the machine set its clock by NTP: the sig was made just now' },
  {
    codes: [70003, 70005, 70009, 70016],
    fix: 'compare IM_SDK_APP_ID and its key with the IM console; if they are right, see the clock',
  },
];
const usualFix = 'look the code up: https://cloud.tencent.com/document/product/269/1671';

const explain = (error: unknown, apiUrl: string): Finding => {
  if (!(error instanceof ImError)) throw error;
  const { imCode, cause } = error;
  if (imCode === undefined)
    return wrong(
      `${apiUrl} does not answer as IM does: ${cause instanceof Error ? cause.message : error.message}`,
      'see whether IM_API_URL is that of the app, and is reached from here',
    );
  const { vendorText } = error.details;
  return wrong(
    `IM answers ${[imCode, vendorText].filter(Boolean).join(': ')}`,
    causes.find(({ codes }) => codes.includes(imCode))?.fix ?? usualFix,
  );
};
