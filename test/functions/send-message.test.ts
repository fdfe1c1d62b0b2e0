import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createHandler } from '../../functions/send-message/handler.ts';
import { createWordEditing } from '../../lib/classroom/words/word-editing.ts';
import type { Database } from '../../lib/db/database.ts';
import { AppError } from '../../lib/errors.ts';
import { compileFilter } from '../../lib/moderation/filter.ts';
import { createTestClassroom, type TestClassroom } from '../support/classroom.ts';
import { createClock, type TestClock } from '../support/clock.ts';
import { newDatabaseUrl, openDatabase } from '../support/database.ts';
import { passDeadlines } from '../support/deadlines.ts';
import { createHttp } from '../support/http.ts';
import { lessonOf } from '../support/lesson.ts';
import { createTestMessaging, type TestMessaging, type TestMessagingOptions } from '../support/messaging.ts';
import { describeRefusals } from '../support/refusals.ts';

let database: Database;
let clock: TestClock;
let classroom: TestClassroom;
let messaging: TestMessaging;

const start = (options: TestMessagingOptions = {}) => {
  classroom = createTestClassroom({ database, clock });
  messaging = createTestMessaging(classroom, options);
};

beforeAll(async () => {
  database = openDatabase(await newDatabaseUrl());
});

beforeEach(async () => {
  clock = createClock();
  start();
  await database.run((sql) => sql`truncate classes, rooms, members, users, outbox, sent_messages, budgets`);
  await createWordEditing(database).edit({ add: [], remove: [], replaceAll: [] });
});

/** A class of teacher t1 with assistant a1 and students s1 and s2, of whom s2 holds the board. */
const openClass = async () => {
  await classroom.openClass({ classId: 'c1', assistantIds: ['a1'] });
  await classroom.letIn('c1', 's1', 's2', 'a1');
  await database.run((sql) => sql`update members set board = true where user_id = 's2'`);
};

const send = (body: object, userId?: string, role?: string) => messaging.send({ classId: 'c1', ...body }, userId, role);

/** What IM was sent since the last look. */
const sent = () =>
  classroom.calls.splice(0).flatMap(({ command, body }) => (command === 'send_group_msg' ? [body] : []));

/** How many messages a group has delivered. */
const delivered = (groupId: string) => (classroom.im.state.groups.get(groupId)?.nextMsgSeq ?? 0) - 1;

const setWords = (...words: { word: string; action?: 'mask' | 'reject' | 'drop' | 'allow' }[]) =>
  createWordEditing(database).edit({ add: words.map((word) => ({ ...word, tags: [] })), remove: [] });

const changeClass = (change: object) => database.run((sql) => sql`update classes set ${sql({ ...change })}`);
const changeMember = (userId: string, change: object) =>
  database.run((sql) => sql`update members set ${sql({ ...change })} where user_id = ${userId}`);

const rowsOf = (table: 'outbox' | 'sent_messages') =>
  database.run((sql) => sql<Record<string, unknown>[]>`select * from ${sql(table)}`);

const danmaku = { type: 'danmaku', text: '你好' };
const stroke = { type: 'board', data: { op: 'line', points: [1, 2] } };
const ok = { status: 200, body: { messageId: expect.stringMatching(/^[\w-]{22}$/), delivered: true } };

