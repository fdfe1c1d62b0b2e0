import { describe, expect, it } from 'vitest';
import type { Fetch, FetchInit } from '../../lib/http/fetch.ts';
import { type CustomMessage, createImClient, type ImClient } from '../../lib/im/client.ts';
import { ImError } from '../../lib/im/error.ts';
import { describeError } from '../../lib/log.ts';
import { createUserSigSigner } from '../../lib/usersig/signer.ts';
import { createUserSigVerifier } from '../../lib/usersig/verifier.ts';
import { createClock } from '../support/clock.ts';
import { passDeadlines, silentFetch } from '../support/deadlines.ts';
import { createTestIm, imSecretKey, sdkAppId } from '../support/im.ts';
import { createTestLog } from '../support/log.ts';

const retriedCodes = [10002, 60008, 70169, 70202, 70500, 90994, 90995, 91000];
const ok = { ActionStatus: 'OK', ErrorInfo: '', ErrorCode: 0 };
const failure = (ErrorCode: number) => ({ ActionStatus: 'FAIL', ErrorInfo: `text of ${ErrorCode}`, ErrorCode });

interface Sent {
  url: URL;
  init: FetchInit;
}
/** JSON, a text, a failing `fetch`, or a reply with another HTTP status. */
type Answer = object | string | Error | BadGateway;

class BadGateway {
  readonly status = 502;
}

/** A client of an IM that gives these answers, the last one for ever, and what it was sent. */
const scripted = (...answers: Answer[]) => {
  const clock = createClock();
  const sent: Sent[] = [];
  const pauses: number[] = [];
  let randoms = 0;
  const fetch: Fetch = async (url, init = {}) => {
    sent.push({ url: new URL(url), init });
    const answer = (answers.length > 1 ? answers.shift() : answers[0]) ?? ok;
    if (answer instanceof Error) throw answer;
    const status = answer instanceof BadGateway ? answer.status : 200;
    return { status, text: async () => (typeof answer === 'string' ? answer : JSON.stringify(answer)) };
  };
  const client = clientOf(fetch, {
    clock,
    sleep: async (ms) => pauses.push(ms),
    // Another one each time, so that a repeated one is no accident.
    random: () => {
      randoms += 1;
      return randoms / 1000;
    },
  });
  return { client, clock, sent, pauses };
};

const clientOf = (fetch: Fetch, options: Partial<Parameters<typeof createImClient>[0]> = {}): ImClient =>
  createImClient({
    apiUrl: 'https://im.example.com',
    adminUserId: 'administrator',
    signer: createUserSigSigner(sdkAppId, { secretKey: imSecretKey }),
    fetch,
    sleep: async () => {},
    random: () => 0.5,
    clock: createClock(),
    ...options,
  });

const failureOf = async (work: Promise<unknown>): Promise<ImError> => {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof ImError)) throw new Error(`no ImError but ${error}`);
  return error;
};

const message: CustomMessage = {
  groupId: 'c1_chat',
  random: 8_912_345,
  data: { v: 1, type: 'notice', event: 'join' },
  description: 's1 has joined the room',
  priority: 'Normal',
};

