import * as z from 'zod/mini';
import { classIdField } from '../../lib/fields.ts';

export const endClassInput = z.strictObject({ classId: classIdField });