describe('a message', () => {
  beforeEach(openClass);

  const custom = (data: object, desc: string) => [
    { MsgType: 'TIMCustomElem', MsgContent: { Data: JSON.stringify(data), Desc: desc, Ext: '' } },
  ];
  const wire = {
    Random: expect.any(Number),
    ForbidCallbackControl: ['ForbidBeforeSendMsgCallback', 'ForbidAfterSendMsgCallback'],
  };

  it.each([
    [
      'danmaku',
      's1',
      { type: 'danmaku', lane: 3, color: '#ff8800', text: '你好' },
      {
        GroupId: 'c1_chat',
        From_Account: 's1',
        MsgPriority: 'Low',
        MsgBody: custom({ v: 1, type: 'danmaku', text: '你好', color: '#ff8800', lane: 3 }, '你好'),
      },
    ],
    [
      'danmaku without colour and lane, which a message without a type is',
      's1',
      { text: 'hi' },
      {
        GroupId: 'c1_chat',
        From_Account: 's1',
        MsgPriority: 'Low',
        MsgBody: custom({ v: 1, type: 'danmaku', text: 'hi' }, 'hi'),
      },
    ],
    [
      'likes',
      's1',
      { type: 'like', count: 100 },
      {
        GroupId: 'c1_chat',
        From_Account: 's1',
        MsgPriority: 'Low',
        MsgBody: custom({ v: 1, type: 'like', count: 100 }, ''),
      },
    ],
    [
      'one like',
      's1',
      { type: 'like' },
      {
        GroupId: 'c1_chat',
        From_Account: 's1',
        MsgPriority: 'Low',
        MsgBody: custom({ v: 1, type: 'like', count: 1 }, ''),
      },
    ],
    [
      'a notice',
      'a1',
      { type: 'notice', text: 'Five minutes left' },
      {
        GroupId: 'c1_chat',
        From_Account: 'a1',
        MsgPriority: 'Normal',
        MsgBody: custom({ v: 1, type: 'notice', text: 'Five minutes left' }, 'Five minutes left'),
      },
    ],
  ])('goes into the ChatGroup alone, from its sender: %s', async (_what, userId, body, expected) => {
    expect(await send(body, userId)).toMatchObject(ok);

    expect(sent()).toEqual([{ ...wire, ...expected }]);
    expect(delivered('c1_chat')).toBe(1);
    expect(await rowsOf('outbox')).toEqual([]);
  });

  it.each([
    ['an object', { text: 'a', points: [1, 2.5], nested: { deep: [null, true] } }],
    ['null', null],
    ['a number', 0],
  ])('of the board goes into both groups, first of all: %s', async (_what, data) => {
    expect(await send({ type: 'board', data }, 's2')).toMatchObject(ok);

    const bodies = sent();
    const body = {
      ...wire,
      From_Account: 's2',
      MsgPriority: 'High',
      MsgBody: custom({ v: 1, type: 'board', data }, ''),
    };
    expect(bodies).toEqual([
      { ...body, GroupId: 'c1_chat' },
      { ...body, GroupId: 'c1_replay' },
    ]);
    expect(bodies[0]?.Random).not.toBe(bodies[1]?.Random);
    expect([delivered('c1_chat'), delivered('c1_replay')]).toEqual([1, 2]);
  });

  it('is another one each time', async () => {
    const replies = [await send(danmaku), await send(danmaku)];

    expect(replies[0]?.body.messageId).not.toBe(replies[1]?.body.messageId);
    expect(delivered('c1_chat')).toBe(2);
  });

  it('makes its sender known to IM when nobody has yet, by their nickname', async () => {
    await database.run((sql) => sql`insert into members (class_id, user_id, joined_at) values ('c1', 's3', 1)`);
    await database.run((sql) => sql`insert into users (user_id, name) values ('s3', '小明')`);

    expect([await send(danmaku, 's3'), await send(danmaku, 's3')]).toMatchObject([ok, ok]);

    expect(classroom.takeCommands()).toEqual(['account_import', 'send_group_msg', 'send_group_msg']);
    expect(classroom.im.state.accounts.get('s3')?.nick).toBe('小明');
  });

  it('makes its sender known anew when IM has forgotten them', async () => {
    await send(danmaku, 's1');
    classroom.im.state.accounts.delete('s1');

    expect(await send(danmaku, 's1')).toMatchObject(ok);
    expect(delivered('c1_chat')).toBe(2);
  });

  it('of 500 characters is taken, and as many bytes of JSON as a message may have at most', async () => {
    expect(await send({ text: '😀'.repeat(500) }, 's1')).toMatchObject(ok);
    const frame = JSON.stringify({ v: 1, type: 'board', data: '' }).length;

    expect(await send({ type: 'board', data: 'x'.repeat(12_288 - frame + 1) })).toMatchObject({
      status: 413,
      body: { code: 'PAYLOAD_TOO_LARGE' },
    });
    expect(await send({ type: 'board', data: '课'.repeat(4096) })).toMatchObject({ status: 413 });
    expect(await send({ type: 'board', data: 'x'.repeat(12_000) })).toMatchObject(ok);
  });

  it('that IM finds too long is 413, too, and not tried again', async () => {
    const reply = await send({ type: 'board', data: Array(1800).fill('"') });

    expect(reply).toMatchObject({ status: 413, body: { code: 'PAYLOAD_TOO_LARGE' } });
    clock.advance(20);
    await messaging.outbox.flush();
    sent();
    clock.advance(60);
    expect(await messaging.outbox.flush()).toBe(0);
    expect([delivered('c1_chat'), delivered('c1_replay')]).toEqual([0, 1]);
  });

  it('opens the groups of a class that was created long ahead', async () => {
    await classroom.openClass({ classId: 'c2', startsAt: clock.seconds() + 3 * 86_400 });

    expect(await messaging.send({ classId: 'c2', ...stroke })).toMatchObject(ok);
    expect([delivered('c2_chat'), delivered('c2_replay')]).toEqual([1, 2]);
  });

  it('asks the database four times at most, when nothing has to be kept of it', async () => {
    let asked = 0;
    const counting = createTestMessaging(classroom, {
      database: {
        ...database,
        run: (work) => {
          asked += 1;
          return database.run(work);
        },
        transaction: () => Promise.reject(new Error('a transaction takes three')),
      },
      filter: async () => ({ filter: compileFilter([]), version: 0 }),
    });
    await counting.send({ classId: 'c1', ...danmaku });
    asked = 0;

    expect(await counting.send({ classId: 'c1', ...danmaku })).toMatchObject(ok);
    // The class with its member, the budget, the account; every ten seconds more, the version of the word list.
    expect(asked).toBe(3);
  });
});

