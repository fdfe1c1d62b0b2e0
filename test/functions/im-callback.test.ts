import { randomBytes, randomInt } from 'node:crypto';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Deps } from '../../functions/im-callback/handler.ts';
import { createClassFinder } from '../../lib/classroom/class/class-finder.ts';
import { createClassStore } from '../../lib/classroom/class/class-store.ts';
import { createUsers } from '../../lib/classroom/members/users.ts';
import type { Database } from '../../lib/db/database.ts';
import { createClock } from '../support/clock.ts';
import { newDatabaseUrl, openDatabase } from '../support/database.ts';
import { createTestIm, sdkAppId } from '../support/im.ts';
import {
  atOnce,
  beforeSend,
  callbackToken,
  createTestCallback,
  current,
  custom,
  down,
  callbackOf as freshCallbackOf,
  joined,
  left,
  messageOf,
  never,
  nextCallbackToken,
  noDeadline,
  ok,
  readReply as read,
  signOf,
  soon,
  text,
} from '../support/im-callback.ts';
import { lessonOf } from '../support/lesson.ts';
import { createTestNotices } from '../support/notices.ts';

const clock = createClock();
const setUp = (deps: Partial<Deps> = {}) => createTestCallback(clock, deps);
type Handler = ReturnType<typeof setUp>['handler'];

const callbackOf = (command: string, body: unknown, query?: Record<string, string | undefined>) =>
  freshCallbackOf(clock, command, body, query);
const textMessage = (Text: string, more: object = {}) => messageOf([text(Text)], more);
const send = async (handler: Handler, body: unknown, query?: Record<string, string>) =>
  read(await handler(callbackOf(beforeSend, body, query)));

