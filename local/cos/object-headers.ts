import { createHash } from 'node:crypto';
import type { LocalRequest } from '../http.ts';
import { CosError } from './cos-error.ts';
import type { ByteRange } from './record-folder.ts';
import type { StoredObject } from './store.ts';

const kept = [
  'cache-control',
  'content-disposition',
  'content-encoding',
  'content-language',
  'content-type',
  'expires',
] as const;

/** The headers of an upload that are stored with the object. */
export const headersToStore = ({ headers }: LocalRequest): Record<string, string> => {
  const named = Object.entries(headers).filter(
    ([name, value]) => value !== '' && (kept.some((one) => one === name) || name.startsWith('x-cos-meta-')),
  );
  return {
    'content-type': 'application/octet-stream',
    ...Object.fromEntries(named.map(([name, value]) => [name, String(value)])),
  };
};

/** The headers of a download; a signed `response-content-type` and its like go before the stored ones. */
export const headersToSend = (object: StoredObject, query: URLSearchParams): Record<string, string> => ({
  ...object.headers,
  ...Object.fromEntries(
    kept.flatMap((name) => {
      const value = query.get(`response-${name}`);
      return value ? [[name, asHeaderValue(value)]] : [];
    }),
  ),
  'accept-ranges': 'bytes',
  etag: `"${object.etag}"`,
  'last-modified': new Date(object.lastModified).toUTCString(),
});

/** Node writes a header as Latin-1: so its bytes are those of UTF-8. */
const asHeaderValue = (text: string) => Buffer.from(text).toString('latin1');

/** Refuses a body that is not the one that Content-MD5 promises. */
export const assertDigest = ({ headers, body }: LocalRequest): void => {
  const digest = headers['content-md5'];
  if (digest === undefined || digest === '') return;
  if (Buffer.from(String(digest), 'base64').length !== 16)
    throw new CosError('InvalidDigest', 'The Content-MD5 you specified was invalid.');
  if (createHash('md5').update(body).digest('base64') !== digest)
    throw new CosError('BadDigest', 'The Content-MD5 you specified did not match what we received.');
};

/** The bytes that a Range header asks for; undefined when it asks for all, or for more ranges than one. */
export const readRange = (range: string | undefined, size: number): ByteRange | undefined => {
  const [, first = '', last = ''] = /^bytes=(\d*)-(\d*)$/.exec(range ?? '') ?? [];
  if (first === '' && last === '') return undefined;
  const start = first === '' ? Math.max(0, size - Number(last)) : Number(first);
  const end = first === '' || last === '' ? size : Math.min(Number(last) + 1, size);
  if (start >= end) throw new CosError('InvalidRange', 'The requested range is not satisfiable.');
  return { start, end };
};
