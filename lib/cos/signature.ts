import { createHash, createHmac } from 'node:crypto';

export interface CosRequest {
  method: string;
  /** Decoded, with its leading slash: `/class/a b.pdf`. */
  path: string;
  query?: Readonly<Record<string, string>>;
  /** The headers that the signature covers. */
  headers: Readonly<Record<string, string>>;
}

export interface CosKey {
  secretId: string;
  secretKey: string;
}

/** From and until, Unix seconds. */
export interface CosSignTime {
  startTime: number;
  endTime: number;
}

/**
 * Signs one COS request: the value of its `Authorization` header, or the query of a pre-signed URL.
 * Source: https://cloud.tencent.com/document/product/436/7778
 */
export const signCosRequest = (request: CosRequest, key: CosKey, { startTime, endTime }: CosSignTime): string => {
  const keyTime = `${startTime};${endTime}`;
  const query = canonical(request.query ?? {});
  const headers = canonical(request.headers);
  const httpString = `${request.method.toLowerCase()}\n${request.path}\n${query.pairs}\n${headers.pairs}\n`;
  const stringToSign = `sha1\n${keyTime}\n${createHash('sha1').update(httpString).digest('hex')}\n`;
  // The sign key is used as the text of its hex digits, not as the bytes that they stand for.
  const signature = hmacSha1(hmacSha1(key.secretKey, keyTime), stringToSign);
  return [
    'q-sign-algorithm=sha1',
    `q-ak=${key.secretId}`,
    `q-sign-time=${keyTime}`,
    `q-key-time=${keyTime}`,
    `q-header-list=${headers.names}`,
    `q-url-param-list=${query.names}`,
    `q-signature=${signature}`,
  ].join('&');
};

const hmacSha1 = (key: string, text: string) => createHmac('sha1', key).update(text).digest('hex');

const canonical = (values: Readonly<Record<string, string>>) => {
  const sorted = Object.entries(values)
    .map(([name, value]) => [percentEncode(name).toLowerCase(), percentEncode(value)] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    names: sorted.map(([name]) => name).join(';'),
    pairs: sorted.map(([name, value]) => `${name}=${value}`).join('&'),
  };
};

/** Percent-encodes all but `A-Za-z0-9-_.~`. */
export const percentEncode = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);

/** The same for a path, whose slashes stay. */
export const percentEncodePath = (path: string): string => path.split('/').map(percentEncode).join('/');
