import type { UserSigSigner } from '../usersig/signer.ts';

/** A day: the least that IM recommends, and less to lose than the official SDKs' 180 days. */
const ttlSeconds = 86_400;
/** Renewed at this part of its life, so that no call leaves with a sig about to run out. */
const renewAt = 0.8;

/**
 * Who calls the REST API: the app's administrator, with a UserSig that is kept and renewed early.
 * Nothing else signs for the administrator.
 */
export const createAdministrator = (userId: string, signer: UserSigSigner, clock: () => number) => {
  let held: { userSig: string; renewAfter: number } | undefined;
  return (): { sdkappid: string; identifier: string; usersig: string } => {
    const now = Math.floor(clock() / 1000);
    if (!held || now >= held.renewAfter) {
      held = {
        userSig: signer.signUserSig({ userId, issuedAt: now, ttlSeconds }),
        renewAfter: now + ttlSeconds * renewAt,
      };
    }
    return { sdkappid: String(signer.sdkAppId), identifier: userId, usersig: held.userSig };
  };
};
