import * as z from 'zod/mini';
import { assistantIdsField, classNameField, passcodeField } from '../../lib/classroom/class/class-fields.ts';
import { classIdField, timeField, userIdField } from '../../lib/fields.ts';

export const createClassInput = z
  .strictObject({
    classId: z.optional(classIdField),
    name: classNameField,
    /** The caller, when absent; an admin must name one. */
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
