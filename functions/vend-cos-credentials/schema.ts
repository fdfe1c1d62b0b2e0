import * as z from 'zod/mini';
import { classIdField } from '../../lib/fields.ts';

export const vendCosCredentialsInput = z.strictObject({
  classId: classIdField,
  purpose: z._default(z.enum(['upload', 'download']), 'upload'),
});
