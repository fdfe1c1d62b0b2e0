import * as z from 'zod/mini';
import { classOutput } from '../../lib/classroom/class/class-fields.ts';
import { classIdField } from '../../lib/fields.ts';
import type { Description } from '../../lib/scf/description.ts';

export const endClassInput = z.strictObject({ classId: classIdField });

export const endClassOutput = classOutput;

export type EndClassOutput = z.output<typeof endClassOutput>;

export const endClassDescription: Description<typeof endClassInput> = {
  subject: 'classes',
  text: "The class's teacher, and admins. An ended class answers 200 again.",
  problems: {
    FORBIDDEN: "The caller is neither the class's teacher nor an admin.",
    NOT_FOUND: 'There is no such class.',
  },
};
