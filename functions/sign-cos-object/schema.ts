import * as z from 'zod/mini';
import { isObjectPath, objectPathMessage } from '../../lib/cos/object-path.ts';
import { classIdField } from '../../lib/fields.ts';

export const signCosObjectInput = z.strictObject({
  classId: classIdField,
  /** Relative to the area's prefix. */
  path: z.string().check(z.refine(isObjectPath, objectPathMessage)),
  area: z._default(z.enum(['own', 'courseware']), 'own'),
  method: z.enum(['PUT', 'GET', 'HEAD']),
  mode: z.enum(['once', 'reusable']),
  format: z._default(z.enum(['xml', 'v4']), 'xml'),
});