describe('who may send', () => {
  beforeEach(openClass);
  const forbidden = { status: 403, body: { code: 'FORBIDDEN' } };
  const all = [danmaku, { type: 'like' }, { type: 'notice', text: 'a' }, stroke];

  it.each([
    ['the teacher', 't1', 'teacher', [200, 200, 200, 200]],
    ['an assistant', 'a1', 'student', [200, 200, 200, 403]],
    ['a student', 's1', 'student', [200, 200, 403, 403]],
    ['a student who holds the board', 's2', 'student', [200, 200, 403, 200]],
    ['a stranger', 's9', 'student', [403, 403, 403, 403]],
    ['another teacher', 't2', 'teacher', [403, 403, 403, 403]],
    ['an admin', 'admin1', 'admin', [403, 403, 200, 403]],
    ['an admin who is in the class', 's1', 'admin', [200, 200, 200, 403]],
  ])('danmaku, likes, notices and strokes: %s', async (_who, userId, role, expected) => {
    const statuses = [];
    for (const body of all) statuses.push((await send(body, userId, role)).status);

    expect(statuses).toEqual(expected);
  });

  it.each([
    ['muted', { muted_until: 2_000_000_000 }],
    ['removed', { removed_at: 1 }],
  ])('nobody who is %s', async (_what, change) => {
    await changeMember('s2', change);
    await changeMember('a1', change);

    for (const body of [danmaku, { type: 'like' }, stroke]) expect(await send(body, 's2')).toMatchObject(forbidden);
    expect(await send({ type: 'notice', text: 'a' }, 'a1')).toMatchObject(forbidden);
    expect(sent()).toEqual([]);
  });

  it('again when a mute is over', async () => {
    await changeMember('s1', { muted_until: clock.seconds() + 60 });
    expect(await send(danmaku, 's1')).toMatchObject(forbidden);
    clock.advance(60);
    expect(await send(danmaku, 's1')).toMatchObject(ok);
  });

  it('no student of a muted class', async () => {
    await changeClass({ muted: true });
    await classroom.client.changeGroup('c1_chat', { muted: true });

    expect(await send(danmaku, 's1')).toMatchObject(forbidden);
    expect(await send(stroke, 's2')).toMatchObject(forbidden);
    expect(await send(danmaku, 'a1')).toMatchObject(ok);
    expect(await send({ type: 'notice', text: 'a' }, 'admin1', 'admin')).toMatchObject(ok);
  });

  it('nobody whom IM has silenced, and then it is not tried again', async () => {
    await classroom.client.muteMember('c1_chat', 's1', 60);

    expect(await send({ ...danmaku, clientMessageId: 'm1' }, 's1')).toMatchObject(forbidden);
    clock.advance(70);
    await messaging.outbox.flush();
    expect(delivered('c1_chat')).toBe(0);
  });

  it('nobody to a class that is over', async () => {
    await changeClass({ status: 'ended', ended_at: clock.seconds() });

    for (const body of all) expect(await send(body)).toMatchObject({ status: 410, body: { code: 'GONE' } });
    expect(await send({ type: 'notice', text: 'a' }, 's1')).toMatchObject({ status: 410 });
    expect(await send({ type: 'notice', text: 'a' }, 'admin1', 'admin')).toMatchObject({ status: 410 });
    expect(await send(danmaku, 's9')).toMatchObject(forbidden);
    expect(sent()).toEqual([]);
  });

  it('nobody to a class that is past its hard end, or that is not there', async () => {
    expect(await messaging.send({ classId: 'c0', ...danmaku })).toMatchObject({ status: 404 });
    clock.advance(86_400);
    expect(await send(danmaku)).toMatchObject({ status: 410 });
  });
});

