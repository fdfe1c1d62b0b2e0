import * as z from 'zod/mini';
import { cursorField, nextCursorOutput } from '../../lib/cursor.ts';
import { limitField } from '../../lib/fields.ts';
import type { Description } from '../../lib/scf/description.ts';

export const listDirtyWordsInput = z.strictObject({
  /** The last word of the page before. */
  cursor: z.optional(cursorField((word) => (word.includes('\0') ? undefined : word))),
  limit: limitField,
});

export const listDirtyWordsOutput = /* @__PURE__ */ z.lazy(() =>
  z.strictObject({
    version: z.int().check(z.describe('Of the list: every edit raises it.')),
    words: z.array(
      z.strictObject({
        word: z.string(),
        action: z.optional(
          z.enum(['mask', 'reject', 'drop', 'allow']).check(z.describe("Absent: the service's own setting decides.")),
        ),
        tags: z.readonly(z.array(z.string())),
      }),
    ),
    nextCursor: z.optional(nextCursorOutput),
  }),
);

export type ListDirtyWordsOutput = z.output<typeof listDirtyWordsOutput>;

export const listDirtyWordsDescription: Description<typeof listDirtyWordsInput> = {
  subject: 'words',
  text: 'Admins. In the order of code points.',
  problems: {
    FORBIDDEN: 'The caller is no admin.',
  },
};
