import * as z from 'zod/mini';
import {
  assistantIdsField,
  classNameField,
  classOutput,
  passcodeField,
} from '../../lib/classroom/class/class-fields.ts';
import { classIdField, timeField, userIdField } from '../../lib/fields.ts';
import type { Description } from '../../lib/scf/description.ts';

export const createClassInput = z
  .strictObject({
    classId: z.optional(classIdField),
    name: classNameField,
    teacherId: z.optional(userIdField),
    assistantIds: z._default(assistantIdsField, []),
    passcode: z.optional(passcodeField),
    startsAt: z.optional(timeField),
    endsAt: z.optional(timeField),
  })
  .check(({ value: { startsAt, endsAt }, issues }) => {
    if (startsAt !== undefined && endsAt !== undefined && endsAt <= startsAt) {
      issues.push({ code: 'custom', path: ['endsAt'], message: 'must be after startsAt', input: endsAt });
    }
  });

/** Printable ASCII. */
export const idempotencyKeyHeader = z.optional(
  z.string().check(z.regex(/^[\x20-\x7e]{1,64}$/, 'must be 1 to 64 printable ASCII characters')),
);

export const createClassOutput = classOutput;

export type CreateClassOutput = z.output<typeof createClassOutput>;

export const createClassDescription: Description<typeof createClassInput> = {
  subject: 'classes',
  text: 'Teachers, and admins, who name the teacher. The same call with the same `Idempotency-Key`, or the same class id and content, answers 200 with the class that is there.',
  fields: {
    classId: 'Made up when absent. Never used twice.',
    teacherId: 'The caller, when absent; an admin must name one.',
    passcode: 'What students need to join.',
  },
  headers: { 'Idempotency-Key': idempotencyKeyHeader },
  statuses: { 200: 'The same call has made the class before.', 201: 'The new class.' },
  problems: {
    FORBIDDEN: 'The caller is neither teacher nor admin, names another teacher, or a user id is reserved.',
    CONFLICT:
      'The class id is taken or was used with other content, or the Idempotency-Key was used for another class.',
    GONE: 'The class id is one of an ended class.',
    RATE_LIMITED: 'The IM service is at its rate limit.',
    QUOTA_EXCEEDED:
      "The teacher has created as many classes today as they may, or there is no more group in the app's IM plan, or no more room number.",
  },
};
