import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createHandler } from '../../functions/list-classes/handler.ts';
import { downloadEnd, type Lesson } from '../../lib/classroom/class/class.ts';
import { type ClassListing, createClassListing } from '../../lib/classroom/class/class-listing.ts';
import type { Database } from '../../lib/db/database.ts';
import { AppError } from '../../lib/errors.ts';
import { createClock } from '../support/clock.ts';
import { newDatabaseUrl, openDatabase } from '../support/database.ts';
import { call, createHttp, eventOf, tokenOf } from '../support/http.ts';
import { lessonOf } from '../support/lesson.ts';
import { describeRefusals } from '../support/refusals.ts';

const clock = createClock();
const now = clock.seconds();
const day = 86_400;
let database: Database;

beforeAll(async () => {
  database = openDatabase(await newDatabaseUrl());
});
beforeEach(() => database.run((sql) => sql`truncate classes, members`));

const setUpWith = (listing: Pick<ClassListing, 'page'>) => {
  const { http, logText } = createHttp(clock);
  return { handler: createHandler({ http, listing }), logText };
};
const setUp = () => setUpWith(createClassListing({ database, clock }));

const list = async (userId: string, body: object = {}, role = 'student') =>
  call(setUp().handler, eventOf(body, await tokenOf(clock, userId, role)));

const idsOf = async (userId: string, body?: object, role?: string): Promise<string[]> =>
  (await list(userId, body, role)).body.classes.map(({ classId }: { classId: string }) => classId);

/** Every page of a list, one after the other. */
const pagesOf = async (userId: string, limit: number, body: object = {}, role = 'student'): Promise<string[][]> => {
  const pages: string[][] = [];
  let cursor: string | undefined;
  do {
    const reply = await list(userId, { ...body, limit, ...(cursor !== undefined && { cursor }) }, role);
    pages.push(reply.body.classes.map(({ classId }: { classId: string }) => classId));
    cursor = reply.body.nextCursor;
  } while (cursor !== undefined);
  return pages;
};

const store = async (...lessons: (Partial<Lesson> & { classId: string })[]): Promise<void> => {
  for (const lesson of lessons.map(lessonOf)) {
    await database.run(
      (sql) => sql`
        insert into classes (class_id, name, teacher_id, assistant_ids, passcode_hash, starts_at, ends_at, status, room_id, created_at,
                             ended_at, created_from, attempt, groups)
        values (${lesson.classId}, ${lesson.name}, ${lesson.teacherId}, ${sql.json([...lesson.assistantIds])}, ${lesson.passcodeHash ?? null},
                ${lesson.startsAt ?? null}, ${lesson.endsAt ?? null}, ${lesson.status}, ${lesson.roomId}, ${lesson.createdAt},
                ${lesson.endedAt ?? null}, ${lesson.createdFrom}, 'attempt', 'open')`,
    );
  }
};

const enrol = async (classId: string, userId: string, { joinedAt = now as number | null, removedAt = 0 } = {}) =>
  database.run(
    (sql) => sql`
      insert into members (class_id, user_id, joined_at, removed_at) values (${classId}, ${userId}, ${joinedAt}, ${removedAt || null})`,
  );

