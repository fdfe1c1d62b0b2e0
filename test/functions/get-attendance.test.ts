import { beforeAll, describe, expect, it } from 'vitest';
import { createHandler, type Deps } from '../../functions/get-attendance/handler.ts';
import { createPresence } from '../../lib/classroom/attendance/presence.ts';
import { createClasses } from '../../lib/classroom/class/classes.ts';
import type { Database } from '../../lib/db/database.ts';
import { AppError } from '../../lib/errors.ts';
import { createTestClassroom } from '../support/classroom.ts';
import { createClock } from '../support/clock.ts';
import { newDatabaseUrl, openDatabase } from '../support/database.ts';
import { call, createHttp, eventOf, tokenOf } from '../support/http.ts';
import { finderOf, lessonOf } from '../support/lesson.ts';
import { describeRefusals } from '../support/refusals.ts';

const clock = createClock();
const now = clock.seconds();
const day = 86_400;

let database: Database;
beforeAll(async () => {
  database = openDatabase(await newDatabaseUrl());
});

/** The function over a classroom, and who is asking. */
const setUp = (deps: Partial<Deps> = {}) => {
  const classroom = createTestClassroom({ database, clock });
  const { http, classes } = classroom;
  const presence = createPresence(database);
  const handler = createHandler({ http, classes, presence, ...deps });
  return {
    ...classroom,
    presence,
    ask: async (classId: string, userId = 't1', role = 'teacher') =>
      call(handler, eventOf({ classId }, await tokenOf(clock, userId, role))),
  };
};

describe('get-attendance', () => {
  it('tells who was there, from the room and the chat, by first arrival', async () => {
    const { ask, openClass, letIn, presence, users } = setUp();
    const { classId } = await openClass();
    await letIn(classId, 's1', 's2');
    await users.introduce('s1', '小明');
    const told = (userId: string, source: 'trtc' | 'im', event: 'enter' | 'exit', secondsAgo: number) => ({
      classId,
      userId,
      source,
      event,
      atMs: (now - secondsAgo) * 1000 + 250,
      stay: '',
    });
    await presence.record([
      told('s1', 'im', 'enter', 600),
      told('s1', 'trtc', 'enter', 590),
      told('s1', 'trtc', 'exit', 100),
      told('t1', 'trtc', 'enter', 700),
      told('s2', 'im', 'enter', 300),
      told('s2', 'im', 'exit', 200),
    ]);
    expect(await ask(classId)).toMatchObject({ status: 200 });
    expect((await ask(classId)).body).toEqual({
      classId,
      members: [
        { userId: 't1', name: 't1', joinedAt: now - 700, seconds: 699 },
        { userId: 's1', name: '小明', joinedAt: now - 600, leftAt: now - 100, seconds: 500 },
        { userId: 's2', name: 's2', joinedAt: now - 300, leftAt: now - 200, seconds: 100 },
      ],
    });
  });

  it('tells of nobody when nobody came', async () => {
    const { ask, openClass } = setUp();
    const { classId } = await openClass();
    expect((await ask(classId)).body).toEqual({ classId, members: [] });
  });

  it.each([
    ['its teacher', 't1', 'teacher', 200],
    ['its teacher, whatever their token says', 't1', 'student', 200],
    ['an admin', 'admin1', 'admin', 200],
    ['an assistant', 'a1', 'teacher', 403],
    ['a student in it', 's1', 'student', 403],
    ['another teacher', 't2', 'teacher', 403],
  ])('is for %s (%s, %s): %i', async (_who, userId, role, status) => {
    const { ask, openClass, letIn } = setUp();
    const { classId } = await openClass({ assistantIds: ['a1'] });
    await letIn(classId, 's1');
    expect(await ask(classId, userId, role)).toMatchObject({ status });
  });

  it('knows no class that is not there, or is only being made', async () => {
    const { ask, openClass } = setUp();
    const { classId } = await openClass();
    await database.run((sql) => sql`update classes set status = 'opening' where class_id = ${classId}`);
    for (const id of ['nowhere', classId])
      expect(await ask(id)).toMatchObject({ status: 404, body: { code: 'NOT_FOUND' } });
  });

  it('tells of an ended class for 30 days', async () => {
    const { ask, openClass, presence } = setUp();
    const { classId } = await openClass();
    const endedAt = (time: number) =>
      database.run((sql) => sql`update classes set status = 'ended', ended_at = ${time} where class_id = ${classId}`);
    const end = now - 30 * day + 60;
    await presence.record([
      { classId, userId: 's1', source: 'trtc', event: 'enter', atMs: (end - 90) * 1000, stay: '1' },
    ]);
    await endedAt(end);
    expect((await ask(classId)).body.members).toMatchObject([{ leftAt: end, seconds: 90 }]);
    await endedAt(end - 1);
    expect(await ask(classId)).toMatchObject({ status: 410, body: { code: 'GONE' } });
  });

  it.each([
    ['UPSTREAM_FAILED', 502],
    ['UPSTREAM_TIMEOUT', 504],
  ] as const)('passes the failure %s of the database on as %i', async (code, status) => {
    const attendanceOf = async () => {
      throw new AppError(code, 'The database cannot be reached. Try again.');
    };
    const { ask, openClass } = setUp({ presence: { attendanceOf } });
    const { classId } = await openClass();
    expect(await ask(classId)).toMatchObject({ status, body: { code } });
  });
});

describeRefusals('get-attendance', {
  clock,
  setUp: () => {
    const { http, logText } = createHttp(clock);
    const classes = createClasses({ finder: finderOf(lessonOf()), clock });
    return { handler: createHandler({ http, classes, presence: createPresence(database) }), logText };
  },
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
