import * as z from 'zod/mini';
import { classOutput } from '../../lib/classroom/class/class-fields.ts';
import type { ClassPlace } from '../../lib/classroom/class/class-listing.ts';
import { cursorField, nextCursorOutput } from '../../lib/cursor.ts';
import { limitField } from '../../lib/fields.ts';
import type { Description } from '../../lib/scf/description.ts';

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

export const listClassesOutput = /* @__PURE__ */ z.lazy(() =>
  z.strictObject({ classes: z.array(classOutput), nextCursor: z.optional(nextCursorOutput) }),
);

export type ListClassesOutput = z.output<typeof listClassesOutput>;

export const listClassesDescription: Description<typeof listClassesInput> = {
  subject: 'classes',
  text: 'Anybody signed in: the classes that they teach, assist or have joined, newest first; admins see all.',
  fields: {
    status: 'Only classes of this status.',
  },
};
