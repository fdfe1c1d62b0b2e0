import * as z from 'zod/mini';
import { classIdField } from '../../lib/fields.ts';

export const getClassInput = z.strictObject({ classId: classIdField });
