import * as z from 'zod/mini';
import { userIdField } from '../../lib/fields.ts';

export const verifySigInput = z.strictObject({
  userSig: z.string().check(z.minLength(1)),
  /** Whose sig it should be. */
  userId: z.optional(userIdField),
});
