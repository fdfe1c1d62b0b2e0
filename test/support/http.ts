import { SignJWT } from 'jose';
import { createAuthenticate } from '../../lib/auth/authenticate.ts';
import { createReservedUserIds } from '../../lib/auth/reserved-user-ids.ts';
import type { HttpDeps, HttpHandler } from '../../lib/scf/http-endpoint.ts';
import type { TestClock } from './clock.ts';
import { keepSecret, keepSecretsOf } from './kept.ts';
import { createTestLog } from './log.ts';

export const jwtSecret = 'a secret of the app for its tests only';
keepSecret('jwtSecret', jwtSecret);

const offline = async (): Promise<never> => {
  throw new Error('nothing is fetched here');
};

/** What an HTTP function is given, with real authentication, and the log that it writes. */
export const createHttp = (clock: TestClock) => {
  const reserved = createReservedUserIds('administrator');
  const captured = createTestLog();
  const authenticate = createAuthenticate({
    settings: { key: { secret: jwtSecret }, userIdClaim: 'sub', roleClaim: 'role' },
    reserved,
    fetch: offline,
    clock,
  });
  const http: HttpDeps = { authenticate, log: captured.log, clock, allowedOrigins: ['https://class.example.com'] };
  return { http, reserved, logText: captured.text, captured };
};

/** A token as the app's own login signs it, good for an hour. */
export const tokenOf = async (clock: TestClock, userId: string, role?: string, name?: string): Promise<string> => {
  const token = await new SignJWT({
    sub: userId,
    ...(role !== undefined && { role }),
    ...(name !== undefined && { name }),
  })
    .setProtectedHeader({ alg: 'HS256' })
    .setExpirationTime(clock.seconds() + 3600)
    .sign(new TextEncoder().encode(jwtSecret));
  keepSecret('token', token);
  return token;
};

/** An event as a function URL sends it. */
export const eventOf = (body: unknown, token?: string, headers: Record<string, string> = {}) => ({
  httpMethod: 'POST',
  path: '/',
  headers: {
    'content-type': 'application/json',
    ...(token !== undefined && { authorization: `Bearer ${token}` }),
    ...headers,
  },
  queryString: {},
  body: typeof body === 'string' ? body : JSON.stringify(body),
});

// biome-ignore lint/suspicious/noExplicitAny: each test says itself what it expects of a body
type Body = any;

/** Calls a handler and reads its JSON. */
export const call = async (
  handler: HttpHandler,
  event: unknown,
): Promise<{ status: number; headers: Record<string, string>; body: Body }> => {
  const reply = await handler(event, { request_id: 'r1', function_name: 'test' });
  const body = reply.body === '' ? undefined : JSON.parse(reply.body);
  keepSecretsOf(body);
  return { status: reply.statusCode, headers: reply.headers, body };
};
