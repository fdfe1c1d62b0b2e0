import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { AppError } from '../../lib/errors.ts';
import { verifyTrtcSignature } from '../../lib/trtc/callback-signature.ts';
import { createTrtc, type TrtcOptions } from '../../lib/trtc/client.ts';
import { createTencentApi } from '../../local/api/server.ts';
import { createFaults } from '../../local/faults.ts';
import { json, type LocalReply, serve } from '../../local/http.ts';
import { createTrtcActions } from '../../local/trtc/actions.ts';
import { createRooms } from '../../local/trtc/rooms.ts';
import { holdDeadlines } from '../support/deadlines.ts';
import { permanentKey, temporaryKeys } from '../support/sts.ts';
import { vectors } from '../support/vectors.ts';

const sdkAppId = 1400000000;

describe('a callback signature of TRTC', () => {
  const key = '123654';
  const body = Buffer.from('{"EventGroupId":1,"EventType":103}');
  const sign = createHmac('sha256', key).update(body).digest('base64');

  /** Whether the signature is taken; any failure but the documented one is thrown. */
  const isTaken = (...args: Parameters<typeof verifyTrtcSignature>): boolean => {
    try {
      verifyTrtcSignature(...args);
      return true;
    } catch (error) {
      if (error instanceof AppError && error.code === 'UNAUTHENTICATED') return false;
      throw error;
    }
  };

  it.each(vectors.trtcCallbackSign)('holds as in the documents ($id)', ({ key, body, sign }) => {
    expect(isTaken(sign, Buffer.from(body), key)).toBe(true);
    expect(isTaken(sign, Buffer.from(body), `${key}x`)).toBe(false);
  });

  it('covers every byte of the body as it came', () => {
    fc.assert(
      fc.property(fc.nat(body.length - 1), fc.integer({ min: 1, max: 255 }), (index, difference) => {
        const changed = Buffer.from(body);
        changed[index] = (changed[index] ?? 0) ^ difference;
        expect(isTaken(sign, changed, key)).toBe(false);
      }),
    );
    expect(isTaken(sign, body, key)).toBe(true);
    expect(isTaken(sign, Buffer.concat([body, Buffer.from('\n')]), key)).toBe(false);
  });

  it.each([
    ['a missing sign', undefined],
    ['an empty sign', ''],
    ['a sign cut short', sign.slice(0, -1)],
    ['a sign too long', `${sign}=`],
    ['a sign in hexadecimal', Buffer.from(sign, 'base64').toString('hex')],
    ['a sign in other letters', sign.toLowerCase()],
    ['a sign of as many bytes in other characters', '课'.repeat(14).concat('xx')],
  ])('refuses %s', (_what, given) => {
    expect(isTaken(given, body, key)).toBe(false);
  });
});

/** The local TRTC on loopback until the test is done: it checks every signature. Its clock is the real one, as the SDK's is. */
const startTrtc = async () => {
  const faults = createFaults();
  const calls: { action: string; body: unknown }[] = [];
  const left: string[] = [];
  const rooms = createRooms({ clock: Date.now, callbacks: { tell: () => {} } });
  let instead: (() => Promise<LocalReply>) | undefined;
  const api = createTencentApi({
    clock: Date.now,
    faults,
    permanentKey: () => permanentKey,
    temporaryKeys,
    services: createTrtcActions({ sdkAppId, rooms }),
  });
  const server = await serve(0, (request) => {
    calls.push({ action: String(request.headers['x-tc-action']), body: JSON.parse(request.body.toString()) });
    return instead ? instead() : api.handle(request);
  });
  onTestFinished(() => server.close());
  return {
    faults,
    /** Every call that arrived. */
    calls,
    /** Who was put out, and how. */
    left,
    letIn: (roomId: number, ...userIds: string[]) => {
      for (const userId of userIds) rooms.enter({ roomId, userId, expel: (why) => void left.push(`${userId} ${why}`) });
    },
    /** A client of it, with permanent keys unless told otherwise. */
    client: (options: Partial<TrtcOptions> = {}) =>
      createTrtc({ apiUrl: server.origin, sdkAppId, credentials: () => permanentKey, ...options }),
    /** From now on it answers so. */
    answerWith: (answer: () => Promise<LocalReply>) => {
      instead = answer;
    },
    stop: () => server.close(),
  };
};

const failureOf = async (work: Promise<unknown>): Promise<AppError> => {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof AppError)) throw new Error(`no AppError but ${error}`);
  return error;
};

