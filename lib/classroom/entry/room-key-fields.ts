import * as z from 'zod/mini';
import { timeField } from '../../fields.ts';

/** What replies say of a room key. */
export const roomKeyFields = () => ({
  privateMapKey: z.string().check(z.describe('For `enterRoom` of the TRTC SDK. A secret of this user.')),
  privateMapKeyExpiresAt: timeField,
});