describe('im-callback lets nobody in', () => {
  const good = textMessage('hello');

  it('before it has checked the method, the size, the signature and the app, in this order', async () => {
    const { handler } = setUp();
    const wrong = callbackOf('C2C.Other', 'x'.repeat(256 * 1024 + 1), { Sign: 'x', SdkAppid: '1' });
    expect(read(await handler({ ...wrong, httpMethod: 'GET' }))).toEqual({ status: 405, body: {} });
    expect(read(await handler(wrong))).toEqual({ status: 413, body: {} });
    expect(read(await handler({ ...wrong, body: 'x' }))).toEqual({ status: 401, body: {} });
    const foreign = callbackOf('C2C.Other', 'x', { SdkAppid: '1' });
    expect(read(await handler(foreign))).toEqual({ status: 401, body: {} });
    expect(read(await handler(callbackOf('C2C.Other', 'x')))).toEqual({ status: 400, body: {} });
  });

  it.each([
    ['a preflight', { httpMethod: 'OPTIONS' }, 405],
    ['no event', { httpMethod: undefined }, 400],
  ])('who comes with %s', async (_what, change, status) => {
    expect(read(await setUp().handler({ ...callbackOf(beforeSend, good), ...change }))).toEqual({ status, body: {} });
  });

  it.each([
    ['no sign', { Sign: undefined }],
    ['the sign of another token', { Sign: signOf('other', String(clock.seconds())) }],
    ['no time', { RequestTime: undefined }],
    ['an old sign', { Sign: signOf(callbackToken, '1767225539'), RequestTime: '1767225539' }],
    ['a sign from the future', { Sign: signOf(callbackToken, '1767225661'), RequestTime: '1767225661' }],
    ['no app', { SdkAppid: undefined }],
    ['another app', { SdkAppid: '1400000001' }],
    ['nearly our app', { SdkAppid: `${sdkAppId}.0` }],
  ])('who comes with %s', async (_what, query) => {
    const { handler, test } = setUp();
    expect(read(await handler(callbackOf(beforeSend, good, query)))).toEqual({ status: 401, body: {} });
    expect(test.lines).toEqual([expect.objectContaining({ status: 401, code: 'UNAUTHENTICATED' })]);
  });

  it.each([
    ['60 s old', '1767225540', callbackToken],
    ['60 s ahead', '1767225660', callbackToken],
    ['of the next token', '1767225600', nextCallbackToken],
  ])('but takes a sign %s', async (_what, RequestTime, token) => {
    const query = { RequestTime, Sign: signOf(token, RequestTime) };
    expect(read(await setUp().handler(callbackOf(beforeSend, good, query)))).toEqual({ status: 200, body: ok });
  });

  it.each([
    ['no JSON', joined, '{'],
    ['no object', joined, '[]'],
    ['no command in the body', joined, {}],
    ['another command in the body', joined, { CallbackCommand: left }],
    ['a message under another command', joined, good],
    ['another command for a message', beforeSend, { CallbackCommand: joined }],
    ['no command in the query', '', good],
    ['no group', joined, { CallbackCommand: joined, NewMemberList: [{ Member_Account: 's1' }] }],
    ['no members', left, { CallbackCommand: left, GroupId: 'c1_chat', ExitMemberList: [] }],
    ['members that are none', left, { CallbackCommand: left, GroupId: 'c1_chat', ExitMemberList: ['s1'] }],
  ])('with %s, and does nothing', async (_what, command, body) => {
    const { handler, announced } = setUp();
    expect(read(await handler(callbackOf(command, body)))).toEqual({ status: 400, body: {} });
    expect(announced).toEqual([]);
  });

  it('but takes 256 KiB, and base64', async () => {
    const { handler } = setUp();
    const padded = JSON.stringify(good).padEnd(256 * 1024);
    expect(read(await handler(callbackOf(beforeSend, padded)))).toEqual({ status: 200, body: ok });
    const encoded = { ...callbackOf(beforeSend, Buffer.from(padded).toString('base64')), isBase64Encoded: true };
    expect(read(await handler(encoded))).toEqual({ status: 200, body: ok });
  });

  it('and says OK to commands that it does not know, and to those that ask for nothing', async () => {
    const { handler, announced } = setUp();
    for (const command of ['State.StateChange', 'Group.CallbackAfterSendMsg', 'Group.CallbackNewNextYear', 'toString'])
      expect(read(await handler(callbackOf(command, { CallbackCommand: command })))).toEqual({ status: 200, body: ok });
    expect(announced).toEqual([]);
  });
});

