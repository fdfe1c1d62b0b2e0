import type { RefusalReason, UserSigVerifier } from '../../lib/usersig/verifier.ts';
import { ImRefusal } from './refusal.ts';

/** What a bad UserSig is answered with. Source: https://cloud.tencent.com/document/product/269/1671 */
const codes: Readonly<Record<RefusalReason, number>> = {
  malformed: 70003,
  signature: 70009,
  expired: 70001,
  sdkAppId: 70014,
  userId: 70013,
};

export interface Credentials {
  verifier: UserSigVerifier;
  sdkAppId: number;
  /** Milliseconds since 1970. */
  clock(): number;
}

/**
 * Who calls: the `identifier` of the query, when `usersig` is its; and until when (Unix seconds). Throws 60012, 60006, 60004,
 * 70002 or the code of the bad sig. Parameter names and values are case-sensitive.
 */
export const identify = (query: URLSearchParams, credentials: Credentials): { account: string; expiresAt: number } => {
  const app = query.get('sdkappid');
  if (!app) throw new ImRefusal(60012, 'no sdkappid');
  if (app !== String(credentials.sdkAppId)) throw new ImRefusal(60006, 'not our sdkappid');
  const account = query.get('identifier');
  if (!account) throw new ImRefusal(60004, 'no identifier');
  return { account, expiresAt: checkUserSig(query.get('usersig'), account, credentials) };
};

/** Until when the sig is good for the account, in Unix seconds. Throws 70002 or the code of the bad sig. */
export const checkUserSig = (
  userSig: string | null,
  account: string,
  { verifier, clock }: Pick<Credentials, 'verifier' | 'clock'>,
): number => {
  if (!userSig) throw new ImRefusal(70002, 'no usersig');
  const verdict = verifier.verify(userSig, { userId: account, now: Math.floor(clock() / 1000) });
  if (!verdict.valid) throw new ImRefusal(codes[verdict.reason], `bad usersig: ${verdict.reason}`);
  return verdict.fields.expiresAt;
};