describe('the IM client', () => {
  it('calls as the administrator, in JSON', async () => {
    const { client, clock, sent } = scripted(ok);
    await client.importAccount({ userId: 't1', name: '王老师' });
    const [call] = sent;
    expect(call?.url.href.split('?')[0]).toBe('https://im.example.com/v4/im_open_login_svc/account_import');
    const { usersig, random, ...query } = Object.fromEntries(call?.url.searchParams ?? []);
    expect(query).toEqual({ sdkappid: String(sdkAppId), identifier: 'administrator', contenttype: 'json' });
    expect(Number(random)).toBeLessThan(2 ** 32);
    const verdict = createUserSigVerifier(sdkAppId, { secretKey: imSecretKey }).verify(usersig ?? '', {
      userId: 'administrator',
      now: clock.seconds(),
    });
    expect(verdict.valid).toBe(true);
    expect(call?.init).toMatchObject({
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"Identifier":"t1","Nick":"王老师"}',
    });
  });

  it('keeps the sig of the administrator until 80 % of its life, and then makes a new one', async () => {
    const { client, clock, sent } = scripted(ok);
    const sigOfNextCall = async () => {
      await client.destroyGroup('c1_chat');
      return sent.at(-1)?.url.searchParams.get('usersig');
    };
    const first = await sigOfNextCall();
    clock.advance(0.8 * 86_400 - 1);
    expect(await sigOfNextCall()).toBe(first);
    clock.advance(1);
    const second = await sigOfNextCall();
    expect(second).not.toBe(first);
    const verifier = createUserSigVerifier(sdkAppId, { secretKey: imSecretKey });
    expect(verifier.verify(second ?? '', { now: clock.seconds() + 86_400 }).valid).toBe(true);
    clock.advance(1);
    expect(await sigOfNextCall()).toBe(second);
  });
});

