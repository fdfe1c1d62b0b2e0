import * as z from 'zod/mini';
import { cursorField, nextCursorOutput } from '../../lib/cursor.ts';
import { classIdField, limitField, timeField } from '../../lib/fields.ts';
import type { Description } from '../../lib/scf/description.ts';

export const getReplayInput = z.strictObject({
  classId: classIdField,
  /** The number of the message that the page before reached to. */
  cursor: z.optional(cursorField((seq) => (/^\d{1,15}$/.test(seq) ? Number(seq) : undefined))),
  limit: limitField,
});

export const getReplayOutput = /* @__PURE__ */ z.lazy(() =>
  z.strictObject({
    messages: z.array(
      z.strictObject({
        seq: z.int().check(z.describe('Its number: messages are in the order of theirs.')),
        time: timeField.check(z.describe("Unix seconds, by IM's clock.")),
        userId: z.string().check(z.describe('Who drew it, or whom it is about; empty when that is nobody.')),
        type: z
          .literal(['board', 1003, 1004])
          .check(z.describe('What was drawn, the time line of who draws (1003), or a recorded file (1004).')),
        data: z.unknown().check(z.describe("A board message's `data`, or the rest of a numbered message.")),
      }),
    ),
    gaps: z
      .array(
        z.strictObject({
          from: z.int(),
          to: z.int(),
          reason: z.enum(['missing', 'expired', 'recalled']),
        }),
      )
      .check(z.describe('Which messages are no more, by their numbers, first and last included.')),
    nextCursor: z.optional(nextCursorOutput),
  }),
);

export type GetReplayOutput = z.output<typeof getReplayOutput>;

export const getReplayDescription: Description<typeof getReplayInput> = {
  subject: 'replay and attendance',
  text: 'Members of the class, until 30 days after its end.',
  problems: {
    FORBIDDEN: 'The caller is not in this class.',
    NOT_FOUND: 'There is no such class.',
    GONE: 'The class ended more than 30 days ago.',
    RATE_LIMITED: 'The IM service is at its rate limit.',
  },
};
