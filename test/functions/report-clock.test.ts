import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createHandler } from '../../functions/report-clock/handler.ts';
import type { Database } from '../../lib/db/database.ts';
import { createTestClassroom, type TestClassroom } from '../support/classroom.ts';
import { createClock, type TestClock } from '../support/clock.ts';
import { newDatabaseUrl, openDatabase } from '../support/database.ts';
import { createHttp } from '../support/http.ts';
import { lessonOf, memberOf } from '../support/lesson.ts';
import { createTestMessaging, type TestMessaging } from '../support/messaging.ts';
import { describeRefusals } from '../support/refusals.ts';

let database: Database;
let clock: TestClock;
let classroom: TestClassroom;
let messaging: TestMessaging;

beforeAll(async () => {
  database = openDatabase(await newDatabaseUrl());
});

/** A class of teacher t1 with assistant a1 and students s1 and s2, of whom s2 holds the board. */
beforeEach(async () => {
  clock = createClock();
  classroom = createTestClassroom({ database, clock });
  messaging = createTestMessaging(classroom);
  await database.run((sql) => sql`truncate classes, rooms, members, users, outbox, budgets`);
  await classroom.openClass({ classId: 'c1', assistantIds: ['a1'] });
  await classroom.letIn('c1', 's1', 's2');
  await changeMember('s2', { board: true });
});

const changeMember = (userId: string, change: object) =>
  database.run((sql) => sql`update members set ${sql({ ...change })} where user_id = ${userId}`);

const report = (userId?: string, told: number = 1_767_225_599_000, classId = 'c1') =>
  messaging.report({ classId, clock: told }, userId);

/** What the replay has got since it was woken. */
const replay = () =>
  (classroom.im.state.groups.get('c1_replay')?.messages.slice(1) ?? []).map(({ body }) =>
    JSON.parse(String(body[0]?.MsgContent.Data)),
  );

describe('report-clock', () => {
  it('answers every member our time', async () => {
    clock.advance(0.25);
    for (const userId of ['t1', 'a1', 's1', 's2'])
      expect(await report(userId)).toMatchObject({
        status: 200,
        body: { classId: 'c1', timeLineMs: 1_767_225_600_250 },
      });
  });

  it('puts the clock of the teacher into the replay, from the administrator, in the words of Tencent’s own classroom', async () => {
    clock.advance(0.25);
    await report('t1', 1_767_225_599_123);

    expect(classroom.calls.map(({ body }) => body)).toEqual([
      {
        GroupId: 'c1_replay',
        Random: expect.any(Number),
        MsgPriority: 'Normal',
        ForbidCallbackControl: ['ForbidBeforeSendMsgCallback', 'ForbidAfterSendMsgCallback'],
        MsgBody: [
          {
            MsgType: 'TIMCustomElem',
            MsgContent: {
              Data: expect.stringMatching(
                /^\{"type":1003,"seq":\d+,"timestamp":\d+,"time_line":1767225600250,"value":\{"uid":"t1"\}\}$/,
              ),
              Desc: '',
              Ext: '',
            },
          },
        ],
      },
    ]);
    const [{ seq, timestamp }] = replay();
    expect(timestamp).toBe(Number(BigInt(1_767_225_599_123) & 0xffff_ffffn));
    expect(seq).toBeGreaterThanOrEqual(10_000);
    expect(seq).toBeLessThanOrEqual(100_000_000);
  });

  it.each([
    [0, 0],
    [2 ** 32 - 1, 2 ** 32 - 1],
    [2 ** 32, 0],
    [Number.MAX_SAFE_INTEGER, 2 ** 32 - 1],
  ])('sends the clock %i as %i', async (told, timestamp) => {
    expect(await report('t1', told)).toMatchObject({ status: 200 });
    expect(replay()).toMatchObject([{ timestamp }]);
  });

  it('does so for those who hold the board, and for nobody else', async () => {
    for (const userId of ['t1', 'a1', 's1', 's2']) await report(userId);

    expect(replay().map(({ value }) => value.uid)).toEqual(['t1', 's2']);
  });

  it('does so once a minute each, however often they report and wherever', async () => {
    const other = createTestMessaging(classroom);
    const often = () =>
      Promise.all([0, 1, 2, 3].map((n) => (n % 2 ? other : messaging).report({ classId: 'c1', clock: n }, 't1')));
    await often();
    clock.advance(59);
    await often();
    await report('s2');
    expect(replay().map(({ value }) => value.uid)).toEqual(['t1', 's2']);
    clock.advance(1);
    await often();
    await report('s2');
    expect(replay().map(({ value }) => value.uid)).toEqual(['t1', 's2', 't1']);
  });

  it('makes nobody a member who was none', async () => {
    await report('t1');
    const [row] = await database.run((sql) => sql`select joined_at, board from members where user_id = 't1'`);

    expect(row).toEqual({ joined_at: null, board: false });
  });

  it('takes the clock of a muted member', async () => {
    await changeMember('s2', { muted_until: clock.seconds() + 60 });
    expect(await report('s2')).toMatchObject({ status: 200 });
    expect(replay()).toHaveLength(1);
  });

  it.each([
    ['a stranger', 's9'],
    ['an admin who is not in the class', 'admin1'],
    ['who was removed', 's2'],
  ])('is not for %s', async (_who, userId) => {
    await changeMember('s2', { removed_at: 1 });
    expect(await messaging.report({ classId: 'c1', clock: 1 }, userId, 'admin')).toMatchObject({
      status: 403,
      body: { code: 'FORBIDDEN' },
    });
  });

  it('knows no class that is not there, and none that is over', async () => {
    expect(await report('t1', 1, 'c0')).toMatchObject({ status: 404 });
    await database.run((sql) => sql`update classes set status = 'ended', ended_at = 1`);
    expect(await report('t1')).toMatchObject({ status: 410, body: { code: 'GONE' } });
    expect(await report('s9')).toMatchObject({ status: 403 });
  });

  it('writes nothing down for a class that ends meanwhile', async () => {
    const late = createTestMessaging(classroom, {
      database: {
        ...database,
        transaction: async (work) => {
          await database.run((sql) => sql`update classes set status = 'ended', ended_at = 1`);
          return database.transaction(work);
        },
      },
    });

    expect(await late.report({ classId: 'c1', clock: 1 })).toMatchObject({ status: 410 });
    expect(await database.run((sql) => sql`select 1 from outbox`)).toHaveLength(0);
  });

  it('opens the groups of a class that was created long ahead, for those who draw', async () => {
    await classroom.openClass({ classId: 'c2', startsAt: clock.seconds() + 3 * 86_400 });
    await classroom.letIn('c2', 's1');
    await report('s1', 1, 'c2');
    expect(classroom.im.state.groups.has('c2_replay')).toBe(false);
    await report('t1', 1, 'c2');
    expect(classroom.im.state.groups.get('c2_replay')?.nextMsgSeq).toBe(3);
  });
});

