import { signCosRequest } from '../../lib/cos/signature.ts';
import { isAllowed, parsePolicy } from '../api/policy.ts';
import type { TemporaryKeys } from '../api/temporary-keys.ts';
import { isSameText } from '../api/timing-safe.ts';
import type { LocalRequest } from '../http.ts';
import { CosError } from './cos-error.ts';

export interface AuthorizerOptions {
  /** Unix milliseconds. */
  clock: () => number;
  bucket: string;
  region: string;
  permanentKey: () => { secretId: string; secretKey: string };
  temporaryKeys: TemporaryKeys;
}

/** What a request is about to do. */
export interface Intent {
  /** As a policy names it: `name/cos:PutObject`. */
  action: string;
  /** Decoded, with its leading slash. */
  path: string;
  /** The key, or of a listing its prefix. */
  resourceKey: string;
}

/**
 * Makes the check that every request passes: its XML signature, in the `Authorization` header or the query, and the
 * policy of its temporary keys. Throws a `CosError`.
 * Source: https://cloud.tencent.com/document/product/436/7778 and https://cloud.tencent.com/document/product/436/40105
 */
export const createAuthorizer = ({ clock, bucket, region, permanentKey, temporaryKeys }: AuthorizerOptions) => {
  const appId = bucket.slice(bucket.lastIndexOf('-') + 1);

  const findKey = (secretId: string, token: string | undefined) => {
    if (token === undefined) {
      const key = permanentKey();
      if (key.secretId !== secretId)
        throw new CosError('InvalidAccessKeyId', 'The Access Key Id you provided does not exist in our records');
      return { secretKey: key.secretKey, policy: undefined, expiresAt: Number.POSITIVE_INFINITY };
    }
    const keys = temporaryKeys.open(token);
    if (keys?.tmpSecretId !== secretId)
      throw new CosError('InvalidToken', 'The security token is not one of this SecretId');
    return { secretKey: keys.tmpSecretKey, policy: keys.policy, expiresAt: keys.expiresAt };
  };

  return (request: LocalRequest, { action, path, resourceKey }: Intent): void => {
    const claim = readClaim(request);
    const key = findKey(claim.secretId, readToken(request));
    const now = Math.floor(clock() / 1000);
    // Code and message by which the SDKs know it; the vendor's table lists the message as if it were the code.
    if (now < claim.startTime || now >= claim.endTime) throw new CosError('AccessDenied', 'Request has expired');
    if (!hasSignature(request, path, claim, key.secretKey))
      throw new CosError('SignatureDoesNotMatch', 'The Signature you specified is invalid.');
    if (now >= key.expiresAt) throw new CosError('ExpiredToken', 'The security token has expired');
    if (key.policy === undefined) return;
    const policy = parsePolicy(key.policy);
    if (!policy || !isAllowed(policy, action, `qcs::cos:${region}:uid/${appId}:${bucket}/${resourceKey}`))
      throw new CosError('AccessDenied', 'Access Denied.');
  };
};

interface Claim {
  secretId: string;
  startTime: number;
  endTime: number;
  headerNames: string[];
  queryNames: string[];
  signature: string;
}

const readClaim = (request: LocalRequest): Claim => {
  const { authorization } = request.headers;
  const field = (name: string) =>
    authorization === undefined
      ? (request.query.get(name) ?? '')
      : (new RegExp(`(?:^|&)${name}=([^&]*)`).exec(authorization)?.[1] ?? '');
  const [, startTime, endTime] = /^(\d{1,12});(\d{1,12})$/.exec(field('q-sign-time')) ?? [];
  if (field('q-sign-algorithm') !== 'sha1' || field('q-key-time') !== field('q-sign-time') || !startTime || !endTime)
    throw new CosError('AccessDenied', 'Access Denied.');
  return {
    secretId: field('q-ak'),
    startTime: Number(startTime),
    endTime: Number(endTime),
    headerNames: names(field('q-header-list')),
    queryNames: names(field('q-url-param-list')),
    signature: field('q-signature'),
  };
};

const names = (list: string) =>
  list
    .split(';')
    .filter((name) => name !== '')
    .map((name) => decode(name).toLowerCase());

/** Names in a list are percent-encoded; those of a query have been decoded with it. */
const decode = (name: string) => {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
};

const readToken = ({ headers, query }: LocalRequest) => {
  const token = headers['x-cos-security-token'] ?? query.get('x-cos-security-token');
  return token ? String(token) : undefined;
};

const hasSignature = (request: LocalRequest, path: string, claim: Claim, secretKey: string) => {
  const headers = pick(claim.headerNames, Object.entries(request.headers));
  const query = pick(claim.queryNames, request.query);
  if (!headers || !query) return false;
  const { secretId, startTime, endTime } = claim;
  const signed = signCosRequest(
    { method: request.method, path, query, headers },
    { secretId, secretKey },
    { startTime, endTime },
  );
  return isSameText(claim.signature, signed.slice(signed.lastIndexOf('=') + 1));
};

/** The named entries; undefined when the request has not sent one of them. */
const pick = (names: readonly string[], entries: Iterable<[string, unknown]>): Record<string, string> | undefined => {
  const sent = new Map([...entries].map(([name, value]) => [name.toLowerCase(), String(value)]));
  return names.every((name) => sent.has(name))
    ? Object.fromEntries(names.map((name) => [name, sent.get(name) ?? '']))
    : undefined;
};
