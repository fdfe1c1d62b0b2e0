import * as z from 'zod/mini';
import { classIdField, timeField } from '../../lib/fields.ts';
import type { Description } from '../../lib/scf/description.ts';

export const getAttendanceInput = z.strictObject({ classId: classIdField });

export const getAttendanceOutput = /* @__PURE__ */ z.lazy(() =>
  z.strictObject({
    classId: classIdField,
    members: z.array(
      z.strictObject({
        userId: z.string(),
        name: z.string().check(z.describe('The nickname, or the user id when there is none.')),
        joinedAt: timeField,
        leftAt: z.optional(timeField.check(z.describe('Absent while they are there. Unix seconds.'))),
        seconds: z
          .int()
          .check(z.minimum(0), z.describe('How long they were there, over several devices at once only once.')),
      }),
    ),
  }),
);

export type GetAttendanceOutput = z.output<typeof getAttendanceOutput>;

export const getAttendanceDescription: Description<typeof getAttendanceInput> = {
  subject: 'replay and attendance',
  text: "The class's teacher, and admins, until 30 days after its end.",
  problems: {
    FORBIDDEN: "The caller is neither the class's teacher nor an admin.",
    NOT_FOUND: 'There is no such class.',
    GONE: 'The class ended more than 30 days ago.',
  },
};
