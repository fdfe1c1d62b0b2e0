import * as z from 'zod/mini';
import type { ClassPlace } from '../../lib/classroom/class/class-listing.ts';
import { cursorField } from '../../lib/cursor.ts';
import { limitField } from '../../lib/fields.ts';

export const listClassesInput = z.strictObject({
  status: z.optional(z.enum(['scheduled', 'live', 'ended'])),
  /** The last class of the page before. */
  cursor: z.optional(
    cursorField((place): ClassPlace | undefined => {
      const [, createdAt, classId] = /^(\d{1,12}) ([A-Za-z0-9_-]{1,32})$/.exec(place) ?? [];
      return classId === undefined ? undefined : { createdAt: Number(createdAt), classId };
    }),
  ),
  limit: limitField,
});