describe('the client of TRTC', () => {
  it('puts somebody out of a room, and nobody else', async () => {
    const { client, letIn, left, calls } = await startTrtc();
    letIn(4242, 's1', 's2');
    letIn(4243, 's3');
    await client().removeUser(4242, 's1');
    expect(left).toEqual(['s1 removed']);
    expect(calls).toEqual([{ action: 'RemoveUser', body: { SdkAppId: sdkAppId, RoomId: 4242, UserIds: ['s1'] } }]);
  });

  it('puts everybody out of a room', async () => {
    const { client, letIn, left, calls } = await startTrtc();
    letIn(4242, 's1', 's2');
    letIn(4243, 's3');
    await client().dismissRoom(4242);
    expect(left).toEqual(['s1 dismissed', 's2 dismissed']);
    expect(calls).toEqual([{ action: 'DismissRoom', body: { SdkAppId: sdkAppId, RoomId: 4242 } }]);
  });

  it('takes it for done when nobody is there', async () => {
    const { client, letIn, calls } = await startTrtc();
    await client().dismissRoom(4242);
    await client().removeUser(4242, 's1');
    letIn(4242, 's2');
    await client().removeUser(4242, 's1');
    expect(calls).toHaveLength(3);
  });

  it.each(['FailedOperation.RoomNotExist', 'FailedOperation.UserNotExist', 'InternalError.UserNotExist'])(
    'takes %s for done',
    async (errorCode) => {
      const { client, faults } = await startTrtc();
      faults.order({ command: 'RemoveUser', times: 1, errorCode });
      await client().removeUser(4242, 's1');
    },
  );

  it('signs with temporary keys, read anew for each call', async () => {
    const { client, letIn, left } = await startTrtc();
    const { tmpSecretId, tmpSecretKey, token } = temporaryKeys.issue({
      policy: undefined,
      expiresAt: Math.floor(Date.now() / 1000) + 600,
    });
    let current = { secretId: tmpSecretId, secretKey: 'no longer good', sessionToken: token };
    const trtc = client({ credentials: () => current });
    letIn(4242, 's1');
    expect(await failureOf(trtc.dismissRoom(4242))).toMatchObject({ code: 'UPSTREAM_FAILED' });
    current = { ...current, secretKey: tmpSecretKey };
    await trtc.dismissRoom(4242);
    expect(left).toEqual(['s1 dismissed']);
  });

  it('is RATE_LIMITED over the rate', async () => {
    const { client, faults } = await startTrtc();
    faults.order({ command: 'RemoveUser', times: 1, errorCode: 'RequestLimitExceeded' });
    expect(await failureOf(client().removeUser(4242, 's1'))).toMatchObject({
      code: 'RATE_LIMITED',
      retryAfterSeconds: 1,
    });
  });

  it.each(['InternalError', 'AuthFailure.UnauthorizedOperation', 'FailedOperation.SdkAppIdNotExist'])(
    'fails after %s with the code of TRTC for the log, and is not tried again',
    async (errorCode) => {
      const { client, faults, calls } = await startTrtc();
      faults.order({ command: 'DismissRoom', times: 1, errorCode });
      const error = await failureOf(client().dismissRoom(4242));
      expect(error).toMatchObject({
        code: 'UPSTREAM_FAILED',
        details: {
          vendor: 'trtc',
          target: 'DismissRoom',
          vendorCode: errorCode,
          vendorText: expect.any(String),
          vendorRequestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
        },
      });
      expect(error.message).not.toContain(errorCode);
      expect(calls).toHaveLength(1);
    },
  );

  it.each([
    ['a page', { status: 200, body: '<html>' }],
    ['a failing gateway', { status: 502, body: 'Bad Gateway' }],
    ['nothing', { status: 200, body: '' }],
    ['an error without a code', json({ Response: { Error: {}, RequestId: 'r' } })],
    ['a hang-up', 'hang up' as const],
  ])('fails when TRTC answers %s', async (_what, reply) => {
    const { client, answerWith } = await startTrtc();
    answerWith(async () => reply);
    expect(await failureOf(client().dismissRoom(4242))).toMatchObject({ code: 'UPSTREAM_FAILED' });
  });

  it('can be called again after a lost reply', async () => {
    const { client, letIn, left, faults } = await startTrtc();
    letIn(4242, 's1');
    faults.order({ command: 'RemoveUser', times: 1, dropReply: true });
    expect(await failureOf(client().removeUser(4242, 's1'))).toMatchObject({ code: 'UPSTREAM_FAILED' });
    await client().removeUser(4242, 's1');
    expect(left).toEqual(['s1 removed']);
  });

  it('fails when nobody listens', async () => {
    const { client, stop } = await startTrtc();
    await stop();
    expect(await failureOf(client().dismissRoom(4242))).toMatchObject({ code: 'UPSTREAM_FAILED' });
  });

  it('times out when TRTC says nothing for 3 seconds', async () => {
    const { client, answerWith } = await startTrtc();
    const deadlines = holdDeadlines();
    answerWith(() => {
      deadlines.pass();
      return new Promise(() => {});
    });
    expect(await failureOf(client().removeUser(4242, 's1'))).toMatchObject({
      code: 'UPSTREAM_TIMEOUT',
      details: { vendor: 'trtc', target: 'RemoveUser' },
    });
    expect(deadlines.set).toEqual([3000]);
  });

  it('keeps the secret key out of its errors', async () => {
    const { client, answerWith } = await startTrtc();
    answerWith(async () => 'hang up');
    const error = await failureOf(client().dismissRoom(4242));
    const told = `${error.message} ${error.stack} ${JSON.stringify(error)} ${error.cause}`;
    expect(told).not.toContain(permanentKey.secretKey);
  });
});
