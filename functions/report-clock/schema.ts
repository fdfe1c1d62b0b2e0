import * as z from 'zod/mini';
import { classIdField } from '../../lib/fields.ts';
import type { Description } from '../../lib/scf/description.ts';

export const reportClockInput = z.strictObject({
  classId: classIdField,
  clock: z.int().check(z.minimum(0)),
});

export const reportClockOutput = /* @__PURE__ */ z.lazy(() =>
  z.strictObject({
    classId: classIdField,
    timeLineMs: z.int().check(z.describe('Our time, to which the reported clock belongs. Milliseconds since 1970.')),
  }),
);

export type ReportClockOutput = z.output<typeof reportClockOutput>;

export const reportClockDescription: Description<typeof reportClockInput> = {
  subject: 'replay and attendance',
  text: 'Members of the class. Of teacher and board holders the clock goes into the replay, once a minute each.',
  fields: {
    clock: "Milliseconds, since whenever the client's clock began.",
  },
  problems: {
    FORBIDDEN: 'The caller is not in this class.',
    NOT_FOUND: 'There is no such class.',
    GONE: 'The class is over.',
  },
};
