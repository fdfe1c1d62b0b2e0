import { createHash, createHmac } from 'node:crypto';
import { isLoopbackHost, type LocalRequest } from '../http.ts';
import { isSameText } from './timing-safe.ts';

/** The secret key of a pair, or of temporary keys with their session token; undefined when there is none such. */
export type FindSecretKey = (secretId: string, sessionToken: string | undefined) => string | undefined;

export type Tc3Verdict =
  | { ok: true; secretId: string; service: string; token?: string }
  | { ok: false; code: `AuthFailure.${string}`; message: string };

const maxSkewSeconds = 300;

/**
 * Verifies the TC3-HMAC-SHA256 signature of a POST call of `service`.
 * Source: https://cloud.tencent.com/document/api/1312/48200
 */
export const verifyTc3 = (
  request: LocalRequest,
  findSecretKey: FindSecretKey,
  nowSeconds: number,
  service: string,
): Tc3Verdict => {
  const claim = parseAuthorization(request.headers.authorization);
  if (!claim) return refusal('InvalidAuthorization', 'The Authorization header is missing or malformed.');

  const timestamp = header(request, 'x-tc-timestamp');
  if (!/^\d{1,12}$/.test(timestamp) || Math.abs(nowSeconds - Number(timestamp)) > maxSkewSeconds)
    return refusal('SignatureExpire', 'X-TC-Timestamp is more than five minutes away from the time of the server.');

  const token = header(request, 'x-tc-token') || undefined;
  const secretKey = findSecretKey(claim.secretId, token);
  if (secretKey === undefined)
    return token === undefined
      ? refusal('SecretIdNotFound', 'The SecretId is not found.')
      : refusal('TokenFailure', 'The token is wrong, has expired or belongs to another SecretId.');

  const isSigned =
    hasScope(claim, request, service, Number(timestamp)) &&
    requiredHeaders.every((name) => claim.signedHeaders.includes(name)) &&
    signedHosts(request).some((host) =>
      isSameText(claim.signature, sign(secretKey, claim, timestamp, canonicalRequest(request, claim, host))),
    );
  if (!isSigned) return refusal('SignatureFailure', 'The provided credentials could not be validated.');
  return { ok: true, secretId: claim.secretId, service: claim.service, ...(token !== undefined && { token }) };
};

interface Claim {
  secretId: string;
  date: string;
  service: string;
  signedHeaders: string[];
  signature: string;
}

const requiredHeaders = ['content-type', 'host'];

const authorizationPattern =
  /^TC3-HMAC-SHA256 Credential=([^/,\s]+)\/(\d{4}-\d{2}-\d{2})\/([^/,\s]+)\/tc3_request, *SignedHeaders=([a-z0-9;-]+), *Signature=([0-9a-f]{64})$/;

const parseAuthorization = (authorization = ''): Claim | undefined => {
  const [, secretId, date, service, signedHeaders, signature] = authorizationPattern.exec(authorization) ?? [];
  if (!secretId || !date || !service || !signedHeaders || !signature) return undefined;
  return { secretId, date, service, signedHeaders: signedHeaders.split(';'), signature };
};

/** The SDK signs for the first label of its endpoint, which is no service on loopback: `127` of `127.0.0.1:8788`. */
const hasScope = (claim: Claim, request: LocalRequest, service: string, timestamp: number) => {
  const host = header(request, 'host');
  return (
    claim.date === new Date(timestamp * 1000).toISOString().slice(0, 10) &&
    (claim.service === service || (isLoopbackHost(host) && claim.service === host.split('.')[0]))
  );
};

/** The SDK signs the host without the port that it sends. */
const signedHosts = (request: LocalRequest) => {
  const host = header(request, 'host');
  return [host, host.replace(/:\d+$/, '')];
};

const canonicalRequest = (request: LocalRequest, { signedHeaders }: Claim, host: string) => {
  const headers = signedHeaders.map((name) => {
    const value = name === 'host' ? host : header(request, name);
    return `${name}:${value.trim().toLowerCase()}\n`;
  });
  // The query of a POST is always empty in the canonical request.
  return [request.method, request.path, '', headers.join(''), signedHeaders.join(';'), sha256(request.body)].join('\n');
};

const sign = (secretKey: string, { date, service }: Claim, timestamp: string, canonical: string) => {
  const scope = `${date}/${service}/tc3_request`;
  const signingKey = hmac(hmac(hmac(`TC3${secretKey}`, date), service), 'tc3_request');
  return hmac(signingKey, `TC3-HMAC-SHA256\n${timestamp}\n${scope}\n${sha256(canonical)}`).toString('hex');
};

const header = (request: LocalRequest, name: string) => String(request.headers[name] ?? '');
const sha256 = (data: string | Buffer) => createHash('sha256').update(data).digest('hex');
const hmac = (key: string | Buffer, data: string) => createHmac('sha256', key).update(data).digest();

const refusal = (code: string, message: string): Tc3Verdict => ({ ok: false, code: `AuthFailure.${code}`, message });
