import { describe, expect, it } from 'vitest';
import type { Fetch, FetchInit } from '../../lib/http/fetch.ts';
import { type CustomMessage, createImClient, forGood, historyPageSize, type ImClient } from '../../lib/im/client.ts';
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

  it('add dirty words and delete them, again without harm', async () => {
    const { client, im, calls } = await setUp();
    for (let times = 0; times < 2; times += 1) await client.addDirtyWords(['foo', '坏话']);
    expect([...im.state.dirtyWords]).toEqual(['foo', '坏话']);
    for (let times = 0; times < 2; times += 1) await client.deleteDirtyWords(['foo']);
    expect([...im.state.dirtyWords]).toEqual(['坏话']);
    expect(calls.slice(1).map(({ url }) => url.pathname)).toEqual([
      ...Array(2).fill('/v4/openim_dirty_words/add'),
      ...Array(2).fill('/v4/openim_dirty_words/delete'),
    ]);
  });

  it('report a lost reply of what was carried out', async () => {
    const { client, faults } = await setUp();
    faults.order({ command: 'create_group', times: 1, dropReply: true });
    expect(await failureOf(client.createGroup(chat))).toMatchObject({ replyLost: true });
    expect(await client.findGroup('c1_chat')).toMatchObject({ ownerId: 't1' });
  });
});

/** Of a method that has no answer but success. */
const commandsWithoutAnswer: readonly (readonly [command: string, run: (client: ImClient) => Promise<unknown>])[] = [
  ['modify_group_base_info', (client) => client.changeGroup('c1_chat', { name: 'Physics' })],
  ['delete_group_member', (client) => client.removeMember('c1_replay', 's1')],
  ['forbid_send_msg', (client) => client.muteMember('c1_chat', 's1', 60)],
  ['ban_group_member', (client) => client.banMember('c1_chat', 's1')],
  ['unban_group_member', (client) => client.unbanMember('c1_chat', 's1')],
  ['send_group_msg', (client) => client.sendCustomMessage({ ...message, senderId: 's1' })],
];
const commandsOfMembers = [
  ...commandsWithoutAnswer,
  ['add_group_member', (client: ImClient) => client.addMember('c1_replay', 's1')],
  ['get_group_info', (client: ImClient) => client.findGroups(['c1_chat', 'c1_replay'])],
  ['group_msg_get_simple', (client: ImClient) => client.readHistory('c1_replay')],
] as const;

