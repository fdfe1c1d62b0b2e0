import * as z from 'zod/mini';
import { classIdField } from '../../lib/fields.ts';

export const muteClassInput = z.strictObject({ classId: classIdField, muted: z.boolean() });
