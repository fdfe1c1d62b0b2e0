import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { type JWTPayload, SignJWT, UnsecuredJWT } from 'jose';
import { describe, expect, it } from 'vitest';
import { type AuthSettings, createAuthenticate } from '../../lib/auth/authenticate.ts';
import { createReservedUserIds, isRecordingUserId } from '../../lib/auth/reserved-user-ids.ts';
import type { Fetch } from '../../lib/http/fetch.ts';
import { createClock } from '../support/clock.ts';
import { passDeadlines, silentFetch } from '../support/deadlines.ts';

const clock = createClock();
const secret = 'a secret of the app for its tests only';
const jwksUrl = 'https://login.example.com/keys';
const reserved = createReservedUserIds('Robot');

const offline: Fetch = async () => {
  throw new Error('nothing is fetched here');
};

const createWith = (settings: Partial<AuthSettings> = {}, fetch: Fetch = offline) =>
  createAuthenticate({
    settings: { key: { secret }, userIdClaim: 'sub', roleClaim: 'role', ...settings },
    reserved,
    fetch,
    clock,
  });

interface Signing {
  alg?: string;
  key?: KeyObject | Uint8Array;
  kid?: string;
}

/** A bearer token of these claims; good for an hour unless they say otherwise. */
const bearer = async (claims: JWTPayload, { alg = 'HS256', key = Buffer.from(secret), kid }: Signing = {}) => {
  const token = await new SignJWT({ exp: clock.seconds() + 3600, ...claims })
    .setProtectedHeader({ alg, ...(kid !== undefined && { kid }) })
    .sign(key);
  return `Bearer ${token}`;
};

const authenticate = createWith();
const callerOf = async (claims: JWTPayload) => authenticate(await bearer(claims));

