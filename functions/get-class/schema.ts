import * as z from 'zod/mini';
import { classNoticeOutput, classOutput } from '../../lib/classroom/class/class-fields.ts';
import { classIdField } from '../../lib/fields.ts';
import type { Description } from '../../lib/scf/description.ts';

export const getClassInput = z.strictObject({ classId: classIdField });

export const getClassOutput = /* @__PURE__ */ z.lazy(() => z.union([classOutput, classNoticeOutput]));

export type GetClassOutput = z.output<typeof getClassOutput>;

export const getClassDescription: Description<typeof getClassInput> = {
  subject: 'classes',
  text: 'Anybody signed in. Whoever is no member of the class sees what it is called and when it is.',
  problems: {
    NOT_FOUND: 'There is no such class.',
    GONE: 'The class ended more than 30 days ago.',
  },
};
