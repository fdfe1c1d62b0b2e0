import { beforeAll, describe, expect, it } from 'vitest';
import { createHandler } from '../../functions/get-replay/handler.ts';
import { createClasses } from '../../lib/classroom/class/classes.ts';
import { createReplay } from '../../lib/classroom/replay/replay.ts';
import { createReplayExport } from '../../lib/classroom/replay/replay-export.ts';
import type { Database } from '../../lib/db/database.ts';
import { createImClient, type ImClient } from '../../lib/im/client.ts';
import { createUserSigSigner } from '../../lib/usersig/signer.ts';
import { createTestClassroom } from '../support/classroom.ts';
import { createClock } from '../support/clock.ts';
import { newDatabaseUrl, openDatabase } from '../support/database.ts';
import { passDeadlines, silentFetch } from '../support/deadlines.ts';
import { call, createHttp, eventOf, tokenOf } from '../support/http.ts';
import { imSecretKey, sdkAppId } from '../support/im.ts';
import { finderOf, lessonOf } from '../support/lesson.ts';
import { describeRefusals } from '../support/refusals.ts';
import { noRates, replayGroupOf } from '../support/replay.ts';

let database: Database;
beforeAll(async () => {
  database = openDatabase(await newDatabaseUrl());
});

const setUp = async (silentIm?: ImClient) => {
  const clock = createClock();
  const classroom = createTestClassroom({ database, clock, im: { limits: noRates } });
  const { client: im, http, classes, store } = classroom;
  const { classId } = await classroom.openClass({ assistantIds: ['a1'] });
  await classroom.letIn(classId, 's1');
  const handler = createHandler({
    http,
    classes,
    replay: createReplay({ database, im: silentIm ?? im, log: http.log }),
  });
  return {
    ...classroom,
    classId,
    group: replayGroupOf(classroom, classId),
    ask: async (input: object = {}, userId = 's1', role = 'student') =>
      call(handler, eventOf({ classId, ...input }, await tokenOf(clock, userId, role))),
    async exportAll(): Promise<void> {
      const lesson = await store.find(classId);
      if (!lesson) throw new Error('the class is gone');
      const replayExport = createReplayExport({ database, im, log: http.log, clock });
      expect(await replayExport.export(lesson, { until: Number.POSITIVE_INFINITY })).toBe(true);
      await im.destroyGroup(`${classId}_replay`);
    },
  };
};

