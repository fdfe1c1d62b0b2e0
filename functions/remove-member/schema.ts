import * as z from 'zod/mini';
import { classIdField, userIdField } from '../../lib/fields.ts';
import type { Description } from '../../lib/scf/description.ts';

export const removeMemberInput = z.strictObject({ classId: classIdField, userId: userIdField });

export const removeMemberOutput = /* @__PURE__ */ z.lazy(() =>
  z.strictObject({ classId: classIdField, userId: userIdField, removed: z.literal(true) }),
);

export type RemoveMemberOutput = z.output<typeof removeMemberOutput>;

export const removeMemberDescription: Description<typeof removeMemberInput> = {
  subject: 'members',
  text: "The class's teacher, and admins. Whoever is removed stays out until restored.",
  problems: {
    FORBIDDEN: "The caller is neither the class's teacher nor an admin, or the user id is reserved.",
    NOT_FOUND: 'There is no such class, or nobody of this id has joined it.',
    CONFLICT: "This cannot be done to the class's teacher.",
    GONE: 'The class is over.',
    RATE_LIMITED: 'The IM service or TRTC is at its rate limit.',
  },
};
