import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createUserSigSigner } from '../../lib/usersig/signer.ts';
import { createFaults } from '../../local/faults.ts';
import type { Reporter, Tell } from '../../local/feed.ts';
import { json, type LocalReply, type LocalServer, serve } from '../../local/http.ts';
import { type CallbackOptions, createCallbackSender } from '../../local/im/callbacks.ts';
import { createIm } from '../../local/im/im.ts';
import type { ImLimits } from '../../local/im/limits.ts';

const sdkAppId = 1_400_000_001;
const secretKey = 'a-secret-key-of-the-tests';
const adminUserId = 'administrator';
const token = 'xxxxyyyy';
/** The moment of the vendor's worked example. */
const startMs = 1_669_872_112_000;
const signer = createUserSigSigner(sdkAppId, { secretKey });
const ok = { ActionStatus: 'OK', ErrorInfo: '', ErrorCode: 0 };

interface Received {
  query: URLSearchParams;
  body: Record<string, unknown>;
}
type Answer = (body: Record<string, unknown>) => LocalReply | Promise<LocalReply>;

let now = startMs;
const clock = () => now;
let receiver: LocalServer;
let received: Received[];
/** What the feed was told. */
let told: Parameters<Tell>[0][];
const feed: Reporter = { begin: () => (event) => void told.push(event) };
let answers: Map<string, Answer>;

const named = (command: string) => received.filter(({ body }) => body.CallbackCommand === `Group.Callback${command}`);
const toldOf = (command: string) => told.filter((event) => event.command === `Group.Callback${command}`);
const bodies = (command: string) => named(command).map(({ body }) => body);
const answerWith = (command: string, answer: object | Answer) =>
  answers.set(`Group.Callback${command}`, typeof answer === 'function' ? (answer as Answer) : () => json(answer));

const setUp = (options: Partial<CallbackOptions> = {}, limits: Partial<ImLimits> = {}) => {
  const faults = createFaults();
  const callbacks = createCallbackSender({
    url: () => `${receiver.origin}/im-callback`,
    token,
    sdkAppId,
    clock,
    fetch,
    faults,
    feed,
    ...options,
  });
  const im = createIm({ sdkAppId, key: { secretKey }, adminUserId, clock, faults, callbacks, limits });
  const call = async (command: string, body: object) => {
    const usersig = signer.signUserSig({ userId: adminUserId, issuedAt: Math.floor(now / 1000), ttlSeconds: 60 });
    const reply = await im.rest({
      method: 'POST',
      path: `/v4/${command}`,
      query: new URLSearchParams({
        sdkappid: String(sdkAppId),
        identifier: adminUserId,
        usersig,
        random: '1',
        contenttype: 'json',
      }),
      headers: {},
      body: Buffer.from(JSON.stringify(body)),
      remoteAddress: '127.0.0.1',
    });
    return reply === 'hang up' ? reply : JSON.parse(String(reply.body));
  };
  const group = (command: string, body: object) => call(`group_open_http_svc/${command}`, body);
  return { im, faults, callbacks, call, group };
};

/** teacher1 and student1 exist, and teacher1's Private group `replay`; what that took is forgotten. */
const withGroup = async (...options: Parameters<typeof setUp>) => {
  const made = setUp(...options);
  await made.call('im_open_login_svc/multiaccount_import', { Accounts: ['teacher1', 'student1', 'student2'] });
  await made.group('create_group', { GroupId: 'replay', Type: 'Private', Name: 'c42', Owner_Account: 'teacher1' });
  await made.callbacks.idle();
  received.length = 0;
  return made;
};

const text = (Text: string) => [{ MsgType: 'TIMTextElem', MsgContent: { Text } }];
const message = (fields: object = {}) => ({
  GroupId: 'replay',
  Random: 7,
  From_Account: 'teacher1',
  MsgBody: text('hello'),
  ...fields,
});
const kept = async ({ group }: ReturnType<typeof setUp>) =>
  (await group('group_msg_get_simple', { GroupId: 'replay', ReqMsgNumber: 20 })).RspMsgList;

beforeEach(async () => {
  now = startMs;
  received = [];
  told = [];
  answers = new Map();
  receiver = await serve(0, async ({ query, body }) => {
    const parsed = JSON.parse(body.toString());
    received.push({ query, body: parsed });
    return (await answers.get(parsed.CallbackCommand)?.(parsed)) ?? json(ok);
  });
});
afterEach(() => receiver.close());

