import * as z from 'zod/mini';
import { passcodeField } from '../../lib/classroom/class/class-fields.ts';
import { classIdField } from '../../lib/fields.ts';

export const joinClassInput = z.strictObject({
  classId: classIdField,
  /** Needed once, and of students only. */
  passcode: z.optional(passcodeField),
});
