import { beforeAll, describe, expect, it } from 'vitest';
import { createHandler } from '../../functions/end-class/handler.ts';
import { createClassEnding } from '../../lib/classroom/class/class-ending.ts';
import type { LessonRecord } from '../../lib/classroom/class/class-finder.ts';
import { createClasses } from '../../lib/classroom/class/classes.ts';
import { createMessaging } from '../../lib/classroom/messages/messaging.ts';
import { createReplay } from '../../lib/classroom/replay/replay.ts';
import { createReplayExport } from '../../lib/classroom/replay/replay-export.ts';
import type { Database } from '../../lib/db/database.ts';
import { AppError } from '../../lib/errors.ts';
import { createTestClassroom } from '../support/classroom.ts';
import { createClock } from '../support/clock.ts';
import { newDatabaseUrl, openDatabase } from '../support/database.ts';
import { call, createHttp, eventOf, tokenOf } from '../support/http.ts';
import { finderOf, lessonOf } from '../support/lesson.ts';
import { describeRefusals } from '../support/refusals.ts';
import { noRates, readPages, replayGroupOf } from '../support/replay.ts';

let database: Database;
beforeAll(async () => {
  database = openDatabase(await newDatabaseUrl());
});

const setUp = async () => {
  const clock = createClock();
  const classroom = createTestClassroom({ database, clock, im: { limits: noRates } });
  const { client: im, http, classes, repairs, trtc, store } = classroom;
  const { log } = http;
  const sleep = async () => {};
  const { outbox } = createMessaging({ ...classroom, im, log, sleep });
  const replayExport = createReplayExport({ database, im, log, clock });
  const parts = { database, im, trtc: trtc.client, repairs, outbox, replayExport, log, clock };
  const handler = createHandler({ http, classes, ending: createClassEnding(parts) });
  const { classId } = await classroom.openClass({ assistantIds: ['a1'] });
  await classroom.letIn(classId, 's1');
  return {
    ...classroom,
    outbox,
    classId,
    group: replayGroupOf(classroom, classId),
    end: async (userId = 't1', role = 'teacher', input: object = { classId }) =>
      call(handler, eventOf(input, await tokenOf(clock, userId, role))),
    async replaySeqs(): Promise<number[]> {
      const lesson = await store.find(classId);
      const pages = lesson ? await readPages(createReplay({ database, im, log }), lesson) : [];
      return pages.flatMap(({ messages }) => messages.map(({ seq }) => seq));
    },
  };
};

