import { SignJWT } from 'jose';
import type { Environment } from './environment.ts';

export interface TokenRequest {
  userId: string;
  role: string;
  name?: string | undefined;
}

const lifetimeSeconds = 12 * 3600;

/** Signs a token as the app's own login would, with the HS256 secret in force. Throws an `Error` when there is none. */
export const signLocalToken = async (
  { userId, role, name }: TokenRequest,
  env: Environment,
): Promise<{ token: string; expiresAt: number }> => {
  if (!env.AUTH_JWT_SECRET) throw new Error('AUTH_JWKS_URL is set: only that login service can make tokens.');
  const expiresAt = Math.floor(Date.now() / 1000) + lifetimeSeconds;
  const claims = {
    [env.AUTH_USER_ID_CLAIM ?? 'sub']: userId,
    [env.AUTH_ROLE_CLAIM ?? 'role']: role,
    ...(name !== undefined && { name }),
  };
  const jwt = new SignJWT(claims).setProtectedHeader({ alg: 'HS256' }).setIssuedAt().setExpirationTime(expiresAt);
  if (env.AUTH_ISSUER) jwt.setIssuer(env.AUTH_ISSUER);
  if (env.AUTH_AUDIENCE) jwt.setAudience(env.AUTH_AUDIENCE);
  return { token: await jwt.sign(new TextEncoder().encode(env.AUTH_JWT_SECRET)), expiresAt };
};
