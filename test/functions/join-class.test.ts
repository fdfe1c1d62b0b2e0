import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createHandler, type Deps } from '../../functions/join-class/handler.ts';
import type { NewClass } from '../../lib/classroom/class/class-creation.ts';
import { createClasses } from '../../lib/classroom/class/classes.ts';
import { createClassroom } from '../../lib/classroom/classroom.ts';
import { createJoining, type JoiningOptions } from '../../lib/classroom/entry/joining.ts';
import { createPasscodeTries } from '../../lib/classroom/entry/passcode-tries.ts';
import { createCurrentFilter } from '../../lib/classroom/words/current-filter.ts';
import { createWordEditing } from '../../lib/classroom/words/word-editing.ts';
import { createWordList } from '../../lib/classroom/words/word-list.ts';
import type { Database } from '../../lib/db/database.ts';
import { AppError } from '../../lib/errors.ts';
import type { HttpHandler } from '../../lib/scf/http-endpoint.ts';
import { createUserSigSigner } from '../../lib/usersig/signer.ts';
import { createUserSigVerifier } from '../../lib/usersig/verifier.ts';
import { createTestClassroom, type TestClassroom } from '../support/classroom.ts';
import { createClock, type TestClock } from '../support/clock.ts';
import { newDatabaseUrl, openDatabase } from '../support/database.ts';
import { call, createHttp, eventOf, tokenOf } from '../support/http.ts';
import { imSecretKey, sdkAppId } from '../support/im.ts';
import { lessonOf, memberOf } from '../support/lesson.ts';
import { describeRefusals } from '../support/refusals.ts';

const signer = createUserSigSigner(sdkAppId, { secretKey: imSecretKey });
const verifier = createUserSigVerifier(sdkAppId, { secretKey: imSecretKey });
const day = 86_400;
const passcode = 'open sesame';

/** Each is an instance's: what is at once in two of them is at once in the database. */
let databases: Database[];
let database: Database;
let clock: TestClock;
let classroom: TestClassroom;
let handler: HttpHandler;

beforeAll(async () => {
  const url = await newDatabaseUrl();
  databases = Array.from({ length: 5 }, () => openDatabase(url));
  database = databases[0] as Database;
});

beforeEach(async () => {
  clock = createClock();
  classroom = createTestClassroom({ database, clock });
  handler = instance();
  await database.run((sql) => sql`truncate classes, rooms, members, users, passcode_tries`);
  await createWordEditing(database).edit({ add: [], remove: [], replaceAll: [] });
});

/** An instance of the function, with its own memory and connection. */
const instance = (on: Database = database, options: Partial<JoiningOptions> = {}): HttpHandler => {
  const { client: im, random, http } = classroom;
  const { log } = http;
  const { store, lateOpening } = createClassroom({ database: on, im, random, log, clock });
  const classes = createClasses({ finder: store, clock });
  const joining = createJoining({
    database: on,
    classes,
    passcodeTries: createPasscodeTries({ database: on, clock }),
    lateOpening,
    currentFilter: createCurrentFilter(createWordList(on), { log, clock }),
    log,
    clock,
    ...options,
  });
  return createHandler({ ...lifetimes, http, classes, joining, signer });
};
const lifetimes = { userSigTtlSeconds: 86_400, privateMapKeyTtlSeconds: 300 };

const join = async (userId: string, body: object, { role = 'student', name = '', on = handler } = {}) =>
  call(on, eventOf(body, await tokenOf(clock, userId, role, name)));

const joinAll = (count: number, body: (index: number) => object, userOf = (index: number) => `s${index}`) => {
  const instances = databases.map((each) => instance(each));
  return Promise.all(
    Array.from({ length: count }, (_, index) =>
      join(userOf(index), body(index), { on: instances[index % instances.length] as HttpHandler }),
    ),
  );
};

const open = (lesson: Partial<NewClass> = {}) =>
  classroom.openClass({ classId: 'c1', assistantIds: ['a1'], ...lesson });

const memberRows = () =>
  database.run(
    (sql) => sql<{ userId: string; joinedAt: number }[]>`
      select user_id as "userId", joined_at as "joinedAt" from members where joined_at is not null order by user_id`,
  );

const endClass = () =>
  database.run((sql) => sql`update classes set status = 'ended', ended_at = ${clock.seconds()} where class_id = 'c1'`);

