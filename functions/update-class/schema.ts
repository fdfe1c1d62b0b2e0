import * as z from 'zod/mini';
import {
  assistantIdsField,
  classNameField,
  classOutput,
  passcodeField,
} from '../../lib/classroom/class/class-fields.ts';
import { classIdField, timeField } from '../../lib/fields.ts';
import type { Description } from '../../lib/scf/description.ts';

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

export const updateClassOutput = classOutput;

export type UpdateClassOutput = z.output<typeof updateClassOutput>;

export const updateClassDescription: Description<typeof updateClassInput> = {
  subject: 'classes',
  text: "The class's teacher, and admins. What is not named stays; what can be taken away is so by `null`.",
  fields: {
    passcode: '`null`: none is needed any more.',
  },
  problems: {
    FORBIDDEN: "The caller is neither the class's teacher nor an admin, or the user id is reserved.",
    NOT_FOUND: 'There is no such class.',
    CONFLICT: 'The class has begun: its start cannot be changed any more.',
    GONE: 'The class is over.',
  },
};
