import * as z from 'zod/mini';
import { classIdField, userIdField } from '../../lib/fields.ts';
import type { Description } from '../../lib/scf/description.ts';

export const restoreMemberInput = z.strictObject({ classId: classIdField, userId: userIdField });

export const restoreMemberOutput = /* @__PURE__ */ z.lazy(() =>
  z.strictObject({ classId: classIdField, userId: userIdField, removed: z.literal(false) }),
);

export type RestoreMemberOutput = z.output<typeof restoreMemberOutput>;

export const restoreMemberDescription: Description<typeof restoreMemberInput> = {
  subject: 'members',
  text: "The class's teacher, and admins. Somebody restored has no board.",
  problems: {
    FORBIDDEN: "The caller is neither the class's teacher nor an admin, or the user id is reserved.",
    NOT_FOUND: 'There is no such class, or nobody of this id has joined it.',
    CONFLICT: "This cannot be done to the class's teacher.",
    GONE: 'The class is over.',
    RATE_LIMITED: 'The IM service is at its rate limit.',
  },
};
