import { Api } from 'tls-sig-api-v2/TLSSigAPIv2.js';
import { beforeEach, describe, expect, it } from 'vitest';
import { createUserSigSigner } from '../../lib/usersig/signer.ts';
import { createFaults } from '../../local/faults.ts';
import type { LocalReply } from '../../local/http.ts';
import { createCallbackSender } from '../../local/im/callbacks.ts';
import { createIm, type ImOptions } from '../../local/im/im.ts';
import { createImState } from '../../local/im/state.ts';

const sdkAppId = 1_400_000_001;
const secretKey = 'a-secret-key-of-the-tests';
const adminUserId = 'administrator';
const groups = 'group_open_http_svc';
const signer = createUserSigSigner(sdkAppId, { secretKey });

let now = 0;
const clock = () => now;
const seconds = () => Math.floor(now / 1000);
const sig = (userId: string) => signer.signUserSig({ userId, issuedAt: seconds(), ttlSeconds: 3600 });

const setUp = (options: Partial<ImOptions> = {}) => {
  const faults = createFaults();
  const callbacks = createCallbackSender({
    url: () => undefined,
    token: 't',
    sdkAppId,
    clock,
    fetch: () => Promise.reject(new Error('no callback is configured')),
    faults,
  });
  const im = createIm({ sdkAppId, key: { secretKey }, adminUserId, clock, faults, callbacks, ...options });
  const post = (path: string, body: string, query: Record<string, string> = {}, method = 'POST') =>
    im.rest({
      method,
      path,
      query: new URLSearchParams({
        sdkappid: String(sdkAppId),
        identifier: adminUserId,
        usersig: sig(adminUserId),
        random: '4294967295',
        contenttype: 'json',
        ...query,
      }),
      headers: {},
      body: Buffer.from(body),
      remoteAddress: '127.0.0.1',
    });
  const call = async (command: string, body: object, query?: Record<string, string>) =>
    read(await post(`/v4/${command}`, JSON.stringify(body), query));
  const group = (command: string, body: object) => call(`${groups}/${command}`, body);
  return { im, faults, post, call, group };
};

const read = (reply: LocalReply) => {
  if (reply === 'hang up') throw new Error('the reply was lost');
  expect(reply.status).toBe(200);
  return JSON.parse(String(reply.body));
};

const text = (Text: string) => [{ MsgType: 'TIMTextElem', MsgContent: { Text } }];
const custom = (Data: string) => [{ MsgType: 'TIMCustomElem', MsgContent: { Data, Desc: '', Ext: '' } }];

let cloud: ReturnType<typeof setUp>;

/** teacher1, student1 and student2 exist; `chat` is an AVChatRoom and `replay` a Private group of teacher1. */
const withClass = async (options?: Partial<ImOptions>) => {
  const made = setUp(options);
  await made.call('im_open_login_svc/multiaccount_import', { Accounts: ['teacher1', 'student1', 'student2'] });
  await made.group('create_group', { GroupId: 'chat', Type: 'AVChatRoom', Name: 'c42', Owner_Account: 'teacher1' });
  await made.group('create_group', { GroupId: 'replay', Type: 'Private', Name: 'c42', Owner_Account: 'teacher1' });
  return made;
};

beforeEach(async () => {
  now = 1_700_000_000_000;
  cloud = await withClass();
});

