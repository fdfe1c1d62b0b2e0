import * as z from 'zod/mini';
import { classIdField, timeField, userIdField } from '../../lib/fields.ts';
import { forGood } from '../../lib/im/client.ts';
import type { Description } from '../../lib/scf/description.ts';

export const muteMemberInput = z.strictObject({
  classId: classIdField,
  userId: userIdField,
  seconds: z.int().check(z.minimum(0), z.maximum(forGood)),
});

export const muteMemberOutput = /* @__PURE__ */ z.lazy(() =>
  z.strictObject({
    classId: classIdField,
    userId: userIdField,
    mutedUntil: timeField.check(z.describe('Unix seconds; 0 when not muted.')),
  }),
);

export type MuteMemberOutput = z.output<typeof muteMemberOutput>;

export const muteMemberDescription: Description<typeof muteMemberInput> = {
  subject: 'members',
  text: "The class's teacher and assistants, and admins.",
  fields: {
    seconds: 'How long; 0 lifts the mute.',
  },
  problems: {
    FORBIDDEN: 'The caller does not lead the class, or means themselves, or the user id is reserved.',
    NOT_FOUND: 'There is no such class, or nobody of this id has joined it.',
    CONFLICT: "This cannot be done to the class's teacher.",
    GONE: 'The class is over.',
    RATE_LIMITED: 'The IM service is at its rate limit.',
  },
};