describe('a callback', () => {
  it('names itself and signs in the query as the vendor’s worked example does', async () => {
    const im = await withGroup();
    await im.group('send_group_msg', message());
    expect(Object.fromEntries(named('BeforeSendMsg')[0]?.query ?? [])).toEqual({
      SdkAppid: String(sdkAppId),
      CallbackCommand: 'Group.CallbackBeforeSendMsg',
      contenttype: 'json',
      ClientIP: '127.0.0.1',
      OptPlatform: 'RESTAPI',
      Sign: '17773bc39a671d7b9aa835458704d2a6db81360a5940292b587d6d760d484061',
      RequestTime: '1669872112',
    });
  });

  it('is signed anew each time, and added to a query that the address has', async () => {
    const im = await withGroup({ url: () => `${receiver.origin}/im-callback?tenant=a` });
    now += 5000;
    await im.group('send_group_msg', message());
    const query = named('BeforeSendMsg')[0]?.query;
    expect(query?.get('tenant')).toBe('a');
    expect(query?.get('Sign')).toBe(createHash('sha256').update(`${token}1669872117`).digest('hex'));
  });

  it('is not sent while there is no address', async () => {
    const im = await withGroup({ url: () => undefined });
    expect((await im.group('send_group_msg', message())).ErrorCode).toBe(0);
    expect(received).toEqual([]);
    expect(told).toEqual([]);
  });
});

describe('the bodies', () => {
  it('of a message are the same before and after, but for number and time', async () => {
    const im = await withGroup();
    await im.group('send_group_msg', message({ CloudCustomData: 'data' }));
    await im.callbacks.idle();
    const before = {
      CallbackCommand: 'Group.CallbackBeforeSendMsg',
      GroupId: 'replay',
      Type: 'Private',
      From_Account: 'teacher1',
      Operator_Account: adminUserId,
      Random: 7,
      MsgId: expect.stringMatching(/^\d{18}-1669872112-7$/),
      OnlineOnlyFlag: 0,
      MsgBody: text('hello'),
      CloudCustomData: 'data',
      EventTime: startMs,
    };
    expect(bodies('BeforeSendMsg')).toEqual([before]);
    expect(bodies('AfterSendMsg')).toEqual([
      { ...before, CallbackCommand: 'Group.CallbackAfterSendMsg', MsgSeq: 1, MsgTime: 1_669_872_112 },
    ]);
  });

  it('of a group’s life name operator, owner and members', async () => {
    const im = await withGroup();
    const create = {
      GroupId: 'g1',
      Type: 'Public',
      Name: 'n',
      Owner_Account: 'teacher1',
      MemberList: [{ Member_Account: 'student1' }],
      AppDefinedData: [{ Key: 'k', Value: 'v' }],
    };
    await im.group('create_group', create);
    await im.group('modify_group_base_info', { GroupId: 'g1', Name: 'm', ShutUpAllMember: 'On' });
    await im.group('modify_group_base_info', { GroupId: 'g1', ShutUpAllMember: 'Off' });
    await im.group('destroy_group', { GroupId: 'g1' });
    await im.callbacks.idle();
    const created = {
      Operator_Account: adminUserId,
      Owner_Account: 'teacher1',
      Type: 'Public',
      Name: 'n',
      CreatedGroupNum: 1,
      MemberList: [{ Member_Account: 'student1' }],
      EventTime: startMs,
    };
    expect(bodies('BeforeCreateGroup')).toEqual([{ CallbackCommand: 'Group.CallbackBeforeCreateGroup', ...created }]);
    expect(bodies('AfterCreateGroup')).toEqual([
      {
        ...created,
        CallbackCommand: 'Group.CallbackAfterCreateGroup',
        GroupId: 'g1',
        CreatedGroupNum: 2,
        UserDefinedDataList: [{ Key: 'k', Value: 'v' }],
      },
    ]);
    expect(bodies('AfterGroupInfoChanged')).toEqual([
      {
        CallbackCommand: 'Group.CallbackAfterGroupInfoChanged',
        GroupId: 'g1',
        Type: 'Public',
        Operator_Account: adminUserId,
        Name: 'm',
        EventTime: startMs,
      },
    ]);
    expect(bodies('AfterGroupDestroyed')).toEqual([
      {
        CallbackCommand: 'Group.CallbackAfterGroupDestroyed',
        GroupId: 'g1',
        Type: 'Public',
        Owner_Account: 'teacher1',
        Name: 'm',
        MemberList: [{ Member_Account: 'student1' }, { Member_Account: 'teacher1' }],
        EventTime: startMs,
      },
    ]);
  });

  it('of members coming and going name those for whom it changed something', async () => {
    const im = await withGroup({}, { privateMembers: 2 });
    const list = ['teacher1', 'student1'].map((Member_Account) => ({ Member_Account }));
    await im.group('add_group_member', { GroupId: 'replay', Silence: 1, MemberList: list });
    await im.group('delete_group_member', { GroupId: 'replay', MemberToDel_Account: ['student1', 'student2'] });
    await im.group('delete_group_member', { GroupId: 'replay', MemberToDel_Account: ['student2'] });
    await im.callbacks.idle();
    const about = { GroupId: 'replay', Type: 'Private', Operator_Account: adminUserId, EventTime: startMs };
    expect(bodies('BeforeInviteJoinGroup')).toEqual([
      { CallbackCommand: 'Group.CallbackBeforeInviteJoinGroup', ...about, DestinationMembers: list },
    ]);
    expect(bodies('AfterNewMemberJoin')).toEqual([
      {
        CallbackCommand: 'Group.CallbackAfterNewMemberJoin',
        ...about,
        JoinType: 'Invited',
        NewMemberList: [{ Member_Account: 'student1' }],
      },
    ]);
    expect(bodies('AfterGroupFull')).toEqual([
      { CallbackCommand: 'Group.CallbackAfterGroupFull', GroupId: 'replay', EventTime: startMs },
    ]);
    expect(bodies('AfterMemberExit')).toEqual([
      {
        CallbackCommand: 'Group.CallbackAfterMemberExit',
        ...about,
        ExitType: 'Kicked',
        ExitMemberList: [{ Member_Account: 'student1' }],
      },
    ]);
  });
});

