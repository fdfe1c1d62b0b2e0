import { createHmac, timingSafeEqual } from 'node:crypto';
import { AppError } from '../errors.ts';

/**
 * Checks that TRTC sent a callback: `Sign` is the base64 of HMAC-SHA256 over the raw body. Throws `UNAUTHENTICATED`.
 * Source: https://trtc.io/document/39558
 */
export const verifyTrtcSignature = (sign: string | undefined, body: Buffer, key: string): void => {
  const expected = Buffer.from(createHmac('sha256', key).update(body).digest('base64'));
  const given = Buffer.from(sign ?? '');
  if (expected.length !== given.length || !timingSafeEqual(expected, given))
    throw new AppError('UNAUTHENTICATED', 'This is no callback of ours.');
};
