import { randomBytes, randomInt } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { createHandler } from '../../functions/get-class/handler.ts';
import { type ClassFinder, createClassFinder } from '../../lib/classroom/class/class-finder.ts';
import { createClassStore } from '../../lib/classroom/class/class-store.ts';
import { createClasses } from '../../lib/classroom/class/classes.ts';
import type { Database } from '../../lib/db/database.ts';
import { AppError } from '../../lib/errors.ts';
import { createClock } from '../support/clock.ts';
import { newDatabaseUrl, openDatabase } from '../support/database.ts';
import { call, createHttp, eventOf, tokenOf } from '../support/http.ts';
import { finderOf, lessonOf } from '../support/lesson.ts';
import { describeRefusals } from '../support/refusals.ts';

const clock = createClock();
const now = clock.seconds();
const day = 86_400;

const setUp = (finder: Pick<ClassFinder, 'findWith'> = finderOf(lessonOf())) => {
  const { http, logText } = createHttp(clock);
  return { handler: createHandler({ http, classes: createClasses({ finder, clock }) }), logText };
};
const getClass = async (classId: string, finder?: ClassFinder, userId = 't1', role = 'teacher') =>
  call(setUp(finder).handler, eventOf({ classId }, await tokenOf(clock, userId, role)));

const view = {
  classId: 'c1',
  name: '数学',
  teacherId: 't1',
  assistantIds: ['a1'],
  status: 'scheduled',
  chatGroupId: 'c1_chat',
  replayGroupId: 'c1_replay',
  roomId: 4242,
  needsPasscode: false,
  createdAt: now,
};
const { classId, name, teacherId, status, needsPasscode } = view;

describe('get-class', () => {
  it.each([
    ['its teacher', 't1', 'teacher'],
    ['an assistant, whatever their token says', 'a1', 'student'],
    ['an admin', 'admin1', 'admin'],
  ])('shows the class to %s', async (_who, userId, role) => {
    expect(await getClass('c1', undefined, userId, role)).toMatchObject({ status: 200 });
    expect((await getClass('c1', undefined, userId, role)).body).toEqual(view);
  });

  it.each([
    ['student', 's1'],
    ['teacher', 't2'],
  ])('shows a %s of another class what it is called and when it is', async (role, userId) => {
    const reply = await getClass('c1', undefined, userId, role);
    expect(reply.body).toEqual({ classId, name, teacherId, status, needsPasscode });
  });

  it('says whether a passcode is needed, and never what it is', async () => {
    const { body } = await getClass('c1', finderOf(lessonOf({ passcodeHash: 'salt.key' })), 's1', 'student');
    expect(body.needsPasscode).toBe(true);
    expect(JSON.stringify(body)).not.toContain('salt');
  });

  it('knows no class that is not there, or is only being made', async () => {
    const finder = finderOf(lessonOf({ classId: 'c2', status: 'opening' }));
    for (const classId of ['c1', 'c2'])
      expect(await getClass(classId, finder)).toMatchObject({ status: 404, body: { code: 'NOT_FOUND' } });
  });

  it('shows an ended class for 30 days', async () => {
    const endedFor = (seconds: number) => finderOf(lessonOf({ status: 'ended', endedAt: now - seconds }));
    expect(await getClass('c1', endedFor(30 * day - 60))).toMatchObject({ status: 200, body: { status: 'ended' } });
    expect(await getClass('c1', endedFor(30 * day))).toMatchObject({ status: 410, body: { code: 'GONE' } });
  });

  it.each([
    ['UPSTREAM_FAILED', 502],
    ['UPSTREAM_TIMEOUT', 504],
  ] as const)(
    'passes the failure %s of the database on as %i, with its code in the log alone',
    async (code, status) => {
      const findWith = async () => {
        throw new AppError(code, 'The database cannot be reached. Try again.', {
          details: { vendor: 'postgresql', vendorCode: '57P03' },
          cause: new Error('the database system is starting up'),
        });
      };
      const { handler, logText } = setUp({ findWith });
      const reply = await call(handler, eventOf({ classId: 'c1' }, await tokenOf(clock, 't1')));
      expect(reply).toMatchObject({ status, body: { code } });
      expect(JSON.stringify(reply)).not.toMatch(/57P03|starting up/);
      expect(logText()).toMatch(/57P03.*starting up/);
    },
  );
});

describe('get-class with a database', () => {
  let database: Database;
  beforeAll(async () => {
    database = openDatabase(await newDatabaseUrl());
  });

  it('reads back what was stored', async () => {
    const random = { bytes: randomBytes, integer: randomInt };
    const store = createClassStore({ database, random, clock });
    const stored = { name: "O'Neill \\ 课", startsAt: now + 60, endsAt: now + 3600, passcodeHash: 'salt.key' };
    const { roomId } = await store.insertIntent({ ...lessonOf(stored), createdFrom: 'fingerprint' }, 'attempt', 50);
    await store.finish('c1');
    const { body } = await getClass('c1', createClassFinder(database));
    expect(body).toEqual({
      ...view,
      roomId,
      needsPasscode: true,
      name: stored.name,
      startsAt: stored.startsAt,
      endsAt: stored.endsAt,
    });
  });

  it('shows the whole class to whoever has joined, and its notice to whoever was removed or never came', async () => {
    const random = { bytes: randomBytes, integer: randomInt };
    const store = createClassStore({ database, random, clock });
    await store.insertIntent({ ...lessonOf({ classId: 'c2' }), createdFrom: 'fingerprint' }, 'attempt', 50);
    await store.finish('c2');
    await database.run(
      (sql) => sql`
        insert into members (class_id, user_id, joined_at, removed_at)
        values ('c2', 'joined', ${now}, null), ('c2', 'removed', ${now}, ${now}), ('c2', 'a1', null, ${now}), ('c2', 'known', null, null),
               ('other', 'stranger', ${now}, null)`,
    );

    const shown = async (userId: string) => (await getClass('c2', store, userId, 'student')).body;

    const groupIds = { chatGroupId: 'c2_chat', replayGroupId: 'c2_replay' };
    expect(await shown('joined')).toEqual({ ...view, classId: 'c2', ...groupIds, roomId: expect.any(Number) });
    for (const userId of ['removed', 'a1', 'known', 'stranger'])
      expect(await shown(userId)).toEqual({ classId: 'c2', name, teacherId, status, needsPasscode });
  });

  it('is a 502 when nobody listens there', async () => {
    const nobody = openDatabase('postgres://u:hunter2@127.0.0.1:1/db');
    const reply = await getClass('c1', createClassFinder(nobody));
    expect(reply).toMatchObject({ status: 502, body: { code: 'UPSTREAM_FAILED' } });
    expect(JSON.stringify(reply)).not.toContain('hunter2');
  });
});

describeRefusals('get-class', {
  clock,
  setUp,
  input: { classId: 'c1' },
  as: { userId: 's1', role: 'student' },
  otherRoles: [],
  badInputs: [
    ['no class', {}, '/classId'],
    ['a class id with a quote', { classId: "c1' or '1'='1" }, '/classId'],
    ['a class id of 33 characters', { classId: 'c'.repeat(33) }, '/classId'],
    ['a number', { classId: 1 }, '/classId'],
  ],
});
