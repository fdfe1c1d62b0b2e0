import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createHandler } from '../../functions/update-class/handler.ts';
import type { NewClass } from '../../lib/classroom/class/class-creation.ts';
import { createClassEditing } from '../../lib/classroom/class/class-editing.ts';
import { createClassSettling } from '../../lib/classroom/class/class-settling.ts';
import { type Classes, createClasses } from '../../lib/classroom/class/classes.ts';
import { isPasscode } from '../../lib/classroom/entry/passcode.ts';
import { createMembership } from '../../lib/classroom/members/membership.ts';
import type { Database } from '../../lib/db/database.ts';
import { AppError } from '../../lib/errors.ts';
import type { HttpHandler } from '../../lib/scf/http-endpoint.ts';
import { createTestClassroom, type TestClassroom } from '../support/classroom.ts';
import { createClock, type TestClock } from '../support/clock.ts';
import { newDatabaseUrl, openDatabase } from '../support/database.ts';
import { call, createHttp, eventOf, tokenOf } from '../support/http.ts';
import { finderOf, lessonOf } from '../support/lesson.ts';
import { describeRefusals } from '../support/refusals.ts';

const day = 86_400;

/** Each is an instance's: what is at once in two of them is at once in the database. */
let databases: Database[];
let database: Database;
let clock: TestClock;
let classroom: TestClassroom;
let settling: ReturnType<typeof settlingOf>;

beforeAll(async () => {
  const url = await newDatabaseUrl();
  databases = Array.from({ length: 4 }, () => openDatabase(url));
  database = databases[0] as Database;
});

beforeEach(async () => {
  clock = createClock();
  classroom = createTestClassroom({ database, clock });
  settling = settlingOf(database);
  await database.run((sql) => sql`truncate classes, rooms, members, users`);
});

const settlingOf = (on: Database) => {
  const { client: im, http, reserved } = classroom;
  const { log } = http;
  const { classes, memberSettling } = createMembership({ database: on, im, reserved, log, clock });
  return { classes, memberSettling, classSettling: createClassSettling({ database: on, im, log }) };
};

/** An instance of the function, with a connection of its own. */
const instance = (on: Database = database, replaced: Partial<Pick<Classes, 'requireTaughtBy'>> = {}): HttpHandler => {
  const { http, reserved, random } = classroom;
  const { classes, ...settlings } = settlingOf(on);
  const editing = createClassEditing({ database: on, classes, ...settlings, random, clock });
  return createHandler({ http, reserved, classes: { ...classes, ...replaced }, editing });
};

const update = async (changes: object, { userId = 't1', role = 'teacher', on = instance() } = {}) =>
  call(on, eventOf({ classId: 'c1', ...changes }, await tokenOf(clock, userId, role)));

const open = (lesson: Partial<NewClass> = {}) =>
  classroom.openClass({ classId: 'c1', assistantIds: ['a1'], ...lesson });

const rowOf = async () => {
  const [row] = await database.run(
    (sql) =>
      sql<
        { passcodeHash: string | null; isNameUnsettled: boolean; groups: string }[]
      >`select passcode_hash as "passcodeHash", name_unsettled as "isNameUnsettled", groups from classes where class_id = 'c1'`,
  );
  if (!row) throw new Error('there is no class c1');
  return row;
};

const groupNames = () => ['c1_chat', 'c1_replay'].map((groupId) => classroom.im.state.groups.get(groupId)?.name);

