import type { UserSigSigner } from './signer.ts';

/** A UserSig with what a client needs to keep it fresh. Times are Unix seconds. */
export interface IssuedSig {
  sdkAppId: number;
  userId: string;
  userSig: string;
  version: 1 | 2;
  issuedAt: number;
  expiresAt: number;
  /** When to ask for the next one, so that no session drops. */
  refreshAt: number;
}

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