const remove = (userId: string) =>
  database.run(
    (sql) => sql`
      insert into members (class_id, user_id, removed_at) values ('c1', ${userId}, ${clock.seconds()})
      on conflict (class_id, user_id) do update set removed_at = excluded.removed_at`,
  );

/** What a PrivateMapKey lets its holder do, from the key itself. */
const roomOf = (userId: string, privateMapKey: string) => {
  const verdict = verifier.verify(privateMapKey, { userId, now: clock.seconds() });
  expect(verdict.valid).toBe(true);
  return verdict.fields?.room;
};

describe('whoever joins', () => {
  it('gets the class, their role, a UserSig and the key to its room', async () => {
    const { roomId } = await open();

    const { status, body } = await join('t1', { classId: 'c1' }, { role: 'teacher' });

    const now = clock.seconds();
    expect(status).toBe(200);
    expect(body).toEqual({
      class: {
        classId: 'c1',
        name: 'Maths',
        teacherId: 't1',
        assistantIds: ['a1'],
        status: 'live',
        chatGroupId: 'c1_chat',
        replayGroupId: 'c1_replay',
        roomId,
        needsPasscode: false,
        createdAt: now,
      },
      role: 'teacher',
      board: true,
      sig: {
        sdkAppId,
        userId: 't1',
        userSig: expect.any(String),
        version: 2,
        issuedAt: now,
        expiresAt: now + day,
        refreshAt: now + 0.8 * day,
      },
      privateMapKey: expect.any(String),
      privateMapKeyExpiresAt: now + 300,
    });
    expect(verifier.verify(body.sig.userSig, { userId: 't1', now }).valid).toBe(true);
    expect(roomOf('t1', body.privateMapKey)).toEqual({ roomId, privileges: 255, expiresAt: now + 300 });
  });

  it('may do in the room what their role and the board allow', async () => {
    const { roomId } = await open();
    await database.run(
      (sql) => sql`insert into members (class_id, user_id, joined_at, board) values ('c1', 's2', 1, true)`,
    );
    const users = ['a1', 's1', 's2'];
    const seen = async () => {
      const replies = await Promise.all(users.map((userId) => join(userId, { classId: 'c1' })));
      return replies.map(({ body }, index) => [
        body.role,
        body.board,
        roomOf(users[index] ?? '', body.privateMapKey)?.privileges,
      ]);
    };

    const before = await seen();
    await join('t1', { classId: 'c1' });
    const live = await seen();

    expect(before).toEqual([
      ['assistant', false, 255],
      ['student', false, 170],
      ['student', true, 255],
    ]);
    expect(live).toEqual([
      ['assistant', false, 255],
      ['student', false, 171],
      ['student', true, 255],
    ]);
    expect(roomId).toBe(roomOf('s1', (await join('s1', { classId: 'c1' })).body.privateMapKey)?.roomId);
  });

  it('has the board as an assistant to whom it was granted before they came', async () => {
    await open();
    await database.run((sql) => sql`insert into members (class_id, user_id, board) values ('c1', 'a1', true)`);

    const { body } = await join('a1', { classId: 'c1' });

    expect(body.board).toBe(true);
  });

  it('is a student as an admin who is not of the class', async () => {
    await open();

    const { status, body } = await join('boss', { classId: 'c1' }, { role: 'admin' });

    expect([status, body.role, roomOf('boss', body.privateMapKey)?.privileges]).toEqual([200, 'student', 170]);
  });

  it('is a member from their first time on', async () => {
    await open();
    await join('s1', { classId: 'c1' });
    const first = clock.seconds();
    clock.advance(60);

    await join('s1', { classId: 'c1' });

    expect(await memberRows()).toEqual([{ userId: 's1', joinedAt: first }]);
  });

  it('is told to IM by nobody', async () => {
    await open();

    for (const userId of ['t1', 'a1', 's1', 's1']) await join(userId, { classId: 'c1' }, { name: 'Bo' });

    expect(classroom.takeCommands()).toEqual([]);
  });

  it('is let in once, however many joins of theirs come at once', async () => {
    await open();

    const replies = await joinAll(
      20,
      () => ({ classId: 'c1' }),
      () => 's1',
    );

    expect(replies.map(({ status }) => status)).toEqual(Array(20).fill(200));
    expect(await memberRows()).toHaveLength(1);
  });

  it('leaves neither sig nor key nor passcode in the log', async () => {
    await open({ passcode });

    const { body } = await join('s1', { classId: 'c1', passcode });
    await join('s2', { classId: 'c1', passcode: 'a wrong one' });

    for (const secret of [body.sig.userSig, body.privateMapKey, passcode, 'a wrong one'])
      expect(classroom.logText()).not.toContain(secret);
    expect(classroom.logText()).toContain('"userId":"s1"');
  });
});

