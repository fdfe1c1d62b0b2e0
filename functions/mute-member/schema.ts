import * as z from 'zod/mini';
import { classIdField, userIdField } from '../../lib/fields.ts';
import { forGood } from '../../lib/im/client.ts';

export const muteMemberInput = z.strictObject({
  classId: classIdField,
  userId: userIdField,
  /** 0 lifts the mute. */
  seconds: z.int().check(z.minimum(0), z.maximum(forGood)),
});
