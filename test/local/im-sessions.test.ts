import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { createUserSigSigner } from '../../lib/usersig/signer.ts';
import { createFaults, type Faults } from '../../local/faults.ts';
import { json, type LocalReply, type LocalServer, serve } from '../../local/http.ts';
import { createCallbackSender } from '../../local/im/callbacks.ts';
import { createIm, type Im } from '../../local/im/im.ts';
import { importAccount } from '../../local/im/import-account.ts';
import { serveUpgrades } from '../../local/upgrades.ts';

const sdkAppId = 1_400_000_001;
const secretKey = 'a-secret-key-of-the-tests';
const adminUserId = 'administrator';
const signer = createUserSigSigner(sdkAppId, { secretKey });
const ok = { ActionStatus: 'OK', ErrorInfo: '', ErrorCode: 0 };

let now = 0;
let im: Im;
let faults: Faults;
let server: LocalServer;
let callbacks: ReturnType<typeof createCallbackSender>;
/** What the app's backend was told, and what it answers. */
let told: Record<string, unknown>[];
let platforms: (string | null)[];
let answers: Map<string, object>;
const clients: Client[] = [];

const toldOf = (command: string) =>
  told.filter(({ CallbackCommand }) => CallbackCommand === `Group.Callback${command}`);
const sig = (userId: string) => signer.signUserSig({ userId, issuedAt: Math.floor(now / 1000), ttlSeconds: 3600 });

const rest = async (command: string, body: object) => {
  const reply = await im.rest({
    method: 'POST',
    path: `/v4/group_open_http_svc/${command}`,
    query: new URLSearchParams({
      sdkappid: String(sdkAppId),
      identifier: adminUserId,
      usersig: sig(adminUserId),
      random: '1',
      contenttype: 'json',
    }),
    headers: {},
    body: Buffer.from(JSON.stringify(body)),
    remoteAddress: '127.0.0.1',
  });
  const parsed = reply === 'hang up' ? undefined : JSON.parse(String(reply.body));
  expect(parsed).toMatchObject({ ErrorCode: 0 });
  return parsed;
};

type Frame = Record<string, unknown>;

/** An IM client: frames that answer an `id` go to who asked, all others are pushes. */
class Client {
  readonly socket: WebSocket;
  readonly pushes: Frame[] = [];
  readonly closed: Promise<{ code: number; reason: string }>;
  private readonly waiting = new Map<unknown, (reply: Frame) => void>();
  private nextId = 1;

  constructor(query: Record<string, string>) {
    this.socket = new WebSocket(`${server.origin.replace('http', 'ws')}/im?${new URLSearchParams(query)}`);
    this.closed = once(this.socket, 'close').then(([code, reason]) => ({ code, reason: String(reason) }));
    this.socket.on('message', (data) => {
      const frame = JSON.parse(String(data));
      const waiting = 'id' in frame ? this.waiting.get(frame.id) : undefined;
      if (waiting) waiting(frame);
      else this.pushes.push(frame);
    });
    clients.push(this);
  }

  ask(frame: Frame): Promise<Frame> {
    const id = this.nextId++;
    this.socket.send(JSON.stringify({ id, ...frame }));
    return this.answerTo(id);
  }

  answerTo(id: unknown): Promise<Frame> {
    return new Promise((resolve) => this.waiting.set(id, resolve));
  }

  async code(frame: Frame) {
    return (await this.ask(frame)).ErrorCode;
  }

  /** All pushes so far: what was pushed before the answer to a frame has come before it. */
  async pushed(): Promise<Frame[]> {
    await this.ask({ op: 'quit', groupId: 'no such group' });
    return this.pushes;
  }
}

const connectAs = async (userId: string, more: Record<string, string> = {}) => {
  const client = new Client({ sdkappid: String(sdkAppId), identifier: userId, usersig: sig(userId), ...more });
  await once(client.socket, 'open');
  return client;
};

const text = (Text: string) => [{ MsgType: 'TIMTextElem', MsgContent: { Text } }];
const say = (groupId: string, Text = 'hello', more: object = {}) => ({
  op: 'send',
  groupId,
  message: { MsgBody: text(Text), ...more },
});
const join = { op: 'join', groupId: 'chat' };
const quit = { op: 'quit', groupId: 'chat' };