describe('the commands of a class that goes on', () => {
  const setUp = async () => {
    const test = createTestIm({ clock: createClock() });
    for (const userId of ['t1', 's1']) await test.client.importAccount({ userId });
    await test.client.createGroup({ groupId: 'c1_chat', type: 'AVChatRoom', name: 'Maths', ownerId: 't1' });
    await test.client.createGroup({ groupId: 'c1_replay', type: 'Private', name: 'Maths', ownerId: 't1' });
    test.calls.splice(0);
    const group = (groupId: string) => test.im.state.groups.get(groupId);
    return { ...test, chat: () => group('c1_chat'), replay: () => group('c1_replay') };
  };

  it('rename a group', async () => {
    const { client, calls, chat } = await setUp();
    await client.changeGroup('c1_chat', { name: '物理' });
    expect(chat()).toMatchObject({ name: '物理', shutUpAllMember: 'Off' });
    expect(calls[0]?.body).toEqual({ GroupId: 'c1_chat', Name: '物理' });
  });

  it('silence a group and let it speak again, whose name stays', async () => {
    const { client, chat } = await setUp();
    await client.changeGroup('c1_chat', { muted: true });
    expect(chat()).toMatchObject({ name: 'Maths', shutUpAllMember: 'On' });
    await client.changeGroup('c1_chat', { muted: false });
    expect(chat()?.shutUpAllMember).toBe('Off');
  });

  it('add a member without telling anybody, again without harm', async () => {
    const { client, calls, replay } = await setUp();
    await client.addMember('c1_replay', 's1');
    await client.addMember('c1_replay', 's1');
    expect([...(replay()?.members.keys() ?? [])]).toEqual(['t1', 's1']);
    expect(calls[0]?.body).toEqual({ GroupId: 'c1_replay', Silence: 1, MemberList: [{ Member_Account: 's1' }] });
  });

  it('add nobody whom IM does not know', async () => {
    const { client } = await setUp();
    expect(await failureOf(client.addMember('c1_replay', 's9'))).toMatchObject({ imCode: 10019, replyLost: false });
  });

  it('add nobody to a full group', async () => {
    const { client } = scripted(failure(10014));
    expect(await failureOf(client.addMember('c1_replay', 's1'))).toMatchObject({ imCode: 10014 });
  });

  it.each([
    [0, false],
    [1, true],
    [2, true],
  ])('take the result %i of somebody to add for done: %s', async (Result, isDone) => {
    const { client } = scripted({ ...ok, MemberList: [{ Member_Account: 's1', Result }] });
    const added = client.addMember('c1_replay', 's1');
    if (isDone) await expect(added).resolves.toBeUndefined();
    else expect(await failureOf(added)).toMatchObject({ code: 'UPSTREAM_FAILED', imCode: undefined, replyLost: false });
  });

  it('take a member out without telling anybody, again without harm', async () => {
    const { client, calls, replay } = await setUp();
    await client.addMember('c1_replay', 's1');
    await client.removeMember('c1_replay', 's1');
    await client.removeMember('c1_replay', 's1');
    expect([...(replay()?.members.keys() ?? [])]).toEqual(['t1']);
    expect(calls.at(-1)?.body).toEqual({ GroupId: 'c1_replay', Silence: 1, MemberToDel_Account: ['s1'] });
  });

  it('mute somebody for a while, for good, and no more', async () => {
    const { client, calls, chat } = await setUp();
    const now = createClock().seconds();
    await client.muteMember('c1_chat', 's1', 60);
    expect(chat()?.mutes.get('s1')).toBe(now + 60);
    expect(calls[0]?.body).toEqual({ GroupId: 'c1_chat', Members_Account: ['s1'], MuteTime: 60 });
    await client.muteMember('c1_chat', 's1', forGood);
    expect(chat()?.mutes.get('s1')).toBe(4_294_967_295);
    await client.muteMember('c1_chat', 's1', 0);
    expect(chat()?.mutes.has('s1')).toBe(false);
  });

  it('ban somebody and let them in again', async () => {
    const { client, chat } = await setUp();
    expect(await client.banMember('c1_chat', 's1')).toBe(true);
    expect(chat()?.bans.has('s1')).toBe(true);
    await client.unbanMember('c1_chat', 's1');
    expect(chat()?.bans.has('s1')).toBe(false);
  });

  it('do without bans where the plan has none', async () => {
    const { client } = scripted(failure(10007));
    expect(await client.banMember('c1_chat', 's1')).toBe(false);
    await expect(client.unbanMember('c1_chat', 's1')).resolves.toBeUndefined();
  });

  it('find those groups of many that are there', async () => {
    const { client, calls } = await setUp();
    const found = await client.findGroups(['c1_chat', 'c2_chat', 'c1_replay']);
    expect([...found].map(([groupId, { type, ownerId }]) => [groupId, type, ownerId])).toEqual([
      ['c1_chat', 'AVChatRoom', 't1'],
      ['c1_replay', 'Private', 't1'],
    ]);
    expect(calls).toHaveLength(1);
  });

  it('send in the name of somebody whom IM knows', async () => {
    const { client, calls, replay } = await setUp();
    await client.sendCustomMessage({ ...message, groupId: 'c1_replay', senderId: 's1' });
    expect(calls[0]?.body).toMatchObject({ From_Account: 's1' });
    expect(replay()?.messages.map(({ from }) => from)).toEqual(['s1']);
    const unknown = client.sendCustomMessage({ ...message, groupId: 'c1_replay', senderId: 's9' });
    expect(await failureOf(unknown)).toMatchObject({ imCode: 10019 });
  });

  it('read a history back, newest first, page by page', async () => {
    const { client, calls } = await setUp();
    for (let random = 1; random <= 25; random += 1)
      await client.sendCustomMessage({ ...message, groupId: 'c1_replay', senderId: 's1', random });
    const first = await client.readHistory('c1_replay');
    const second = await client.readHistory('c1_replay', (first.messages.at(-1)?.seq ?? 0) - 1);
    expect(first.messages.map(({ seq }) => seq)).toEqual(Array.from({ length: historyPageSize }, (_, n) => 25 - n));
    expect(second.messages.map(({ seq }) => seq)).toEqual([5, 4, 3, 2, 1]);
    expect(first.messages[0]).toEqual({
      seq: 25,
      time: createClock().seconds(),
      senderId: 's1',
      isByAdministrator: false,
      random: 25,
      data: '{"v":1,"type":"notice","event":"join"}',
    });
    expect(first.restIsExpired).toBe(false);
    expect(calls.slice(-2).map(({ body }) => body)).toEqual([
      { GroupId: 'c1_replay', ReqMsgNumber: 20 },
      { GroupId: 'c1_replay', ReqMsgNumber: 20, ReqMsgSeq: 5 },
    ]);
  });

  it('tell in a history what is left of messages that are no more', async () => {
    const { client } = scripted({
      ...ok,
      IsFinished: 2,
      RspMsgList: [
        {
          MsgSeq: 4,
          IsPlaceMsg: 0,
          From_Account: 'administrator',
          MsgBody: [{ MsgType: 'TIMTextElem', MsgContent: { Text: 'hi' } }],
        },
        { MsgSeq: 3, IsPlaceMsg: 2, From_Account: 's1', MsgRandom: 7, MsgTimeStamp: 9, MsgBody: [] },
        { MsgSeq: 2, IsPlaceMsg: 1, MsgBody: [] },
      ],
    });
    const nothing = { time: 0, senderId: '', isByAdministrator: false, random: 0, data: undefined };
    expect(await client.readHistory('c1_replay')).toEqual({
      restIsExpired: true,
      messages: [
        { ...nothing, seq: 4, senderId: 'administrator', isByAdministrator: true },
        { ...nothing, seq: 3, senderId: 's1', random: 7, time: 9, hole: 'recalled' },
        { ...nothing, seq: 2, hole: 'expired' },
      ],
    });
  });

  it('read an empty history', async () => {
    const { client } = await setUp();
    expect(await client.readHistory('c1_replay')).toEqual({ restIsExpired: false, messages: [] });
  });

  it.each(commandsOfMembers)('%s fails as IM refuses it', async (_command, run) => {
    expect(await failureOf(run(scripted(failure(10010)).client))).toMatchObject({
      code: 'UPSTREAM_FAILED',
      imCode: 10010,
      replyLost: false,
    });
    expect(await failureOf(run(scripted(failure(60007)).client))).toMatchObject({ code: 'RATE_LIMITED' });
  });

  it.each(commandsOfMembers)('%s reports a lost reply, and is not sent again', async (command, run) => {
    const { client, faults, calls } = await setUp();
    await client.addMember('c1_replay', 's1');
    calls.splice(0);
    faults.order({ command, times: 1, dropReply: true });
    expect(await failureOf(run(client))).toMatchObject({ imCode: undefined, replyLost: true });
    expect(calls).toHaveLength(1);
  });

  it.each(commandsOfMembers)('%s does not take a page for a reply', async (_command, run) => {
    expect(await failureOf(run(scripted('<html>').client))).toMatchObject({ imCode: undefined, replyLost: true });
  });

  it.each(commandsWithoutAnswer)('%s needs no more than a success', async (_command, run) => {
    await expect(run(scripted(ok).client)).resolves.not.toThrow();
  });

  it.each([
    ['addMember', 'no list', {}],
    ['addMember', 'somebody without a result', { MemberList: [{ Member_Account: 's1' }] }],
    ['findGroups', 'no list', {}],
    ['findGroups', 'one group too few', { GroupInfo: [{ GroupId: 'c1_chat', ErrorCode: 10010 }] }],
    ['findGroups', 'a group without an id', { GroupInfo: [{ ErrorCode: 0 }, { GroupId: 'g', ErrorCode: 0 }] }],
    ['readHistory', 'no list', { IsFinished: 1 }],
    ['readHistory', 'a message without its place', { RspMsgList: [{ MsgBody: [] }] }],
    ['readHistory', 'a message without a body', { RspMsgList: [{ MsgSeq: 1 }] }],
    [
      'readHistory',
      'data that is no text',
      { RspMsgList: [{ MsgSeq: 1, MsgBody: [{ MsgType: 'TIMCustomElem', MsgContent: { Data: 1 } }] }] },
    ],
  ] as const)('%s fails when the reply holds %s', async (method, _what, reply) => {
    const { client } = scripted({ ...ok, ...reply });
    const work = {
      addMember: () => client.addMember('c1_replay', 's1'),
      findGroups: () => client.findGroups(['c1_chat', 'c1_replay']),
      readHistory: () => client.readHistory('c1_replay'),
    }[method];
    expect(await failureOf(work())).toMatchObject({ code: 'UPSTREAM_FAILED', imCode: undefined, replyLost: true });
  });
});
