import * as z from 'zod/mini';
import { cursorField } from '../../lib/cursor.ts';
import { classIdField, limitField } from '../../lib/fields.ts';

export const getReplayInput = z.strictObject({
  classId: classIdField,
  /** The number of the message that the page before reached to. */
  cursor: z.optional(cursorField((seq) => (/^\d{1,15}$/.test(seq) ? Number(seq) : undefined))),
  limit: limitField,
});
