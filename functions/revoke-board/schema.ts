import * as z from 'zod/mini';
import { classIdField, userIdField } from '../../lib/fields.ts';

export const revokeBoardInput = z.strictObject({ classId: classIdField, userId: userIdField });