describe('the answer to a message', () => {
  it.each([
    [1, 'no', 10016, 'refused by the callback of the app'],
    [10099, 'no', 10016, 'refused by the callback of the app'],
    [10100, 'slow down', 10100, 'slow down'],
    [10200, 'be nice', 10200, 'be nice'],
    [10201, 'no', 10016, 'refused by the callback of the app'],
  ])('%i “%s” refuses it with %i', async (ErrorCode, ErrorInfo, code, info) => {
    const im = await withGroup();
    answerWith('BeforeSendMsg', { ActionStatus: 'OK', ErrorCode, ErrorInfo });
    expect(await im.group('send_group_msg', message())).toEqual({
      ActionStatus: 'FAIL',
      ErrorCode: code,
      ErrorInfo: info,
    });
    expect(await kept(im)).toEqual([]);
    await im.callbacks.idle();
    expect(named('AfterSendMsg')).toEqual([]);
  });

  it('2 drops it, and the sender sees a success', async () => {
    const im = await withGroup();
    answerWith('BeforeSendMsg', { ...ok, ErrorCode: 2 });
    expect((await im.group('send_group_msg', message())).ErrorCode).toBe(0);
    await im.callbacks.idle();
    expect(await kept(im)).toEqual([]);
    expect(named('AfterSendMsg')).toEqual([]);
  });

  it('0 with another message has that delivered', async () => {
    const im = await withGroup();
    answerWith('BeforeSendMsg', { ...ok, MsgBody: text('h***o'), CloudCustomData: 'ours' });
    await im.group('send_group_msg', message({ CloudCustomData: 'theirs' }));
    await im.callbacks.idle();
    expect(await kept(im)).toMatchObject([{ MsgBody: text('h***o'), CloudCustomData: 'ours' }]);
    expect(bodies('AfterSendMsg')).toMatchObject([{ MsgBody: text('h***o'), CloudCustomData: 'ours' }]);
  });

  it('0 with new CloudCustomData alone keeps the message', async () => {
    const im = await withGroup();
    answerWith('BeforeSendMsg', { ...ok, CloudCustomData: 'ours' });
    await im.group('send_group_msg', message());
    expect(await kept(im)).toMatchObject([{ MsgBody: text('hello'), CloudCustomData: 'ours' }]);
  });

  const custom = { MsgType: 'TIMCustomElem', MsgContent: { Data: 'd' } };
  it.each<[string, Answer]>([
    ['of status 500', () => json(ok, 500)],
    ['that is no JSON', () => ({ status: 200, body: 'OK' })],
    ['without a code', () => json({ ActionStatus: 'OK' })],
    ['that rewrites into two custom elements', () => json({ ...ok, MsgBody: [custom, custom] })],
    ['that never comes', () => 'hang up'],
  ])('%s does not stop it', async (_, answer) => {
    const im = await withGroup();
    answerWith('BeforeSendMsg', answer);
    expect((await im.group('send_group_msg', message())).ErrorCode).toBe(0);
    expect(await kept(im)).toMatchObject([{ MsgBody: text('hello') }]);
  });

  it('that is too late does not stop it', async () => {
    const im = await withGroup({ timeoutMs: 20 });
    let release: (reply: LocalReply) => void = () => undefined;
    answerWith('BeforeSendMsg', () => new Promise<LocalReply>((resolve) => (release = resolve)));
    expect((await im.group('send_group_msg', message())).ErrorCode).toBe(0);
    expect(await kept(im)).toHaveLength(1);
    expect(toldOf('BeforeSendMsg')).toMatchObject([{ outcome: 'timeout' }]);
    release(json({ ...ok, ErrorCode: 1 }));
  });

  it('may be too late for a `fetch` that does not look at its signal', async () => {
    const im = await withGroup({ timeoutMs: 20, fetch: () => new Promise(() => undefined) });
    expect((await im.group('send_group_msg', message())).ErrorCode).toBe(0);
  });

  it('is asked for at once, yet one sender’s messages keep their order', async () => {
    const im = await withGroup();
    let second: () => void = () => undefined;
    const secondAsked = new Promise<void>((resolve) => (second = resolve));
    answerWith('BeforeSendMsg', async ({ Random }) => {
      if (Random === 1) await secondAsked;
      else second();
      return json(ok);
    });
    const sent = [1, 2].map((Random) => im.group('send_group_msg', message({ Random })));
    expect((await Promise.all(sent)).map(({ MsgSeq }) => MsgSeq)).toEqual([1, 2]);
  });

  it('is not waited for when the group is gone meanwhile', async () => {
    const im = await withGroup();
    answerWith('BeforeSendMsg', async () => {
      await im.group('destroy_group', { GroupId: 'replay' });
      return json(ok);
    });
    expect((await im.group('send_group_msg', message())).ErrorCode).toBe(10010);
  });
});