describe('the transport', () => {
  const get = `${groups}/get_group_info`;
  const body = { GroupIdList: ['chat'] };

  it('answers a call with the administrator’s UserSig of Tencent’s own signer', async () => {
    now = Date.now();
    const usersig = new Api(sdkAppId, secretKey).genUserSig(adminUserId, 3600);
    expect(await cloud.call(get, body, { usersig })).toMatchObject({ ActionStatus: 'OK', ErrorInfo: '', ErrorCode: 0 });
  });

  it.each([
    ['no SDKAppID', { sdkappid: '' }, 60012],
    ['another SDKAppID', { sdkappid: '1400000002' }, 60006],
    ['no identifier', { identifier: '' }, 60004],
    ['no UserSig', { usersig: '' }, 70002],
    ['a UserSig that is none', { usersig: 'nonsense' }, 70003],
    ['a random that is no 32-bit number', { random: '4294967296' }, 60002],
    ['another contenttype', { contenttype: 'xml' }, 60002],
  ])('refuses %s', async (_, query: Record<string, string>, code) => {
    expect(await cloud.call(get, body, query)).toMatchObject({ ActionStatus: 'FAIL', ErrorCode: code });
  });

  it('refuses a UserSig of another key, of another user, of another app, and one that has expired', async () => {
    const other = createUserSigSigner(sdkAppId, { secretKey: 'another key' });
    const app = createUserSigSigner(1_400_000_002, { secretKey });
    const request = { userId: adminUserId, issuedAt: seconds(), ttlSeconds: 60 };
    const codeOf = async (usersig: string) => (await cloud.call(get, body, { usersig })).ErrorCode;
    expect(await codeOf(other.signUserSig(request))).toBe(70009);
    expect(await codeOf(sig('teacher1'))).toBe(70013);
    expect(await codeOf(app.signUserSig(request))).toBe(70014);
    const brief = signer.signUserSig(request);
    now += 61_000;
    expect(await codeOf(brief)).toBe(70001);
  });

  it('lets nobody but the administrator call', async () => {
    const query = { identifier: 'teacher1', usersig: sig('teacher1') };
    expect((await cloud.call(get, body, query)).ErrorCode).toBe(60010);
  });

  it('knows POST, its commands and JSON objects only', async () => {
    expect(read(await cloud.post(`/v4/${get}`, '{}', {}, 'GET')).ErrorCode).toBe(60002);
    expect((await cloud.call(`${groups}/no_such_command`, {})).ErrorCode).toBe(60009);
    for (const broken of ['', '{', '[]', 'null', '"x"'])
      expect(read(await cloud.post(`/v4/${get}`, broken)).ErrorCode).toBe(60003);
  });

  it('refuses the calls of a command over its rate until the next second, and counts each command alone', async () => {
    const { call } = setUp({ limits: { restPerSecond: 2 } });
    const codes = [];
    for (let i = 0; i < 3; i += 1) codes.push((await call(get, body)).ErrorCode);
    expect(codes).toEqual([0, 0, 60007]);
    expect((await call(`${groups}/destroy_group`, { GroupId: 'none' })).ErrorCode).toBe(10010);
    now += 1000;
    expect((await call(get, body)).ErrorCode).toBe(0);
  });
});

describe('an ordered fault', () => {
  const create = { GroupId: 'c1', Type: 'Private', Name: 'c1', Owner_Account: 'teacher1' };
  const exists = async () =>
    (await cloud.group('get_group_info', { GroupIdList: ['c1'] })).GroupInfo[0].ErrorCode === 0;

  it('with a code refuses without doing it, as often as ordered', async () => {
    cloud.faults.order({ command: 'create_group', times: 1, errorCode: 10002 });
    expect((await cloud.group('create_group', create)).ErrorCode).toBe(10002);
    expect(await exists()).toBe(false);
    expect((await cloud.group('create_group', create)).ErrorCode).toBe(0);
  });

  it('is found under the service’s name, too', async () => {
    cloud.faults.order({ command: `${groups}/create_group`, times: 1, errorCode: '60008' });
    expect((await cloud.group('create_group', create)).ErrorCode).toBe(60008);
  });

  it('that drops the reply has done it', async () => {
    cloud.faults.order({ command: 'create_group', times: 1, dropReply: true });
    expect(await cloud.post(`/v4/${groups}/create_group`, JSON.stringify(create))).toBe('hang up');
    expect(await exists()).toBe(true);
  });

  it('that delays does it first, then holds the reply back', async () => {
    const holds: [number, boolean][] = [];
    cloud = await withClass({
      sleep: async (ms) => void holds.push([ms, await exists()]),
    });
    cloud.faults.order({ command: 'create_group', times: 1, delayMs: 5000 });
    expect((await cloud.group('create_group', create)).ErrorCode).toBe(0);
    expect(holds).toEqual([[5000, true]]);
  });
});

