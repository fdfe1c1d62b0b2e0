import * as z from 'zod/mini';
import { classIdField } from '../../lib/fields.ts';

export const getAttendanceInput = z.strictObject({ classId: classIdField });
