import { AppError, statusOfCode } from '../errors.ts';

/** What a function answers to an HTTP trigger. Source: https://cloud.tencent.com/document/product/583/96099 */
export interface HttpReply {
  statusCode: number;
  headers: Record<string, string>;
  body: string;
  isBase64Encoded: false;
}

/** Nothing of ours may stay in a cache: replies carry sigs and credentials. */
const uncached = { 'cache-control': 'no-store' };

export const jsonReply = (statusCode: number, value: unknown, headers: Record<string, string> = {}): HttpReply => ({
  statusCode,
  headers: { 'content-type': 'application/json; charset=utf-8', ...uncached, ...headers },
  body: JSON.stringify(value),
  isBase64Encoded: false,
});

export const emptyReply = (statusCode: number, headers: Record<string, string> = {}): HttpReply => ({
  statusCode,
  headers,
  body: '',
  isBase64Encoded: false,
});

/** The problem reply of a failure (RFC 9457). Whatever is not an `AppError` is an `INTERNAL` without a word of its own. */
export const problemReply = (error: unknown, requestId: string): HttpReply => {
  const { code, message, errors, retryAfterSeconds } = error instanceof AppError ? error : internal;
  const status = statusOfCode[code];
  const problem = {
    type: 'about:blank',
    title: titleOf(code),
    status,
    detail: message,
    code,
    requestId,
    ...(errors && { errors }),
  };
  return jsonReply(status, problem, {
    'content-type': 'application/problem+json; charset=utf-8',
    ...(retryAfterSeconds !== undefined && { 'retry-after': String(Math.ceil(retryAfterSeconds)) }),
    ...(code === 'METHOD_NOT_ALLOWED' && { allow: 'POST, OPTIONS' }),
  });
};

const internal = new AppError('INTERNAL', 'Something failed on our side. The request id finds it in the log.');

/** `QUOTA_EXCEEDED` → `Quota exceeded`. */
const titleOf = (code: string) => code.charAt(0) + code.slice(1).toLowerCase().replaceAll('_', ' ');

/** A result that is newly made: the reply is 201 instead of 200. */
export class Created<Value extends object = object> {
  readonly value: Value;

  constructor(value: Value) {
    this.value = value;
  }
}
