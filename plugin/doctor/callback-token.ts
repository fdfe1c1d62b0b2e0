import { Client as ScfClient } from 'tencentcloud-sdk-nodejs/tencentcloud/services/scf/v20180416/scf_client.js';
import { callbackSettings } from '../../lib/config.ts';
import { type ApiOptions, createApi, isNotFound } from '../deploy/api.ts';
import { createLooker, urlOf } from '../deploy/found.ts';
import { createUntil } from '../deploy/until.ts';
import { signCallback } from '../event.ts';
import { cannotSay, withCredentials } from './cloud-api.ts';
import { type Check, type Finding, ok, unknown, wrong } from './finding.ts';
import { fetchInTime, type Patient, withSettings } from './patient.ts';

const gateName = 'im-callback';
const enterToken = 'enter the same token in the IM console: callback configuration → authentication';

/** Whether the function that IM's callbacks come to goes by the token of this stage. */
export const callbackTokenCheck = (patient: Patient): Check => ({
  name: 'IM callback token',
  look: () =>
    withSettings(callbackSettings, patient, ({ callbackTokens: [token = ''], sdkAppId }) =>
      withCredentials(patient, async (options) => {
        try {
          const url = await findUrl(patient, options);
          if (url === undefined) return unknown(`${gateName} is not deployed yet`, `deploy it, and ${enterToken}`);
          return await askGate(patient, `${url}/${gateName}`, { token, sdkAppId });
        } catch (error) {
          return cannotSay(error, enterToken);
        }
      }),
    ),
});

/** `undefined` when there is no such function yet, or no way to it. */
const findUrl = async ({ functions, sleep }: Patient, options: ApiOptions): Promise<string | undefined> => {
  const gate = functions.find(({ name }) => name === gateName);
  if (!gate) return undefined;
  const until = createUntil({ sleep, report: () => {} });
  const looker = createLooker({ scf: createApi(ScfClient, options), namespace: gate.namespace, until });
  try {
    return (await looker.triggers(gate.deployedName)).map(urlOf).find(Boolean);
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
};

/** Nothing is done about a command that IM does not have. */
const command = 'Classroom.Diagnosis';

const askGate = async (
  patient: Patient,
  url: string,
  { token, sdkAppId }: { token: string; sdkAppId: number },
): Promise<Finding> => {
  const queryString = { SdkAppid: String(sdkAppId), CallbackCommand: command };
  const signed = signCallback({ queryString }, { IM_CALLBACK_TOKEN: token }).queryString as Record<string, string>;
  const reply = await fetchInTime(patient)(`${url}?${new URLSearchParams(signed)}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ CallbackCommand: command }),
  });
  if (reply.status === unauthenticated)
    return wrong(
      `${url} does not go by it`,
      'deploy, so that it has IM_CALLBACK_TOKEN and IM_SDK_APP_ID of this stage',
    );
  return /"ActionStatus":"OK"/.test(await reply.text())
    ? ok(`${url} goes by it; the IM console must have the same`)
    : wrong(`${url} answers status ${reply.status}`, `see serverless logs --function ${gateName}`);
};

const unauthenticated = 401;