describe('the list of classes', () => {
  it('shows the classes themselves', async () => {
    await store({ classId: 'c1', passcodeHash: 'salt.key', startsAt: now + 60, endsAt: now + 3600 });

    const { status, body } = await list('t1', {}, 'teacher');

    expect(status).toBe(200);
    expect(body).toEqual({
      classes: [
        {
          classId: 'c1',
          name: '数学',
          teacherId: 't1',
          assistantIds: ['a1'],
          status: 'scheduled',
          chatGroupId: 'c1_chat',
          replayGroupId: 'c1_replay',
          roomId: 4242,
          needsPasscode: true,
          startsAt: now + 60,
          endsAt: now + 3600,
          createdAt: now,
        },
      ],
    });
  });

  it('is of those that the caller teaches, assists or has joined', async () => {
    await store(
      { classId: 'taught', teacherId: 'u1', assistantIds: [] },
      { classId: 'assisted', teacherId: 't1', assistantIds: ['u2', 'u1'] },
      { classId: 'joined', teacherId: 't1', assistantIds: [] },
      { classId: 'all-three', teacherId: 'u1', assistantIds: ['u1'] },
      { classId: 'of-others', teacherId: 't1', assistantIds: ['u10', 'u'] },
    );
    for (const classId of ['joined', 'all-three']) await enrol(classId, 'u1');
    await enrol('of-others', 'u10');

    expect(await idsOf('u1')).toEqual(['all-three', 'assisted', 'joined', 'taught']);
    expect(await idsOf('u2')).toEqual(['assisted']);
    for (const role of ['student', 'teacher']) expect(await idsOf('nobody', {}, role)).toEqual([]);
  });

  it('is of none that the caller was removed from', async () => {
    await store({ classId: 'joined', assistantIds: [] }, { classId: 'assisted', assistantIds: ['u1'] });
    await enrol('joined', 'u1', { removedAt: now });
    await enrol('assisted', 'u1', { joinedAt: null, removedAt: now });

    expect(await idsOf('u1')).toEqual([]);
  });

  it('is of none that knows the caller but has not seen them', async () => {
    await store({ classId: 'c1', assistantIds: [] });
    await enrol('c1', 'u1', { joinedAt: null });

    expect(await idsOf('u1')).toEqual([]);
  });

  it('is of all classes for an admin', async () => {
    await store({ classId: 'c1', teacherId: 't1' }, { classId: 'c2', teacherId: 't2' });
    await enrol('c2', 'boss', { removedAt: now });

    expect(await idsOf('boss', {}, 'admin')).toEqual(['c1', 'c2']);
  });

  it('is of those with the wanted status', async () => {
    await store(
      { classId: 'c1', status: 'scheduled' },
      { classId: 'c2', status: 'live' },
      { classId: 'c3', status: 'ended', endedAt: now },
    );

    for (const role of ['teacher', 'admin']) {
      expect(await idsOf('t1', {}, role)).toEqual(['c1', 'c2', 'c3']);
      expect(await idsOf('t1', { status: 'scheduled' }, role)).toEqual(['c1']);
      expect(await idsOf('t1', { status: 'live' }, role)).toEqual(['c2']);
      expect(await idsOf('t1', { status: 'ended' }, role)).toEqual(['c3']);
    }
  });

  it('holds none that is only being made', async () => {
    await store({ classId: 'c1', status: 'opening' });

    expect(await idsOf('t1')).toEqual([]);
    expect(await idsOf('boss', {}, 'admin')).toEqual([]);
  });

  it.each([
    ['the end that it had', { endedAt: now - 60, endsAt: now - 90 * day, status: 'ended' }],
    ['two hours after its planned end', { endsAt: now - 7200 - 60, createdAt: now - 90 * day }],
    ['a day after its creation', { createdAt: now - day - 60, startsAt: now - 90 * day }],
    ['a day after its start', { createdAt: now - 90 * day, startsAt: now - day - 60 }],
  ] as const)('holds a class for 30 days after %s', async (_what, lesson) => {
    await store({ classId: 'c1', ...lesson });
    const left = downloadEnd(lessonOf(lesson)) - now;
    expect(left).toBe(30 * day - 60);

    clock.advance(left - 1);
    const last = await idsOf('t1');
    clock.advance(1);
    const after = await idsOf('t1');
    clock.advance(-left);

    expect([last, after]).toEqual([['c1'], []]);
  });
});

describe('its pages', () => {
  /** In twos and threes of one second. */
  const lessons = Array.from({ length: 11 }, (_, index) => ({
    classId: `c${String(index).padStart(2, '0')}`,
    createdAt: now - Math.floor(index / 3),
    status: index % 2 === 0 ? ('scheduled' as const) : ('live' as const),
  }));
  const ids = lessons.map(({ classId }) => classId);

  it.each([1, 2, 3, 5, 10, 11, 12])('hold every class once, newest first, %i at a time', async (limit) => {
    await store(...lessons.toReversed());

    for (const role of ['student', 'admin']) {
      const pages = await pagesOf('t1', limit, {}, role);
      expect(pages.flat()).toEqual(ids);
      expect(pages.slice(0, -1).every(({ length }) => length === limit)).toBe(true);
      expect(pages).toHaveLength(Math.ceil(11 / limit));
    }
  });

  it('keep to the wanted status', async () => {
    await store(...lessons);

    expect((await pagesOf('t1', 2, { status: 'live' })).flat()).toEqual(['c01', 'c03', 'c05', 'c07', 'c09']);
  });

  it('go on where they stopped, whatever has come and gone meanwhile', async () => {
    await store(...lessons);
    const { body } = await list('t1', { limit: 4 });
    await database.run((sql) => sql`delete from classes where class_id in ('c03', 'c05')`);
    await store({ classId: 'newer', createdAt: now + 1 });

    expect(await idsOf('t1', { limit: 4, cursor: body.nextCursor })).toEqual(['c04', 'c06', 'c07', 'c08']);
  });

  it('hold 50 classes when no limit is given', async () => {
    await store(...Array.from({ length: 51 }, (_, index) => ({ classId: `c${index}` })));

    const { body } = await list('t1');

    expect(body.classes).toHaveLength(50);
    expect(body).toHaveProperty('nextCursor');
  });

  it('hold as many as 200', async () => {
    await store(...Array.from({ length: 201 }, (_, index) => ({ classId: `c${index}` })));

    expect((await list('t1', { limit: 200 })).body.classes).toHaveLength(200);
  });
});