describe('accounts', () => {
  const account = { MemberList: [{ Member_Account: 'new1' }], GroupId: 'replay' };

  it('are imported once and for all, under the field’s old and new name', async () => {
    expect((await cloud.group('add_group_member', account)).ErrorCode).toBe(10019);
    for (const field of ['Identifier', 'UserID', 'Identifier'])
      expect((await cloud.call('im_open_login_svc/account_import', { [field]: 'new1', Nick: 'N' })).ErrorCode).toBe(0);
    expect((await cloud.group('add_group_member', account)).MemberList).toEqual([
      { Member_Account: 'new1', Result: 1 },
    ]);
  });

  it('have names of at most 32 bytes', async () => {
    const long = 'x'.repeat(33);
    expect((await cloud.call('im_open_login_svc/account_import', { Identifier: long })).ErrorCode).toBe(70402);
    expect(await cloud.call('im_open_login_svc/multiaccount_import', { Accounts: ['ok1', long] })).toMatchObject({
      ErrorCode: 0,
      FailAccounts: [long],
    });
  });

  it('are imported a hundred a second at most by the bulk command', async () => {
    now += 1000;
    const codes = [];
    for (let i = 0; i < 101; i += 1)
      codes.push((await cloud.call('im_open_login_svc/multiaccount_import', { Accounts: ['a'] })).ErrorCode);
    expect(codes.indexOf(60007)).toBe(100);
  });
});

