/**
 * The codes that this stand-in answers with, and their statuses.
 * Source: https://cloud.tencent.com/document/product/436/7730
 */
const statusOfCosCode = {
  BadDigest: 400,
  EntityTooSmall: 400,
  InvalidArgument: 400,
  InvalidDigest: 400,
  InvalidPart: 400,
  InvalidPartOrder: 400,
  InvalidURI: 400,
  MalformedXML: 400,
  AccessDenied: 403,
  // The vendor's table has 400; 403 keeps every refusal of a caller alike.
  ExpiredToken: 403,
  InvalidAccessKeyId: 403,
  // Not in the vendor's table, which names no code for a token that does not fit its SecretId.
  InvalidToken: 403,
  SignatureDoesNotMatch: 403,
  NoSuchCORSConfiguration: 404,
  NoSuchBucket: 404,
  NoSuchKey: 404,
  NoSuchUpload: 404,
  MethodNotAllowed: 405,
  InvalidRange: 416,
  InternalError: 500,
  NotImplemented: 501,
  ServiceUnavailable: 503,
  SlowDown: 503,
} as const;

export type CosErrorCode = keyof typeof statusOfCosCode;

export const isCosErrorCode = (code: unknown): code is CosErrorCode =>
  typeof code === 'string' && Object.hasOwn(statusOfCosCode, code);

/** A refusal in COS's own words. */
export class CosError extends Error {
  readonly code: CosErrorCode;
  readonly status: number;

  constructor(code: CosErrorCode, message: string) {
    super(message);
    this.name = 'CosError';
    this.code = code;
    this.status = statusOfCosCode[code];
  }
}
