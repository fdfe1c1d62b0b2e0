import type { CloudCredentials } from '../../lib/config.ts';
import { readProblem } from '../../lib/cos/bucket-xml.ts';
import { percentEncodePath, signCosRequest } from '../../lib/cos/signature.ts';
import type { WantedFunction } from './wanted.ts';

/** Where SCF finds the code of a function: in the call itself, or in a bucket. */
export type CodeReference =
  | { ZipFile: string }
  | { CosBucketName: string; CosObjectName: string; CosBucketRegion: string };

/** Brings the code to where SCF can read it. Putting the same there again does no harm. */
export type CodeStore = (fn: WantedFunction) => Promise<CodeReference>;

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
  /** The largest archive that goes into the call itself. */
  maxDirectBytes?: number;
}

/**
 * A call takes 10 MB, and base64 makes four bytes of three.
 * Source: https://cloud.tencent.com/document/api/583/17238
 */
const usualMaxDirectBytes = 7_000_000;
const signedSeconds = 900;

export const createCodeStore =
  ({ bucket, credentials, fetch, clock, maxDirectBytes = usualMaxDirectBytes }: CodeStoreOptions): CodeStore =>
  async ({ name, owner, code, archive }) => {
    if (archive.length <= maxDirectBytes) return { ZipFile: archive.toString('base64') };
    if (!bucket)
      throw new Error(
        `${name} is packed into ${archive.length} bytes, and a call takes ${maxDirectBytes}: set custom.deploymentBucket.`,
      );
    const path = `/serverless/${owner.service}/${owner.stage}/${name}/${code}.zip`;
    const startTime = Math.floor(clock() / 1000) - 60;
    const authorization = signCosRequest(
      { method: 'PUT', path, headers: { host: new URL(bucket.origin).host } },
      credentials,
      { startTime, endTime: startTime + signedSeconds },
    );
    const reply = await fetch(`${bucket.origin}${percentEncodePath(path)}`, {
      method: 'PUT',
      headers: {
        authorization,
        ...(credentials.sessionToken !== undefined && { 'x-cos-security-token': credentials.sessionToken }),
      },
      body: new Uint8Array(archive),
    }).catch((error: Error) => {
      throw new Error(`PutObject ${path}: no reply from ${bucket.origin}: ${error.message}`, { cause: error });
    });
    if (!reply.ok) {
      const { code: refusal = `status ${reply.status}`, message, requestId } = readProblem(await reply.text());
      throw new Error(`PutObject ${path}: ${refusal}: ${message} (RequestId ${requestId})`);
    }
    return {
      CosBucketName: bucket.name.replace(/-\d+$/, ''),
      CosObjectName: path,
      CosBucketRegion: bucket.region,
    };
  };
