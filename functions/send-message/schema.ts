import * as z from 'zod/mini';
import { classIdField, textField } from '../../lib/fields.ts';
import { isDeeperThan } from '../../lib/nesting.ts';
import type { Description } from '../../lib/scf/description.ts';

/** A colour of CSS, by its numbers or its name. */
const colorField = z
  .string()
  .check(z.regex(/^(#[0-9a-fA-F]{3,8}|[a-z]{1,20})$/, 'must be # and 3 to 8 hex digits, or the name of a colour'));

const maxLevels = 100;

const jsonField = z.unknown().check(
  z.refine((value) => value !== undefined, 'is missing'),
  z.refine((value) => !isDeeperThan(value, maxLevels), `must be nested at most ${maxLevels} levels deep`),
);

const anyMessage = {
  classId: classIdField,
  clientMessageId: z.optional(
    z.string().check(z.regex(/^[A-Za-z0-9_-]{1,64}$/, 'must be 1 to 64 of A-Z, a-z, 0-9, _ and -')),
  ),
};

export const sendMessageInput = z.discriminatedUnion(
  'type',
  [
    z.strictObject({
      ...anyMessage,
      // Optional inside, or the union would not know it by its absence.
      type: z._default(z.optional(z.literal('danmaku')), 'danmaku'),
      text: textField(1, 500),
      color: z.optional(colorField),
      lane: z.optional(z.int().check(z.minimum(0), z.maximum(99))),
    }),
    z.strictObject({
      ...anyMessage,
      type: z.literal('like'),
      count: z._default(z.int().check(z.minimum(1), z.maximum(100)), 1),
    }),
    z.strictObject({ ...anyMessage, type: z.literal('notice'), text: textField(1, 500) }),
    z.strictObject({ ...anyMessage, type: z.literal('board'), data: jsonField }),
  ],
  { error: ({ code }) => (code === 'invalid_union' ? 'must be danmaku, like, notice or board' : undefined) },
);

export const sendMessageOutput = /* @__PURE__ */ z.lazy(() =>
  z.strictObject({
    messageId: z.string(),
    delivered: z.boolean().check(z.describe('False for what was shed because the class is at its message rate.')),
  }),
);

export type SendMessageOutput = z.output<typeof sendMessageOutput>;

export const sendMessageDescription: Description<typeof sendMessageInput> = {
  subject: 'messages',
  text: "Members of the class: notices only its teacher and assistants and admins, strokes only who holds the board. Over the class's message rate `delivered` is false, or, of strokes, the answer 429.",
  fields: {
    clientMessageId: 'The same of the same sender within 10 minutes is the same message.',
    text: 'Masked where the word list says so.',
    lane: 'On which line it flies.',
    data: 'A stroke, as the whiteboard writes it: any JSON of at most 100 levels.',
  },
  problems: {
    FORBIDDEN: 'The caller may not send this in this class, or not now: no member, muted, or without the board.',
    NOT_FOUND: 'There is no such class.',
    GONE: 'The class is over.',
    PAYLOAD_TOO_LARGE: 'The body is larger than 32 KiB, or the message larger than 12 KiB.',
    CONTENT_REJECTED: 'The message contains a word that is not allowed.',
    RATE_LIMITED: 'The class or the IM service is at its message rate.',
    QUOTA_EXCEEDED: "The app's IM plan allows no more groups.",
  },
};
