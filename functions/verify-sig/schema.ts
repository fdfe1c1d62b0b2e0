import * as z from 'zod/mini';
import { userIdField } from '../../lib/fields.ts';
import type { Description } from '../../lib/scf/description.ts';

export const verifySigInput = z.strictObject({
  userSig: z.string().check(z.minLength(1)),
  userId: z.optional(userIdField),
});

export const verifySigOutput = /* @__PURE__ */ z.lazy(() => {
  const fields = {
    version: z.literal([1, 2]),
    userId: z.string(),
    sdkAppId: z.int(),
    issuedAt: z.int(),
    expiresAt: z.int(),
    room: z.optional(
      z
        .strictObject({
          roomId: z
            .union([z.int(), z.string()])
            .check(z.describe('A number or a text, as the room has: 123 and "123" are two rooms.')),
          privileges: z.int().check(z.describe('What its holder may do there, one bit each.')),
          expiresAt: z.int(),
        })
        .check(z.describe('Only of a PrivateMapKey.')),
    ),
  };
  return z.union([
    z.strictObject({ valid: z.literal(true), ...fields }),
    z
      .strictObject({
        valid: z.literal(false),
        ...z.partial(z.object(fields)).shape,
        reason: z.enum(['malformed', 'signature', 'expired', 'sdkAppId', 'userId']),
      })
      .check(z.describe('Of what is malformed there is nothing to say but that.')),
  ]);
});

export type VerifySigOutput = z.output<typeof verifySigOutput>;

export const verifySigDescription: Description<typeof verifySigInput> = {
  subject: 'sigs',
  text: 'Admins. The answer is 200 for a sig that does not hold, too; `reason` is the first that applies, in the order in which they are listed.',
  fields: {
    userSig: 'A UserSig or a PrivateMapKey.',
    userId: 'Whose it should be.',
  },
  problems: {
    FORBIDDEN: 'The caller is no admin.',
  },
};
