/** Every code that a caller can meet, with its HTTP status. Callers switch on the code, never on the text. */
export const statusOfCode = {
  BAD_REQUEST: 400,
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  METHOD_NOT_ALLOWED: 405,
  CONFLICT: 409,
  GONE: 410,
  PAYLOAD_TOO_LARGE: 413,
  CONTENT_REJECTED: 422,
  RATE_LIMITED: 429,
  QUOTA_EXCEEDED: 429,
  INTERNAL: 500,
  UPSTREAM_FAILED: 502,
  UPSTREAM_TIMEOUT: 504,
} as const;

export type ErrorCode = keyof typeof statusOfCode;

/** One wrong field of the input: where it is (JSON Pointer, `""` for the whole) and what is wrong with it. */
export interface FieldError {
  path: string;
  message: string;
}

export interface AppErrorOptions {
  /** Facts for the log alone: a vendor's code and text, identifiers. Never a secret. */
  details?: Readonly<Record<string, string | number | boolean | undefined>>;
  errors?: readonly FieldError[];
  retryAfterSeconds?: number;
  cause?: unknown;
}

/** A failure with a documented code. `message` is for the caller; `details` and `cause` are for the log. */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly details: NonNullable<AppErrorOptions['details']>;
  readonly errors: readonly FieldError[] | undefined;
  readonly retryAfterSeconds: number | undefined;

  constructor(
    code: ErrorCode,
    message: string,
    { details = {}, errors, retryAfterSeconds, cause }: AppErrorOptions = {},
  ) {
    super(message, { cause });
    this.name = 'AppError';
    this.code = code;
    this.details = details;
    this.errors = errors;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}