it('is found through indexes alone for a student, among very many classes', { timeout: 60_000 }, async () => {
  await database.run(
    (sql) => sql`
      insert into classes (class_id, name, teacher_id, assistant_ids, status, room_id, created_at, ended_at, created_from, attempt, groups)
      select 'c' || n, 'Class', 't' || n % 100, case when n % 5 = 0 then jsonb_build_array('a' || n % 100) else '[]' end,
             'ended', n, ${now}::bigint - n, ${now}::bigint, '', '', 'open'
      from generate_series(1, 20000) as n`,
  );
  await database.run(
    (sql) => sql`
      insert into members (class_id, user_id, joined_at)
      select 'c' || 1 + n * 7919 % 20000, 's' || n % 2000, ${now} from generate_series(1, 40000) as n on conflict do nothing`,
  );
  await database.run((sql) => sql`vacuum analyze classes, members`);
  const plans: string[] = [];
  const explaining: Database = {
    ...database,
    run: (work) =>
      database.run(async (sql) => {
        const rows = await sql<{ 'QUERY PLAN': string }[]>`explain ${work(sql) as never}`;
        plans.push(rows.map((row) => row['QUERY PLAN']).join('\n'));
        return [] as never;
      }),
  };
  const listing = createClassListing({ database: explaining, clock });
  const after = { createdAt: now - 100, classId: 'c100' };

  for (const status of [undefined, 'live', 'ended'] as const)
    for (const place of [undefined, after])
      await listing.page({ userId: 's1', role: 'student' }, { status, after: place, limit: 50 });

  expect(plans).toHaveLength(6);
  for (const plan of plans) expect(plan).not.toContain('Seq Scan');
});

describe('without a database', () => {
  it.each([
    ['UPSTREAM_FAILED', 502],
    ['UPSTREAM_TIMEOUT', 504],
  ] as const)('%s is passed on as %i', async (code, status) => {
    const { handler } = setUpWith({
      page: async () => {
        throw new AppError(code, 'The database cannot be reached. Try again.');
      },
    });

    expect(await call(handler, eventOf({}, await tokenOf(clock, 's1')))).toMatchObject({ status, body: { code } });
  });
});

const cursor = (text: string) => Buffer.from(text).toString('base64url');

describeRefusals('list-classes', {
  clock,
  setUp,
  input: {},
  as: { userId: 's1', role: 'student' },
  otherRoles: [],
  badInputs: [
    ['a limit of 0', { limit: 0 }, '/limit'],
    ['a limit of 201', { limit: 201 }, '/limit'],
    ['a status that is none', { status: 'opening' }, '/status'],
    ['an empty cursor', { cursor: '' }, '/cursor'],
    ['a cursor with a blank', { cursor: 'a b' }, '/cursor'],
    ['a cursor that is a number', { cursor: 7 }, '/cursor'],
    ['a cursor without a class', { cursor: cursor('1767225600') }, '/cursor'],
    ['a cursor without a time', { cursor: cursor('c1') }, '/cursor'],
    ['a cursor with more', { cursor: cursor('1767225600 c1 c2') }, '/cursor'],
    ['a cursor with a time beyond all', { cursor: cursor(`${'9'.repeat(30)} c1`) }, '/cursor'],
    ['a cursor that is spelt otherwise', { cursor: `${cursor('1767225600 c1')}=` }, '/cursor'],
  ],
});
