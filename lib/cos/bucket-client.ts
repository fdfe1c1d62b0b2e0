import { callOutside } from '../calls.ts';
import { AppError } from '../errors.ts';
import type { Fetch } from '../http/fetch.ts';
import { type CosProblem, type Listing, readListing, readProblem } from './bucket-xml.ts';
import type { Bucket } from './policy.ts';
import { percentEncode, signCosRequest } from './signature.ts';
import type { TemporaryCredentials } from './sts.ts';

export interface ListRequest {
  prefix: string;
  /** Only keys after it are listed, in the order of their UTF-8; empty: all. */
  marker: string;
  /** At most 1000. */
  maxKeys: number;
}

export interface BucketClient {
  /** GET Bucket. Throws `UPSTREAM_FAILED`, `UPSTREAM_TIMEOUT` or `RATE_LIMITED`. */
  list(request: ListRequest, credentials: TemporaryCredentials): Promise<Listing>;
}

export interface BucketClientOptions {
  bucket: Bucket;
  fetch: Fetch;
}

const timeoutMs = 5000;

/**
 * COS's XML API, as far as we call it ourselves. Nothing is tried again.
 * Source: https://cloud.tencent.com/document/product/436/7734
 */
export const createBucketClient = ({ bucket: { origin }, fetch }: BucketClientOptions): BucketClient => {
  const list: BucketClient['list'] = async ({ prefix, marker, maxKeys }, { credentials, startTime, expiredTime }) => {
    const query = { prefix, marker, 'max-keys': String(maxKeys), 'encoding-type': 'url' };
    const authorization = signCosRequest(
      { method: 'GET', path: '/', query, headers: { host: new URL(origin).host } },
      { secretId: credentials.tmpSecretId, secretKey: credentials.tmpSecretKey },
      { startTime, endTime: expiredTime },
    );
    const search = Object.entries(query).map(([name, value]) => `${name}=${percentEncode(value)}`);
    const signal = AbortSignal.timeout(timeoutMs);
    const { status, text } = await fetch(`${origin}/?${search.join('&')}`, {
      headers: { authorization, 'x-cos-security-token': credentials.sessionToken },
      signal,
    })
      .then(async (reply) => ({ status: reply.status, text: await reply.text() }))
      .catch((error: unknown) => {
        throw signal.aborted ? timedOut() : failed({}, error);
      });
    if (status === 503) throw overRate(readProblem(text));
    if (status !== 200) throw failed(readProblem(text), new Error(`HTTP status ${status}`));
    try {
      return readListing(text);
    } catch (error) {
      throw failed({}, error);
    }
  };

  return { list: (request, credentials) => callOutside('cos', () => list(request, credentials)) };
};

const detailsOf = ({ code, message, requestId }: Partial<CosProblem>) => ({
  vendor: 'cos',
  vendorCode: code,
  vendorText: message,
  vendorRequestId: requestId,
});

const timedOut = () =>
  new AppError('UPSTREAM_TIMEOUT', 'The file storage did not answer in time. Try again.', { details: detailsOf({}) });

/** `SlowDown`, `ServiceUnavailable` and the like. */
const overRate = (problem: CosProblem) =>
  new AppError('RATE_LIMITED', 'The file storage is at its rate limit. Try again.', {
    details: detailsOf(problem),
    retryAfterSeconds: 1,
  });

const failed = (problem: Partial<CosProblem>, cause: unknown) =>
  new AppError('UPSTREAM_FAILED', 'The file storage failed. Try again.', { details: detailsOf(problem), cause });
