import { describe, expect, it } from 'vitest';
import { createHandler } from '../../functions/verify-sig/handler.ts';
import { createUserSigSigner } from '../../lib/usersig/signer.ts';
import { createUserSigVerifier } from '../../lib/usersig/verifier.ts';
import { createClock } from '../support/clock.ts';
import { call, createHttp, eventOf, tokenOf } from '../support/http.ts';
import { imSecretKey, sdkAppId } from '../support/im.ts';
import { describeRefusals } from '../support/refusals.ts';

const clock = createClock();
const now = clock.seconds();
const signer = createUserSigSigner(sdkAppId, { secretKey: imSecretKey });
const request = { userId: 's1', issuedAt: now - 60, ttlSeconds: 3600 };
const userSig = signer.signUserSig(request);

const setUp = () => {
  const { http, logText } = createHttp(clock);
  return {
    handler: createHandler({ http, verifier: createUserSigVerifier(sdkAppId, { secretKey: imSecretKey }) }),
    logText,
  };
};
const verify = async (body: object) => call(setUp().handler, eventOf(body, await tokenOf(clock, 'admin1', 'admin')));

const fields = { version: 2, userId: 's1', sdkAppId, issuedAt: now - 60, expiresAt: now + 3540 };

describe('verify-sig', () => {
  it('tells what a good sig says', async () => {
    expect(await verify({ userSig })).toMatchObject({ status: 200, body: { valid: true, ...fields } });
    expect((await verify({ userSig, userId: 's1' })).body).toEqual({ valid: true, ...fields });
  });

  it('tells the room of a PrivateMapKey', async () => {
    const key = signer.signPrivateMapKey({ ...request, roomId: 4242, privileges: 255 });
    expect((await verify({ userSig: key })).body).toEqual({
      valid: true,
      ...fields,
      room: { roomId: 4242, privileges: 255, expiresAt: now + 3540 },
    });
  });

  const foreign = createUserSigSigner(1400000001, { secretKey: imSecretKey });
  it.each([
    ['malformed', { userSig: 'eJx' }, {}],
    ['signature', { userSig: createUserSigSigner(sdkAppId, { secretKey: 'x' }).signUserSig(request) }, fields],
    [
      'expired',
      { userSig: signer.signUserSig({ ...request, ttlSeconds: 59 }), userId: 's2' },
      { ...fields, expiresAt: now - 1 },
    ],
    ['sdkAppId', { userSig: foreign.signUserSig(request), userId: 's2' }, { ...fields, sdkAppId: 1400000001 }],
    ['userId', { userSig, userId: 's2' }, fields],
  ])('answers 200 with the reason %s', async (reason, body, expected) => {
    expect(await verify(body)).toMatchObject({ status: 200 });
    expect((await verify(body)).body).toEqual({ valid: false, reason, ...expected });
  });

  it('may name a reserved user id', async () => {
    const body = { userSig: signer.signUserSig({ ...request, userId: 'administrator' }), userId: 'administrator' };
    expect((await verify(body)).body).toMatchObject({ valid: true, userId: 'administrator' });
  });

  it('takes any length of text for a sig', async () => {
    expect((await verify({ userSig: 'e'.repeat(30_000) })).body).toEqual({ valid: false, reason: 'malformed' });
  });

  it('tells neither the key to the caller nor the key or the sig to the log', async () => {
    const { handler, logText } = setUp();
    const reply = await call(handler, eventOf({ userSig }, await tokenOf(clock, 'admin1', 'admin')));
    expect(JSON.stringify(reply)).not.toContain(imSecretKey);
    expect(logText()).toContain('"userId":"admin1"');
    for (const secret of [imSecretKey, userSig]) expect(logText()).not.toContain(secret);
  });
});

describeRefusals('verify-sig', {
  clock,
  setUp,
  input: { userSig },
  as: { userId: 'admin1', role: 'admin' },
  otherRoles: ['student', 'teacher'],
  badInputs: [
    ['no sig', {}, '/userSig'],
    ['an empty sig', { userSig: '' }, '/userSig'],
    ['a number and an id with a blank', { userSig: 1, userId: 's 1' }, '/userSig', '/userId'],
  ],
});
