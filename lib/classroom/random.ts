/** Unpredictable numbers, as `node:crypto` makes them. */
export interface Random {
  bytes(size: number): Buffer;
  /** `minimum` ≤ n < `end`. */
  integer(minimum: number, end: number): number;
}

/** 128 unguessable bits, as an id that IM takes. */
export const newId = (random: Random): string => random.bytes(16).toString('base64url');
