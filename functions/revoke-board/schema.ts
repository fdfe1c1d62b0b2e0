import * as z from 'zod/mini';
import { classIdField, userIdField } from '../../lib/fields.ts';
import type { Description } from '../../lib/scf/description.ts';

export const revokeBoardInput = z.strictObject({ classId: classIdField, userId: userIdField });

export const revokeBoardOutput = /* @__PURE__ */ z.lazy(() =>
  z.strictObject({ classId: classIdField, userId: userIdField, board: z.literal(false) }),
);

export type RevokeBoardOutput = z.output<typeof revokeBoardOutput>;

export const revokeBoardDescription: Description<typeof revokeBoardInput> = {
  subject: 'members',
  text: "The class's teacher, and admins.",
  problems: {
    FORBIDDEN: "The caller is neither the class's teacher nor an admin, or the user id is reserved.",
    NOT_FOUND: 'There is no such class, or nobody of this id has joined it.',
    CONFLICT: "This cannot be done to the class's teacher.",
    GONE: 'The class is over.',
    RATE_LIMITED: 'The IM service is at its rate limit.',
  },
};