describe('a class', () => {
  const stateOf = async () => {
    const [row] = await database.run(
      (sql) => sql<{ status: string; wentLiveAt: number | null }[]>`
        select status, went_live_at as "wentLiveAt" from classes where class_id = 'c1'`,
    );
    return row;
  };

  it('goes live when its teacher joins, and only then', async () => {
    await open();
    for (const userId of ['a1', 's1', 't2'])
      expect((await join(userId, { classId: 'c1' }, { role: 'teacher' })).body.class.status).toBe('scheduled');
    expect(await stateOf()).toEqual({ status: 'scheduled', wentLiveAt: null });

    const { body } = await join('t1', { classId: 'c1' });

    expect(body.class.status).toBe('live');
    expect(await stateOf()).toEqual({ status: 'live', wentLiveAt: clock.seconds() });
  });

  it('has been live since its teacher joined first', async () => {
    await open();
    await join('t1', { classId: 'c1' });
    const first = clock.seconds();
    clock.advance(60);

    const { body } = await join('t1', { classId: 'c1' });

    expect(body.class.status).toBe('live');
    expect(await stateOf()).toEqual({ status: 'live', wentLiveAt: first });
  });

  it('is answered as it is once they are in, not as it was found', async () => {
    await open();
    const ensureOpen = async () => {
      await database.run((sql) => sql`update classes set name = 'Physics', status = 'live' where class_id = 'c1'`);
    };

    const { body } = await join('s1', { classId: 'c1' }, { on: instance(database, { lateOpening: { ensureOpen } }) });

    expect(body.class).toMatchObject({ name: 'Physics', status: 'live' });
    expect(roomOf('s1', body.privateMapKey)?.privileges).toBe(171);
  });

  it.each([
    ['that is not there', 404, 'NOT_FOUND', async () => {}],
    [
      'that is only being made',
      404,
      'NOT_FOUND',
      async () => {
        await open();
        await database.run((sql) => sql`update classes set status = 'opening'`);
      },
    ],
    [
      'that has ended',
      410,
      'GONE',
      async () => {
        await open();
        await endClass();
      },
    ],
    [
      'past its hard end',
      410,
      'GONE',
      async () => {
        await open({ endsAt: clock.seconds() + 60 });
        clock.advance(60 + 7200);
      },
    ],
    [
      'with less than a minute left',
      410,
      'GONE',
      async () => {
        await open({ endsAt: clock.seconds() + 60 });
        clock.advance(60 + 7200 - 59);
      },
    ],
  ] as const)('%s cannot be joined: %i', async (_what, status, code, prepare) => {
    await prepare();

    for (const userId of ['t1', 's1'])
      expect(await join(userId, { classId: 'c1' })).toMatchObject({ status, body: { code } });
    expect(await memberRows()).toEqual([]);
  });

  it('hands out nothing that outlives it', async () => {
    await open({ endsAt: clock.seconds() + 60 });
    const hardEnd = clock.seconds() + 60 + 7200;
    clock.advance(60 + 7200 - 100);

    const { body } = await join('s1', { classId: 'c1' });

    expect(body.sig.expiresAt).toBe(hardEnd);
    expect(body.privateMapKeyExpiresAt).toBe(hardEnd);
    expect(roomOf('s1', body.privateMapKey)?.expiresAt).toBe(hardEnd);
    expect(verifier.verify(body.sig.userSig, { now: hardEnd + 1 })).toMatchObject({ reason: 'expired' });
  });
});