describe('end-class', () => {
  it.each([
    ['its teacher', 't1', 'teacher'],
    ['an admin', 'admin1', 'admin'],
  ])('ends the class for %s, keeps its replay and takes down all else', async (_who, userId, role) => {
    const { end, group, classId, store, im, trtc, clock, replaySeqs } = await setUp();
    for (let n = 0; n < 3; n += 1) await group.draw({ n });
    clock.advance(60);

    const reply = await end(userId, role);

    const lesson = await store.find(classId);
    expect(reply.status).toBe(200);
    expect(reply.body).toEqual({
      classId,
      name: 'Maths',
      teacherId: 't1',
      assistantIds: ['a1'],
      status: 'ended',
      chatGroupId: `${classId}_chat`,
      replayGroupId: `${classId}_replay`,
      roomId: lesson?.roomId,
      needsPasscode: false,
      createdAt: clock.seconds() - 60,
      endedAt: clock.seconds(),
    });
    expect(lesson).toMatchObject({ exportedAt: clock.seconds(), closedAt: clock.seconds() });
    expect(im.state.groups.size).toBe(0);
    expect(trtc.calls).toEqual([{ action: 'DismissRoom', roomId: lesson?.roomId }]);
    expect(await replaySeqs()).toEqual([2, 3, 4]);
  });

  it('answers the same again, and asks nobody anything', async () => {
    const { end, takeCommands, clock } = await setUp();
    const first = await end();
    takeCommands();
    clock.advance(60);
    expect(await end()).toMatchObject({ status: 200, body: first.body });
    expect(takeCommands()).toEqual([]);
  });

  it('has ended the class although IM and TRTC fail, and goes on with the rest when it is called again', async () => {
    const { end, group, faults, trtc, classId, store, im, replaySeqs, logText } = await setUp();
    await group.draw({});
    faults.order({ command: 'destroy_group', times: 1, errorCode: 10007 });
    faults.order({ command: 'group_msg_get_simple', times: 2, dropReply: true });
    trtc.failNext('UPSTREAM_TIMEOUT');

    const reply = await end();

    expect(reply).toMatchObject({ status: 200, body: { status: 'ended' } });
    expect(await store.find(classId)).toMatchObject({ status: 'ended', exportedAt: undefined, closedAt: undefined });
    expect(logText()).toContain('repair due');
    expect(logText()).not.toContain('usersig');

    expect(await end()).toMatchObject({ status: 200, body: reply.body });
    expect(await store.find(classId)).toMatchObject({ exportedAt: expect.any(Number), closedAt: expect.any(Number) });
    expect(im.state.groups.size).toBe(0);
    expect(await replaySeqs()).toEqual([2]);
  });

  it('exports what IM had not been told yet', async () => {
    const { end, outbox, classId, replaySeqs } = await setUp();
    const message = { messageId: 'm1', classId, senderId: 's1', description: '', priority: 'High' as const };
    const data = { v: 1, type: 'board', data: {} };
    await database.transaction((sql) =>
      outbox.enqueue(
        sql,
        ['chat', 'replay'].map((kind) => ({ ...message, groupId: `${classId}_${kind}`, data })),
      ),
    );
    await end();
    expect(await replaySeqs()).toEqual([2]);
  });

  it.each([
    ['an assistant', 'a1', 'teacher'],
    ['a student', 's1', 'student'],
    ['another teacher', 't2', 'teacher'],
  ])('is not for %s', async (_who, userId, role) => {
    const { end, classId, store, takeCommands } = await setUp();
    expect(await end(userId, role)).toMatchObject({ status: 403, body: { code: 'FORBIDDEN' } });
    expect(await store.find(classId)).toMatchObject({ status: 'scheduled' });
    expect(takeCommands()).toEqual([]);
  });

  it('knows no class that is not there', async () => {
    const { end } = await setUp();
    expect(await end('t1', 'teacher', { classId: 'nothing' })).toMatchObject({ status: 404 });
  });
});

const clock = createClock();

/** Over c1 of teacher t1, with another way to end it. */
const setUpWith = (end: () => Promise<LessonRecord>) => {
  const { http, logText } = createHttp(clock);
  const classes = createClasses({ finder: finderOf(lessonOf()), clock });
  return { handler: createHandler({ http, classes, ending: { end, closeSoon: async () => {} } }), logText };
};

it.each([
  ['UPSTREAM_FAILED', 502],
  ['UPSTREAM_TIMEOUT', 504],
] as const)('end-class passes the failure %s of the database on as %i', async (code, status) => {
  const { handler } = setUpWith(async () => {
    throw new AppError(code, 'The database cannot be reached. Try again.');
  });
  const reply = await call(handler, eventOf({ classId: 'c1' }, await tokenOf(clock, 't1', 'teacher')));
  expect(reply).toMatchObject({ status, body: { code } });
});

describeRefusals('end-class', {
  clock,
  setUp: () => setUpWith(async () => lessonOf({ status: 'ended' })),
  input: { classId: 'c1' },
  as: { userId: 't1', role: 'teacher' },
  otherRoles: [],
  badInputs: [
    ['no class', {}, '/classId'],
    ['a class id with a quote', { classId: "c1' or '1'='1" }, '/classId'],
    ['a class id of 33 characters', { classId: 'c'.repeat(33) }, '/classId'],
    ['a number', { classId: 1 }, '/classId'],
  ],
});
