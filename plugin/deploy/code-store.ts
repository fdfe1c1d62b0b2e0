import type { CloudCredentials } from '../../lib/config.ts';
import { readProblem } from '../../lib/cos/bucket-xml.ts';
import { percentEncodePath, signCosRequest } from '../../lib/cos/signature.ts';
import type { WantedFunction } from './wanted.ts';

/** Where SCF finds the code of a function: in the call itself, or in a bucket. */
export type CodeReference =
  | { ZipFile: string }
  | { CosBucketName: string; CosObjectName: string; CosBucketRegion: string };

export interface CodeStore {
  /** Brings the code to where SCF can read it. Putting the same there again does no harm. */
  put(fn: WantedFunction): Promise<CodeReference>;
  /** Takes it away again, once SCF has a copy of its own. */
  discard(fn: WantedFunction): Promise<void>;
}

export interface DeploymentBucket {
  /** With its APPID. */
  name: string;
  region: string;
  origin: string;
}

export interface CodeStoreOptions {
  bucket: DeploymentBucket | undefined;
  credentials: CloudCredentials;
  fetch: typeof fetch;
  /** Milliseconds since 1970. */
  clock: () => number;
  sleep: (ms: number) => Promise<unknown>;
}

/**
 * The largest archive that goes into the call itself, which takes 10 MB: base64 makes four bytes of three.
 * Source: https://cloud.tencent.com/document/api/583/17238
 */
export const maxDirectBytes = 7_000_000;
const signedSeconds = 900;
const retryPausesMs = [1000, 3000];

export const createCodeStore = ({ bucket, credentials, fetch, clock, sleep }: CodeStoreOptions): CodeStore => {
  /** One request to the bucket; again when COS cannot answer it. */
  const send = async (
    { name, origin }: DeploymentBucket,
    method: 'PUT' | 'DELETE',
    path: string,
    body?: Buffer,
  ): Promise<void> => {
    const { sessionToken, ...key } = credentials;
    for (let attempt = 0; ; attempt += 1) {
      const startTime = Math.floor(clock() / 1000) - 60;
      const authorization = signCosRequest({ method, path, headers: { host: new URL(origin).host } }, key, {
        startTime,
        endTime: startTime + signedSeconds,
      });
      const headers = { authorization, ...(sessionToken !== undefined && { 'x-cos-security-token': sessionToken }) };
      const reply = await fetch(`${origin}${percentEncodePath(path)}`, {
        method,
        headers,
        ...(body && { body: new Uint8Array(body) }),
      }).catch((error: Error) => error);
      if (reply instanceof Response && reply.ok) return;
      const pauseMs = retryPausesMs[attempt];
      if (pauseMs === undefined || (reply instanceof Response && reply.status < 500))
        throw new Error(`${method} ${path} in the bucket ${name}: ${await describeFailure(reply)}`);
      await sleep(pauseMs);
    }
  };

  return {
    async put(fn) {
      if (!bucket || fn.archive.length <= maxDirectBytes) return { ZipFile: fn.archive.toString('base64') };
      await send(bucket, 'PUT', pathOf(fn), fn.archive);
      return {
        CosBucketName: bucket.name.replace(/-\d+$/, ''),
        CosObjectName: pathOf(fn),
        CosBucketRegion: bucket.region,
      };
    },

    async discard(fn) {
      if (bucket && fn.archive.length > maxDirectBytes) await send(bucket, 'DELETE', pathOf(fn));
    },
  };
};

const pathOf = ({ name, owner, code }: WantedFunction): string =>
  `/serverless/${owner.service}/${owner.stage}/${name}/${code}.zip`;

const describeFailure = async (reply: Response | Error): Promise<string> => {
  if (!(reply instanceof Response)) return `no reply: ${reply.message}`;
  const { code = `status ${reply.status}`, message, requestId } = readProblem(await reply.text());
  return [code, message && `: ${message}`, requestId && ` (RequestId ${requestId})`].filter(Boolean).join('');
};