describe('which callbacks a message causes', () => {
  it('is limited by ForbidCallbackControl', async () => {
    const im = await withGroup();
    await im.group('send_group_msg', message({ ForbidCallbackControl: ['ForbidBeforeSendMsgCallback'] }));
    await im.group('send_group_msg', message({ Random: 8, ForbidCallbackControl: ['ForbidAfterSendMsgCallback'] }));
    await im.callbacks.idle();
    expect(received.map(({ body }) => [body.CallbackCommand, body.Random])).toEqual([
      ['Group.CallbackAfterSendMsg', 7],
      ['Group.CallbackBeforeSendMsg', 8],
    ]);
  });

  it('is only the one before when it is over the rate, or has been sent already', async () => {
    const im = await withGroup({}, { messagesPerSecondPerGroup: 1 });
    for (const Random of [1, 2, 1]) await im.group('send_group_msg', message({ Random }));
    await im.callbacks.idle();
    expect(bodies('BeforeSendMsg').map(({ Random }) => Random)).toEqual([1, 2, 1]);
    expect(bodies('AfterSendMsg').map(({ Random }) => Random)).toEqual([1]);
  });

  it('is none for a system notification', async () => {
    const im = await withGroup();
    await im.group('send_group_system_notification', { GroupId: 'replay', Content: 'c' });
    await im.callbacks.idle();
    expect(received).toEqual([]);
  });
});

