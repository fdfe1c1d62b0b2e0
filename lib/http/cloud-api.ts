import { CommonClient } from 'tencentcloud-sdk-nodejs/tencentcloud/common/common_client.js';
import { callOutside } from '../calls.ts';
import type { CloudCredentials } from '../config.ts';
import { AppError } from '../errors.ts';

export interface CloudApiOptions {
  /** As the log names it. */
  vendor: 'sts' | 'trtc';
  /** As callers are told: «the credential service». */
  name: string;
  apiUrl: string;
  version: string;
  region: string;
  timeoutMs: number;
  /** Read at each use: the platform renews them under a warm instance. */
  credentials(): CloudCredentials;
}

/** Calls one action of a Tencent Cloud API and answers the fields of its `Response`. */
export type CloudApi = (action: string, request: object) => Promise<unknown>;

/**
 * A Tencent Cloud API 3.0, through the official SDK's signer. Nothing is tried again. Throws `UPSTREAM_FAILED`,
 * `UPSTREAM_TIMEOUT` or `RATE_LIMITED`, with the API's own code as `details.vendorCode`.
 * Source: https://cloud.tencent.com/document/api/1312/48201
 */
export const createCloudApi = (options: CloudApiOptions): CloudApi => {
  const { vendor, name, apiUrl, version, region, timeoutMs, credentials } = options;
  const { protocol, host } = new URL(apiUrl);
  const profile = { httpProfile: { endpoint: host, protocol: `${protocol}//` } };

  const call = async (target: string, request: object): Promise<unknown> => {
    const { secretId, secretKey, sessionToken: token } = credentials();
    const client = new CommonClient(host, version, { credential: { secretId, secretKey, token }, region, profile });
    const signal = AbortSignal.timeout(timeoutMs);
    return client.request(target, request, { signal }).catch((error: unknown) => {
      if (signal.aborted)
        throw new AppError('UPSTREAM_TIMEOUT', `${name} did not answer in time. Try again.`, {
          details: { vendor, target },
        });
      throw refused(error, { vendor, name, target });
    });
  };

  return (target, request) => callOutside(vendor, () => call(target, request));
};

/** Source: https://cloud.tencent.com/document/api/1312/48205 */
const isOverRate = (code = ''): boolean => /^RequestLimitExceeded\b|^InvalidParameter\.OverLimit$/.test(code);

const refused = (error: unknown, { vendor, name, target }: { vendor: string; name: string; target: string }) => {
  const { code, message, requestId } = error as { code?: string; message?: string; requestId?: string };
  const details = { vendor, target, vendorCode: code, vendorText: message, vendorRequestId: requestId };
  return isOverRate(code)
    ? new AppError('RATE_LIMITED', `${name} is at its rate limit. Try again.`, { details, retryAfterSeconds: 1 })
    : new AppError('UPSTREAM_FAILED', `${name} failed. Try again.`, { details });
};