beforeEach(async () => {
  now = 1_700_000_000_000;
  told = [];
  platforms = [];
  answers = new Map();
  server = await serve(0, async ({ path, query, body }): Promise<LocalReply> => {
    if (path !== '/im-callback') return { status: 404 };
    const callback = JSON.parse(body.toString());
    told.push(callback);
    platforms.push(query.get('OptPlatform'));
    return json(answers.get(callback.CallbackCommand) ?? ok);
  });
  faults = createFaults();
  const clock = () => now;
  callbacks = createCallbackSender({
    url: () => `${server.origin}/im-callback`,
    token: 't',
    sdkAppId,
    clock,
    fetch,
    faults,
  });
  im = createIm({ sdkAppId, key: { secretKey }, adminUserId, clock, faults, callbacks, limits: { privateMembers: 3 } });
  serveUpgrades(server.server, { '/im': im.upgrade });
  for (const [GroupId, Type] of [
    ['chat', 'AVChatRoom'],
    ['replay', 'Private'],
  ])
    await rest('create_group', { GroupId, Type, Name: 'c42' });
  await callbacks.idle();
  told.length = 0;
  platforms.length = 0;
});

afterEach(async () => {
  im.close();
  for (const { socket } of clients.splice(0)) socket.terminate();
  await callbacks.idle();
  await server.close();
});