describe('get-replay', () => {
  it('lists strokes, time lines and recorded files in their order, and what is missing', async () => {
    const { group, ask, clock } = await setUp();
    const time = clock.seconds();
    await group.draw({ line: [1, 2] });
    await group.recall(await group.draw({ line: [3, 4] }));
    await group.sendText('hello');
    const timeLine = { seq: 12_345, timestamp: 7, time_line: clock(), value: { uid: 's1' } };
    await group.sendData(JSON.stringify({ type: 1003, ...timeLine }));
    const file = { seq: 23_456, timestamp: time, value: { uid: 't1', video_url: 'https://vod.example.com/v' } };
    await group.sendData(JSON.stringify({ type: 1004, ...file }));

    const reply = await ask();

    expect(reply.status).toBe(200);
    expect(reply.body).toEqual({
      messages: [
        { seq: 2, time, userId: 't1', type: 'board', data: { line: [1, 2] } },
        { seq: 5, time, userId: 's1', type: 1003, data: timeLine },
        { seq: 6, time, userId: 't1', type: 1004, data: file },
      ],
      gaps: [{ from: 3, to: 3, reason: 'recalled' }],
    });
  });

  it('goes on with a cursor that stays good when the replay is exported', async () => {
    const { group, ask, exportAll } = await setUp();
    for (let n = 0; n < 120; n += 1) await group.draw({ n });
    const first = (await ask()).body;
    expect(first.messages).toHaveLength(50);
    const second = (await ask({ cursor: first.nextCursor })).body;
    await exportAll();

    expect((await ask()).body).toEqual(first);
    expect((await ask({ cursor: first.nextCursor })).body).toEqual(second);
    const last = (await ask({ cursor: second.nextCursor, limit: 200 })).body;
    expect(last).toEqual({ messages: expect.anything(), gaps: [] });
    const all = [first, second, last].flatMap(({ messages }) => messages);
    expect(all.map(({ data }) => data.n)).toEqual(Array.from({ length: 120 }, (_, n) => n));
  });

  it.each([
    ['its teacher', 't1', 'teacher', 200],
    ['an assistant', 'a1', 'student', 200],
    ['a student who has joined', 's1', 'student', 200],
    ['a student who has not', 's2', 'student', 403],
    ['another teacher', 't2', 'teacher', 403],
    ['an admin who is not in it', 'admin1', 'admin', 403],
  ])('answers %s with %4$i', async (_who, userId, role, status) => {
    expect(await (await setUp()).ask({}, userId, role)).toMatchObject({ status });
  });

  it('is not for somebody who was removed', async () => {
    const { ask, classId } = await setUp();
    await database.run((sql) => sql`update members set removed_at = 1 where class_id = ${classId}`);
    expect(await ask()).toMatchObject({ status: 403, body: { code: 'FORBIDDEN' } });
  });

  it('lives on for 30 days after the end', async () => {
    const { ask, classId, clock } = await setUp();
    await database.run(
      (sql) => sql`update classes set status = 'ended', ended_at = ${clock.seconds()} where class_id = ${classId}`,
    );
    clock.advance(30 * 86_400 - 60);
    expect(await ask()).toMatchObject({ status: 200 });
    clock.advance(1);
    expect(await ask()).toMatchObject({ status: 410, body: { code: 'GONE' } });
  });

  it('knows no class that is not there', async () => {
    expect(await (await setUp()).ask({ classId: 'nothing' })).toMatchObject({ status: 404 });
  });

  it.each([
    ['an error', { errorCode: 10007 }, 1],
    ['lost replies', { dropReply: true }, 2],
  ])('is a 502 after %s of IM, whose words and sig stay in the log at most', async (_what, fault, times) => {
    const { ask, group, faults, logText } = await setUp();
    await group.draw({});
    faults.order({ command: 'group_msg_get_simple', times, ...fault });
    const reply = await ask();
    expect(reply).toMatchObject({ status: 502, body: { code: 'UPSTREAM_FAILED' } });
    expect(JSON.stringify(reply)).not.toMatch(/10007|usersig|a fault/);
    expect(logText()).not.toContain('usersig');
  });

  it('is a 504 when IM does not answer', async () => {
    passDeadlines();
    const { ask } = await setUp(
      createImClient({
        apiUrl: 'https://im.example.com',
        adminUserId: 'administrator',
        signer: createUserSigSigner(sdkAppId, { secretKey: imSecretKey }),
        fetch: silentFetch,
        sleep: async () => {},
        random: Math.random,
        clock: Date.now,
      }),
    );
    expect(await ask()).toMatchObject({ status: 504, body: { code: 'UPSTREAM_TIMEOUT' } });
  });
});

const clock = createClock();

describeRefusals('get-replay', {
  clock,
  setUp() {
    const { http, logText } = createHttp(clock);
    const classes = createClasses({ finder: finderOf(lessonOf({ teacherId: 's1' })), clock });
    const replay = { page: async () => ({ messages: [], gaps: [], nextAfter: undefined }) };
    return { handler: createHandler({ http, classes, replay }), logText };
  },
  input: { classId: 'c1' },
  as: { userId: 's1', role: 'student' },
  otherRoles: [],
  badInputs: [
    ['no class', {}, '/classId'],
    ['a class id of 33 characters', { classId: 'c'.repeat(33) }, '/classId'],
    ['a page of none', { classId: 'c1', limit: 0 }, '/limit'],
    ['a page of 201', { classId: 'c1', limit: 201 }, '/limit'],
    ['a number as the cursor', { classId: 'c1', cursor: 5 }, '/cursor'],
    ['a cursor of nobody', { classId: 'c1', cursor: "1' or '1'='1" }, '/cursor'],
    [
      'a cursor that is no number inside',
      { classId: 'c1', cursor: Buffer.from('-1').toString('base64url') },
      '/cursor',
    ],
    [
      'a cursor beyond all numbers',
      { classId: 'c1', cursor: Buffer.from('9'.repeat(16)).toString('base64url') },
      '/cursor',
    ],
  ],
});
