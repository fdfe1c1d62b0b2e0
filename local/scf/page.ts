import * as z from 'zod/mini';

/** The parameters of a list's page. The longest page is not documented for all lists; 100 here. */
export const pageInput = {
  Offset: z._default(z.int().check(z.minimum(0)), 0),
  Limit: z._default(z.int().check(z.minimum(1), z.maximum(100)), 20),
};

export const pageOf = <T>(items: readonly T[], { Offset, Limit }: { Offset: number; Limit: number }): T[] =>
  items.slice(Offset, Offset + Limit);