describe('a message', () => {
  it('without a listed word is delivered as it is', async () => {
    expect(await send(setUp().handler, textMessage('hello'))).toEqual({ status: 200, body: ok });
  });

  it('with a word to mask is delivered rewritten', async () => {
    const face = { MsgType: 'TIMFaceElem', MsgContent: { Index: 6, Data: 'abc' } };
    const body = messageOf([text('加微'), face, text('信吧')], { CloudCustomData: '{"q":"微信"}' });
    expect(await send(setUp().handler, body)).toEqual({
      status: 200,
      body: { ...ok, MsgBody: [text('加*'), face, text('*吧')], CloudCustomData: '{"q":"**"}' },
    });
  });

  it('has its custom Data masked in place, keys and numbers untouched', async () => {
    const Data = '{"type":"danmaku","微信":1.0,"text":"加微信"}';
    const body = messageOf([{ MsgType: 'TIMCustomElem', MsgContent: { Data, Desc: '微信', Ext: '' } }]);
    const { body: reply } = await send(setUp().handler, body);
    expect(reply.MsgBody).toEqual([
      {
        MsgType: 'TIMCustomElem',
        MsgContent: { Data: '{"type":"danmaku","微信":1.0,"text":"加**"}', Desc: '**', Ext: '' },
      },
    ]);
    expect(reply).not.toHaveProperty('CloudCustomData');
  });

  it('with a word to reject is refused to the sender’s client', async () => {
    const { body } = await send(setUp().handler, textMessage('refused 微信'));
    expect(body).toEqual({ ActionStatus: 'OK', ErrorCode: 10100, ErrorInfo: expect.stringMatching(/\w/) });
    expect(body.ErrorInfo).not.toContain('refused');
  });

  it('with a word to drop is dropped in silence', async () => {
    const { body } = await send(setUp().handler, textMessage('dropped refused'));
    expect(body).toEqual({ ActionStatus: 'OK', ErrorInfo: '', ErrorCode: 2 });
  });

  it.each([
    ['reject', 10100],
    ['drop', 2],
  ] as const)('with a word without action of its own gets MODERATION_ACTION %s', async (action, ErrorCode) => {
    const { handler } = setUp({ moderation: { action, onFailure: 'deliver', deadlineMs: 800 } });
    expect((await send(handler, textMessage('微信'))).body.ErrorCode).toBe(ErrorCode);
  });

  it.each(['RESTAPI', 'RestApi'])('of the administrator over %s passes whatever it says', async (OptPlatform) => {
    const body = textMessage('微信', { From_Account: 'administrator' });
    expect(await send(setUp().handler, body, { OptPlatform })).toEqual({ status: 200, body: ok });
  });

  it.each([
    ['the administrator from Web', { From_Account: 'administrator' }, { OptPlatform: 'Web' }],
    ['the administrator from nowhere', { From_Account: 'administrator' }, { OptPlatform: '' }],
    ['the administrator for somebody', { Operator_Account: 'administrator' }, { OptPlatform: 'RESTAPI' }],
    ['somebody over REST', {}, { OptPlatform: 'RESTAPI' }],
    ['a namesake', { From_Account: 'Administrator' }, { OptPlatform: 'RESTAPI' }],
  ])('of %s is judged like any other', async (_who, more, query) => {
    const { body } = await send(setUp().handler, textMessage('微信', more), query);
    expect(body.MsgBody).toEqual([text('**')]);
  });

  it('may have fields that IM added since', async () => {
    const body = textMessage('hello', { MsgId: '1-2-3', OnlineOnlyFlag: 0, TopicId: '', EventTime: '1670574414123' });
    expect(await send(setUp().handler, body)).toEqual({ status: 200, body: ok });
  });
});

describe('the deadline of a callback', () => {
  const s1 = [{ Member_Account: 's1' }];
  it.each([
    [beforeSend, textMessage('hello'), 700],
    ['Group.CallbackBeforeApplyJoinGroup', { GroupId: 'c1_chat', Requestor_Account: 't1' }, 700],
    [joined, { GroupId: 'c1_chat', NewMemberList: s1 }, 1900],
    [left, { GroupId: 'c1_chat', ExitMemberList: s1 }, 1900],
  ])('of %s is the one of its kind', async (command, body, expected) => {
    const deadlines: number[] = [];
    const { handler } = setUp({
      moderation: { action: 'mask', onFailure: 'deliver', deadlineMs: 750 },
      startTimer: (ms, ring) => {
        deadlines.push(ms);
        return noDeadline(ms, ring);
      },
    });
    await handler(callbackOf(command, { CallbackCommand: command, ...body }));
    expect(deadlines).toEqual([expected]);
  });
});

