import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { AppError } from '../../lib/errors.ts';
import { verifyCallbackSignature } from '../../lib/im/callback-signature.ts';
import { vectors } from '../support/vectors.ts';

const requestTime = '1700000000';
const now = Number(requestTime);
const token = 's3cretToken';
const signOf = (by: string, time: string) =>
  createHash('sha256')
    .update(by + time)
    .digest('hex');
const sign = signOf(token, requestTime);

/** Whether the signature is taken; any failure but the documented one is thrown. */
const isTaken = (...args: Parameters<typeof verifyCallbackSignature>): boolean => {
  try {
    verifyCallbackSignature(...args);
    return true;
  } catch (error) {
    if (error instanceof AppError && error.code === 'UNAUTHENTICATED') return false;
    throw error;
  }
};

describe('a callback signature', () => {
  it.each(vectors.imCallbackSign)('holds as in the documents ($id)', ({ token, requestTime, sign }) => {
    expect(isTaken({ sign, requestTime }, [token], Number(requestTime))).toBe(true);
    expect(isTaken({ sign, requestTime }, [`${token}x`], Number(requestTime))).toBe(false);
  });

  it.each([
    [-61, false],
    [-60, true],
    [60, true],
    [61, false],
  ])('made %i seconds from now is taken: %s', (seconds, expected) => {
    expect(isTaken({ sign, requestTime }, [token], now - seconds)).toBe(expected);
  });

  it('may be of any of the tokens during a rotation', () => {
    expect(isTaken({ sign, requestTime }, ['new', token], now)).toBe(true);
    expect(isTaken({ sign, requestTime }, [token, 'new'], now)).toBe(true);
    expect(isTaken({ sign, requestTime }, ['new', 'newer'], now)).toBe(false);
    expect(isTaken({ sign, requestTime }, [], now)).toBe(false);
  });

  it.each([
    ['a missing sign', { sign: undefined, requestTime }],
    ['an empty sign', { sign: '', requestTime }],
    ['a sign cut short', { sign: sign.slice(0, -1), requestTime }],
    ['a sign too long', { sign: `${sign}0`, requestTime }],
    ['a sign in capitals', { sign: sign.toUpperCase(), requestTime }],
    ['a sign of as many bytes in other characters', { sign: '课'.repeat(21).concat('x'), requestTime }],
    ['a missing time', { sign: signOf(token, 'undefined'), requestTime: undefined }],
    ['an empty time', { sign: signOf(token, ''), requestTime: '' }],
    ['a time that is no number', { sign: signOf(token, 'now'), requestTime: 'now' }],
    ['a time with a fraction', { sign: signOf(token, '1700000000.0'), requestTime: '1700000000.0' }],
    ['a time in milliseconds', { sign: signOf(token, '1700000000000'), requestTime: '1700000000000' }],
    ['another time than was signed', { sign, requestTime: '1700000001' }],
  ])('refuses %s', (_what, signature) => {
    expect(isTaken(signature, [token], now)).toBe(false);
  });
});