describe('early', () => {
  it('is who comes more than 15 minutes before the start: 409 with the time of the opening', async () => {
    const startsAt = clock.seconds() + 3600;
    await open({ startsAt });
    clock.advance(3600 - 901);

    const early = await join('s1', { classId: 'c1' });
    clock.advance(1);
    const inTime = await join('s1', { classId: 'c1' });

    expect(early).toMatchObject({ status: 409, body: { code: 'CONFLICT' } });
    expect(early.body.detail).toContain(new Date((startsAt - 900) * 1000).toISOString());
    expect(early.body.detail).toContain(String(startsAt - 900));
    expect(inTime.status).toBe(200);
  });

  it('is neither the teacher nor an assistant', async () => {
    await open({ startsAt: clock.seconds() + 3600 });

    expect((await join('t1', { classId: 'c1' })).status).toBe(200);
    expect((await join('a1', { classId: 'c1' })).status).toBe(200);
  });

  it('is a student even of a class that its teacher has made live, and an admin', async () => {
    await open({ startsAt: clock.seconds() + 3600 });
    await join('t1', { classId: 'c1' });

    expect((await join('s1', { classId: 'c1' })).status).toBe(409);
    expect((await join('boss', { classId: 'c1' }, { role: 'admin' })).status).toBe(409);
  });

  it('costs no try at the passcode', async () => {
    await open({ startsAt: clock.seconds() + 3600, passcode });
    for (let tries = 0; tries < 6; tries += 1) await join('s1', { classId: 'c1', passcode: 'wrong' });
    clock.advance(3600 - 900);

    expect((await join('s1', { classId: 'c1', passcode })).status).toBe(200);
  });
});

describe('whoever was removed', () => {
  it.each(['s1', 'a1'])('cannot join again: %s', async (userId) => {
    await open();
    await join(userId, { classId: 'c1' });
    await remove(userId);

    expect(await join(userId, { classId: 'c1' })).toMatchObject({ status: 403, body: { code: 'FORBIDDEN' } });
  });

  it('is not let in when that happens while they join', async () => {
    await open();
    const ensureOpen = async () => void (await remove('s1'));

    const reply = await join(
      's1',
      { classId: 'c1' },
      { name: 'Bo', on: instance(database, { lateOpening: { ensureOpen } }) },
    );

    expect(reply).toMatchObject({ status: 403, body: { code: 'FORBIDDEN' } });
    expect(await memberRows()).toEqual([]);
    expect(await classroom.users.nameOf('s1')).toBeUndefined();
  });

  it('is asked to try again when they were let back in by the time they would be told', async () => {
    await open();
    let looks = 0;
    const requireJoinable: JoiningOptions['classes']['requireJoinable'] = async (classId, caller) => {
      looks += 1;
      if (looks === 2) await database.run((sql) => sql`update members set removed_at = null`);
      return classroom.classes.requireJoinable(classId, caller);
    };
    const on = instance(database, {
      classes: { ...classroom.classes, requireJoinable },
      lateOpening: { ensureOpen: async () => void (await remove('s1')) },
    });

    expect(await join('s1', { classId: 'c1' }, { on })).toMatchObject({ status: 409, body: { code: 'CONFLICT' } });
    expect((await join('s1', { classId: 'c1' })).status).toBe(200);
  });
});

it.each(['t1', 's1'])('a class that ends while %s joins lets nobody in', async (userId) => {
  await open();
  const ensureOpen = async () => void (await endClass());

  const reply = await join(userId, { classId: 'c1' }, { on: instance(database, { lateOpening: { ensureOpen } }) });

  expect(reply).toMatchObject({ status: 410, body: { code: 'GONE' } });
  expect(await memberRows()).toEqual([]);
  const [row] = await database.run((sql) => sql<{ status: string }[]>`select status from classes`);
  expect(row?.status).toBe('ended');
});