describe('a message that somebody made to be a burden', () => {
  const escaped = '\\u0001'.repeat(12 * 1024);

  it('is judged when it is 12 KB of control characters', async () => {
    const body = JSON.stringify(messageOf([text('~')])).replace('~', `${escaped}微信`);
    const { body: reply } = await send(setUp().handler, body);
    expect(reply.MsgBody).toEqual([text(`${'\u0001'.repeat(12 * 1024)}**`)]);
  });

  it('is judged when a hundred messages are forwarded in it, one in another', async () => {
    let MsgBody: object[] = [text('加微信')];
    for (let times = 0; times < 100; times += 1)
      MsgBody = [{ MsgType: 'TIMRelayElem', MsgContent: { MsgList: [{ MsgBody }] } }];
    const { body: reply } = await send(setUp().handler, messageOf(MsgBody as Parameters<typeof messageOf>[0]));
    expect(JSON.stringify(reply.MsgBody)).toContain('加**');
  });

  it('is judged when it is 12 KB of them in Data', async () => {
    const Data = `{"text":"${escaped}微信"}`;
    const { body: reply } = await send(setUp().handler, messageOf([custom(Data)]));
    expect(reply.MsgBody).toEqual([custom(`{"text":"${escaped}**"}`)]);
  });

  it('is judged when it has no element, and when it has thousands', async () => {
    const { handler } = setUp();
    expect((await send(handler, messageOf([]))).body).toEqual(ok);
    const many = (word: string) => Array.from({ length: 4000 }, () => text(word));
    expect((await send(handler, messageOf(many('微信')))).body.MsgBody).toEqual(many('**'));
    const split = Array.from('微信'.repeat(2000), text);
    expect((await send(handler, messageOf(split))).body.MsgBody).toEqual(many('*'));
  });

  it('is judged when it is no proper Unicode, and comes back as it came but for its words', async () => {
    const strange = '\u0000\ud83d微信\udc00\u202e\ufeff';
    const { body } = await send(setUp().handler, textMessage(strange));
    expect(body.MsgBody).toEqual([text(strange.replace('微信', '**'))]);
  });
});

describe('a message that cannot be judged', () => {
  const verdicts = [
    ['deliver', ok],
    ['reject', { ActionStatus: 'OK', ErrorCode: 10103, ErrorInfo: expect.stringMatching(/\w/) }],
  ] as const;
  const bodies: [string, unknown][] = [
    ['no JSON', '{"CallbackCommand":'],
    ['nothing', ''],
    ['no command', {}],
    ['no sender', { ...textMessage('hello'), From_Account: undefined }],
    ['no elements', { ...textMessage('hello'), MsgBody: undefined }],
    ['an element without content', messageOf([{ MsgType: 'TIMTextElem' }])],
    ['a text', '"hello"'],
  ];

  it.each(
    verdicts.flatMap(([onFailure, verdict]) => bodies.map(([what, body]) => ({ onFailure, verdict, what, body }))),
  )('for $what gets the verdict of MODERATION_ON_FAILURE=$onFailure', async ({ onFailure, verdict, body }) => {
    const { handler, test } = setUp({ moderation: { action: 'mask', onFailure, deadlineMs: 800 } });
    expect(await send(handler, body)).toEqual({ status: 200, body: verdict });
    expect(test.lines).toEqual([expect.objectContaining({ level: 'warn', event: 'invocation', verdict: onFailure })]);
  });

  it.each(verdicts)('since the list cannot be read gets %s', async (onFailure, verdict) => {
    const { handler, test } = setUp({
      moderation: { action: 'mask', onFailure, deadlineMs: 800 },
      filter: down,
    });
    expect(await send(handler, textMessage('微信'))).toEqual({ status: 200, body: verdict });
    expect(test.lines).toEqual([
      expect.objectContaining({
        verdict: onFailure,
        reason: 'UPSTREAM_FAILED',
        error: expect.stringContaining('database'),
      }),
    ]);
  });

  it.each(verdicts)('since the filter breaks gets %s', async (onFailure, verdict) => {
    const scan = () => {
      throw new RangeError('out of its table');
    };
    const { handler, test } = setUp({
      moderation: { action: 'mask', onFailure, deadlineMs: 800 },
      filter: async () => ({ filter: { ...current.filter, scan }, version: 7 }),
    });
    expect(await send(handler, textMessage('微信'))).toEqual({ status: 200, body: verdict });
    expect(test.lines).toEqual([
      expect.objectContaining({
        verdict: onFailure,
        version: 7,
        reason: 'exception',
        error: 'RangeError: out of its table',
      }),
    ]);
  });

  it.each(verdicts)('within the deadline gets %s in time', async (onFailure, verdict) => {
    const deadlines: number[] = [];
    const { handler, test } = setUp({
      moderation: { action: 'mask', onFailure, deadlineMs: 750 },
      filter: never,
      startTimer: (ms, ring) => {
        deadlines.push(ms);
        return atOnce(ms, ring);
      },
    });
    expect(await send(handler, textMessage('微信'))).toEqual({ status: 200, body: verdict });
    expect(deadlines).toEqual([700]);
    expect(test.lines).toEqual([expect.objectContaining({ verdict: onFailure, reason: 'deadline' })]);
  });

  it('has its deadline counted from its arrival, and is judged all the same when nothing has to be waited for', async () => {
    const deadlines: number[] = [];
    let now = clock();
    const { handler } = setUp({
      // The time that reading a body takes.
      clock: () => now++,
      startTimer: (ms, ring) => {
        deadlines.push(ms);
        return soon(ms, ring);
      },
      moderation: { action: 'mask', onFailure: 'reject', deadlineMs: 1 },
    });
    expect((await send(handler, textMessage('微信'))).body.MsgBody).toEqual([text('**')]);
    expect(deadlines).toEqual([0]);
  });

  it('leaves no timer behind once it was judged', async () => {
    let running = 0;
    const { handler } = setUp({
      startTimer: () => {
        running += 1;
        return () => {
          running -= 1;
        };
      },
    });
    await send(handler, textMessage('hello'));
    expect(running).toBe(0);
  });
});

