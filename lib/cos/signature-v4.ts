import { createHmac } from 'node:crypto';
import { appIdOf } from './policy.ts';
import { type CosKey, percentEncodePath } from './signature.ts';

export interface CosV4Request {
  /** With its APPID suffix. */
  bucketName: string;
  /** The object that the signature is bound to; left out, it opens the whole bucket. */
  key?: string;
  /** Unix seconds; 0 makes a signature that can be used once. */
  expiresAt: number;
  /** Unix seconds. */
  issuedAt: number;
  /** At most 10 decimal digits. */
  random: number;
}

/**
 * Signs for COS's JSON API, the one before the XML API. The signature covers no method: it reads and writes. Permanent
 * keys only: there is no place for a session token.
 * Source: https://cloud.tencent.com/document/product/436/6054
 */
export const signCosV4 = (
  { bucketName, key, expiresAt, issuedAt, random }: CosV4Request,
  { secretId, secretKey }: CosKey,
): string => {
  const appId = appIdOf(bucketName);
  const bucket = bucketName.slice(0, -appId.length - 1);
  const fileId = key === undefined ? '' : percentEncodePath(`/${appId}/${bucket}/${key}`);
  const original = `a=${appId}&b=${bucket}&k=${secretId}&e=${expiresAt}&t=${issuedAt}&r=${random}&f=${fileId}`;
  const mac = createHmac('sha1', secretKey).update(original).digest();
  return Buffer.concat([mac, Buffer.from(original)]).toString('base64');
};