describe('a call to IM', () => {
  it.each(retriedCodes)('that fails with %i is sent again as it was', async (code) => {
    const { client, sent, pauses } = scripted(failure(code), failure(code), ok);
    await client.sendCustomMessage(message);
    expect(sent).toHaveLength(3);
    expect(new Set(sent.map(({ init }) => init.body)).size).toBe(1);
    expect(JSON.parse(sent[0]?.init.body ?? '').Random).toBe(8_912_345);
    expect(pauses).toHaveLength(2);
    expect(pauses[1]).toBeGreaterThan(pauses[0] ?? 0);
  });

  it('is given up after three tries, and may have been carried out', async () => {
    const { client, sent } = scripted(failure(10002));
    const error = await failureOf(client.sendCustomMessage(message));
    expect(sent).toHaveLength(3);
    expect(error).toMatchObject({
      code: 'UPSTREAM_FAILED',
      imCode: 10002,
      replyLost: true,
      details: { vendor: 'im', vendorCode: 10002, vendorText: 'text of 10002', tries: 3 },
    });
  });

  it('that is refused once it was tried again may have been carried out before', async () => {
    const { client } = scripted(failure(10002), failure(10025));
    const error = await failureOf(
      client.createGroup({ groupId: 'c1_chat', type: 'AVChatRoom', name: 'c1', ownerId: 't1' }),
    );
    expect(error).toMatchObject({ imCode: 10025, replyLost: true });
  });

  it.each([10003, 10004, 10007, 10016, 10021, 10025, 40005, 60010, 70001, 70009, 80001, 90048, 99_999])(
    'that is refused with %i is not sent again',
    async (code) => {
      const { client, sent } = scripted(failure(code));
      const error = await failureOf(client.sendCustomMessage(message));
      expect(sent).toHaveLength(1);
      expect(error).toMatchObject({ code: 'UPSTREAM_FAILED', imCode: code, replyLost: false });
    },
  );

  it.each([10036, 10037, 10058])('over the plan (%i) is QUOTA_EXCEEDED', async (code) => {
    const { client, sent } = scripted(failure(code));
    expect(await failureOf(client.sendCustomMessage(message))).toMatchObject({ code: 'QUOTA_EXCEEDED', imCode: code });
    expect(sent).toHaveLength(1);
  });

  it.each([10006, 10023, 60007, 60011, 60018, 60019])('over a rate (%i) is RATE_LIMITED', async (code) => {
    const { client, sent } = scripted(failure(code));
    expect(await failureOf(client.sendCustomMessage(message))).toMatchObject({
      code: 'RATE_LIMITED',
      imCode: code,
      retryAfterSeconds: 1,
    });
    expect(sent).toHaveLength(1);
  });

  it.each([
    ['a hang-up', Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' })],
    ['a refused connection', Object.assign(new Error('refused'), { code: 'ECONNREFUSED' })],
    ['HTTP status 502', Object.assign(new BadGateway(), ok)],
    ['a page', '<html>'],
    ['an empty reply', ''],
    ['a list', []],
    ['null', 'null'],
    ['an object without a code', { ActionStatus: 'OK' }],
    ['a code that is a text', { ActionStatus: 'OK', ErrorCode: '0' }],
  ])('that ends in %s is not sent again, since it may have been carried out', async (_what, answer) => {
    const { client, sent } = scripted(answer);
    const error = await failureOf(client.sendCustomMessage(message));
    expect(sent).toHaveLength(1);
    expect(error).toMatchObject({ code: 'UPSTREAM_FAILED', imCode: undefined, replyLost: true });
  });

  it('takes a success without ErrorInfo, as the documents show one', async () => {
    const { client } = scripted({ ActionStatus: 'OK', ErrorCode: 0 });
    await expect(client.sendCustomMessage(message)).resolves.toBeUndefined();
  });

  it('waits longer than the 3 s that IM gives itself, and then gives up', async () => {
    const deadlines = passDeadlines();
    const error = await failureOf(clientOf(silentFetch).sendCustomMessage(message));
    expect(error).toMatchObject({ code: 'UPSTREAM_TIMEOUT', replyLost: true });
    expect(deadlines).toHaveLength(1);
    expect(deadlines[0]).toBeGreaterThan(3000);
    expect(deadlines[0]).toBeLessThanOrEqual(5000);
  });

  it('times out, too, when the reply stops half-way', async () => {
    passDeadlines();
    const client = clientOf(async (_url, { signal } = {}) => ({
      status: 200,
      text: () => Promise.reject(signal?.reason),
    }));
    expect(await failureOf(client.sendCustomMessage(message))).toMatchObject({ code: 'UPSTREAM_TIMEOUT' });
  });

  it('never tells the sig to an error or the log', async () => {
    const test = createTestLog();
    const sigs: string[] = [];
    const failing: Fetch = async (url) => {
      sigs.push(new URL(url).searchParams.get('usersig') ?? '');
      throw Object.assign(new Error(`connect ECONNREFUSED ${url}`), { code: 'ECONNREFUSED', input: String(url) });
    };
    const error = await failureOf(clientOf(failing).sendCustomMessage(message));
    test.log.error('failed', { ...error.details, ...describeError(error) });
    const [sig = ''] = sigs;
    expect(sig.length).toBeGreaterThan(100);
    const told = `${test.text()} ${error.message} ${JSON.stringify(error)} ${error.cause}`;
    expect(told).toContain('ECONNREFUSED');
    expect(told).not.toContain(sig);
    expect(told).not.toContain(encodeURIComponent(sig));
  });
});

describe('the commands, with an IM that checks them', () => {
  const setUp = async () => {
    const im = createTestIm({ clock: createClock() });
    await im.client.importAccount({ userId: 't1', name: '王老师' });
    return im;
  };
  const chat = { groupId: 'c1_chat', type: 'AVChatRoom', name: '数学', ownerId: 't1' } as const;
  const replay = { groupId: 'c1_replay', type: 'Private', name: '数学', ownerId: 't1' } as const;

  it('import an account, again without harm, and without a name', async () => {
    const { client, calls } = await setUp();
    await client.importAccount({ userId: 't1' });
    expect(calls.map(({ body }) => body)).toEqual([{ Identifier: 't1', Nick: '王老师' }, { Identifier: 't1' }]);
  });

  it('create a group, and find its type, owner and messages', async () => {
    const { client } = await setUp();
    await client.createGroup(chat);
    await client.createGroup(replay);
    expect(await client.findGroup('c1_chat')).toMatchObject({ type: 'AVChatRoom', ownerId: 't1' });
    expect(await client.findGroup('c1_replay')).toEqual({
      type: 'Private',
      ownerId: 't1',
      createdAt: expect.any(Number),
      nextSeq: 1,
    });
    await client.sendCustomMessage({ ...message, groupId: 'c1_replay' });
    expect(await client.findGroup('c1_replay')).toEqual({
      type: 'Private',
      ownerId: 't1',
      createdAt: expect.any(Number),
      nextSeq: 2,
    });
  });

  it('tell a group that its owner has from one that somebody else has', async () => {
    const { client } = await setUp();
    await client.importAccount({ userId: 't2' });
    await client.createGroup(chat);
    expect(await failureOf(client.createGroup(chat))).toMatchObject({ imCode: 10025 });
    expect(await failureOf(client.createGroup({ ...chat, ownerId: 't2' }))).toMatchObject({ imCode: 10021 });
  });

  it('find no group where there is none, by the code of the group and not of the reply', async () => {
    const { client } = await setUp();
    expect(await client.findGroup('nothing')).toBeUndefined();
  });

  it.each([10010, 10015])('find no group for the code %i', async (ErrorCode) => {
    const { client } = scripted({ ...ok, GroupInfo: [{ GroupId: 'g', ErrorCode, ErrorInfo: '' }] });
    expect(await client.findGroup('g')).toBeUndefined();
  });

  it('fail for any other code of the group', async () => {
    const { client } = scripted({ ...ok, GroupInfo: [{ GroupId: 'g', ErrorCode: 10007, ErrorInfo: '' }] });
    expect(await failureOf(client.findGroup('g'))).toMatchObject({ code: 'UPSTREAM_FAILED', imCode: 10007 });
  });

  it.each([
    ['no list', {}],
    ['an empty list', { GroupInfo: [] }],
    ['two groups', { GroupInfo: [{ ErrorCode: 0 }, { ErrorCode: 0 }] }],
    ['a group without a code', { GroupInfo: [{ GroupId: 'g' }] }],
  ])('fail when the reply holds %s', async (_what, reply) => {
    const { client } = scripted({ ...ok, ...reply });
    expect(await failureOf(client.findGroup('g'))).toMatchObject({ code: 'UPSTREAM_FAILED', imCode: undefined });
  });

  it('destroy a group, and are content with one that is gone', async () => {
    const { client, calls } = await setUp();
    await client.createGroup(chat);
    await client.destroyGroup('c1_chat');
    await client.destroyGroup('c1_chat');
    expect(calls.filter(({ command }) => command === 'destroy_group')).toHaveLength(2);
    expect(await client.findGroup('c1_chat')).toBeUndefined();
  });

  it.each([10010, 10015])('are content with the code %i for a group to destroy', async (code) => {
    await expect(scripted(failure(code)).client.destroyGroup('g')).resolves.toBeUndefined();
  });

  it('fail for a group that may not be destroyed', async () => {
    expect(await failureOf(scripted(failure(10007)).client.destroyGroup('g'))).toMatchObject({ imCode: 10007 });
  });

  it('send one custom element past our own callbacks', async () => {
    const { client, calls } = await setUp();
    await client.createGroup(chat);
    await client.sendCustomMessage({ ...message, priority: 'High' });
    expect(calls.at(-1)?.body).toEqual({
      GroupId: 'c1_chat',
      Random: 8_912_345,
      MsgPriority: 'High',
      ForbidCallbackControl: ['ForbidBeforeSendMsgCallback', 'ForbidAfterSendMsgCallback'],
      MsgBody: [
        {
          MsgType: 'TIMCustomElem',
          MsgContent: { Data: '{"v":1,"type":"notice","event":"join"}', Desc: 's1 has joined the room', Ext: '' },
        },
      ],
    });
  });

  it('report a lost reply of what was carried out', async () => {
    const { client, faults } = await setUp();
    faults.order({ command: 'create_group', times: 1, dropReply: true });
    expect(await failureOf(client.createGroup(chat))).toMatchObject({ replyLost: true });
    expect(await client.findGroup('c1_chat')).toMatchObject({ ownerId: 't1' });
  });
});
