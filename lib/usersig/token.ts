import { deflateSync, inflateSync, type ZlibOptions } from 'node:zlib';

/** A UserSig of at most this many characters is looked at: real ones have 150 to 700. */
const maxTokenLength = 4096;
/** The inflated JSON of a real UserSig has some 200 to 900 bytes. */
const maxJsonBytes = 16_384;

/**
 * Packs a UserSig's fields into its wire form: JSON, zlib, base64 with `+` `/` `=` written `*` `-` `_`.
 * This is not RFC 4648 base64url: `-` stands for `/`, and `_` is the padding.
 * Source: https://github.com/tencentyun/tls-sig-api-v2-node
 */
export const packToken = (fields: Readonly<Record<string, string | number>>): string =>
  deflateSync(JSON.stringify(fields)).toString('base64').replaceAll('+', '*').replaceAll('/', '-').replaceAll('=', '_');

/** With `info`, zlib also tells how many bytes it has read; its types do not say so. */
const inflate = inflateSync as unknown as (
  packed: Buffer,
  options: ZlibOptions & { info: true },
) => { buffer: Buffer; engine: { bytesWritten: number } };

/** Reads the wire form back; `undefined` when it is not one. Compression level and key order are the signer's own. */
export const unpackToken = (token: string): Record<string, unknown> | undefined => {
  if (token.length > maxTokenLength || !/^[A-Za-z0-9*-]+_{0,2}$/.test(token)) return undefined;
  try {
    const base64 = token.replaceAll('*', '+').replaceAll('-', '/').replaceAll('_', '=');
    const packed = Buffer.from(base64, 'base64');
    const { buffer, engine } = inflate(packed, { maxOutputLength: maxJsonBytes, info: true });
    // One sig is one text: no bits that base64 leaves over, no bytes after the end.
    if (packed.toString('base64') !== base64 || engine.bytesWritten !== packed.length) return undefined;
    const fields: unknown = JSON.parse(buffer.toString('utf8'));
    return typeof fields === 'object' && fields !== null && !Array.isArray(fields) ? { ...fields } : undefined;
  } catch {
    // Bad zlib data and bad JSON mean the same to every caller: this is no UserSig.
    return undefined;
  }
};
