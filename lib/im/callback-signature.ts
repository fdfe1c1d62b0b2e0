import { createHash, timingSafeEqual } from 'node:crypto';
import { AppError } from '../errors.ts';

export interface CallbackSignature {
  /** Lower-hex SHA-256 of token and time, plainly joined: it covers neither the body nor the other parameters. */
  sign: string | undefined;
  /** Unix seconds, as decimal text. */
  requestTime: string | undefined;
}

/** To both sides of our clock. Source: https://cloud.tencent.com/document/product/269/117703 */
const toleranceSeconds = 60;

/**
 * Checks that IM sent a callback. Throws `UNAUTHENTICATED`.
 * Several tokens may hold at once, so that one can be replaced without a gap.
 * Source: https://cloud.tencent.com/document/product/269/32431
 */
export const verifyCallbackSignature = (
  { sign, requestTime }: CallbackSignature,
  tokens: readonly string[],
  nowSeconds: number,
): void => {
  const isFresh =
    requestTime !== undefined &&
    /^\d{1,12}$/.test(requestTime) &&
    Math.abs(nowSeconds - Number(requestTime)) <= toleranceSeconds;
  const given = Buffer.from(sign ?? '');
  // Every token is compared, so that the time taken does not tell which one was near.
  const matches = tokens.map((token) => {
    const expected = Buffer.from(
      createHash('sha256')
        .update(token + requestTime)
        .digest('hex'),
    );
    return expected.length === given.length && timingSafeEqual(expected, given);
  });
  if (!isFresh || !matches.includes(true)) throw new AppError('UNAUTHENTICATED', 'This is no callback of ours.');
};