describe('authentication with a shared secret', () => {
  it('tells who is calling', async () => {
    await expect(callerOf({ sub: 't1', role: 'teacher', name: '王老师' })).resolves.toEqual({
      userId: 't1',
      role: 'teacher',
      name: '王老师',
    });
  });

  it.each(['student', 'teacher', 'admin'])('takes the role %s', async (role) => {
    await expect(callerOf({ sub: 'u1', role })).resolves.toEqual({ userId: 'u1', role });
  });

  it('takes whoever has no role for a student', async () => {
    await expect(callerOf({ sub: 's1' })).resolves.toEqual({ userId: 's1', role: 'student' });
  });

  it.each(['Admin', '', 7, ['admin'], 'toString'])('forbids the unknown role %j', async (role) => {
    await expect(callerOf({ sub: 's1', role })).rejects.toMatchObject({ code: 'FORBIDDEN' });
  });

  it('bears a clock 30 seconds behind, and no more', async () => {
    const now = clock.seconds();
    await expect(callerOf({ sub: 's1', exp: now - 29 })).resolves.toHaveProperty('userId', 's1');
    await expect(callerOf({ sub: 's1', exp: now - 31 })).rejects.toMatchObject({
      code: 'UNAUTHENTICATED',
      message: 'The token has expired.',
    });
  });

  it('bears a token from 30 seconds ahead, and no more', async () => {
    const now = clock.seconds();
    await expect(callerOf({ sub: 's1', nbf: now + 29 })).resolves.toHaveProperty('userId', 's1');
    await expect(callerOf({ sub: 's1', nbf: now + 31 })).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  });

  it.each([
    ['no header', async () => undefined],
    ['another scheme', async () => 'Basic dTpw'],
    ['an empty token', async () => 'Bearer '],
    ['no token at all', async () => 'Bearer hello'],
    ['two tokens', async () => `${await bearer({ sub: 's1' })}, ${await bearer({ sub: 's2' })}`],
    ['no end', () => bearer({ sub: 's1', exp: undefined })],
    ['no `sub`', () => bearer({})],
    ['an empty `sub`', () => bearer({ sub: '' })],
    ['another secret', () => bearer({ sub: 's1' }, { key: Buffer.from(`${secret}!`) })],
    ['HS512', () => bearer({ sub: 's1' }, { alg: 'HS512', key: Buffer.from(secret.repeat(2)) })],
    [
      'RS256',
      () =>
        bearer({ sub: 's1' }, { alg: 'RS256', key: generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey }),
    ],
    ['alg none', async () => `Bearer ${new UnsecuredJWT({ sub: 's1', exp: clock.seconds() + 60 }).encode()}`],
  ])('refuses %s', async (_what, header) => {
    await expect(authenticate(await header())).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  });

  it('takes the scheme in any case, since headers are written so', async () => {
    const header = await bearer({ sub: 's1' });
    await expect(authenticate(header.replace('Bearer', 'bearer'))).resolves.toHaveProperty('userId', 's1');
  });

  it.each(['u 1', 'x'.repeat(33), '张三', 'a/b', 's1\n'])('forbids the id %j, and says why', async (sub) => {
    await expect(callerOf({ sub })).rejects.toMatchObject({
      code: 'FORBIDDEN',
      message: expect.stringContaining('1 to 32 of A-Z'),
    });
  });

  it.each(['Robot', 'rOBOT', 'administrator', 'ADMINISTRATOR', 'tic_record_user_7_1', 'TIC_RECORD_USER_x'])(
    'forbids the reserved id %s, to admins too',
    async (sub) => {
      await expect(callerOf({ sub, role: 'admin' })).rejects.toMatchObject({ code: 'FORBIDDEN' });
    },
  );

  it.each([
    ['cut at 30 code points', '😀'.repeat(31), '😀'.repeat(30)],
    ['kept with 30', 'n'.repeat(30), 'n'.repeat(30)],
    ['freed of control characters', ' a\u0000b\r\nc ', 'abc'],
    ['left out when blank', ' \t', undefined],
    ['left out when no string', 7, undefined],
  ])('has the name %s', async (_what, name, expected) => {
    expect((await callerOf({ sub: 's1', name } as JWTPayload)).name).toBe(expected);
  });

  it('reads the claims that the configuration names', async () => {
    const custom = createWith({ userIdClaim: 'uid', roleClaim: 'https://example.com/role' });
    const header = await bearer({ sub: 'somebody else', uid: 10_042, 'https://example.com/role': 'teacher' });
    await expect(custom(header)).resolves.toEqual({ userId: '10042', role: 'teacher' });
    await expect(custom(await bearer({ sub: 's1' }))).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  });

  it('checks issuer and audience when they are set', async () => {
    const strict = createWith({ issuer: 'https://login.example.com', audience: 'classroom' });
    const good = { sub: 's1', iss: 'https://login.example.com', aud: ['other', 'classroom'] };
    await expect(strict(await bearer(good))).resolves.toHaveProperty('userId', 's1');
    for (const claims of [{ ...good, iss: 'https://evil.example.com' }, { ...good, aud: 'other' }, { sub: 's1' }])
      await expect(strict(await bearer(claims))).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  });
});