describe('the other answers', () => {
  it('refuse a group', async () => {
    const im = await withGroup();
    answerWith('BeforeCreateGroup', { ...ok, ErrorCode: 1 });
    const create = { GroupId: 'g1', Type: 'Private', Name: 'n' };
    expect((await im.group('create_group', create)).ErrorCode).toBe(10016);
    expect((await im.group('get_group_info', { GroupIdList: ['g1'] })).GroupInfo[0].ErrorCode).toBe(10010);
  });

  it('come too late for an id that somebody has taken meanwhile', async () => {
    const im = await withGroup();
    const create = { GroupId: 'g1', Type: 'Private', Name: 'n', Owner_Account: 'teacher1' };
    const replies = await Promise.all([im.group('create_group', create), im.group('create_group', create)]);
    expect(replies.map(({ ErrorCode }) => ErrorCode).sort()).toEqual([0, 10025]);
  });

  it('keep some or all of the invited out', async () => {
    const im = await withGroup();
    const add = () =>
      im.group('add_group_member', {
        GroupId: 'replay',
        MemberList: [{ Member_Account: 'student1' }, { Member_Account: 'student2' }],
      });
    answerWith('BeforeInviteJoinGroup', { ...ok, ErrorCode: 1 });
    expect((await add()).ErrorCode).toBe(10016);
    answerWith('BeforeInviteJoinGroup', { ...ok, RefusedMembers_Account: ['student1'] });
    expect((await add()).MemberList).toEqual([
      { Member_Account: 'student1', Result: 0 },
      { Member_Account: 'student2', Result: 1 },
    ]);
  });

  it('are not waited for after the fact', async () => {
    const im = await withGroup();
    let release: (reply: LocalReply) => void = () => undefined;
    answerWith('AfterSendMsg', () => new Promise<LocalReply>((resolve) => (release = resolve)));
    expect((await im.group('send_group_msg', message())).ErrorCode).toBe(0);
    // One that was waited for in vain would have been told of.
    expect(toldOf('AfterSendMsg')).toEqual([]);
    release(json(ok));
  });
});

describe('an ordered fault of a callback', () => {
  const command = 'Group.CallbackBeforeSendMsg';

  it('with a code keeps it from being sent, and the message goes on', async () => {
    const im = await withGroup();
    im.faults.order({ command, times: 1, errorCode: 500 });
    expect((await im.group('send_group_msg', message())).ErrorCode).toBe(0);
    await im.callbacks.idle();
    expect(named('BeforeSendMsg')).toEqual([]);
    expect(toldOf('BeforeSendMsg')).toMatchObject([
      { kind: 'upstream', service: 'IM', command, outcome: 'not sent', fault: { errorCode: 500 } },
    ]);
  });

  it('that drops the reply goes on as if there were none', async () => {
    const im = await withGroup();
    answerWith('BeforeSendMsg', { ...ok, ErrorCode: 1 });
    im.faults.order({ command, times: 1, dropReply: true });
    expect((await im.group('send_group_msg', message())).ErrorCode).toBe(0);
    await im.callbacks.idle();
    expect(named('BeforeSendMsg')).toHaveLength(1);
    expect(toldOf('BeforeSendMsg')).toMatchObject([{ command, outcome: 'reply lost', fault: { dropReply: true } }]);
  });

  it('that delays holds it back before it is signed', async () => {
    const holds: number[] = [];
    const im = await withGroup({
      sleep: async (ms) => {
        holds.push(ms, received.length);
        now += ms;
      },
    });
    im.faults.order({ command, times: 1, delayMs: 3000 });
    await im.group('send_group_msg', message());
    expect(holds).toEqual([3000, 0]);
    expect(named('BeforeSendMsg')[0]?.query.get('RequestTime')).toBe('1669872115');
    expect(bodies('BeforeSendMsg')[0]?.EventTime).toBe(startMs);
  });

  it('that duplicates sends it twice, and the first answer counts', async () => {
    const im = await withGroup();
    let count = 0;
    answerWith('BeforeSendMsg', () => {
      count += 1;
      return json({ ...ok, ErrorCode: 1 });
    });
    im.faults.order({ command, times: 1, duplicate: true });
    expect((await im.group('send_group_msg', message())).ErrorCode).toBe(10016);
    await im.callbacks.idle();
    expect(count).toBe(2);
  });
});

describe('a callback that fails', () => {
  it('is told of with its body and what was wrong, and with nothing secret', async () => {
    const im = await withGroup();
    answerWith('BeforeSendMsg', () => json({}, 503));
    await im.group('send_group_msg', message());
    await im.callbacks.idle();
    expect(toldOf('BeforeSendMsg')).toMatchObject([
      {
        kind: 'upstream',
        service: 'IM',
        command: 'Group.CallbackBeforeSendMsg',
        request: { GroupId: 'replay' },
        outcome: 'bad reply',
        code: 503,
      },
    ]);
    const all = JSON.stringify(told);
    expect(all).not.toContain(token);
    expect(all).not.toContain(named('BeforeSendMsg')[0]?.query.get('Sign'));
  });
});
