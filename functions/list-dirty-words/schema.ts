import * as z from 'zod/mini';
import { cursorField } from '../../lib/cursor.ts';
import { limitField } from '../../lib/fields.ts';

export const listDirtyWordsInput = z.strictObject({
  /** The last word of the page before. */
  cursor: z.optional(cursorField((word) => (word.includes('\0') ? undefined : word))),
  limit: limitField,
});
