import * as z from 'zod/mini';
import { limitField } from '../../lib/fields.ts';

export const listDirtyWordsInput = z.strictObject({
  /** `nextCursor` of the page before. */
  cursor: z.optional(z.string().check(z.regex(/^[A-Za-z0-9_-]{1,400}$/, 'must be a nextCursor of an earlier reply'))),
  limit: limitField,
});