describe('create_group', () => {
  const create = (fields: object) => cloud.group('create_group', { Type: 'Private', Name: 'n', ...fields });
  const codeOf = async (fields: object) => (await create(fields)).ErrorCode;

  it('takes the caller’s id, or makes one', async () => {
    expect(await create({ GroupId: 'mine' })).toMatchObject({ ErrorCode: 0, GroupId: 'mine' });
    expect((await create({})).GroupId).toMatch(/^@TGS#[^_]/);
    expect((await create({ Type: 'Community' })).GroupId).toMatch(/^@TGS#_/);
  });

  it.each([
    ['a name over 30 bytes', { Name: '课'.repeat(11) }, 10004],
    ['no name', { Name: '' }, 10004],
    ['a type that there is not', { Type: 'BChatRoom' }, 10004],
    ['an id of 49 characters', { GroupId: 'g'.repeat(49) }, 10015],
    ['an id that is not ASCII', { GroupId: '课堂' }, 10015],
    ['an id with IM’s own prefix', { GroupId: '@TGS#mine' }, 10015],
    ['an owner who does not exist', { Owner_Account: 'nobody' }, 10019],
    ['members of an AVChatRoom', { Type: 'AVChatRoom', MemberList: [{ Member_Account: 'student1' }] }, 10007],
    ['more than 100 members', { MemberList: Array(101).fill({ Member_Account: 'student1' }) }, 10005],
    ['a member who does not exist', { MemberList: [{ Member_Account: 'nobody' }] }, 10019],
    [
      'more members than it may have',
      { MaxMemberCount: 1, Owner_Account: 'teacher1', MemberList: [{ Member_Account: 'student1' }] },
      10038,
    ],
  ])('refuses %s', async (_, fields, code) => {
    expect(await codeOf(fields)).toBe(code);
  });

  it('takes a name of exactly 30 bytes', async () => {
    expect(await codeOf({ Name: '课'.repeat(10) })).toBe(0);
  });

  it('tells the owner that the id is its own, and everybody else that it is taken', async () => {
    expect(await codeOf({ GroupId: 'replay', Owner_Account: 'teacher1' })).toBe(10025);
    expect(await codeOf({ GroupId: 'replay', Owner_Account: 'student1' })).toBe(10021);
    expect(await codeOf({ GroupId: 'replay' })).toBe(10021);
    await create({ GroupId: 'nobodys' });
    expect(await codeOf({ GroupId: 'nobodys' })).toBe(10021);
  });

  it('keeps the plan’s limits', async () => {
    cloud = await withClass({ limits: { avChatRooms: 1, groups: 4, groupsPerUser: 1 } });
    expect(await codeOf({ Type: 'AVChatRoom' })).toBe(10036);
    expect(await codeOf({ Owner_Account: 'teacher1' })).toBe(10037);
    expect(await codeOf({})).toBe(0);
    expect(await codeOf({})).toBe(0);
    expect(await codeOf({})).toBe(10058);
  });

  it('refuses a name that the content check does not pass', async () => {
    cloud = await withClass({ refusedWords: ['casino'] });
    expect(await codeOf({ Name: 'CASINO royal' })).toBe(80001);
    expect((await cloud.group('modify_group_base_info', { GroupId: 'chat', Name: 'a casino' })).ErrorCode).toBe(80001);
  });
});

describe('get_group_info', () => {
  it('has a code for each group, and the outer one says nothing', async () => {
    const reply = await cloud.group('get_group_info', { GroupIdList: ['replay', 'none'] });
    expect(reply.ErrorCode).toBe(0);
    expect(reply.GroupInfo[1]).toMatchObject({ GroupId: 'none', ErrorCode: 10010 });
    expect(reply.GroupInfo[0]).toMatchObject({
      ErrorCode: 0,
      Type: 'Private',
      Owner_Account: 'teacher1',
      NextMsgSeq: 1,
      MemberNum: 1,
      MaxMemberNum: 200,
      ShutUpAllMember: 'Off',
      CreateTime: seconds(),
      MemberList: [{ Member_Account: 'teacher1', Role: 'Owner' }],
    });
  });

  it('gives what the filters ask for', async () => {
    const filtered = async (ResponseFilter: object) =>
      (await cloud.group('get_group_info', { GroupIdList: ['replay'], ResponseFilter })).GroupInfo[0];
    expect(await filtered({ GroupBaseInfoFilter: ['Type', 'NextMsgSeq'] })).toEqual({
      GroupId: 'replay',
      ErrorCode: 0,
      ErrorInfo: '',
      Type: 'Private',
      NextMsgSeq: 1,
    });
    expect((await filtered({ MemberInfoFilter: ['Role'] })).MemberList).toEqual([
      { Member_Account: 'teacher1', Role: 'Owner' },
    ]);
  });

  it('takes 50 groups at most', async () => {
    expect((await cloud.group('get_group_info', { GroupIdList: Array(51).fill('chat') })).ErrorCode).toBe(10005);
  });
});

describe('modify_group_base_info and destroy_group', () => {
  it('change what is given and leave the rest', async () => {
    await cloud.group('modify_group_base_info', { GroupId: 'chat', ShutUpAllMember: 'On', Introduction: 'hello' });
    const { GroupInfo } = await cloud.group('get_group_info', { GroupIdList: ['chat'] });
    expect(GroupInfo[0]).toMatchObject({ Name: 'c42', ShutUpAllMember: 'On', Introduction: 'hello' });
  });

  it('leave nothing of a dissolved group but 10010', async () => {
    expect((await cloud.group('destroy_group', { GroupId: 'chat' })).ErrorCode).toBe(0);
    for (const command of ['destroy_group', 'modify_group_base_info', 'get_online_member_num', 'get_group_member_info'])
      expect((await cloud.group(command, { GroupId: 'chat' })).ErrorCode).toBe(10010);
  });
});

describe('members', () => {
  const add = (accounts: string[], GroupId = 'replay') =>
    cloud.group('add_group_member', { GroupId, MemberList: accounts.map((Member_Account) => ({ Member_Account })) });

  it('are added once', async () => {
    expect((await add(['student1', 'teacher1'])).MemberList).toEqual([
      { Member_Account: 'student1', Result: 1 },
      { Member_Account: 'teacher1', Result: 2 },
    ]);
    const roles = await cloud.group('get_role_in_group', {
      GroupId: 'replay',
      User_Account: ['teacher1', 'student1', 'student2'],
    });
    expect(roles.UserIdList).toEqual([
      { Member_Account: 'teacher1', Role: 'Owner' },
      { Member_Account: 'student1', Role: 'Member' },
      { Member_Account: 'student2', Role: 'NotMember' },
    ]);
  });

  it('are neither added to an AVChatRoom nor taken out of it, and have no roles there', async () => {
    expect((await add(['student1'], 'chat')).ErrorCode).toBe(10007);
    const taken = await cloud.group('delete_group_member', { GroupId: 'chat', MemberToDel_Account: ['student1'] });
    expect(taken.ErrorCode).toBe(10004);
    expect((await cloud.group('get_role_in_group', { GroupId: 'chat', User_Account: ['a'] })).ErrorCode).toBe(10007);
  });

  it('must exist, and be no more than 100 a call', async () => {
    expect((await add(['nobody', 'student1'])).ErrorCode).toBe(10019);
    expect((await add(Array(101).fill('student1'))).ErrorCode).toBe(10005);
  });

  it('that do not all fit are not added at all', async () => {
    cloud = await withClass({ limits: { privateMembers: 2 } });
    expect((await add(['student1', 'student2'])).ErrorCode).toBe(10014);
    expect((await add(['student1'])).ErrorCode).toBe(0);
    expect((await add(['student2'])).ErrorCode).toBe(10014);
  });

  it('are taken out by their names alone, and who is none is no error', async () => {
    await add(['student1']);
    const body = { GroupId: 'replay', MemberToDel_Account: ['student1', 'student2'] };
    expect((await cloud.group('delete_group_member', body)).ErrorCode).toBe(0);
    const info = await cloud.group('get_group_member_info', { GroupId: 'replay' });
    expect(info).toMatchObject({ MemberNum: 1, MemberList: [{ Member_Account: 'teacher1', Role: 'Owner' }] });
    const objects = { GroupId: 'replay', MemberToDel_Account: [{ Member_Account: 'student1' }] };
    expect((await cloud.group('delete_group_member', objects)).ErrorCode).toBe(10004);
  });

  it('come in pages and by role', async () => {
    await add(['student1', 'student2']);
    const list = async (fields: object) =>
      (await cloud.group('get_group_member_info', { GroupId: 'replay', MemberInfoFilter: ['JoinTime'], ...fields }))
        .MemberList;
    expect(await list({ Limit: 1, Offset: 1 })).toEqual([{ Member_Account: 'student1', JoinTime: seconds() }]);
    expect(await list({ MemberRoleFilter: ['Member'] })).toHaveLength(2);
  });
});

describe('mutes and bans', () => {
  const mute = (fields: object, GroupId = 'chat') =>
    cloud.group('forbid_send_msg', { GroupId, Members_Account: ['student1'], ...fields });
  const speak = async () =>
    (
      await cloud.group('send_group_msg', {
        GroupId: 'chat',
        Random: now % 1e6,
        From_Account: 'student1',
        MsgBody: text('hi'),
      })
    ).ErrorCode;

  it.each(['MuteTime', 'ShutUpTime'])('silence for the time that %s says', async (field) => {
    expect((await mute({ [field]: 60 })).ErrorCode).toBe(0);
    expect(await speak()).toBe(10017);
    const muted = { Member_Account: 'student1', MutedUntil: seconds() + 60 };
    expect((await cloud.group('get_group_muted_account', { GroupId: 'chat' })).MutedAccountList).toEqual([muted]);
    expect((await cloud.group('get_group_shutted_uin', { GroupId: 'chat' })).ShuttedUinList).toEqual([
      { Member_Account: 'student1', ShuttedUntil: seconds() + 60 },
    ]);
    now += 60_000;
    expect(await speak()).toBe(0);
    expect((await cloud.group('get_group_muted_account', { GroupId: 'chat' })).MutedAccountList).toEqual([]);
  });

  it('are lifted by 0, and need a time', async () => {
    await mute({ MuteTime: 4294967295 });
    expect(await speak()).toBe(10017);
    await mute({ MuteTime: 0 });
    expect(await speak()).toBe(0);
    expect((await mute({})).ErrorCode).toBe(10004);
  });

  it('silence nobody in a Private group', async () => {
    expect((await mute({ MuteTime: 60 }, 'replay')).ErrorCode).toBe(10007);
  });

  it('list the banned in pages until they lapse or are lifted', async () => {
    const ban = { GroupId: 'chat', Members_Account: ['student1', 'student2'], Duration: 60 };
    expect((await cloud.group('ban_group_member', ban)).ErrorCode).toBe(0);
    const list = (fields: object) => cloud.group('get_group_ban_member', { GroupId: 'chat', ...fields });
    expect(await list({ Limit: 1, Offset: 0 })).toMatchObject({
      BannedAccountList: [{ Member_Account: 'student1', BannedUntil: seconds() + 60 }],
      NextOffset: 1,
    });
    expect(await list({ Limit: 1, Offset: 1 })).toMatchObject({ NextOffset: 0 });
    await cloud.group('unban_group_member', { GroupId: 'chat', Members_Account: ['student1'] });
    expect((await list({})).BannedAccountList).toHaveLength(1);
    now += 60_000;
    expect((await list({})).BannedAccountList).toEqual([]);
  });

  it('ban from AVChatRooms alone, 20 a call', async () => {
    const ban = (GroupId: string, count: number) =>
      cloud.group('ban_group_member', { GroupId, Members_Account: Array(count).fill('student1'), Duration: 60 });
    expect((await ban('replay', 1)).ErrorCode).toBe(10007);
    expect((await ban('chat', 21)).ErrorCode).toBe(10005);
  });
});

describe('send_group_msg', () => {
  const send = (fields: object = {}) =>
    cloud.group('send_group_msg', { GroupId: 'replay', Random: 1, MsgBody: custom('{}'), ...fields });
  const history = async (fields: object = {}) =>
    cloud.group('group_msg_get_simple', { GroupId: 'replay', ReqMsgNumber: 20, ...fields });
  const seqs = async () => (await history()).RspMsgList.map(({ MsgSeq }: { MsgSeq: number }) => MsgSeq);

  it.each([
    ['a group that there is not', { GroupId: 'none' }, 10010],
    ['a sender who does not exist', { From_Account: 'nobody' }, 10019],
    ['a Random over 32 bits', { Random: 2 ** 32 }, 10004],
    ['no Random', { Random: undefined }, 10004],
    ['a priority in lower case', { MsgPriority: 'high' }, 10004],
    ['an empty body', { MsgBody: [] }, 10004],
    ['two custom elements', { MsgBody: [...custom('1'), ...custom('2')] }, 10004],
    ['an image', { MsgBody: [{ MsgType: 'TIMImageElem', MsgContent: { UUID: 'u' } }] }, 10004],
    ['over 12 KB', { MsgBody: text('x'.repeat(12 * 1024)) }, 80002],
  ])('refuses %s', async (_, fields, code) => {
    expect((await send(fields)).ErrorCode).toBe(code);
    expect(await seqs()).toEqual([]);
  });

  it('numbers what the group keeps', async () => {
    expect(await send()).toMatchObject({ ErrorCode: 0, MsgTime: seconds(), MsgSeq: 1 });
    expect(await send({ Random: 2, From_Account: 'student1' })).toMatchObject({ MsgSeq: 2 });
    expect(await seqs()).toEqual([2, 1]);
    expect((await cloud.group('get_group_info', { GroupIdList: ['replay'] })).GroupInfo[0].NextMsgSeq).toBe(3);
  });

  it('knows the same sender and Random for five minutes, and answers as it did the first time', async () => {
    const first = await send();
    now += 299_000;
    expect(await send()).toEqual(first);
    expect(await send({ From_Account: 'student1' })).toMatchObject({ MsgSeq: 2 });
    now += 1000;
    expect(await send()).toMatchObject({ MsgSeq: 3, MsgTime: seconds() });
    expect(await seqs()).toEqual([3, 2, 1]);
  });

  it('keeps no history of an AVChatRoom, yet knows its repeated messages', async () => {
    const first = await send({ GroupId: 'chat' });
    expect(await send({ GroupId: 'chat', Random: 2 })).toMatchObject({ MsgSeq: 2 });
    expect(await send({ GroupId: 'chat' })).toEqual(first);
    expect((await history({ GroupId: 'chat' })).ErrorCode).toBe(10007);
  });

  it('does not keep what is for who is online', async () => {
    expect((await send({ OnlineOnlyFlag: 1 })).ErrorCode).toBe(0);
    expect(await seqs()).toEqual([]);
  });

  it('drops in silence what is over the group’s rate, lower priorities first', async () => {
    cloud = await withClass({ limits: { messagesPerSecondPerGroup: 2 } });
    const burst = async (MsgPriority: string, from: number) => {
      for (const Random of [from, from + 1, from + 2]) expect((await send({ Random, MsgPriority })).ErrorCode).toBe(0);
      return (await seqs()).length;
    };
    expect(await burst('Low', 10)).toBe(2);
    expect(await burst('High', 20)).toBe(4);
    expect(await burst('Normal', 30)).toBe(4);
    now += 1000;
    expect(await burst('Normal', 40)).toBe(6);
  });

  it('refuses text with a dirty word, and no other element', async () => {
    const edit = (command: string, DirtyWordsList: string[]) =>
      cloud.call(`openim_dirty_words/${command}`, { DirtyWordsList });
    await edit('add', ['foo', 'bar']);
    expect((await cloud.call('openim_dirty_words/get', {})).DirtyWordsList).toEqual(['foo', 'bar']);
    expect((await send({ MsgBody: text('a FOO b') })).ErrorCode).toBe(80001);
    expect((await send({ MsgBody: custom('foo') })).ErrorCode).toBe(0);
    await edit('delete', ['foo']);
    expect((await send({ Random: 2, MsgBody: text('a foo b') })).ErrorCode).toBe(0);
    expect((await edit('add', Array(51).fill('x'))).ErrorCode).toBe(10004);
  });

  it('lets the administrator send for anybody when the group is shut', async () => {
    await cloud.group('modify_group_base_info', { GroupId: 'chat', ShutUpAllMember: 'On' });
    const codeOf = async (From_Account: string | undefined, Random: number) =>
      (await send({ GroupId: 'chat', From_Account, Random })).ErrorCode;
    expect([await codeOf('student1', 1), await codeOf('teacher1', 2), await codeOf(undefined, 3)]).toEqual([0, 0, 0]);
  });
});

describe('group_msg_get_simple', () => {
  const page = (fields: object) =>
    cloud.group('group_msg_get_simple', { GroupId: 'replay', ReqMsgNumber: 20, ...fields });
  const send = async (count: number, first = 1) => {
    for (let Random = first; Random < first + count; Random += 1)
      await cloud.group('send_group_msg', {
        GroupId: 'replay',
        Random,
        MsgPriority: 'High',
        MsgBody: custom(`${Random}`),
      });
  };

  it('gives a message as the real one does', async () => {
    await send(1, 7);
    expect(await page({})).toEqual({
      ActionStatus: 'OK',
      ErrorInfo: '',
      ErrorCode: 0,
      GroupId: 'replay',
      IsFinished: 1,
      RspMsgList: [
        {
          From_Account: adminUserId,
          IsPlaceMsg: 0,
          MsgBody: custom('7'),
          MsgPriority: 1,
          MsgRandom: 7,
          MsgSeq: 1,
          MsgTimeStamp: seconds(),
        },
      ],
    });
  });

  it('goes back in pages of 20 at most, newest first', async () => {
    await send(25);
    const first = await page({ ReqMsgNumber: 30 });
    expect(first.IsFinished).toBe(0);
    expect(first.RspMsgList).toHaveLength(20);
    expect(first.RspMsgList[0].MsgSeq).toBe(25);
    const second = await page({ ReqMsgSeq: first.RspMsgList[19].MsgSeq - 1 });
    expect(second.RspMsgList.map(({ MsgSeq }: { MsgSeq: number }) => MsgSeq)).toEqual([5, 4, 3, 2, 1]);
    expect((await page({ ReqMsgSeq: 0 })).RspMsgList).toEqual([]);
  });

  it('leaves holes where messages were recalled or have expired', async () => {
    await send(1);
    now += 6 * 86_400_000;
    await send(2, 2);
    const recalled = await cloud.group('group_msg_recall', {
      GroupId: 'replay',
      MsgSeqList: [{ MsgSeq: 2 }, { MsgSeq: 9 }],
    });
    expect(recalled.RecallRetList).toEqual([
      { MsgSeq: 2, RetCode: 0 },
      { MsgSeq: 9, RetCode: 10030 },
    ]);
    now += 86_400_000;
    const reply = await page({});
    expect(reply.IsFinished).toBe(1);
    expect(reply.RspMsgList).toMatchObject([
      { MsgSeq: 3, IsPlaceMsg: 0 },
      { MsgSeq: 2, IsPlaceMsg: 2, MsgBody: [] },
      { MsgSeq: 1, IsPlaceMsg: 1, MsgBody: [] },
    ]);
    expect((await page({ ReqMsgSeq: 1 })).IsFinished).toBe(2);
  });
});

describe('the rest', () => {
  it('counts nobody online in an empty AVChatRoom, and does not count other groups', async () => {
    expect(await cloud.group('get_online_member_num', { GroupId: 'chat' })).toMatchObject({ OnlineMemberNum: 0 });
    expect((await cloud.group('get_online_member_num', { GroupId: 'replay' })).ErrorCode).toBe(10007);
  });

  it('sends to one account that exists', async () => {
    const send = (To_Account: string, From_Account = 'teacher1') =>
      cloud.call('openim/sendmsg', { From_Account, To_Account, MsgRandom: 5, MsgBody: text('hi') });
    expect(await send('student1')).toMatchObject({ ErrorCode: 0, MsgTime: seconds() });
    expect((await send('nobody')).ErrorCode).toBe(90012);
    expect((await send('student1', 'nobody')).ErrorCode).toBe(20003);
  });
});

describe('the state', () => {
  it('survives being written as JSON and read back', async () => {
    await cloud.group('add_group_member', { GroupId: 'replay', MemberList: [{ Member_Account: 'student1' }] });
    await cloud.group('forbid_send_msg', { GroupId: 'chat', Members_Account: ['student1'], MuteTime: 60 });
    await cloud.group('ban_group_member', { GroupId: 'chat', Members_Account: ['student2'], Duration: 60 });
    await cloud.call('openim_dirty_words/add', { DirtyWordsList: ['foo'] });
    const message = { GroupId: 'replay', Random: 1, MsgBody: custom('{}'), CloudCustomData: 'x' };
    const sent = await cloud.group('send_group_msg', message);
    const saved = JSON.stringify(cloud.im.state);

    cloud = setUp({ state: createImState(JSON.parse(saved)) });
    expect(JSON.stringify(cloud.im.state)).toBe(saved);
    expect(await cloud.group('send_group_msg', message)).toEqual(sent);
    const { RspMsgList } = await cloud.group('group_msg_get_simple', { GroupId: 'replay', ReqMsgNumber: 1 });
    expect(RspMsgList).toMatchObject([{ MsgSeq: 1, MsgBody: custom('{}'), CloudCustomData: 'x' }]);
  });

  it('refuses a file that is none of its own', () => {
    expect(() => createImState({ format: 2 })).toThrow();
  });

  it.each([
    ['im_open_login_svc/account_import', { Identifier: 'new1' }],
    ['im_open_login_svc/multiaccount_import', { Accounts: ['new1'] }],
    [`${groups}/create_group`, { Type: 'Private', Name: 'n' }],
    [`${groups}/modify_group_base_info`, { GroupId: 'chat', Name: 'n' }],
    [`${groups}/destroy_group`, { GroupId: 'chat' }],
    [`${groups}/add_group_member`, { GroupId: 'replay', MemberList: [{ Member_Account: 'student2' }] }],
    [`${groups}/delete_group_member`, { GroupId: 'replay', MemberToDel_Account: ['student1'] }],
    [`${groups}/forbid_send_msg`, { GroupId: 'chat', Members_Account: ['student1'], MuteTime: 60 }],
    [`${groups}/ban_group_member`, { GroupId: 'chat', Members_Account: ['student1'], Duration: 60 }],
    [`${groups}/unban_group_member`, { GroupId: 'chat', Members_Account: ['student1'] }],
    [`${groups}/send_group_msg`, { GroupId: 'replay', Random: 1, MsgBody: custom('{}') }],
    [`${groups}/group_msg_recall`, { GroupId: 'replay', MsgSeqList: [{ MsgSeq: 1 }] }],
    ['openim_dirty_words/add', { DirtyWordsList: ['foo'] }],
    ['openim_dirty_words/delete', { DirtyWordsList: ['foo'] }],
  ])('says that %s has changed it', async (command, body) => {
    await cloud.group('add_group_member', { GroupId: 'replay', MemberList: [{ Member_Account: 'student1' }] });
    const before = cloud.im.state.version;
    let heard = 0;
    cloud.im.state.onChange(() => {
      heard += 1;
    });
    expect((await cloud.call(command, body)).ErrorCode).toBe(0);
    expect(cloud.im.state.version).toBeGreaterThan(before);
    expect(heard).toBe(cloud.im.state.version - before);
  });

  it('does not change by looking', async () => {
    const before = cloud.im.state.version;
    await cloud.group('get_group_info', { GroupIdList: ['chat'] });
    await cloud.group('group_msg_get_simple', { GroupId: 'replay', ReqMsgNumber: 1 });
    expect(cloud.im.state.version).toBe(before);
  });
});