describe('words', () => {
  beforeEach(openClass);
  const rejected = { status: 422, body: { code: 'CONTENT_REJECTED' } };
  const texts = () =>
    sent().map(
      ({ MsgBody }) => JSON.parse((MsgBody as { MsgContent: { Data: string } }[])[0]?.MsgContent.Data ?? '').text,
    );

  it.each(['danmaku', 'notice'])('of a %s are masked, refused or dropped as the list says', async (type) => {
    await setWords(
      { word: 'darn', action: 'mask' },
      { word: 'damn', action: 'reject' },
      { word: 'spam', action: 'drop' },
    );

    expect(await send({ type, text: 'oh darn!' })).toMatchObject(ok);
    expect(classroom.calls.at(-1)?.body.MsgBody).toMatchObject([{ MsgContent: { Desc: 'oh ****!' } }]);
    expect(texts()).toEqual(['oh ****!']);
    expect(await send({ type, text: 'damn darn' })).toMatchObject(rejected);
    expect(await send({ type, text: 'damn spam' })).toMatchObject(ok);
    expect(sent()).toEqual([]);
  });

  it.each([
    ['mask', 200, ['****']],
    ['reject', 422, []],
    ['drop', 200, []],
  ] as const)('without an action are treated as the setting %s says', async (action, status, expected) => {
    await setWords({ word: 'darn' });
    start({ action });
    await classroom.openClass({ classId: 'c2' });

    expect(await messaging.send({ classId: 'c2', text: 'darn' })).toMatchObject({ status });
    expect(texts()).toEqual(expected);
  });

  it('in a drawing refuse it when they stand under `text`, whatever their action, and are drawn otherwise', async () => {
    await setWords({ word: 'darn', action: 'mask' });

    const board = (data: unknown) => send({ type: 'board', data });
    for (const data of [{ text: 'darn' }, [{ a: { text: ['x', { b: 'darn' }] } }]])
      expect(await board(data)).toMatchObject(rejected);
    expect(sent()).toEqual([]);
    for (const data of ['darn', { title: 'darn', darn: 1, text: { darn: 'x' } }])
      expect(await board(data)).toMatchObject(ok);
  });

  it('are told of in the log by verdict and version, but not by text', async () => {
    const { version } = await setWords(
      { word: 'darn', action: 'mask' },
      { word: 'damn', action: 'reject' },
      { word: 'spam', action: 'drop' },
    );
    for (const text of ['hello', 'darn', 'damn', 'spam']) await send({ type: 'danmaku', text });
    for (const text of ['hello', 'darn']) await send({ type: 'board', data: { text } });
    await send({ type: 'like' });

    const told = classroom.captured.lines.map(({ verdict, version: judgedBy }) => [verdict, judgedBy]);
    expect(told).toEqual([
      ...['pass', 'mask', 'reject', 'drop', 'pass', 'reject'].map((verdict) => [verdict, version]),
      [undefined, undefined],
    ]);
    expect(classroom.logText()).not.toMatch(/darn|damn|spam/);
  });

  it('cannot be judged while there is no list to judge by: the call fails and sends nothing', async () => {
    const filter = async () => {
      throw new AppError('UPSTREAM_TIMEOUT', 'The database did not answer in time. Try again.');
    };
    const blind = createTestMessaging(classroom, { filter });

    expect(await blind.send({ classId: 'c1', ...danmaku })).toMatchObject({ status: 504 });
    expect(await blind.send({ classId: 'c1', ...stroke })).toMatchObject({ status: 504 });
    expect(sent()).toEqual([]);
    expect(await blind.send({ classId: 'c1', type: 'like' })).toMatchObject(ok);
  });
});