describe('a passcode', () => {
  beforeEach(async () => {
    await open({ passcode });
  });
  const tryIt = (text: string, userId = 's1', classId = 'c1') => join(userId, { classId, passcode: text });
  const triesOnRecord = async () => {
    const [row] = await database.run(
      (sql) => sql<{ count: number }[]>`select cardinality(tried_at) as count from passcode_tries`,
    );
    return row?.count;
  };

  it('is needed to join', async () => {
    expect(await join('s1', { classId: 'c1' })).toMatchObject({ status: 403, body: { code: 'FORBIDDEN' } });
    expect(await tryIt('wrong')).toMatchObject({ status: 403, body: { code: 'FORBIDDEN' } });
    expect(await memberRows()).toEqual([]);
    expect((await tryIt(passcode)).status).toBe(200);
  });

  it('is needed no second time, whatever else is sent for it', async () => {
    await tryIt(passcode);

    expect((await join('s1', { classId: 'c1' })).status).toBe(200);
    for (let tries = 0; tries < 6; tries += 1) expect((await tryIt('wrong')).status).toBe(200);
  });

  it.each(['t1', 'a1'])('is not for those who lead the class: %s', async (userId) => {
    expect((await join(userId, { classId: 'c1' })).status).toBe(200);
  });

  it('is needed by an admin who is not of the class', async () => {
    expect((await join('boss', { classId: 'c1' }, { role: 'admin' })).status).toBe(403);
  });

  it('is ignored by a class that has none', async () => {
    await open({ classId: 'c2' });

    for (let tries = 0; tries < 6; tries += 1) expect((await tryIt('wrong', 's1', 'c2')).status).toBe(200);
  });

  it('can be tried five times a minute; the sixth is refused even when it is right', async () => {
    for (let tries = 0; tries < 5; tries += 1) expect((await tryIt('wrong')).status).toBe(403);

    const sixth = await tryIt(passcode);

    expect(sixth).toMatchObject({ status: 429, body: { code: 'RATE_LIMITED' }, headers: { 'retry-after': '60' } });
    expect(await memberRows()).toEqual([]);
  });

  it('is right at the fifth try', async () => {
    for (let tries = 0; tries < 4; tries += 1) await tryIt('wrong');

    expect((await tryIt(passcode)).status).toBe(200);
  });

  it('can be tried again when the first of the five is a minute old, and not before', async () => {
    for (let tries = 0; tries < 5; tries += 1) {
      await tryIt('wrong');
      clock.advance(10);
    }
    const late = await tryIt('wrong');
    clock.advance(9);
    const justBefore = await tryIt('wrong');
    clock.advance(1);
    const after = await tryIt('wrong');
    const again = await tryIt('wrong');

    expect([late.status, late.headers['retry-after']]).toEqual([429, '10']);
    expect([justBefore.status, justBefore.headers['retry-after']]).toEqual([429, '1']);
    expect(after.status).toBe(403);
    expect([again.status, again.headers['retry-after']]).toEqual([429, '10']);
    expect(await triesOnRecord()).toBe(5);
  });

  it('costs no try when it is not given', async () => {
    for (let tries = 0; tries < 6; tries += 1) await join('s1', { classId: 'c1' });

    expect((await tryIt(passcode)).status).toBe(200);
  });

  it('is counted over all classes of one caller, and not over callers', async () => {
    await open({ classId: 'c2', passcode });
    for (let tries = 0; tries < 5; tries += 1) await tryIt('wrong', 's1', tries % 2 === 0 ? 'c1' : 'c2');

    expect((await tryIt(passcode, 's1', 'c2')).status).toBe(429);
    expect((await tryIt(passcode, 's2')).status).toBe(200);
  });

  it('is counted exactly, however many tries come at once', async () => {
    const replies = await joinAll(
      10,
      () => ({ classId: 'c1', passcode: 'wrong' }),
      () => 's1',
    );

    const statuses = replies.map(({ status }) => status).sort();
    expect(statuses).toEqual([...Array(5).fill(403), ...Array(5).fill(429)]);
    for (const { status, headers } of replies) if (status === 429) expect(headers['retry-after']).toBe('60');
    expect(await triesOnRecord()).toBe(5);
  });

  it('leaves a count for the sweep to forget once it is a minute old', async () => {
    const tries = createPasscodeTries({ database, clock });
    const tried = () => database.run((sql) => sql`select 1 from passcode_tries`);
    await tryIt('wrong');
    clock.advance(59);
    await tries.forgetOld();
    expect(await tried()).toHaveLength(1);
    clock.advance(1);

    await tries.forgetOld();

    expect(await tried()).toHaveLength(0);
  });
});