describe('authentication with a JWKS', () => {
  const keys = {
    RS256: generateKeyPairSync('rsa', { modulusLength: 2048 }),
    PS256: generateKeyPairSync('rsa', { modulusLength: 2048 }),
    ES256: generateKeyPairSync('ec', { namedCurve: 'P-256' }),
    EdDSA: generateKeyPairSync('ed25519'),
  };
  const jwks = JSON.stringify({
    keys: Object.entries(keys).map(([alg, { publicKey }]) => ({
      ...publicKey.export({ format: 'jwk' }),
      kid: alg,
      alg,
    })),
  });
  const es256 = { alg: 'ES256', key: keys.ES256.privateKey, kid: 'ES256' };

  /** A login service that answers this, and counts how often it is asked. */
  const serving = (body: string, status = 200) => {
    const urls: string[] = [];
    const fetch: Fetch = async (url) => {
      urls.push(String(url));
      return { status, text: async () => body };
    };
    return { urls, authenticate: createWith({ key: { jwksUrl } }, fetch) };
  };

  it.each(Object.entries(keys))('takes %s', async (alg, { privateKey }) => {
    const login = serving(jwks);
    await expect(login.authenticate(await bearer({ sub: 's1' }, { alg, key: privateKey, kid: alg }))).resolves.toEqual({
      userId: 's1',
      role: 'student',
    });
    expect(login.urls).toEqual([jwksUrl]);
  });

  it('fetches the keys once for many calls', async () => {
    const login = serving(jwks);
    for (const sub of ['s1', 's2', 's3']) await login.authenticate(await bearer({ sub }, es256));
    await login.authenticate(await bearer({ sub: 's4' }, { alg: 'EdDSA', key: keys.EdDSA.privateKey, kid: 'EdDSA' }));
    expect(login.urls).toHaveLength(1);
  });

  it('refuses a key that is not in the set, and one signed with another key of that name', async () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const login = serving(jwks);
    for (const kid of ['unknown', 'ES256']) {
      const header = await bearer({ sub: 's1' }, { ...es256, key: privateKey, kid });
      await expect(login.authenticate(header)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    }
  });

  it('refuses HS256, even signed with the text of a public key, and fetches nothing for it', async () => {
    const login = serving(jwks);
    const publicPem = keys.RS256.publicKey.export({ type: 'spki', format: 'pem' });
    const header = await bearer({ sub: 's1' }, { key: Buffer.from(publicPem), kid: 'RS256' });
    await expect(login.authenticate(header)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    expect(login.urls).toEqual([]);
  });

  it.each([
    ['a failure', jwks, 500],
    ['a redirection', '', 302],
    ['a status without body', '', 204],
    ['no JSON', '<html>', 200],
    ['no JWKS', '{"keys":"none"}', 200],
    ['a key that is none', JSON.stringify({ keys: [{ kty: 'EC', kid: 'ES256', crv: 'P-256', x: '', y: '' }] }), 200],
  ])('answers 502 when the login service answers %s', async (_what, body, status) => {
    const login = serving(body, status);
    await expect(login.authenticate(await bearer({ sub: 's1' }, es256))).rejects.toMatchObject({
      code: 'UPSTREAM_FAILED',
    });
    expect(login.urls).toEqual([jwksUrl]);
  });

  it('answers 502 when the login service cannot be reached, and asks again for the next call', async () => {
    let down = true;
    const authenticate = createWith({ key: { jwksUrl } }, async () => {
      if (down) throw Object.assign(new Error('refused'), { code: 'ECONNREFUSED' });
      return { status: 200, text: async () => jwks };
    });
    const header = await bearer({ sub: 's1' }, es256);
    await expect(authenticate(header)).rejects.toMatchObject({ code: 'UPSTREAM_FAILED' });
    down = false;
    await expect(authenticate(header)).resolves.toHaveProperty('userId', 's1');
  });

  it('answers 502 when the login service says nothing for 2 seconds', async () => {
    const deadlines = passDeadlines();
    const authenticate = createWith({ key: { jwksUrl } }, silentFetch);
    await expect(authenticate(await bearer({ sub: 's1' }, es256))).rejects.toMatchObject({ code: 'UPSTREAM_FAILED' });
    expect(deadlines).toEqual([2000]);
  });
});

describe('reserved user ids', () => {
  it.each([
    ['robot', true],
    ['ADMINISTRATOR', true],
    ['Tic_Record_User_1_2', true],
    ['robot2', false],
    ['tic_record_user', false],
    ['s1', false],
  ])('answer for %s: %s', (userId, expected) => {
    expect(reserved.isReserved(userId)).toBe(expected);
  });

  it('tell recording robots from others', () => {
    expect(isRecordingUserId('tic_record_user_1_2')).toBe(true);
    expect(isRecordingUserId('robot')).toBe(false);
  });
});
