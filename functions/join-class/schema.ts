import * as z from 'zod/mini';
import { classOutput, passcodeField } from '../../lib/classroom/class/class-fields.ts';
import { roomKeyFields } from '../../lib/classroom/entry/room-key-fields.ts';
import { classIdField } from '../../lib/fields.ts';
import type { Description } from '../../lib/scf/description.ts';
import { issuedSigOutput } from '../../lib/usersig/issue.ts';

export const joinClassInput = z.strictObject({
  classId: classIdField,
  passcode: z.optional(passcodeField),
});

export const joinClassOutput = /* @__PURE__ */ z.lazy(() =>
  z.strictObject({
    class: classOutput,
    role: z.enum(['teacher', 'assistant', 'student']).check(z.describe('In this class.')),
    board: z.boolean().check(z.describe('Whether the caller may draw.')),
    sig: issuedSigOutput,
    ...roomKeyFields(),
  }),
);

export type JoinClassOutput = z.output<typeof joinClassOutput>;

export const joinClassDescription: Description<typeof joinClassInput> = {
  subject: 'classes',
  text: 'Anybody signed in who was not removed from the class.',
  fields: {
    passcode: 'Needed once, and of students only.',
  },
  problems: {
    FORBIDDEN: 'The caller was removed, or the passcode is missing or wrong.',
    NOT_FOUND: 'There is no such class.',
    CONFLICT: 'The class does not open yet, or has changed meanwhile.',
    GONE: 'The class is over or about to be.',
    RATE_LIMITED: 'This is the sixth passcode within a minute, or the IM service is at its rate limit.',
    QUOTA_EXCEEDED: "The app's IM plan allows no more groups.",
  },
};