describe('report-clock when IM fails', () => {
  it.each([
    ['with an error', { errorCode: 10002, times: 3 }],
    ['with its rate', { errorCode: 60011, times: 1 }],
    ['to say that it has sent', { dropReply: true, times: 2 }],
  ])('%s answers all the same, and the sweep puts the clock into the replay once', async (_how, fault) => {
    classroom.faults.order({ command: 'send_group_msg', ...fault });
    expect(await report('t1')).toMatchObject({ status: 200, body: { timeLineMs: clock() } });
    expect(classroom.captured.lines).toContainEqual(
      expect.objectContaining({
        level: 'warn',
        event: 'repair due',
        repair: 'unsent message',
        classId: 'c1',
        groupId: 'c1_replay',
      }),
    );
    const [told] = await database.run((sql) => sql<{ data: string }[]>`select data from outbox`);

    clock.advance(300);
    await messaging.outbox.flush();
    expect(replay()).toEqual([JSON.parse(told?.data ?? '')]);
  });

  it('to open the groups answers all the same, and the replay has the clock once they are open', async () => {
    await classroom.openClass({ classId: 'c2', startsAt: clock.seconds() + 3 * 86_400 });
    classroom.faults.order({ command: 'create_group', times: 1, errorCode: 10036 });
    expect(await report('t1', 1, 'c2')).toMatchObject({ status: 200 });
    clock.advance(300);
    await messaging.outbox.flush();
    expect(await messaging.send({ classId: 'c2', text: 'hi' })).toMatchObject({ status: 200 });
    await messaging.outbox.flush();

    expect(classroom.im.state.groups.get('c2_replay')?.nextMsgSeq).toBe(3);
  });
});

it('report-clock without a database is 502', async () => {
  const nobody = createTestMessaging(classroom, { database: openDatabase('postgres://u:hunter2@127.0.0.1:1/db') });
  const reply = await nobody.report({ classId: 'c1', clock: 1 });

  expect(reply).toMatchObject({ status: 502, body: { code: 'UPSTREAM_FAILED' } });
  expect(JSON.stringify(reply)).not.toContain('hunter2');
});

const refusing = createClock();
describeRefusals('report-clock', {
  clock: refusing,
  setUp: () => {
    const { http, logText } = createHttp(refusing);
    const enrolment = { lesson: lessonOf(), member: memberOf(), role: 'student' as const };
    const classes = { requireMember: async () => enrolment, assertGoingOn: () => {} };
    return { handler: createHandler({ http, classes, clockReports: { report: async () => 1 } }), logText };
  },
  input: { classId: 'c1', clock: 1 },
  as: { userId: 's1', role: 'student' },
  otherRoles: [],
  badInputs: [
    ['nothing', {}, '/classId', '/clock'],
    ['a clock before its beginning', { classId: 'c1', clock: -1 }, '/clock'],
    ['a clock of parts of milliseconds', { classId: 'c1', clock: 1.5 }, '/clock'],
    ['a clock that no number can tell', { classId: 'c1', clock: 2 ** 53 }, '/clock'],
    ['a clock in words', { classId: 'c1', clock: '1' }, '/clock'],
  ],
});
