import { sts } from 'tencentcloud-sdk-nodejs/tencentcloud/services/sts/index.js';
import * as z from 'zod/mini';
import type { CloudCredentials } from '../config.ts';
import { AppError } from '../errors.ts';
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

const timeoutMs = 5000;
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
  const { protocol, host } = new URL(apiUrl);
  const profile = { httpProfile: { endpoint: host, protocol: `${protocol}//` } };
  return {
    async vend(policy, ttlSeconds) {
      const { secretId, secretKey, sessionToken: token } = credentials();
      const client = new sts.v20180813.Client({ credential: { secretId, secretKey, token }, region, profile });
      // STS decodes the policy once more than JSON does.
      const grant = { Policy: encodeURIComponent(JSON.stringify(policy)), DurationSeconds: ttlSeconds };
      const [action, request] =
        roleArn === undefined
          ? ['GetFederationToken', { Name: sessionName, ...grant }]
          : ['AssumeRole', { RoleArn: roleArn, RoleSessionName: sessionName, ...grant }];
      const signal = AbortSignal.timeout(timeoutMs);
      const reply: unknown = await client.request(action, request, { signal }).catch((error: unknown) => {
        throw signal.aborted ? timedOut() : failed(error);
      });
      const parsed = vended.safeParse(reply);
      if (!parsed.success) throw failed(new Error('the reply holds no credentials'));
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

const overRate: readonly unknown[] = ['RequestLimitExceeded', 'InvalidParameter.OverLimit'];

const timedOut = () =>
  new AppError('UPSTREAM_TIMEOUT', 'The credential service did not answer in time. Try again.', {
    details: { vendor: 'sts' },
  });

const failed = (error: unknown): AppError => {
  const { code, message, requestId } = error as { code?: string; message?: string; requestId?: string };
  const details = { vendor: 'sts', vendorCode: code, vendorText: message, vendorRequestId: requestId };
  return overRate.includes(code)
    ? new AppError('RATE_LIMITED', 'The credential service is at its rate limit. Try again.', {
        details,
        retryAfterSeconds: 1,
      })
    : new AppError('UPSTREAM_FAILED', 'The credential service failed. Try again.', { details });
};