describe('the same clientMessageId', () => {
  beforeEach(openClass);
  const again = { ...danmaku, clientMessageId: 'm-1' };

  it.each([
    ['danmaku', danmaku],
    ['a stroke', stroke],
  ])('gets the same reply and sends nothing again: %s', async (_what, body) => {
    const first = await send({ ...body, clientMessageId: 'm-1' });
    const count = delivered('c1_chat');
    clock.advance(599);
    const second = await send({ ...body, clientMessageId: 'm-1' });

    expect(first).toMatchObject(ok);
    expect(second.body).toEqual(first.body);
    expect(delivered('c1_chat')).toBe(count);
  });

  it('gets the same reply whatever the rates and the words say by now', async () => {
    const first = await send(again);
    await setWords({ word: danmaku.text, action: 'reject' });
    await messaging.budget.take([{ key: 'c1_chat', n: 32, limit: 40 }]);
    clock.advance(0.5);

    expect((await createTestMessaging(classroom).send({ classId: 'c1', ...again })).body).toEqual(first.body);
    expect(delivered('c1_chat')).toBe(1);
  });

  it('is another message after 10 minutes, of another sender, and in another class', async () => {
    await classroom.openClass({ classId: 'c2' });
    const first = await send(again);
    const others = [await send(again, 's1'), await messaging.send({ ...again, classId: 'c2' })];
    clock.advance(600);
    others.push(await send(again));

    for (const { body } of others) expect(body.messageId).not.toBe(first.body.messageId);
    expect([delivered('c1_chat'), delivered('c2_chat')]).toEqual([3, 1]);
  });

  it('of two calls at once is one message', async () => {
    const other = createTestMessaging(classroom);
    const calls = [0, 1, 2, 3].map((n) =>
      (n % 2 ? messaging : other).send({ classId: 'c1', ...stroke, clientMessageId: 'm' }),
    );
    const replies = await Promise.all(calls);

    expect(new Set(replies.map(({ body }) => body.messageId)).size).toBe(1);
    expect(replies).toMatchObject([ok, ok, ok, ok]);
    clock.advance(20);
    await messaging.outbox.flush();
    expect([delivered('c1_chat'), delivered('c1_replay')]).toEqual([1, 2]);
  });

  it('of a message that was refused is still free', async () => {
    await setWords({ word: 'damn', action: 'reject' });
    expect(await send({ text: 'damn', clientMessageId: 'm' })).toMatchObject({ status: 422 });
    expect(await send({ type: 'board', data: 'x'.repeat(12_288), clientMessageId: 'm' })).toMatchObject({
      status: 413,
    });

    expect(await send({ text: 'dear', clientMessageId: 'm' })).toMatchObject(ok);
    expect(delivered('c1_chat')).toBe(1);
  });

  it('of a dropped message looks delivered again', async () => {
    await setWords({ word: 'spam', action: 'drop' });
    const body = { text: 'spam', clientMessageId: 'm' };
    const first = await send(body);

    expect((await send(body)).body).toEqual(first.body);
    expect(first).toMatchObject(ok);
    expect(sent()).toEqual([]);
  });

  it('of a message that was shed answers so again', async () => {
    start({ imRestPerSecond: 1 });
    await classroom.openClass({ classId: 'c2' });
    await messaging.send({ classId: 'c2', type: 'like' });
    const like = { classId: 'c2', type: 'like', clientMessageId: 'm' };
    const first = await messaging.send(like);
    clock.advance(1);

    expect(first.body).toMatchObject({ delivered: false });
    expect((await messaging.send(like)).body).toEqual(first.body);
    expect(delivered('c2_chat')).toBe(1);
  });
});

