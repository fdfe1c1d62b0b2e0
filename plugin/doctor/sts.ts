import { Client as StsClient } from 'tencentcloud-sdk-nodejs/tencentcloud/services/sts/v20180813/sts_client.js';
import { type Api, createApi } from '../deploy/api.ts';
import { apiOptionsOf } from './cloud-api.ts';
import type { Patient } from './patient.ts';

/** STS, where the functions have it unless another endpoint was asked for. Throws an `Error` for one that it must not be. */
export const stsOf = (patient: Patient): Api<StsClient> => {
  const { endpoint = patient.env.STS_API_URL } = patient;
  try {
    return createApi(StsClient, { ...apiOptionsOf(patient), endpoint });
  } catch (error) {
    // The client knows of no other place that an endpoint could stand in.
    if (patient.endpoint !== undefined || !(error instanceof Error)) throw error;
    throw new Error(error.message.replace('--endpoint', 'STS_API_URL'));
  }
};
