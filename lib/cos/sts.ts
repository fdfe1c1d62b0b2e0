import * as z from 'zod/mini';
import type { CloudCredentials } from '../config.ts';
import { AppError } from '../errors.ts';
import { createCloudApi } from '../http/cloud-api.ts';
import type { Policy } from './policy.ts';

/** What `cos-js-sdk-v5`'s getAuthorization expects. Times are Unix seconds. */
export interface TemporaryCredentials {
  credentials: { tmpSecretId: string; tmpSecretKey: string; sessionToken: string };
  startTime: number;
  expiredTime: number;
}

export interface StsOptions {
  apiUrl: string;
  region: string;
  /** Set: AssumeRole. Unset: GetFederationToken, which takes permanent keys only. */
  roleArn: string | undefined;
  /** Read at each use: the platform renews them under a warm instance. */
  credentials(): CloudCredentials;
}

export interface Sts {
  /** Temporary credentials that can do what the policy allows and no more. Throws `UPSTREAM_FAILED`, `UPSTREAM_TIMEOUT` or `RATE_LIMITED`. */
  vend(policy: Policy, ttlSeconds: number): Promise<TemporaryCredentials>;
}

/** GetFederationToken takes letters only. */
const sessionName = 'classroom';

const vended = z.object({
  Credentials: z.object({ TmpSecretId: z.string(), TmpSecretKey: z.string(), Token: z.string() }),
  ExpiredTime: z.int(),
});

/**
 * Tencent's Security Token Service, through its official SDK. Nothing is tried again: credentials whose reply was lost
 * run out by themselves, and the caller asks anew.
 * Source: https://cloud.tencent.com/document/product/1312/48195
 */
export const createSts = ({ apiUrl, region, roleArn, credentials }: StsOptions): Sts => {
  const api = createCloudApi({
    vendor: 'sts',
    name: 'The credential service',
    apiUrl,
    version: '2018-08-13',
    region,
    timeoutMs: 5000,
    credentials,
  });
  return {
    async vend(policy, ttlSeconds) {
      // STS decodes the policy once more than JSON does.
      const grant = { Policy: encodeURIComponent(JSON.stringify(policy)), DurationSeconds: ttlSeconds };
      const reply = await (roleArn === undefined
        ? api('GetFederationToken', { Name: sessionName, ...grant })
        : api('AssumeRole', { RoleArn: roleArn, RoleSessionName: sessionName, ...grant }));
      const parsed = vended.safeParse(reply);
      if (!parsed.success)
        throw new AppError('UPSTREAM_FAILED', 'The credential service failed. Try again.', {
          details: { vendor: 'sts' },
          cause: new Error('the reply holds no credentials'),
        });
      const { Credentials, ExpiredTime: expiredTime } = parsed.data;
      const { TmpSecretId: tmpSecretId, TmpSecretKey: tmpSecretKey, Token: sessionToken } = Credentials;
      return {
        credentials: { tmpSecretId, tmpSecretKey, sessionToken },
        startTime: expiredTime - ttlSeconds,
        expiredTime,
      };
    },
  };
};
