import { AppError, type ErrorCode } from '../errors.ts';

/** IM asks to send these again: internal errors and timeouts of its own. Source: https://cloud.tencent.com/document/product/269/1671 */
const retryable = new Set([10002, 60008, 70169, 70202, 70500, 90994, 90995, 91000]);
/** A rate of the app or the group is used up. */
const overRate = new Set([10006, 10023, 60007, 60011, 60018, 60019]);
/** The plan's number of groups is used up: AVChatRooms, groups of a user, groups of a trial. */
const overQuota = new Set([10036, 10037, 10058]);

export const isRetryable = (imCode: number): boolean => retryable.has(imCode);

interface ImErrorOptions {
  command: string;
  imCode?: number;
  imText?: string;
  tries: number;
  replyLost: boolean;
  timedOut?: boolean;
  cause?: unknown;
}

/** IM did not do what was asked, or did not say so. */
export class ImError extends AppError {
  /** IM's `ErrorCode`; absent when no usable reply came. */
  readonly imCode: number | undefined;
  /** True when a try of this call may have been carried out although its reply did not say so. */
  readonly replyLost: boolean;

  constructor({ command, imCode, imText, tries, replyLost, timedOut, cause }: ImErrorOptions) {
    const code = timedOut ? 'UPSTREAM_TIMEOUT' : codeOf(imCode);
    super(code, messages[code] ?? 'The IM service failed. Try again.', {
      details: { vendor: 'im', target: command, vendorCode: imCode, vendorText: imText, tries },
      ...(code === 'RATE_LIMITED' && { retryAfterSeconds: 1 }),
      cause,
    });
    this.imCode = imCode;
    this.replyLost = replyLost;
  }
}

const codeOf = (imCode: number | undefined): ErrorCode => {
  if (imCode !== undefined && overQuota.has(imCode)) return 'QUOTA_EXCEEDED';
  if (imCode !== undefined && overRate.has(imCode)) return 'RATE_LIMITED';
  return 'UPSTREAM_FAILED';
};

const messages: Partial<Record<ErrorCode, string>> = {
  UPSTREAM_TIMEOUT: 'The IM service did not answer in time. Try again.',
  QUOTA_EXCEEDED: "The app's IM plan allows no more groups.",
  RATE_LIMITED: 'The IM service is at its rate limit. Try again.',
};