describe('a login', () => {
  it('imports the account', async () => {
    await connectAs('student1');
    expect(im.state.accounts.has('student1')).toBe(true);
  });

  it.each([
    ['another user’s UserSig', () => ({ usersig: sig('student2') }), /^70013 /],
    ['no UserSig', () => ({ usersig: '' }), /^70002 /],
    ['a UserSig that is none', () => ({ usersig: 'nonsense' }), /^70003 /],
  ])('with %s is closed with the reason', async (_, query, reason) => {
    const client = await connectAs('student1', query());
    expect(await client.closed).toEqual({ code: 4001, reason: expect.stringMatching(reason) });
    expect(im.state.accounts.has('student1')).toBe(false);
  });

  it('with a UserSig that has run out is closed with 70001', async () => {
    const usersig = sig('student1');
    now += 3_601_000;
    expect((await (await connectAs('student1', { usersig })).closed).reason).toMatch(/^70001 /);
  });

  it.each([
    ['another SDKAppID', '/im?sdkappid=1', '127.0.0.1', 403],
    ['another host', `/im?sdkappid=${sdkAppId}`, 'evil.example', 403],
    ['another path', `/other?sdkappid=${sdkAppId}`, 'localhost', 404],
    ['a path that is no address', '//', 'localhost', 404],
  ])('to %s is refused before it is a WebSocket', async (_, path, host, status) => {
    const socket = connect(server.port, '127.0.0.1');
    socket.write(
      `GET ${path} HTTP/1.1\r\nHost: ${host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
        'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
    );
    const [head] = await once(socket, 'data');
    expect(String(head)).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    socket.destroy();
  });

  it('ends the older one of the same platform, and leaves other platforms alone', async () => {
    const [web, phone] = [await connectAs('student1'), await connectAs('student1', { platform: 'Android' })];
    await web.ask(join);
    await connectAs('student1');
    expect((await web.closed).code).toBe(4002);
    expect(web.pushes).toEqual([{ event: 'kicked', reason: 'login elsewhere' }]);
    expect(await phone.pushed()).toEqual([]);
    expect(await rest('get_online_member_num', { GroupId: 'chat' })).toMatchObject({ OnlineMemberNum: 0 });
  });
});

describe('a frame', () => {
  it.each([
    ['is no JSON', '{', null],
    ['asks for what there is not', '{"id":9,"op":"dance","groupId":"chat"}', 9],
    ['names no group', '{"id":"a","op":"join"}', 'a'],
    ['has no usable id', '{"id":{},"op":"join","groupId":"chat"}', null],
  ])('that %s is refused with 60003, and the session goes on', async (_, frame, id) => {
    const client = await connectAs('student1');
    const answer = client.answerTo(id);
    client.socket.send(frame);
    expect(await answer).toEqual({ id, ErrorCode: 60003, ErrorInfo: 'not a frame' });
    expect(await client.ask(join)).toEqual({ id: expect.any(Number), ErrorCode: 0, ErrorInfo: '' });
  });

  it('of bytes is refused, too', async () => {
    const client = await connectAs('student1');
    const answer = client.answerTo(null);
    client.socket.send(Buffer.from(JSON.stringify({ id: 1, ...join })));
    expect((await answer).ErrorCode).toBe(60003);
  });

  it('waits for the joining before it', async () => {
    const client = await connectAs('student1');
    const answers = await Promise.all([client.code(join), client.code(say('chat')), client.code(quit)]);
    expect(answers).toEqual([0, 0, 0]);
  });
});

describe('joining and quitting an AVChatRoom', () => {
  it('asks the app’s backend, and tells it', async () => {
    const client = await connectAs('student1');
    expect(await client.code(join)).toBe(0);
    expect(await client.code(join)).toBe(0);
    expect(await client.code(quit)).toBe(0);
    expect(await client.code(quit)).toBe(10007);
    await callbacks.idle();
    const about = { GroupId: 'chat', Type: 'AVChatRoom', EventTime: now };
    expect(toldOf('BeforeApplyJoinGroup')).toEqual([
      { CallbackCommand: 'Group.CallbackBeforeApplyJoinGroup', ...about, Requestor_Account: 'student1' },
    ]);
    expect(toldOf('AfterNewMemberJoin')).toEqual([
      {
        CallbackCommand: 'Group.CallbackAfterNewMemberJoin',
        ...about,
        JoinType: 'Apply',
        Operator_Account: 'student1',
        NewMemberList: [{ Member_Account: 'student1' }],
      },
    ]);
    expect(toldOf('AfterMemberExit')).toEqual([
      {
        CallbackCommand: 'Group.CallbackAfterMemberExit',
        ...about,
        ExitType: 'Quit',
        Operator_Account: 'student1',
        ExitMemberList: [{ Member_Account: 'student1' }],
      },
    ]);
    expect(toldOf('AfterGroupFull')).toEqual([]);
    expect(new Set(platforms)).toEqual(new Set(['Web']));
  });

  it('tells nobody when the connection just ends', async () => {
    const client = await connectAs('student1');
    await client.ask(join);
    client.socket.close();
    const other = await connectAs('student2');
    await client.closed;
    await other.ask(join);
    await callbacks.idle();
    expect(toldOf('AfterMemberExit')).toEqual([]);
    const { MemberList } = await rest('get_group_member_info', { GroupId: 'chat', MemberInfoFilter: ['Role'] });
    expect(MemberList).toEqual([{ Member_Account: 'student2', Role: 'Member' }]);
  });

  it('counts an account once on two platforms, and quits on both', async () => {
    const [web, phone] = [await connectAs('student1'), await connectAs('student1', { platform: 'iOS' })];
    await web.ask(join);
    await phone.ask(join);
    expect(await rest('get_online_member_num', { GroupId: 'chat' })).toMatchObject({ OnlineMemberNum: 1 });
    expect(await phone.code(quit)).toBe(0);
    expect(await web.code(say('chat'))).toBe(10007);
    await callbacks.idle();
    expect(toldOf('AfterNewMemberJoin')).toHaveLength(1);
  });

  it('is refused by the app’s backend with 10016 or a code of its own', async () => {
    const client = await connectAs('student1');
    answers.set('Group.CallbackBeforeApplyJoinGroup', { ...ok, ErrorCode: 1 });
    expect(await client.code(join)).toBe(10016);
    answers.set('Group.CallbackBeforeApplyJoinGroup', { ...ok, ErrorCode: 10150, ErrorInfo: 'class is over' });
    expect(await client.ask(join)).toMatchObject({ ErrorCode: 10150, ErrorInfo: 'class is over' });
    expect(await client.code(say('chat'))).toBe(10007);
  });

  it('is refused while banned, and a ban puts out', async () => {
    const client = await connectAs('student1');
    await client.ask(join);
    await rest('ban_group_member', {
      GroupId: 'chat',
      Members_Account: ['student1'],
      Duration: 60,
      Description: 'spam',
    });
    expect(await client.pushed()).toEqual([{ event: 'kicked', groupId: 'chat', reason: 'spam' }]);
    expect(await client.code(join)).toBe(10007);
    now += 60_000;
    expect(await client.code(join)).toBe(0);
  });

  it('needs a room that is there', async () => {
    const client = await connectAs('student1');
    expect(await client.code({ op: 'join', groupId: 'none' })).toBe(10010);
    await client.ask(join);
    await rest('destroy_group', { GroupId: 'chat' });
    expect(await client.pushed()).toEqual([{ event: 'system', groupId: 'chat', kind: 'destroyed' }]);
    expect(await client.code(say('chat'))).toBe(10010);
    await rest('create_group', { GroupId: 'chat', Type: 'AVChatRoom', Name: 'another' });
    expect(await client.code(say('chat'))).toBe(10007);
  });

  it('is not for the owner to quit, who may write without having joined', async () => {
    const owner = await connectAs('teacher1');
    await rest('create_group', { GroupId: 'room', Type: 'AVChatRoom', Name: 'n', Owner_Account: 'teacher1' });
    expect(await owner.code(say('room'))).toBe(0);
    expect(await owner.code({ op: 'quit', groupId: 'room' })).toBe(10009);
    expect(await owner.pushed()).toEqual([]);
  });
});

describe('other groups', () => {
  it('are joined as their type and option say', async () => {
    const client = await connectAs('student1');
    for (const [GroupId, Type, ApplyJoinOption] of [
      ['free', 'Public', 'FreeAccess'],
      ['ask', 'Public', 'NeedPermission'],
      ['meeting', 'ChatRoom', 'NeedPermission'],
    ])
      await rest('create_group', { GroupId, Type, ApplyJoinOption, Name: 'n', MaxMemberCount: 1 });
    const codes = [];
    for (const groupId of ['free', 'free', 'ask', 'meeting', 'replay'])
      codes.push(await client.code({ op: 'join', groupId }));
    expect(codes).toEqual([0, 10013, 10007, 0, 10007]);
    const other = await connectAs('student2');
    expect(await other.code({ op: 'join', groupId: 'free' })).toBe(10014);
  });

  it('of type Private reach nobody but the owner before their first message', async () => {
    const [owner, member] = [await connectAs('teacher1'), await connectAs('student1')];
    await rest('create_group', { GroupId: 'board', Type: 'Private', Name: 'n', Owner_Account: 'teacher1' });
    await rest('add_group_member', { GroupId: 'board', MemberList: [{ Member_Account: 'student1' }] });
    await rest('send_group_system_notification', { GroupId: 'board', Content: 'early' });
    expect(await member.pushed()).toEqual([]);
    expect(await owner.pushed()).toEqual([
      { event: 'system', groupId: 'board', kind: 'joined', members: ['student1'] },
      { event: 'system', groupId: 'board', Content: 'early' },
    ]);
    await rest('send_group_msg', { GroupId: 'board', Random: 1, MsgBody: text('first') });
    await rest('send_group_system_notification', { GroupId: 'board', Content: 'late' });
    expect(await member.pushed()).toMatchObject([
      { event: 'message', MsgBody: text('first'), From_Account: adminUserId },
      { event: 'system', Content: 'late' },
    ]);
  });

  it('tell the others who came and who went, unless that is to be silent', async () => {
    const owner = await connectAs('teacher1');
    await connectAs('student1');
    await rest('create_group', { GroupId: 'board', Type: 'Private', Name: 'n', Owner_Account: 'teacher1' });
    for (const Silence of [0, 1]) {
      const MemberList = [{ Member_Account: 'student1' }];
      await rest('add_group_member', { GroupId: 'board', Silence, MemberList });
      await rest('delete_group_member', { GroupId: 'board', Silence, MemberToDel_Account: ['student1'] });
    }
    expect(await owner.pushed()).toMatchObject([
      { event: 'system', kind: 'joined' },
      { event: 'system', kind: 'left' },
    ]);
  });

  it('tell who was put out, unless that is to be silent', async () => {
    const client = await connectAs('student1');
    const MemberList = [{ Member_Account: 'student1' }];
    const out = { GroupId: 'replay', MemberToDel_Account: ['student1'], Reason: 'over' };
    await rest('add_group_member', { GroupId: 'replay', MemberList });
    await rest('delete_group_member', { ...out, Silence: 1 });
    expect(await client.pushed()).toEqual([]);
    await rest('add_group_member', { GroupId: 'replay', MemberList });
    await rest('delete_group_member', out);
    expect(await client.pushed()).toEqual([{ event: 'kicked', groupId: 'replay', reason: 'over' }]);
    expect(await client.code(say('replay'))).toBe(10007);
  });

  it('may be quit, a Private one even by its owner', async () => {
    const owner = await connectAs('teacher1');
    await rest('create_group', { GroupId: 'board', Type: 'Private', Name: 'n', Owner_Account: 'teacher1' });
    expect(await owner.code({ op: 'quit', groupId: 'board' })).toBe(0);
    const { GroupInfo } = await rest('get_group_info', { GroupIdList: ['board'] });
    expect(GroupInfo[0]).toMatchObject({ MemberNum: 0 });
    expect(GroupInfo[0].Owner_Account).toBeUndefined();
  });
});

describe('the roster', () => {
  const members = { op: 'members', groupId: 'chat' };

  it('of an AVChatRoom is who is there now, with roles, nicknames and mutes', async () => {
    importAccount(im, 'student1', { nick: 'Ming', faceUrl: '' });
    const [owner, student] = [await connectAs('teacher1'), await connectAs('student1')];
    await rest('create_group', { GroupId: 'room', Type: 'AVChatRoom', Name: 'n', Owner_Account: 'teacher1' });
    await connectAs('student2');
    await student.ask({ op: 'join', groupId: 'room' });
    await rest('forbid_send_msg', { GroupId: 'room', Members_Account: ['student1', 'student2'], MuteTime: 60 });
    const until = Math.floor(now / 1000) + 60;
    const ming = { Member_Account: 'student1', Role: 'Member', NickName: 'Ming', MuteUntil: until };
    expect(await owner.ask({ op: 'members', groupId: 'room' })).toEqual({
      id: expect.any(Number),
      ErrorCode: 0,
      ErrorInfo: '',
      members: [ming],
      ShutUpAllMember: 'Off',
    });
    await owner.ask({ op: 'join', groupId: 'room' });
    await rest('modify_group_base_info', { GroupId: 'room', ShutUpAllMember: 'On' });
    now += 60_000;
    expect(await student.ask({ op: 'members', groupId: 'room' })).toMatchObject({
      members: [
        { Member_Account: 'teacher1', Role: 'Owner', MuteUntil: 0 },
        { ...ming, MuteUntil: 0 },
      ],
      ShutUpAllMember: 'On',
    });
  });

  it('of a Private group is its members, online or not', async () => {
    for (const name of ['student1', 'student2']) importAccount(im, name);
    const MemberList = ['student2', 'student1'].map((name) => ({ Member_Account: name }));
    await rest('add_group_member', { GroupId: 'replay', MemberList });
    const student = await connectAs('student1');
    expect(await student.ask({ op: 'members', groupId: 'replay' })).toMatchObject({
      members: [
        { Member_Account: 'student2', Role: 'Member', MuteUntil: 0 },
        { Member_Account: 'student1', Role: 'Member', MuteUntil: 0 },
      ],
    });
  });

  it('is for those in the group', async () => {
    const student = await connectAs('student1');
    expect(await student.code(members)).toBe(10007);
    expect(await student.code({ ...members, groupId: 'none' })).toBe(10010);
    await student.ask(join);
    expect(await student.code(members)).toBe(0);
  });
});

describe('a session', () => {
  const expired = { event: 'kicked', reason: 'usersig expired' };

  it('ends when its sig runs out, and tells its client', async () => {
    const client = await connectAs('student1');
    await client.ask(join);
    now += 3_600_000;
    expect(await client.code(say('chat'))).toBe(0);
    client.pushes.length = 0;
    now += 1000;
    expect(await client.closed).toEqual({ code: 4003, reason: 'usersig expired' });
    expect(client.pushes).toEqual([expired]);
    expect(await rest('get_online_member_num', { GroupId: 'chat' })).toMatchObject({ OnlineMemberNum: 0 });
  });

  it('lives on with a fresh sig of the same account, in the groups that it has joined', async () => {
    const [renewed, other] = [await connectAs('student1'), await connectAs('student2')];
    await renewed.ask(join);
    now += 3_000_000;
    expect(await renewed.ask({ op: 'renew', userSig: sig('student1') })).toEqual({
      id: expect.any(Number),
      ErrorCode: 0,
      ErrorInfo: '',
    });
    now += 601_000;
    expect((await other.closed).code).toBe(4003);
    expect(await renewed.code(say('chat'))).toBe(0);
    now += 3_000_000;
    expect((await renewed.closed).code).toBe(4003);
  });

  it('goes on with its old sig when the new one is no good', async () => {
    const client = await connectAs('student1');
    const renew = async (userSig: unknown) => client.code({ op: 'renew', userSig });
    const old = sig('student1');
    now += 3_600_000;
    expect(await renew(sig('student2'))).toBe(70013);
    expect(await renew('nonsense')).toBe(70003);
    expect(await renew('')).toBe(70002);
    expect(await renew(undefined)).toBe(60003);
    expect(client.pushes).toEqual([]);
    now += 1000;
    expect((await client.closed).code).toBe(4003);
    expect((await (await connectAs('student1', { usersig: old })).closed).reason).toMatch(/^70001 /);
  });
});

describe('an ordered fault of a socket', () => {
  it('cuts off whoever sends next, without a word, and before it is done', async () => {
    const [student, other] = [await connectAs('student1'), await connectAs('student2')];
    await other.ask(join);
    other.pushes.length = 0;
    await student.ask(join);
    faults.order({ command: 'socket', times: 1 });
    student.socket.send(JSON.stringify({ id: 'last', ...say('chat') }));
    expect((await student.closed).code).toBe(1006);
    expect(student.pushes).toEqual([]);
    expect(await other.code(say('chat', 'still here'))).toBe(0);
    expect((await other.pushed()).map(({ MsgBody }) => MsgBody)).toEqual([text('still here')]);
  });
});

describe('a message', () => {
  it('reaches everybody who has joined, and its sender’s answer holds nothing but the code', async () => {
    const [one, two] = [await connectAs('student1'), await connectAs('student2')];
    await one.ask(join);
    await two.ask(join);
    expect(await one.ask(say('chat', 'hi', { MsgPriority: 'High', CloudCustomData: 'data' }))).toEqual({
      id: expect.any(Number),
      ErrorCode: 0,
      ErrorInfo: '',
    });
    const push = {
      event: 'message',
      groupId: 'chat',
      From_Account: 'student1',
      MsgBody: text('hi'),
      MsgSeq: 1,
      MsgTime: Math.floor(now / 1000),
      MsgPriority: 'High',
      Random: expect.any(Number),
      CloudCustomData: 'data',
    };
    expect(await two.pushed()).toEqual([push]);
    expect(await one.pushed()).toEqual([push]);
    expect(toldOf('BeforeSendMsg')).toMatchObject([{ From_Account: 'student1', Operator_Account: 'student1' }]);
  });

  it('that the app’s backend rewrites arrives rewritten', async () => {
    const [one, two] = [await connectAs('student1'), await connectAs('student2')];
    await one.ask(join);
    await two.ask(join);
    answers.set('Group.CallbackBeforeSendMsg', { ...ok, MsgBody: text('***'), CloudCustomData: 'checked' });
    await one.ask(say('chat', 'bad'));
    expect(await two.pushed()).toMatchObject([{ MsgBody: text('***'), CloudCustomData: 'checked' }]);
  });

  it('that the app’s backend drops looks sent, and arrives nowhere', async () => {
    const client = await connectAs('student1');
    await client.ask(join);
    answers.set('Group.CallbackBeforeSendMsg', { ...ok, ErrorCode: 2 });
    expect(await client.code(say('chat'))).toBe(0);
    expect(await client.pushed()).toEqual([]);
  });

  it('that the app’s backend refuses tells its sender why', async () => {
    const client = await connectAs('student1');
    await client.ask(join);
    answers.set('Group.CallbackBeforeSendMsg', { ...ok, ErrorCode: 1 });
    expect(await client.code(say('chat'))).toBe(10016);
    answers.set('Group.CallbackBeforeSendMsg', { ...ok, ErrorCode: 10120, ErrorInfo: 'too fast' });
    expect(await client.ask(say('chat'))).toMatchObject({ ErrorCode: 10120, ErrorInfo: 'too fast' });
    expect(await client.pushed()).toEqual([]);
  });

  it('of the muted is refused, even after they have come back', async () => {
    const client = await connectAs('student1');
    await client.ask(join);
    await rest('forbid_send_msg', { GroupId: 'chat', Members_Account: ['student1'], MuteTime: 60 });
    expect(await client.code(say('chat'))).toBe(10017);
    await client.ask(quit);
    await client.ask(join);
    expect(await client.code(say('chat'))).toBe(10017);
    now += 60_000;
    expect(await client.code(say('chat'))).toBe(0);
  });

  it('is for the owner alone while all are silenced', async () => {
    const [owner, student] = [await connectAs('teacher1'), await connectAs('student1')];
    await rest('create_group', { GroupId: 'room', Type: 'AVChatRoom', Name: 'n', Owner_Account: 'teacher1' });
    await rest('modify_group_base_info', { GroupId: 'room', ShutUpAllMember: 'On' });
    await student.ask({ op: 'join', groupId: 'room' });
    expect(await student.code(say('room'))).toBe(10017);
    expect(await owner.code(say('room'))).toBe(0);
  });

  it.each([
    ['no body', {}, 10004],
    ['a wrong priority', { MsgBody: text('x'), MsgPriority: 'high' }, 10004],
    ['more than 12 KB', { MsgBody: text('x'.repeat(12 * 1024)) }, 80002],
  ])('with %s is refused', async (_, message, code) => {
    const client = await connectAs('student1');
    await client.ask(join);
    expect(await client.code({ op: 'send', groupId: 'chat', message })).toBe(code);
  });

  it('may hold what the REST API may not send', async () => {
    const client = await connectAs('student1');
    await client.ask(join);
    const MsgBody = [{ MsgType: 'TIMImageElem', MsgContent: { UUID: 'u' } }];
    expect(await client.code({ op: 'send', groupId: 'chat', message: { MsgBody } })).toBe(0);
  });

  it('over the rate looks sent, and arrives nowhere', async () => {
    const client = await connectAs('student1');
    await client.ask(join);
    const codes = await Promise.all(Array.from({ length: 45 }, (_, index) => client.code(say('chat', `${index}`))));
    expect(codes).toEqual(Array(45).fill(0));
    const pushed = await client.pushed();
    expect(pushed.map(({ MsgBody }) => MsgBody)).toEqual(Array.from({ length: 40 }, (_, index) => text(`${index}`)));
    await callbacks.idle();
    expect(toldOf('BeforeSendMsg')).toHaveLength(45);
    expect(toldOf('AfterSendMsg')).toHaveLength(40);
  });

  it('to one account reaches its sessions', async () => {
    const client = await connectAs('student1');
    await im.rest({
      method: 'POST',
      path: '/v4/openim/sendmsg',
      query: new URLSearchParams({
        sdkappid: String(sdkAppId),
        identifier: adminUserId,
        usersig: sig(adminUserId),
        random: '1',
        contenttype: 'json',
      }),
      headers: {},
      body: Buffer.from(JSON.stringify({ To_Account: 'student1', MsgRandom: 5, MsgBody: text('you') })),
      remoteAddress: '127.0.0.1',
    });
    expect(await client.pushed()).toMatchObject([
      { event: 'message', From_Account: adminUserId, MsgBody: text('you') },
    ]);
  });
});

describe('the end', () => {
  it('hangs up on every client', async () => {
    const client = await connectAs('student1');
    im.close();
    expect((await client.closed).code).toBe(1006);
  });
});
