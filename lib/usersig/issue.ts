import * as z from 'zod/mini';
import { timeField, userIdField } from '../fields.ts';
import type { UserSigSigner } from './signer.ts';

/** A UserSig with what a client needs to keep it fresh. */
export const issuedSigOutput = /* @__PURE__ */ z.lazy(() =>
  z
    .strictObject({
      sdkAppId: z.int(),
      userId: userIdField,
      userSig: z.string().check(z.describe('For the `login` of an IM or TRTC SDK. A secret of this user.')),
      version: z.literal([1, 2]).check(z.describe('1 is signed with ECDSA, 2 with HMAC.')),
      issuedAt: timeField,
      expiresAt: timeField,
      refreshAt: timeField.check(z.describe('When to ask for the next one, so that no session drops. Unix seconds.')),
    })
    .check(z.meta({ id: 'Sig', description: 'A UserSig.' })),
);

export type IssuedSig = z.output<typeof issuedSigOutput>;

const refreshAtPart = 0.8;

export const issueUserSig = (
  signer: UserSigSigner,
  userId: string,
  issuedAt: number,
  ttlSeconds: number,
): IssuedSig => ({
  sdkAppId: signer.sdkAppId,
  userId,
  userSig: signer.signUserSig({ userId, issuedAt, ttlSeconds }),
  version: signer.version,
  issuedAt,
  expiresAt: issuedAt + ttlSeconds,
  refreshAt: issuedAt + Math.floor(ttlSeconds * refreshAtPart),
});
