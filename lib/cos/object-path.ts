import { AppError } from '../errors.ts';

/** What COS takes as a key, in UTF-8. Source: https://cloud.tencent.com/document/product/436/13324 */
export const maxKeyBytes = 850;

/** Says of what `isObjectPath` refuses what it must be. */
export const objectPathMessage = `must be a relative path of at most ${maxKeyBytes} bytes without empty, . and .. segments, control characters, backslashes, * and encoded slashes or dots`;

/**
 * Answers whether a path names one object below whatever prefix it is put behind, also to somebody who
 * percent-decodes it, or does so several times.
 */
export const isObjectPath = (path: string): boolean =>
  path.isWellFormed() &&
  Buffer.byteLength(path) <= maxKeyBytes &&
  path.split('/').every((segment) => !['', '.', '..'].includes(segment)) &&
  isPlain(path);

/** Joins a prefix and a path that `isObjectPath`. Throws `BAD_REQUEST` when the key is longer than COS takes. */
export const objectKey = (prefix: string, path: string): string => {
  const key = prefix + path;
  if (Buffer.byteLength(key) <= maxKeyBytes) return key;
  const message = `must be at most ${maxKeyBytes - Buffer.byteLength(prefix)} bytes long here`;
  throw new AppError('BAD_REQUEST', 'The path is too long.', { errors: [{ path: '/path', message }] });
};

/**
 * Control characters, line breaks of Unicode and backslashes; percent-encoded dots, slashes and backslashes; and `*`,
 * which stands for any key in a policy.
 */
const forbidden = /[\p{Cc}\u2028\u2029\\*]|%(?:2[ef]|5c)/iu;

/** Neither as it is nor after any number of decodings, each of which makes it shorter. */
const isPlain = (text: string): boolean => {
  if (forbidden.test(text)) return false;
  const decoded = decode(text);
  return decoded === text || isPlain(decoded);
};

/** A `%` that begins no escape stands for itself. */
const decode = (text: string) =>
  text.replace(/(?:%[0-9a-f]{2})+/gi, (escapes) => Buffer.from(escapes.replaceAll('%', ''), 'hex').toString('utf8'));
