import * as z from 'zod/mini';
import { cursorField, nextCursorOutput } from '../../lib/cursor.ts';
import { classIdField, limitField, timeField } from '../../lib/fields.ts';
import type { Description } from '../../lib/scf/description.ts';

export const listFilesInput = z.strictObject({
  classId: classIdField,
  /** The last key of the page before. */
  cursor: z.optional(cursorField((key) => key)),
  limit: limitField,
});

export const listFilesOutput = /* @__PURE__ */ z.lazy(() =>
  z.strictObject({
    files: z.array(
      z.strictObject({
        key: z.string(),
        size: z.int().check(z.minimum(0), z.describe('Bytes.')),
        lastModified: timeField,
      }),
    ),
    nextCursor: z.optional(nextCursorOutput),
  }),
);

export type ListFilesOutput = z.output<typeof listFilesOutput>;

export const listFilesDescription: Description<typeof listFilesInput> = {
  subject: 'files',
  text: 'Members of the class: their own files and the courseware; its teacher sees all. Until 30 days after its end.',
  problems: {
    FORBIDDEN: 'The caller is not in this class.',
    NOT_FOUND: 'There is no such class.',
    GONE: 'The class ended more than 30 days ago.',
    RATE_LIMITED: 'The credential service or the file storage is at its rate limit.',
  },
};
