import * as z from 'zod/mini';
import { roomKeyFields } from '../../lib/classroom/entry/room-key-fields.ts';
import { classIdField, userIdField } from '../../lib/fields.ts';
import type { Description } from '../../lib/scf/description.ts';

export const grantBoardInput = z.strictObject({ classId: classIdField, userId: userIdField });

export const grantBoardOutput = /* @__PURE__ */ z.lazy(() =>
  z.strictObject({
    classId: classIdField,
    userId: userIdField,
    board: z.literal(true),
    privateMapKey: roomKeyFields().privateMapKey,
  }),
);

export type GrantBoardOutput = z.output<typeof grantBoardOutput>;

export const grantBoardDescription: Description<typeof grantBoardInput> = {
  subject: 'members',
  text: "The class's teacher, and admins.",
  problems: {
    FORBIDDEN: "The caller is neither the class's teacher nor an admin, or the user id is reserved.",
    NOT_FOUND: 'There is no such class, or nobody of this id has joined it.',
    CONFLICT: 'The member has been removed, or as many have the board as the IM plan allows.',
    GONE: 'The class is over or about to be.',
    RATE_LIMITED: 'The IM service is at its rate limit.',
    QUOTA_EXCEEDED: "The app's IM plan allows no more groups.",
  },
};
