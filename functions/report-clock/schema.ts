import * as z from 'zod/mini';
import { classIdField } from '../../lib/fields.ts';

export const reportClockInput = z.strictObject({
  classId: classIdField,
  /** Milliseconds, since whenever the client's clock began. */
  clock: z.int().check(z.minimum(0)),
});