describe('over the rates', () => {
  beforeEach(openClass);
  const bodies = { like: { type: 'like' }, danmaku, notice: { type: 'notice', text: 'a' }, board: stroke };

  const sendMany = async (type: keyof typeof bodies, count: number) => {
    const replies = await Promise.all(Array.from({ length: count }, () => send(bodies[type])));
    return replies.filter(({ status, body }) => status === 200 && body.delivered).length;
  };

  it('of a group likes are shed first, then danmaku, then notices, and strokes are refused last', async () => {
    expect(await sendMany('like', 100)).toBe(28);
    expect(await sendMany('danmaku', 100)).toBe(4);
    expect(await sendMany('notice', 100)).toBe(4);
    expect(await sendMany('board', 10)).toBe(4);

    expect(await send(bodies.like)).toMatchObject({ status: 200, body: { delivered: false } });
    expect(await send(bodies.board)).toMatchObject({
      status: 429,
      headers: { 'retry-after': '1' },
      body: { code: 'RATE_LIMITED' },
    });
    expect([delivered('c1_chat'), delivered('c1_replay')]).toEqual([40, 5]);
    clock.advance(1);
    expect(await sendMany('like', 1)).toBe(1);
  });

  it('a hundred danmaku at once leave strokes a fifth of what the group carries', async () => {
    expect(await sendMany('danmaku', 100)).toBe(32);
    expect(await sendMany('board', 9)).toBe(8);
    expect(delivered('c1_chat')).toBe(40);
  });

  it('of the app every class gives way, and a stroke counts twice', async () => {
    start({ imRestPerSecond: 10 });
    for (const classId of ['c2', 'c3']) await classroom.openClass({ classId });
    const many = async (classId: string, body: object, count: number) => {
      const replies = await Promise.all(Array.from({ length: count }, () => messaging.send({ classId, ...body })));
      return replies.filter(({ body: { delivered } }) => delivered).length;
    };

    expect(await many('c2', bodies.board, 3)).toBe(3);
    expect(await many('c3', bodies.like, 5)).toBe(1);
    expect(await many('c2', bodies.board, 3)).toBe(1);
    expect(await many('c3', bodies.notice, 3)).toBe(0);
  });

  it('however few calls the app has, each type gets through', async () => {
    start({ imRestPerSecond: 1 });
    await classroom.openClass({ classId: 'c2' });

    for (const body of Object.values(bodies)) {
      expect(await messaging.send({ classId: 'c2', ...body })).toMatchObject(ok);
      clock.advance(1);
    }
  });

  it('of IM itself a message is shed, and then it is not tried again', async () => {
    for (const clientMessageId of [undefined, 'm']) {
      classroom.faults.order({ command: 'send_group_msg', times: 1, errorCode: 60011 });
      expect(await send({ ...danmaku, clientMessageId })).toMatchObject({ status: 200, body: { delivered: false } });
    }
    expect(await send({ ...danmaku, clientMessageId: 'm' })).toMatchObject({ status: 200, body: { delivered: false } });
    clock.advance(20);
    await messaging.outbox.flush();
    expect(delivered('c1_chat')).toBe(0);
  });

  it('of IM itself a stroke is 429, and reaches both groups by the same call again', async () => {
    classroom.faults.order({ command: 'send_group_msg', times: 1, errorCode: 60011 });
    const body = { ...stroke, clientMessageId: 'm' };

    expect(await send(body)).toMatchObject({ status: 429, headers: { 'retry-after': '1' } });
    expect(await send(body)).toMatchObject(ok);
    expect([delivered('c1_chat'), delivered('c1_replay')]).toEqual([1, 2]);
  });
});

