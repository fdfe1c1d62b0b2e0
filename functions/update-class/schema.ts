import * as z from 'zod/mini';
import { assistantIdsField, classNameField, passcodeField } from '../../lib/classroom/class/class-fields.ts';
import { classIdField, timeField } from '../../lib/fields.ts';

/** What may be taken away is so by `null`. */
export const updateClassInput = z
  .strictObject({
    classId: classIdField,
    name: z.optional(classNameField),
    assistantIds: z.optional(assistantIdsField),
    passcode: z.optional(z.nullable(passcodeField)),
    startsAt: z.optional(z.nullable(timeField)),
    endsAt: z.optional(z.nullable(timeField)),
  })
  .check(({ value, issues }) => {
    if (Object.keys(value).length === 1)
      issues.push({ code: 'custom', path: [], message: 'must say what to change', input: value });
  });
