import { generateKeyPairSync } from 'node:crypto';
import { SignJWT } from 'jose';
import { describe, expect, it } from 'vitest';
import { createHandler } from '../../functions/issue-sig/handler.ts';
import { createAuthenticate } from '../../lib/auth/authenticate.ts';
import { createUserSigSigner, type SigningKey } from '../../lib/usersig/signer.ts';
import { createUserSigVerifier } from '../../lib/usersig/verifier.ts';
import { createClock } from '../support/clock.ts';
import { passDeadlines, silentFetch } from '../support/deadlines.ts';
import { call, createHttp, eventOf, tokenOf } from '../support/http.ts';
import { imSecretKey, sdkAppId } from '../support/im.ts';
import { describeRefusals } from '../support/refusals.ts';

const clock = createClock();
const now = clock.seconds();
const key = { secretKey: imSecretKey };

const setUp = (signingKey: SigningKey = key) => {
  const { http, reserved, logText } = createHttp(clock);
  const signer = createUserSigSigner(sdkAppId, signingKey);
  return {
    http,
    reserved,
    signer,
    logText,
    handler: createHandler({ http, reserved, signer, defaultTtlSeconds: 86_400 }),
  };
};
const issue = async (body: object, role: string, userId = 'u1') =>
  call(setUp().handler, eventOf(body, await tokenOf(clock, userId, role)));

describe('issue-sig', () => {
  it.each(['student', 'teacher', 'admin'])(
    'gives a %s a sig of their own, good for the default lifetime',
    async (role) => {
      const { status, headers, body } = await issue({}, role);
      expect(status).toBe(200);
      expect(headers['cache-control']).toBe('no-store');
      expect(body).toEqual({
        sdkAppId,
        userId: 'u1',
        userSig: expect.any(String),
        version: 2,
        issuedAt: now,
        expiresAt: now + 86_400,
        refreshAt: now + 69_120,
      });
      const verifier = createUserSigVerifier(sdkAppId, key);
      expect(verifier.verify(body.userSig, { userId: 'u1', now: now + 86_400 }).valid).toBe(true);
      expect(verifier.verify(body.userSig, { userId: 'u1', now: now + 86_401 }).valid).toBe(false);
    },
  );

  it('needs no body at all', async () => {
    const reply = await call(setUp().handler, eventOf('', await tokenOf(clock, 's1')));
    expect(reply).toMatchObject({ status: 200, body: { userId: 's1' } });
  });

  it.each([60, 15_552_000])('takes the lifetime %i', async (ttlSeconds) => {
    const { body } = await issue({ ttlSeconds }, 'student');
    expect(body).toMatchObject({ expiresAt: now + ttlSeconds, refreshAt: now + 0.8 * ttlSeconds });
  });

  it('lets anybody name themselves, and an admin anybody', async () => {
    expect(await issue({ userId: 'u1' }, 'student')).toMatchObject({ status: 200, body: { userId: 'u1' } });
    expect(await issue({ userId: 'u2' }, 'admin')).toMatchObject({ status: 200, body: { userId: 'u2' } });
  });

  it.each(['student', 'teacher'])('forbids a %s to name somebody else', async (role) => {
    expect(await issue({ userId: 'u2' }, role)).toMatchObject({ status: 403, body: { code: 'FORBIDDEN' } });
    expect(await issue({ userId: 'U1' }, role)).toMatchObject({ status: 403 });
  });

  it.each(['administrator', 'ADMINISTRATOR'])('signs for %s for nobody', async (userId) => {
    for (const role of ['student', 'teacher', 'admin'])
      expect(await issue({ userId }, role)).toMatchObject({ status: 403, body: { code: 'FORBIDDEN' } });
  });

  it('signs for a recording robot for an admin alone', async () => {
    const userId = 'tic_record_user_4242_1';
    expect(await issue({ userId }, 'admin')).toMatchObject({ status: 200, body: { userId } });
    expect(await issue({ userId }, 'teacher')).toMatchObject({ status: 403 });
  });

  it('signs v1 for an app of before 2019', async () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'secp256k1' });
    const v1 = { privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() };
    const { body } = await call(setUp(v1).handler, eventOf({}, await tokenOf(clock, 's1')));
    expect(body.version).toBe(1);
    expect(createUserSigVerifier(sdkAppId, v1).verify(body.userSig, { userId: 's1', now })).toMatchObject({
      valid: true,
      fields: { version: 1 },
    });
  });

  it('answers 502 when the keys of the login service cannot be read', async () => {
    passDeadlines();
    const { http, reserved, signer } = setUp();
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const token = await new SignJWT({ sub: 's1', exp: now + 60 }).setProtectedHeader({ alg: 'ES256' }).sign(privateKey);
    const authenticate = createAuthenticate({
      settings: { key: { jwksUrl: 'https://login.example.com/keys' }, userIdClaim: 'sub', roleClaim: 'role' },
      reserved,
      fetch: silentFetch,
      clock,
    });
    const handler = createHandler({ http: { ...http, authenticate }, reserved, signer, defaultTtlSeconds: 86_400 });
    expect(await call(handler, eventOf({}, token))).toMatchObject({ status: 502, body: { code: 'UPSTREAM_FAILED' } });
  });

  it('tells neither the key nor the sig to the log, nor the key to the caller', async () => {
    const { handler, logText } = setUp();
    const token = await tokenOf(clock, 's1');
    const { body } = await call(handler, eventOf({}, token));
    expect(JSON.stringify(body)).not.toContain(imSecretKey);
    expect(logText()).toContain('"userId":"s1"');
    for (const secret of [imSecretKey, body.userSig, token]) expect(logText()).not.toContain(secret);
  });
});

describeRefusals('issue-sig', {
  clock,
  setUp,
  input: { ttlSeconds: 3600 },
  as: { userId: 's1', role: 'student' },
  otherRoles: [],
  badInputs: [
    ['a lifetime of a second less than a minute', { ttlSeconds: 59 }, '/ttlSeconds'],
    ['a lifetime over 180 days', { ttlSeconds: 15_552_001 }, '/ttlSeconds'],
    ['a fraction for a lifetime', { ttlSeconds: 60.5 }, '/ttlSeconds'],
    ['a text for a lifetime', { ttlSeconds: '60' }, '/ttlSeconds'],
    ['a user id that IM does not take, and null', { userId: '张三', ttlSeconds: null }, '/userId', '/ttlSeconds'],
    ['a list', [], ''],
  ],
});