describe('a change', () => {
  it('is answered with the class as it is then', async () => {
    const { roomId } = await open();
    const [startsAt, endsAt] = [clock.seconds() + 3600, clock.seconds() + 7200];

    const { status, body } = await update({
      name: 'Physics',
      assistantIds: ['a2', 'a3', 'a2'],
      passcode: 'open sesame',
      startsAt,
      endsAt,
    });

    expect(status).toBe(200);
    expect(body).toEqual({
      classId: 'c1',
      name: 'Physics',
      teacherId: 't1',
      assistantIds: ['a2', 'a3'],
      status: 'scheduled',
      chatGroupId: 'c1_chat',
      replayGroupId: 'c1_replay',
      roomId,
      needsPasscode: true,
      startsAt,
      endsAt,
      createdAt: clock.seconds(),
    });
    expect(await classroom.store.find('c1')).toMatchObject({
      name: 'Physics',
      assistantIds: ['a2', 'a3'],
      startsAt,
      endsAt,
    });
  });

  it.each([
    ['name', 'Physics'],
    ['assistantIds', []],
    ['passcode', 'another one'],
    ['passcode', null],
    ['startsAt', 1_767_225_700],
    ['startsAt', null],
    ['endsAt', 1_767_240_000],
    ['endsAt', null],
  ])('of %s to %j leaves all else', async (field, value) => {
    await open({ passcode: 'open sesame', startsAt: 1_767_225_660, endsAt: 1_767_230_000 });
    const { body: before } = await update({ name: 'Maths' });
    const { passcodeHash } = await rowOf();

    const { body } = await update({ [field]: value });

    const { [field]: _changed, ...rest } = { ...before, needsPasscode: field === 'passcode' ? value !== null : true };
    const shown = field === 'passcode' || value === null ? {} : { [field]: value };
    expect(body).toEqual({ ...rest, ...shown });
    if (field !== 'passcode') expect((await rowOf()).passcodeHash).toBe(passcodeHash);
  });

  it('of the passcode is kept as a hash alone and told nobody', async () => {
    await open();

    const { body } = await update({ passcode: 'open sesame' });

    const { passcodeHash } = await rowOf();
    expect(await isPasscode('open sesame', passcodeHash ?? '')).toBe(true);
    const told = JSON.stringify([body, classroom.calls.map((sent) => sent.body)]) + classroom.logText() + passcodeHash;
    expect(told).not.toContain('open sesame');
  });

  it('may be made by an admin', async () => {
    await open();

    expect((await update({ name: 'Physics' }, { userId: 'boss', role: 'admin' })).body.name).toBe('Physics');
  });

  it('leaves the call that created the class good for a repetition', async () => {
    const content = { classId: 'c1', name: 'Maths', assistantIds: ['a1'], passcode: 'open sesame' };
    const create = async (body: object) =>
      call(classroom.createClass, eventOf(body, await tokenOf(clock, 't1', 'teacher')));
    await create(content);
    const changes = { name: 'Physics', assistantIds: [], passcode: 'another one', endsAt: clock.seconds() + 3600 };
    const changed = await update(changes);

    const again = await create(content);
    const asChanged = await create({ classId: 'c1', ...changes });

    expect([again.status, again.body]).toEqual([200, changed.body]);
    expect(asChanged.status).toBe(409);
  });
});

describe('who may not change a class, and which', () => {
  it.each([
    ['a student of it', 's1', 'student'],
    ['its assistant', 'a1', 'teacher'],
    ['another teacher', 't2', 'teacher'],
  ])('%s: 403', async (_who, userId, role) => {
    await open();
    await classroom.letIn('c1', 's1');

    const reply = await update({ name: 'Physics' }, { userId, role });

    expect(reply).toMatchObject({ status: 403, body: { code: 'FORBIDDEN' } });
    expect((await classroom.store.find('c1'))?.name).toBe('Maths');
  });

  it.each(['administrator', 'Administrator', 'tic_record_user_1_2'])(
    'nobody to the assistant %s: 403',
    async (userId) => {
      await open();

      expect(await update({ assistantIds: ['a1', userId] })).toMatchObject({
        status: 403,
        body: { code: 'FORBIDDEN' },
      });
      expect((await classroom.store.find('c1'))?.assistantIds).toEqual(['a1']);
    },
  );

  it('one that is not there: 404', async () => {
    expect(await update({ name: 'Physics' })).toMatchObject({ status: 404, body: { code: 'NOT_FOUND' } });
  });

  it('one that has ended, or is past its hard end: 410', async () => {
    await open({ endsAt: clock.seconds() + 60 });
    clock.advance(60 + 7200);
    const late = await update({ endsAt: null });
    await database.run((sql) => sql`update classes set status = 'ended', ended_at = ${clock.seconds()}`);
    const ended = await update({ name: 'Physics' });

    for (const reply of [late, ended]) expect(reply).toMatchObject({ status: 410, body: { code: 'GONE' } });
  });

  it('one that ends meanwhile: 410, and nothing is changed', async () => {
    await open();
    const on = instance(database, {
      requireTaughtBy: async (classId, caller) => {
        const lesson = await classroom.classes.requireTaughtBy(classId, caller);
        await database.run((sql) => sql`update classes set status = 'ended', ended_at = ${clock.seconds()}`);
        return lesson;
      },
    });

    expect(await update({ name: 'Physics' }, { on })).toMatchObject({ status: 410, body: { code: 'GONE' } });
    expect((await classroom.store.find('c1'))?.name).toBe('Maths');
  });
});

