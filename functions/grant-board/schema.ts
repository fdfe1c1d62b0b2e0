import * as z from 'zod/mini';
import { classIdField, userIdField } from '../../lib/fields.ts';

export const grantBoardInput = z.strictObject({ classId: classIdField, userId: userIdField });
