import * as z from 'zod/mini';
import { cursorField } from '../../lib/cursor.ts';
import { classIdField, limitField } from '../../lib/fields.ts';

export const listFilesInput = z.strictObject({
  classId: classIdField,
  /** The last key of the page before. */
  cursor: z.optional(cursorField((key) => key)),
  limit: limitField,
});
