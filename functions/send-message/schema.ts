import * as z from 'zod/mini';
import { classIdField, textField } from '../../lib/fields.ts';
import { isDeeperThan } from '../../lib/nesting.ts';

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
