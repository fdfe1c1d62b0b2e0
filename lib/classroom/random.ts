/** Unpredictable numbers, as `node:crypto` makes them. */
export interface Random {
  bytes(size: number): Buffer;
  /** `minimum` ≤ n < `end`. */
  integer(minimum: number, end: number): number;
}
