import type { CloudCredentials } from '../config.ts';
import { AppError } from '../errors.ts';
import { type Bucket, type ObjectMethod, objectPolicy } from './policy.ts';
import { percentEncode, percentEncodePath, signCosRequest } from './signature.ts';
import { signCosV4 } from './signature-v4.ts';
import type { Sts } from './sts.ts';

export interface SignedRequest {
  /** Value of the header of that name. */
  authorization: string;
  /** Pre-signed: needs no header. */
  url: string;
  /** To send as `x-cos-security-token`, beside `authorization`. */
  securityToken: string;
  /** Unix seconds. */
  expiredTime: number;
}

export interface ObjectSignerOptions {
  bucket: Bucket;
  sts: Sts;
  /** Read at each use: the platform renews them under a warm instance. */
  credentials(): CloudCredentials;
  /** Milliseconds since 1970. */
  clock(): number;
  /** `minimum` ≤ `integer` < `end`. */
  random: { integer(minimum: number, end: number): number };
}

/** Signs what a client may then do to one object by itself. */
export const createObjectSigner = ({ bucket, sts, credentials, clock, random }: ObjectSignerOptions) => ({
  /**
   * Signs one method for one key, with temporary credentials that can do nothing else: whatever leaks opens no other
   * object, and this one in no other way. Throws what STS throws.
   */
  async sign(method: ObjectMethod, key: string, ttlSeconds: number): Promise<SignedRequest> {
    const vended = await sts.vend(objectPolicy(bucket, method, key), ttlSeconds);
    const { tmpSecretId: secretId, tmpSecretKey: secretKey, sessionToken: securityToken } = vended.credentials;
    const { startTime, expiredTime } = vended;
    const authorization = signCosRequest(
      { method, path: `/${key}`, headers: { host: new URL(bucket.origin).host } },
      { secretId, secretKey },
      { startTime, endTime: expiredTime },
    );
    const query = `${authorization}&x-cos-security-token=${percentEncode(securityToken)}`;
    return { authorization, url: `${bucket.origin}/${percentEncodePath(key)}?${query}`, securityToken, expiredTime };
  },

  /**
   * Signs one key for the JSON API, for a single use or for any number of them. A single use has no time of its own;
   * its `expiredTime` is when to ask for another. Throws `BAD_REQUEST` where API credentials are temporary.
   */
  signV4(
    key: string,
    mode: 'once' | 'reusable',
    ttlSeconds: number,
  ): Pick<SignedRequest, 'authorization' | 'expiredTime'> {
    const { secretId, secretKey, sessionToken } = credentials();
    if (sessionToken !== undefined)
      throw new AppError('BAD_REQUEST', 'v4 signatures need permanent keys, and this service has none. Use "xml".', {
        errors: [{ path: '/format', message: 'must be "xml" here' }],
      });
    const issuedAt = Math.floor(clock() / 1000);
    const expiredTime = issuedAt + ttlSeconds;
    const authorization = signCosV4(
      {
        bucketName: bucket.name,
        key,
        expiresAt: mode === 'once' ? 0 : expiredTime,
        issuedAt,
        random: random.integer(0, 2 ** 31),
      },
      { secretId, secretKey },
    );
    return { authorization, expiredTime };
  },
});

export type ObjectSigner = ReturnType<typeof createObjectSigner>;