describe('a failure of IM', () => {
  beforeEach(openClass);

  it.each([
    ['danmaku', danmaku],
    ['a stroke', stroke],
  ])('is 502, with its code in the log alone: %s', async (_what, body) => {
    classroom.faults.order({ command: 'send_group_msg', times: 2, errorCode: 10010 });
    const reply = await send(body);

    expect(reply).toMatchObject({ status: 502, body: { code: 'UPSTREAM_FAILED' } });
    expect(JSON.stringify(reply)).not.toContain('10010');
    expect(classroom.logText()).toContain('"vendorCode":10010');
    expect(classroom.logText()).not.toMatch(/usersig|eJ[\w-]{40}/);
  });

  it.each([
    ['danmaku', danmaku],
    ['a stroke', stroke],
  ])('to answer in time is 504: %s', async (_what, body) => {
    passDeadlines();
    classroom.faults.order({ command: 'send_group_msg', times: 4, dropReply: true });

    expect(await send(body)).toMatchObject({ status: 504, body: { code: 'UPSTREAM_TIMEOUT' } });
  });

  it('to say that it has sent is made good within the call', async () => {
    classroom.faults.order({ command: 'send_group_msg', times: 1, dropReply: true });
    expect(await send(danmaku)).toMatchObject(ok);
    expect(delivered('c1_chat')).toBe(1);
  });
});

it('a database that does not answer is 502', async () => {
  await openClass();
  const nobody = createTestMessaging(classroom, { database: openDatabase('postgres://u:hunter2@127.0.0.1:1/db') });
  const reply = await nobody.send({ classId: 'c1', ...danmaku });

  expect(reply).toMatchObject({ status: 502, body: { code: 'UPSTREAM_FAILED' } });
  expect(JSON.stringify(reply)).not.toContain('hunter2');
});

const refusing = createClock();
describeRefusals('send-message', {
  clock: refusing,
  setUp: () => {
    const { http, logText } = createHttp(refusing);
    const senders = { requireSender: async () => lessonOf() };
    const sending = { send: async () => ({ messageId: 'm', delivered: true }) };
    return { handler: createHandler({ http, senders, sending }), logText };
  },
  input: { classId: 'c1', text: 'hello' },
  as: { userId: 's1', role: 'student' },
  otherRoles: [],
  badInputs: [
    ['nothing', {}, '/classId', '/text'],
    ['another type', { classId: 'c1', type: 'poke' }, '/type'],
    ['a type of another kind', { classId: 'c1', type: 1, text: 'a' }, '/type'],
    ['no text', { classId: 'c1', type: 'danmaku' }, '/text'],
    ['an empty text', { classId: 'c1', text: '' }, '/text'],
    ['a text of 501 characters', { classId: 'c1', text: '课'.repeat(501) }, '/text'],
    ['half a character', { classId: 'c1', text: '\ud83d' }, '/text'],
    ['a text with NUL', { classId: 'c1', type: 'notice', text: 'a\0' }, '/text'],
    ['a colour of two digits', { classId: 'c1', text: 'a', color: '#12' }, '/color'],
    ['a colour with a style in it', { classId: 'c1', text: 'a', color: 'red;x:y' }, '/color'],
    ['lane 100', { classId: 'c1', text: 'a', lane: 100 }, '/lane'],
    ['a lane between lanes', { classId: 'c1', text: 'a', lane: 1.5 }, '/lane'],
    ['no like', { classId: 'c1', type: 'like', count: 0 }, '/count'],
    ['101 likes', { classId: 'c1', type: 'like', count: 101 }, '/count'],
    ['likes with a text', { classId: 'c1', type: 'like', text: 'a' }, '/text'],
    ['a notice with a colour', { classId: 'c1', type: 'notice', text: 'a', color: 'red' }, '/color'],
    ['danmaku with data', { classId: 'c1', type: 'danmaku', text: 'a', data: 1 }, '/data'],
    ['a board without data', { classId: 'c1', type: 'board' }, '/data'],
    ['data without a bottom', `{"classId":"c1","type":"board","data":${'['.repeat(5000)}${']'.repeat(5000)}}`, '/data'],
    ['an id with a space', { classId: 'c1', text: 'a', clientMessageId: 'a b' }, '/clientMessageId'],
    ['an id of 65 characters', { classId: 'c1', text: 'a', clientMessageId: 'x'.repeat(65) }, '/clientMessageId'],
    ['a sender', { classId: 'c1', text: 'a', userId: 's2' }, '/userId'],
  ],
});