it('waits for whoever is ending the class, and then changes nothing', async () => {
  await open();
  const [ending, updating, watching] = databases as [Database, Database, Database];
  const isWaiting = async () => {
    const rows = await watching.run(
      (sql) => sql`select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
    );
    return rows.length > 0;
  };

  const { update: updated } = await ending.transaction(async (sql) => {
    await sql`update classes set status = 'ended', ended_at = ${clock.seconds()}`;
    const begun = { update: update({ name: 'Physics' }, { on: instance(updating) }) };
    while (!(await isWaiting()));
    return begun;
  });

  expect(await updated).toMatchObject({ status: 410, body: { code: 'GONE' } });
  expect((await classroom.store.find('c1'))?.name).toBe('Maths');
});

describe('start and end', () => {
  const refusal = (message: string) => ({
    status: 400,
    body: { code: 'BAD_REQUEST', errors: [{ path: '/endsAt', message }] },
  });

  it.each([
    ['the end before the start that it has', { endsAt: 1_767_229_200 }],
    ['the start behind the end that it has', { startsAt: 1_767_236_400 }],
    ['both at once', { startsAt: 1_767_300_000, endsAt: 1_767_300_000 }],
  ])('stay in order: %s', async (_what, changes) => {
    await open({ startsAt: 1_767_229_200, endsAt: 1_767_236_400 });

    expect(await update(changes)).toMatchObject(refusal('must be after startsAt'));
    expect(await classroom.store.find('c1')).toMatchObject({ startsAt: 1_767_229_200, endsAt: 1_767_236_400 });
  });

  it('may both move where each alone could not', async () => {
    await open({ startsAt: 1_767_229_200, endsAt: 1_767_236_400 });

    expect((await update({ startsAt: 1_767_240_000, endsAt: 1_767_243_600 })).status).toBe(200);
    expect((await update({ startsAt: 1_767_250_000, endsAt: null })).status).toBe(200);
  });

  it.each([
    ['an end that is long past', { endsAt: 1_767_225_600 + 2 * day - 7200 }],
    ['no end, and a creation that is long past', { endsAt: null }],
  ])('do not leave a class that is over already: %s', async (_what, changes) => {
    await open({ endsAt: clock.seconds() + 3 * day });
    clock.advance(2 * day);

    expect(await update(changes)).toMatchObject(refusal('has passed'));
    expect((await update({ endsAt: clock.seconds() - 7199 })).status).toBe(200);
  });

  it('stay in order when two changes at once would together break it', async () => {
    const now = clock.seconds();
    await open({ startsAt: now + 1000, endsAt: now + 9000 });

    const replies = await Promise.all([
      update({ startsAt: now + 6000 }, { on: instance(databases[0]) }),
      update({ endsAt: now + 5000 }, { on: instance(databases[1]) }),
    ]);

    expect(replies.map(({ status }) => status).sort()).toEqual([200, 400]);
  });

  it('of a class that has begun: the start stays, the end may move', async () => {
    const startsAt = clock.seconds() + 60;
    await open({ startsAt });
    await database.run((sql) => sql`update classes set status = 'live'`);
    clock.advance(60);

    for (const other of [startsAt + 600, null])
      expect(await update({ startsAt: other })).toMatchObject({ status: 409, body: { code: 'CONFLICT' } });
    expect((await update({ startsAt, endsAt: startsAt + 600 })).status).toBe(200);
  });

  it('of a class whose teacher has only looked in: the start may still move', async () => {
    const startsAt = clock.seconds() + 60;
    await open({ startsAt });
    await database.run((sql) => sql`update classes set status = 'live'`);

    expect(await update({ startsAt: startsAt + 600 })).toMatchObject({
      status: 200,
      body: { startsAt: startsAt + 600 },
    });
  });

  it('that move away leave the class its groups', async () => {
    await open();

    await update({ startsAt: clock.seconds() + 3 * day });

    expect((await rowOf()).groups).toBe('open');
    expect(classroom.takeCommands()).toEqual([]);
  });

  it('that move near make it time for its groups', async () => {
    await open({ startsAt: clock.seconds() + 3 * day });
    const before = await classroom.store.dueToOpen();

    await update({ startsAt: clock.seconds() + 3600 });

    expect(before).toEqual([]);
    expect(await classroom.store.dueToOpen()).toMatchObject([{ classId: 'c1', groups: 'none' }]);
    expect(classroom.takeCommands()).toEqual([]);
  });
});

describe('another name', () => {
  const renaming = ['modify_group_base_info', 'modify_group_base_info'];

  it('is told to both groups', async () => {
    await open();

    await update({ name: 'Physics' });

    expect(groupNames()).toEqual(['Physics', 'Physics']);
    expect(classroom.takeCommands()).toEqual(renaming);
    expect((await rowOf()).isNameUnsettled).toBe(false);
  });

  it('is not told when it is the old one, nor is any other change', async () => {
    await open();

    await update({ name: 'Maths', assistantIds: [], endsAt: clock.seconds() + 3600 });

    expect(classroom.takeCommands()).toEqual([]);
  });

  it('waits for the groups of a class far ahead', async () => {
    const lesson = await open({ startsAt: clock.seconds() + 3 * day });

    await update({ name: 'Physics' });

    expect(classroom.takeCommands()).toEqual([]);
    // Whoever opens them may have read the class before.
    await classroom.lateOpening.ensureOpen(lesson);
    await settling.classSettling.settlePending();
    expect(groupNames()).toEqual(['Physics', 'Physics']);
  });

  it.each([
    ['refuses', { errorCode: 10007 }],
    ['loses every reply', { dropReply: true }],
  ])('is the class’s even when IM %s: 200, a warning, and the sweep tells IM', async (_what, fault) => {
    await open();
    classroom.faults.order({ command: 'modify_group_base_info', times: 9, ...fault });

    const { status, body } = await update({ name: 'Physics' });
    classroom.faults.clear();

    expect([status, body.name]).toEqual([200, 'Physics']);
    expect((await rowOf()).isNameUnsettled).toBe(true);
    expect(classroom.captured.lines).toContainEqual(
      expect.objectContaining({ level: 'warn', event: 'repair due', repair: 'unsettled class', classId: 'c1' }),
    );
    expect(await settling.classSettling.settlePending()).toBe(1);
    expect(groupNames()).toEqual(['Physics', 'Physics']);
    expect((await rowOf()).isNameUnsettled).toBe(false);
  });

  it('is told at last by the same call again', async () => {
    await open();
    classroom.faults.order({ command: 'modify_group_base_info', times: 2, errorCode: 10007 });
    await update({ name: 'Physics' });

    await update({ name: 'Physics' });

    expect(groupNames()).toEqual(['Physics', 'Physics']);
    expect((await rowOf()).isNameUnsettled).toBe(false);
  });

  it('is one of those asked for, whole, when many are asked for at once', async () => {
    await open();
    const replies = await Promise.all(
      Array.from({ length: 12 }, (_, index) =>
        update(
          { name: `name ${index}`, endsAt: clock.seconds() + 3600 + index },
          { on: instance(databases[index % databases.length]) },
        ),
      ),
    );

    expect(replies.map(({ status }) => status)).toEqual(Array(12).fill(200));
    const lesson = await classroom.store.find('c1');
    expect(lesson?.name).toBe(`name ${(lesson?.endsAt ?? 0) - clock.seconds() - 3600}`);
    expect(groupNames()).toEqual([lesson?.name, lesson?.name]);
  });
});

describe('an assistant who is one no more', () => {
  const boardOf = async (userId: string) => {
    const [row] = await database.run(
      (sql) => sql<{ board: boolean; isUnsettled: boolean }[]>`
        select board, board_unsettled as "isUnsettled" from members where user_id = ${userId}`,
    );
    return row;
  };
  const inReplayGroup = (userId: string) => classroom.im.state.groups.get('c1_replay')?.members.has(userId);

  /** As `grant-board` leaves it. */
  const grant = async (userId: string, joinedAt: number | null = null) => {
    await database.run(
      (sql) => sql`
        insert into members (class_id, user_id, joined_at, board) values ('c1', ${userId}, ${joinedAt}, true)`,
    );
    await classroom.client.importAccount({ userId });
    await classroom.client.addMember('c1_replay', userId);
    classroom.takeCommands();
  };

  it('loses the board when they never joined', async () => {
    await open();
    await grant('a1');

    await update({ assistantIds: ['a2'] });

    expect(await boardOf('a1')).toEqual({ board: false, isUnsettled: false });
    expect(inReplayGroup('a1')).toBe(false);
    expect(classroom.takeCommands()).toEqual(['delete_group_member']);
  });

  it('keeps it as a member who has joined', async () => {
    await open();
    await grant('a1', clock.seconds());

    await update({ assistantIds: [] });

    expect(await boardOf('a1')).toEqual({ board: true, isUnsettled: false });
    expect(inReplayGroup('a1')).toBe(true);
  });

  it('leaves the others theirs', async () => {
    await open({ assistantIds: ['a1', 'a2'] });
    await grant('a1');
    await grant('a2');

    await update({ assistantIds: ['a2', 'a3'] });

    expect(await boardOf('a2')).toEqual({ board: true, isUnsettled: false });
    expect(inReplayGroup('a2')).toBe(true);
  });

  it('has lost it even when IM cannot be told: 200, and the sweep takes them out', async () => {
    await open();
    await grant('a1');
    classroom.faults.order({ command: 'delete_group_member', times: 9, errorCode: 10007 });

    const { status } = await update({ assistantIds: [] });
    classroom.faults.clear();

    expect(status).toBe(200);
    expect(await boardOf('a1')).toEqual({ board: false, isUnsettled: true });
    expect(inReplayGroup('a1')).toBe(true);
    await settling.memberSettling.settlePending();
    expect(await boardOf('a1')).toEqual({ board: false, isUnsettled: false });
    expect(inReplayGroup('a1')).toBe(false);
  });
});

describe('without a database', () => {
  it.each([
    ['UPSTREAM_FAILED', 502],
    ['UPSTREAM_TIMEOUT', 504],
  ] as const)('%s is passed on as %i', async (code, status) => {
    const requireTaughtBy = async () => {
      throw new AppError(code, 'The database cannot be reached. Try again.');
    };

    const reply = await update({ name: 'Physics' }, { on: instance(database, { requireTaughtBy }) });

    expect(reply).toMatchObject({ status, body: { code } });
  });
});

const refusingClock = createClock();
describeRefusals('update-class', {
  clock: refusingClock,
  setUp: () => {
    const { http, reserved, logText } = createHttp(refusingClock);
    const classes = createClasses({ finder: finderOf(lessonOf()), clock: refusingClock });
    const editing = { update: async () => lessonOf() };
    return { handler: createHandler({ http, reserved, classes, editing }), logText };
  },
  input: { classId: 'c1', name: 'Physics' },
  as: { userId: 't1', role: 'teacher' },
  otherRoles: [],
  badInputs: [
    ['no class', { name: 'Physics' }, '/classId'],
    ['no change', { classId: 'c1' }, ''],
    ['an empty name', { classId: 'c1', name: '' }, '/name'],
    ['a name of 101 characters', { classId: 'c1', name: '😀'.repeat(101) }, '/name'],
    ['null for the name', { classId: 'c1', name: null }, '/name'],
    ['null for the assistants', { classId: 'c1', assistantIds: null }, '/assistantIds'],
    ['a bad assistant', { classId: 'c1', assistantIds: ['a1', 'a 2'] }, '/assistantIds/1'],
    [
      '101 assistants',
      { classId: 'c1', assistantIds: Array.from({ length: 101 }, (_, n) => `a${n}`) },
      '/assistantIds',
    ],
    ['a short passcode', { classId: 'c1', passcode: '123' }, '/passcode'],
    ['a fraction of a second', { classId: 'c1', startsAt: 1.5 }, '/startsAt'],
    ['an end in words', { classId: 'c1', endsAt: 'never' }, '/endsAt'],
    ['another teacher', { classId: 'c1', name: 'Physics', teacherId: 't2' }, '/teacherId'],
  ],
});