describe('a join or leave', () => {
  let database: Database;
  beforeAll(async () => {
    database = openDatabase(await newDatabaseUrl());
    const random = { bytes: randomBytes, integer: randomInt };
    const store = createClassStore({ database, random, clock });
    for (const classId of ['c1', 'ended']) {
      await store.insertIntent({ ...lessonOf({ classId }), createdFrom: 'x' }, 'attempt', 50);
      await store.finish(classId);
    }
    await store.insertIntent({ ...lessonOf({ classId: 'opening' }), createdFrom: 'x' }, 'attempt', 50);
    await database.run((sql) => sql`update classes set status = 'ended' where class_id = 'ended'`);
    const users = createUsers(database);
    await users.introduce('s1', '小明');
    await users.introduce('s2', '加微信的人');
  });
  beforeEach(async () => {
    for (const table of ['notices', 'notice_events', 'notice_windows'])
      await database.run((sql) => sql`delete from ${sql(table)}`);
  });

  /** With a database and an IM that has the ChatGroups, and what was sent into them. */
  const setUpWithIm = async (language: 'zh' | 'en' = 'zh', deps: Partial<Deps> = {}) => {
    const im = createTestIm({ clock });
    await im.client.importAccount({ userId: 't1' });
    for (const classId of ['c1', 'ended', 'opening', 'unknown'])
      await im.client.createGroup({ groupId: `${classId}_chat`, type: 'AVChatRoom', name: 'c', ownerId: 't1' });
    im.calls.length = 0;
    const filter = async () => current;
    const notices = createTestNotices({ database, im: im.client, filter, language, clock });
    const { handler, test } = setUp({
      finder: createClassFinder(database),
      notices,
      ...deps,
    });
    const deliver = async (command: string, userIds: string[], more: object = {}) => {
      const list = userIds.map((Member_Account) => ({ Member_Account }));
      const members = command === joined ? { NewMemberList: list } : { ExitMemberList: list };
      const body = { CallbackCommand: command, GroupId: 'c1_chat', Type: 'AVChatRoom', ...members, ...more };
      return read(await handler(callbackOf(command, body)));
    };
    const sent = () =>
      im.calls.map(({ command, body }) => {
        expect(command).toBe('send_group_msg');
        const [element] = body.MsgBody as { MsgContent: { Data: string; Desc: string } }[];
        return {
          groupId: body.GroupId,
          data: JSON.parse(element?.MsgContent.Data ?? ''),
          text: element?.MsgContent.Desc,
          body,
        };
      });
    return { deliver, sent, notices, im, test };
  };
  const at = { EventTime: 1_670_574_414_123 };

  it('is announced in the ChatGroup by the administrator, past our own callbacks', async () => {
    const { deliver, sent } = await setUpWithIm();
    expect(await deliver(joined, ['s1'], { JoinType: 'Apply', Operator_Account: 's1', ...at })).toEqual({
      status: 200,
      body: ok,
    });
    expect(sent()).toMatchObject([
      {
        groupId: 'c1_chat',
        data: { v: 1, type: 'notice', event: 'join', users: [{ userId: 's1', name: '小明' }], count: 1 },
        text: '小明 加入了房间',
      },
    ]);
    const [message] = sent();
    expect(message?.body.ForbidCallbackControl).toEqual(['ForbidBeforeSendMsgCallback', 'ForbidAfterSendMsgCallback']);
    expect(message?.body).not.toHaveProperty('From_Account');
  });

  it('is announced for each of two who come in the same moment', async () => {
    const { deliver, im } = await setUpWithIm();
    await deliver(joined, ['s1'], at);
    await deliver(joined, ['s3'], at);
    const randoms = im.calls.filter(({ command }) => command === 'send_group_msg').map(({ body }) => body.Random);
    expect(new Set(randoms).size).toBe(2);
  });

  it.each([
    ['zh', joined, '小明 加入了房间'],
    ['zh', left, '小明 离开了房间'],
    ['en', joined, '小明 has joined the room'],
    ['en', left, '小明 has left the room'],
  ] as const)('is told in %s: %s', async (language, command, expected) => {
    const { deliver, sent } = await setUpWithIm(language);
    await deliver(command, ['s1'], at);
    expect(sent()).toMatchObject([{ text: expected, data: { event: command === joined ? 'join' : 'leave' } }]);
  });

  it('names whom it knows, filtered, and anybody else by their id', async () => {
    const { deliver, sent } = await setUpWithIm('en');
    await deliver(joined, ['s1', 's2', 's3'], at);
    expect(sent()).toMatchObject([
      {
        data: {
          users: [
            { userId: 's1', name: '小明' },
            { userId: 's2', name: '加**的人' },
            { userId: 's3', name: 's3' },
          ],
          count: 3,
        },
        text: '小明, 加**的人 and s3 have joined the room',
      },
    ]);
  });

  it('of recording robots is not announced', async () => {
    const { deliver, sent } = await setUpWithIm();
    await deliver(joined, ['tic_record_user_4242_1', 'TIC_RECORD_USER_4242_2'], at);
    expect(sent()).toEqual([]);
    await deliver(joined, ['tic_record_user_4242_1', 's1'], { EventTime: 1 });
    expect(sent()).toMatchObject([{ text: '小明 加入了房间', data: { count: 1 } }]);
  });

  it.each(['c1_replay', 'other_group', 'nothing_chat', 'unknown_chat', 'opening_chat', 'ended_chat', '@TGS#1_chat'])(
    'of the group %s is not announced',
    async (GroupId) => {
      const { deliver, sent } = await setUpWithIm();
      expect(await deliver(joined, ['s1'], { GroupId, ...at })).toEqual({ status: 200, body: ok });
      expect(sent()).toEqual([]);
    },
  );

  it('that is told twice is announced once, also when the time comes as text', async () => {
    const { deliver, sent } = await setUpWithIm();
    await Promise.all([deliver(joined, ['s1'], at), deliver(joined, ['s1'], at)]);
    await deliver(joined, ['s1'], { EventTime: String(at.EventTime) });
    expect(sent()).toHaveLength(1);
  });

  it('that is told twice without a time is announced once within 5 s', async () => {
    const { deliver, sent } = await setUpWithIm();
    await deliver(joined, ['s1']);
    clock.advance(4);
    await deliver(joined, ['s1']);
    expect(sent()).toHaveLength(1);
    clock.advance(1);
    await deliver(joined, ['s1']);
    expect(sent()).toHaveLength(2);
  });

  it.each([0, '0', '', 'soon'])('whose time is %j is one without a time', async (EventTime) => {
    const { deliver, sent } = await setUpWithIm();
    await deliver(joined, ['s1'], { EventTime });
    await deliver(joined, ['s1'], { EventTime });
    expect(sent()).toHaveLength(1);
    clock.advance(3600);
    await deliver(joined, ['s1'], { EventTime });
    expect(sent()).toHaveLength(2);
  });

  it('at another time, of another kind or of somebody else is announced for itself', async () => {
    const { deliver, sent } = await setUpWithIm();
    await deliver(joined, ['s1'], at);
    await deliver(left, ['s1'], at);
    await deliver(joined, ['s1'], { EventTime: at.EventTime + 1 });
    await deliver(joined, ['s3'], at);
    expect(sent().map(({ text }) => text)).toEqual([
      '小明 加入了房间',
      '小明 离开了房间',
      '小明 加入了房间',
      's3 加入了房间',
    ]);
  });

  it('of one person in two lists names them once', async () => {
    const { deliver, sent } = await setUpWithIm();
    await deliver(joined, ['s1', 's1'], at);
    expect(sent()).toMatchObject([{ data: { count: 1 } }]);
  });

  it('is OK while IM fails, and is left for the sweep with the code of IM in the log', async () => {
    const { deliver, sent, notices, im, test } = await setUpWithIm();
    im.faults.order({ command: 'send_group_msg', times: 1, errorCode: 10010 });
    expect(await deliver(joined, ['s1'], at)).toEqual({ status: 200, body: ok });
    expect(test.lines).toEqual([
      expect.objectContaining({
        command: joined,
        verdict: 'not finished',
        vendor: 'im',
        vendorCode: 10010,
        target: 'group_open_http_svc/send_group_msg',
        error: expect.stringContaining('The IM service failed'),
      }),
    ]);
    clock.advance(1);
    expect(await notices.flush()).toBe(1);
    expect(sent().map(({ body }) => body.Random)).toEqual(Array(2).fill(sent()[0]?.body.Random));
  });

  it('is OK while the database is down', async () => {
    const { deliver, sent, test } = await setUpWithIm('zh', { finder: { findWith: down } });
    expect(await deliver(joined, ['s1'], at)).toEqual({ status: 200, body: ok });
    expect(sent()).toEqual([]);
    expect(test.lines).toEqual([expect.objectContaining({ error: expect.stringContaining('database') })]);
  });

  it('is OK in time while IM says nothing', async () => {
    const { deliver } = await setUpWithIm('zh', {
      notices: { announce: never },
      startTimer: atOnce,
    });
    expect(await deliver(joined, ['s1'], at)).toEqual({ status: 200, body: ok });
  });
});

describe('the log of im-callback', () => {
  it('tells the command, the group, the verdict and the version of the list', async () => {
    const { handler, test } = setUp();
    await send(handler, textMessage('微信'));
    expect(test.lines).toEqual([
      expect.objectContaining({
        command: beforeSend,
        groupId: 'c1_chat',
        userId: 's1',
        verdict: 'mask',
        version: 7,
        count: 1,
        status: 200,
      }),
    ]);
  });

  it('tells no text, no token and no sign', async () => {
    const { handler, test } = setUp();
    const event = callbackOf(beforeSend, textMessage('加微信 refused'));
    const replies = [
      await handler(event),
      await handler({ ...event, body: '{"加微信' }),
      await handler({ ...event, queryString: { ...event.queryString, SdkAppid: '1' } }),
    ];
    expect(replies.map(({ statusCode }) => statusCode)).toEqual([200, 200, 401]);
    expect(test.lines).toHaveLength(3);
    for (const secret of ['微信', 'refused', callbackToken, event.queryString.Sign ?? '?'])
      expect(test.text() + JSON.stringify(replies)).not.toContain(secret);
  });
});
