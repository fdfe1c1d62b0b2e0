import { timingSafeEqual } from 'node:crypto';

/** Compares a signature with the expected one in a time that does not tell how much of it is right. */
export const isSameText = (given: string, expected: string): boolean => {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
};