describe('the nickname of who joins', () => {
  const list = (...words: string[]) =>
    createWordEditing(database).edit({ add: words.map((word) => ({ word, tags: [] })), remove: [] });

  it('is kept with its dirty words masked', async () => {
    await open();
    await list('darn');

    await join('s1', { classId: 'c1' }, { name: 'darn 小明' });

    expect(await classroom.users.nameOf('s1')).toBe('**** 小明');
  });

  it('is that of their last join, and stays when a token has none', async () => {
    await open();
    await join('s1', { classId: 'c1' }, { name: '小明' });
    await join('s1', { classId: 'c1' }, { name: '小红' });

    await join('s1', { classId: 'c1' });

    expect(await classroom.users.nameOf('s1')).toBe('小红');
  });

  it('leaves what else is known of them', async () => {
    await open();
    await database.run((sql) => sql`insert into users (user_id, imported_at) values ('s1', 1)`);

    await join('s1', { classId: 'c1' }, { name: '小明' });

    const rows = await database.run((sql) => sql`select name, imported_at as "importedAt" from users`);
    expect(rows).toEqual([{ name: '小明', importedAt: 1 }]);
  });

  it('is not kept while the word list cannot be read: they join without it, and the log says so', async () => {
    await open();
    await join('s1', { classId: 'c1' }, { name: 'before' });
    const currentFilter = async () => {
      throw new AppError('UPSTREAM_TIMEOUT', 'The database did not answer in time. Try again.');
    };

    const { status } = await join('s1', { classId: 'c1' }, { name: 'darn', on: instance(database, { currentFilter }) });

    expect(status).toBe(200);
    expect(await classroom.users.nameOf('s1')).toBe('before');
    expect(classroom.captured.lines).toContainEqual(
      expect.objectContaining({ level: 'warn', event: 'nickname not kept', userId: 's1' }),
    );
    expect(classroom.logText()).not.toContain('darn');
  });
});

describe('a class far ahead', () => {
  const opening = ['account_import', 'create_group', 'create_group', 'send_group_msg'];
  const openFar = async () => {
    await open({ startsAt: clock.seconds() + 2 * day });
    clock.advance(2 * day - 600);
  };

  it('gets its groups at its first join, once, however many come at once', async () => {
    await openFar();

    const replies = await joinAll(20, () => ({ classId: 'c1' }));

    expect(replies.map(({ status }) => status)).toEqual(Array(20).fill(200));
    expect(classroom.takeCommands()).toEqual(opening);
    expect([...classroom.im.state.groups.keys()].sort()).toEqual(['c1_chat', 'c1_replay']);
    expect(await memberRows()).toHaveLength(20);
  });

  it('lets nobody in while IM does not open them, and everybody once it does', async () => {
    await openFar();
    classroom.faults.order({ command: 'create_group', times: 1, errorCode: 10007 });

    const failed = await join('s1', { classId: 'c1' });
    const membersThen = await memberRows();
    const again = await join('s1', { classId: 'c1' });

    expect(failed).toMatchObject({ status: 502, body: { code: 'UPSTREAM_FAILED' } });
    expect(membersThen).toEqual([]);
    expect(again.status).toBe(200);
  });

  it('gets none from somebody who may not join', async () => {
    await open({ startsAt: clock.seconds() + 2 * day, passcode });
    await join('s1', { classId: 'c1' });
    clock.advance(2 * day - 600);
    await join('s1', { classId: 'c1', passcode: 'wrong' });

    expect(classroom.takeCommands()).toEqual([]);
  });
});

describe('without a database', () => {
  it.each([
    ['UPSTREAM_FAILED', 502],
    ['UPSTREAM_TIMEOUT', 504],
  ] as const)('%s is passed on as %i', async (code, status) => {
    const requireJoinable = async () => {
      throw new AppError(code, 'The database cannot be reached. Try again.');
    };
    const on = instance(database, { classes: { ...classroom.classes, requireJoinable } });

    expect(await join('s1', { classId: 'c1' }, { on })).toMatchObject({ status, body: { code } });
  });
});

const refusingClock = createClock();
describeRefusals('join-class', {
  clock: refusingClock,
  setUp: () => {
    const { http, logText } = createHttp(refusingClock);
    const finder = { findWith: async () => undefined };
    const joining: Deps['joining'] = {
      join: async () => ({ lesson: lessonOf(), member: memberOf({ joinedAt: 1 }), role: 'student' }),
    };
    const classes = createClasses({ finder, clock: refusingClock });
    return { handler: createHandler({ ...lifetimes, http, classes, joining, signer }), logText };
  },
  input: { classId: 'c1', passcode },
  as: { userId: 's1', role: 'student' },
  otherRoles: [],
  badInputs: [
    ['no class', {}, '/classId'],
    ['a bad class id', { classId: 'c 1' }, '/classId'],
    ['a short passcode', { classId: 'c1', passcode: '123' }, '/passcode'],
    ['a long passcode', { classId: 'c1', passcode: 'x'.repeat(65) }, '/passcode'],
    ['a passcode that is a number', { classId: 'c1', passcode: 1234 }, '/passcode'],
    ['null for the passcode', { classId: 'c1', passcode: null }, '/passcode'],
  ],
});
