import { createRemoteJWKSet, customFetch, errors, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose';
import { AppError } from '../errors.ts';
import type { Fetch } from '../http/fetch.ts';
import type { ReservedUserIds } from './reserved-user-ids.ts';

export type Role = 'student' | 'teacher' | 'admin';

/** Who is calling, as the app's own login says. */
export interface Caller {
  userId: string;
  role: Role;
  name?: string;
}

/** Reads the `Authorization` header. Throws `UNAUTHENTICATED`, `FORBIDDEN` (unknown role, id that may not be) or `UPSTREAM_FAILED` (JWKS). */
export type Authenticate = (authorization: string | undefined) => Promise<Caller>;

export interface AuthSettings {
  key: { secret: string } | { jwksUrl: string };
  issuer?: string;
  audience?: string;
  userIdClaim: string;
  roleClaim: string;
}

export interface AuthOptions {
  settings: AuthSettings;
  reserved: ReservedUserIds;
  fetch: Fetch;
  /** Milliseconds since 1970. */
  clock(): number;
}

const clockToleranceSeconds = 30;
const maxNameCodePoints = 30;
const userIdPattern = /^[A-Za-z0-9_-]{1,32}$/;
const roles: readonly string[] = ['student', 'teacher', 'admin'] satisfies Role[];

/** Makes the check of the app's JWTs: HS256 with a shared secret, or an asymmetric key of a JWKS. */
export const createAuthenticate = ({ settings, reserved, fetch, clock }: AuthOptions): Authenticate => {
  const { getKey, algorithms } = keySource(settings.key, fetch);
  return async (authorization) => {
    const token = /^Bearer +([^\s]+) *$/i.exec(authorization ?? '')?.[1];
    if (!token) throw new AppError('UNAUTHENTICATED', 'Send `Authorization: Bearer <token>`.');
    const claims = await jwtVerify(token, getKey, {
      algorithms,
      clockTolerance: clockToleranceSeconds,
      currentDate: new Date(clock()),
      requiredClaims: ['exp'],
      ...(settings.issuer !== undefined && { issuer: settings.issuer }),
      ...(settings.audience !== undefined && { audience: settings.audience }),
    }).then(({ payload }) => payload, refuse);
    return { userId: userIdOf(claims, settings, reserved), role: roleOf(claims, settings), ...nameOf(claims) };
  };
};

const hmacSha256 = { name: 'HMAC', hash: 'SHA-256' };

const keySource = (key: AuthSettings['key'], fetch: Fetch): { getKey: JWTVerifyGetKey; algorithms: string[] } => {
  if ('secret' in key) {
    // Imported once, and while the rest of a cold start goes on.
    const secret = globalThis.crypto.subtle.importKey('raw', new TextEncoder().encode(key.secret), hmacSha256, false, [
      'verify',
    ]);
    return { getKey: () => secret, algorithms: ['HS256'] };
  }
  const remote = createRemoteJWKSet(new URL(key.jwksUrl), {
    timeoutDuration: 2000,
    cacheMaxAge: 600_000,
    [customFetch]: async (url, { headers, signal }) => {
      const reply = await fetch(url, { headers: Object.fromEntries(headers), signal });
      return new Response(await reply.text(), { status: reply.status });
    },
  });
  const getKey: JWTVerifyGetKey = (header, jws) =>
    remote(header, jws).catch((error: unknown) => {
      if (error instanceof errors.JOSEError && keyMismatches.has(error.code)) throw error;
      throw new AppError('UPSTREAM_FAILED', 'The keys of the login service cannot be read.', { cause: error });
    });
  return { getKey, algorithms: ['RS256', 'PS256', 'ES256', 'EdDSA'] };
};

/** With these the JWKS was read and the token's key is not in it: the token is wrong, not the login service. */
const keyMismatches = new Set([
  'ERR_JWKS_NO_MATCHING_KEY',
  'ERR_JWKS_MULTIPLE_MATCHING_KEYS',
  'ERR_JOSE_NOT_SUPPORTED',
]);

const refuse = (error: unknown): never => {
  if (error instanceof AppError) throw error;
  const reason = error instanceof errors.JWTExpired ? 'The token has expired.' : 'The token is not valid.';
  throw new AppError('UNAUTHENTICATED', reason, { cause: error });
};

const userIdOf = (claims: JWTPayload, { userIdClaim }: AuthSettings, reserved: ReservedUserIds): string => {
  const claim = claims[userIdClaim];
  // Account numbers are often JSON numbers in claims of an app's own.
  const userId = Number.isSafeInteger(claim) ? String(claim) : claim;
  if (typeof userId !== 'string' || userId === '')
    throw new AppError('UNAUTHENTICATED', `The token has no \`${userIdClaim}\`.`);
  if (!userIdPattern.test(userId)) {
    throw new AppError(
      'FORBIDDEN',
      `The token's \`${userIdClaim}\` is no user id of IM: 1 to 32 of A-Z, a-z, 0-9, _ and - are allowed.`,
    );
  }
  if (reserved.isReserved(userId))
    throw new AppError('FORBIDDEN', `The token's \`${userIdClaim}\` is a reserved user id.`);
  return userId;
};

const roleOf = (claims: JWTPayload, { roleClaim }: AuthSettings): Role => {
  const role = claims[roleClaim] ?? 'student';
  if (typeof role === 'string' && roles.includes(role)) return role as Role;
  throw new AppError('FORBIDDEN', `The token's \`${roleClaim}\` is none of ${roles.join(', ')}.`);
};

const nameOf = ({ name }: JWTPayload): { name?: string } => {
  if (typeof name !== 'string') return {};
  const printable = name
    .toWellFormed()
    .replace(/\p{Cc}/gu, '')
    .trim();
  return printable === '' ? {} : { name: [...printable].slice(0, maxNameCodePoints).join('') };
};
