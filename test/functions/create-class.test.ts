import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Database } from '../../lib/db/database.ts';
import { createTestClassroom, type TestClassroomOptions } from '../support/classroom.ts';
import { createClock, type TestClock } from '../support/clock.ts';
import { newDatabaseUrl, openDatabase } from '../support/database.ts';
import { call, eventOf, tokenOf } from '../support/http.ts';

let database: Database;
let clock: TestClock;
let classroom: ReturnType<typeof createTestClassroom>;

const start = (options: Partial<TestClassroomOptions> = {}) => {
  classroom = createTestClassroom({ database, clock, ...options });
  return classroom;
};

beforeAll(async () => {
  database = openDatabase(await newDatabaseUrl());
});

beforeEach(async () => {
  clock = createClock();
  start();
  await database.run((sql) => sql`truncate classes, rooms, repairs, idempotency_keys, users`);
});

const create = async (body: object, { userId = 't1', role = 'teacher', name = 'Ms. Li', headers = {} } = {}) =>
  call(classroom.createClass, eventOf(body, await tokenOf(clock, userId, role, name), headers));

const rowsOf = (table: 'classes' | 'rooms' | 'repairs') =>
  database.run((sql) => sql<Record<string, unknown>[]>`select * from ${sql(table)}`);

const opened = ['account_import', 'create_group', 'create_group', 'send_group_msg'];

describe('a new class', () => {
  it('answers 201 with the class', async () => {
    const { status, body } = await create({
      classId: 'c1',
      name: '数学',
      assistantIds: ['a1', 'a1', 'a2'],
      startsAt: clock.seconds() + 60,
    });

    expect(status).toBe(201);
    expect(body).toEqual({
      classId: 'c1',
      name: '数学',
      teacherId: 't1',
      assistantIds: ['a1', 'a2'],
      status: 'scheduled',
      chatGroupId: 'c1_chat',
      replayGroupId: 'c1_replay',
      roomId: expect.any(Number),
      needsPasscode: false,
      startsAt: clock.seconds() + 60,
      createdAt: clock.seconds(),
    });
    expect(body.roomId).toBeGreaterThanOrEqual(1);
    expect(body.roomId).toBeLessThanOrEqual(10_000_000);
  });

  it('has two groups at IM that its teacher owns, the Private one awake', async () => {
    await create({ classId: 'c1', name: 'Maths' });

    expect(classroom.takeCommands()).toEqual(opened);
    const groups = await Promise.all(['c1_chat', 'c1_replay'].map((groupId) => classroom.client.findGroup(groupId)));
    expect(groups).toEqual([
      { type: 'AVChatRoom', ownerId: 't1', createdAt: expect.any(Number), nextSeq: expect.any(Number) },
      { type: 'Private', ownerId: 't1', createdAt: expect.any(Number), nextSeq: 2 },
    ]);
  });

  it('tells IM the nickname of the teacher', async () => {
    await create({ name: 'Maths' });

    expect(classroom.im.state.accounts.get('t1')?.nick).toBe('Ms. Li');
  });

  it('gets an id that nobody can guess when it brings none', async () => {
    const ids = await Promise.all([create({ name: 'a' }), create({ name: 'a' })]);

    for (const { body } of ids) expect(body.classId).toMatch(/^[A-Za-z0-9_-]{22}$/);
    expect(new Set(ids.map(({ body }) => body.classId)).size).toBe(2);
  });

  it('has its name cut for IM between code points', async () => {
    await create({ classId: 'c1', name: `${'a'.repeat(28)}数学` });

    expect(classroom.im.state.groups.get('c1_chat')?.name).toBe('a'.repeat(28));
  });

  it('is called by its id at IM when IM refuses the name', async () => {
    start({ im: { refusedWords: ['bad'] } });

    const { status, body } = await create({ classId: 'c1', name: 'a bad name' });

    expect([status, body.name]).toEqual([201, 'a bad name']);
    expect(classroom.im.state.groups.get('c1_replay')?.name).toBe('c1');
  });

  it('imports its teacher without the nickname when IM refuses that', async () => {
    classroom.faults.order({ command: 'account_import', times: 1, errorCode: 40005 });

    const { status } = await create({ name: 'Maths' });

    expect(status).toBe(201);
    expect(classroom.im.state.accounts.get('t1')?.nick).toBe('');
  });

  it('may belong to a teacher that an admin names', async () => {
    const { status, body } = await create({ name: 'Maths', teacherId: 't9' }, { userId: 'boss', role: 'admin' });

    expect([status, body.teacherId]).toEqual([201, 't9']);
  });
});

describe('a class far ahead', () => {
  const day = 86_400;
  const commandsOf = async (startsIn: number) => {
    const { status, body } = await create({ classId: 'c1', name: 'Maths', startsAt: clock.seconds() + startsIn });
    expect([status, body.status]).toEqual([201, 'scheduled']);
    return classroom.takeCommands();
  };

  it('is created without a word to IM, its room number waiting for it', async () => {
    expect(await commandsOf(day + 1)).toEqual([]);

    expect(await rowsOf('classes')).toMatchObject([{ status: 'scheduled', groups: 'none', groups_opened_at: null }]);
    expect(await rowsOf('rooms')).toMatchObject([{ class_id: 'c1', rests_until: null }]);
  });

  it('is one that starts in more than 24 hours', async () => {
    expect(await commandsOf(day)).toEqual(opened);

    expect(await rowsOf('classes')).toMatchObject([{ groups: 'open', groups_opened_at: clock.seconds() }]);
  });

  it('gets its groups later, and is the same class to the same call before and after', async () => {
    await commandsOf(3 * day);
    const content = { classId: 'c1', name: 'Maths', startsAt: clock.seconds() + 3 * day };
    const before = await create(content);
    clock.advance(2 * day);
    const [due] = await classroom.store.dueToOpen();
    if (due) await classroom.lateOpening.openIfFree(due);
    const after = await create(content);

    expect([before.status, after.status]).toEqual([200, 200]);
    expect(after.body).toEqual(before.body);
    expect(classroom.takeCommands()).toEqual(opened);
    expect([...classroom.im.state.groups.keys()]).toEqual(['c1_chat', 'c1_replay']);
  });
});

describe('a passcode', () => {
  it('is kept as a hash alone and told nobody', async () => {
    const { body } = await create({ classId: 'c1', name: 'Maths', passcode: 'open sesame' });

    const everything =
      JSON.stringify([body, await rowsOf('classes'), classroom.calls.map((sent) => sent.body)]) + classroom.logText();
    expect(body.needsPasscode).toBe(true);
    expect(everything).not.toContain('open sesame');
  });

  it('counts as content', async () => {
    await create({ classId: 'c1', name: 'Maths', passcode: '1234' });

    const replies = await Promise.all([
      create({ classId: 'c1', name: 'Maths', passcode: '1234' }),
      create({ classId: 'c1', name: 'Maths', passcode: '9999' }),
      create({ classId: 'c1', name: 'Maths' }),
    ]);

    expect(replies.map(({ status }) => status)).toEqual([200, 409, 409]);
  });
});

describe('the same call again', () => {
  const content = { classId: 'c1', name: 'Maths', assistantIds: ['a1', 'a2'] };

  it('answers the same class with 200 and asks nothing of IM', async () => {
    const first = await create(content);
    classroom.takeCommands();

    const again = await create({ ...content, assistantIds: ['a2', 'a1'], teacherId: 't1' });

    expect([again.status, again.body]).toEqual([200, first.body]);
    expect(classroom.takeCommands()).toEqual([]);
  });

  it('makes one class and two groups, however many come at once', async () => {
    const replies = await Promise.all(Array.from({ length: 50 }, () => create(content)));

    expect(replies.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(replies.filter(({ status }) => status === 200)).toHaveLength(49);
    expect(classroom.takeCommands()).toEqual(opened);
    expect(await rowsOf('rooms')).toHaveLength(1);
  });

  it.each([
    ['another name', { ...content, name: 'Physics' }],
    ['other assistants', { ...content, assistantIds: ['a1'] }],
    ['a start', { ...content, startsAt: 1_800_000_000 }],
    ['an end', { ...content, endsAt: 1_800_000_000 }],
  ])('is refused with %s, without a word of the class', async (_, other) => {
    await create(content);

    const { status, body } = await create(other);

    expect([status, body.code]).toEqual([409, 'CONFLICT']);
    expect(body.detail).not.toMatch(/Maths|t1|a1/);
  });

  it('is refused to another teacher as if it were any taken id', async () => {
    await create(content);
    const mine = await create({ ...content, name: 'Physics' });

    const theirs = await create(content, { userId: 't2' });

    expect([theirs.status, theirs.body.detail]).toEqual([409, mine.body.detail]);
  });

  it.each(['ended', 'scheduled'])('answers 410 once the class is over (%s)', async (status) => {
    await create({ ...content, endsAt: clock.seconds() + 60 });
    if (status === 'ended')
      await database.run((sql) => sql`update classes set status = 'ended', ended_at = ${clock.seconds()}`);
    else clock.advance(60 + 7200);

    const { status: answered, body } = await create({ ...content, endsAt: clock.seconds() + 60 });

    expect([answered, body.code]).toEqual([410, 'GONE']);
  });
});

describe('an Idempotency-Key', () => {
  const keyed = (key: string) => ({ headers: { 'Idempotency-Key': key } });

  it('stands for the class that it made, for its caller, for a day', async () => {
    const first = await create({ name: 'Maths' }, keyed('k1'));

    const again = await create({ name: 'Maths' }, keyed('k1'));
    const otherContent = await create({ name: 'Physics' }, keyed('k1'));
    const otherCaller = await create({ name: 'Maths' }, { userId: 't2', ...keyed('k1') });
    clock.advance(86_400);
    const nextDay = await create({ name: 'Maths' }, keyed('k1'));

    expect([first.status, again.status, otherContent.status, otherCaller.status, nextDay.status]).toEqual([
      201, 200, 409, 201, 201,
    ]);
    expect(again.body.classId).toBe(first.body.classId);
    expect(nextDay.body.classId).not.toBe(first.body.classId);
  });

  it('makes one class of many calls at once', async () => {
    const replies = await Promise.all(Array.from({ length: 20 }, () => create({ name: 'Maths' }, keyed('k2'))));

    expect(new Set(replies.map(({ body }) => body.classId)).size).toBe(1);
    expect(classroom.takeCommands()).toEqual(opened);
  });

  it('is refused for another class id', async () => {
    await create({ classId: 'c1', name: 'Maths' }, keyed('k1'));

    const { status } = await create({ classId: 'c2', name: 'Maths' }, keyed('k1'));

    expect(status).toBe(409);
  });

  it.each(['', 'é', 'x'.repeat(65)])('must be 1 to 64 printable ASCII characters: %j', async (key) => {
    const { status, body } = await create({ name: 'Maths' }, keyed(key));

    expect([status, body.code]).toEqual([400, 'BAD_REQUEST']);
    expect(await rowsOf('classes')).toEqual([]);
  });
});

describe('both groups or neither', () => {
  const content = { classId: 'c1', name: 'Maths' };
  const groupIds = () => [...classroom.im.state.groups.keys()];

  it.each([
    ['account_import', 60004],
    ['create_group', 10007],
    ['send_group_msg', 10007],
  ])('leaves nothing behind when %s is refused', async (command, errorCode) => {
    classroom.faults.order({ command, times: 1, errorCode });

    const { status, body } = await create(content);

    expect([status, body.code]).toEqual([502, 'UPSTREAM_FAILED']);
    expect(groupIds()).toEqual([]);
    expect(await rowsOf('classes')).toEqual([]);
    expect(await rowsOf('rooms')).toEqual([]);
    expect(classroom.logText()).toContain(`"vendorCode":${errorCode}`);
    expect((await create(content)).status).toBe(201);
  });

  it.each(['account_import', 'create_group', 'send_group_msg'])(
    'goes through although a reply of %s is lost',
    async (command) => {
      classroom.faults.order({ command, times: 1, dropReply: true });

      const { status } = await create(content);

      expect(status).toBe(201);
      expect(groupIds()).toEqual(['c1_chat', 'c1_replay']);
      expect((await classroom.client.findGroup('c1_replay'))?.nextSeq).toBe(2);
    },
  );

  it.each(['account_import', 'create_group', 'send_group_msg'])(
    'leaves nothing behind when IM goes silent at %s',
    async (command) => {
      classroom.faults.order({ command, times: 4, dropReply: true });

      const { status } = await create(content);
      classroom.faults.clear();

      expect(status).toBe(502);
      expect(groupIds()).toEqual([]);
      expect(await rowsOf('repairs')).toEqual([]);
      expect((await create(content)).status).toBe(201);
    },
  );

  it('retries what IM asks to retry', async () => {
    classroom.faults.order({ command: 'create_group', times: 2, errorCode: 60008 });

    const { status } = await create(content);

    expect(status).toBe(201);
    expect(classroom.takeCommands().filter((command) => command === 'create_group')).toHaveLength(4);
  });

  it.each([10036, 10037, 10058])('answers that the quota is used up (%i)', async (errorCode) => {
    classroom.faults.order({ command: 'create_group', times: 2, errorCode });

    const { status, body } = await create(content);

    expect([status, body.code]).toEqual([429, 'QUOTA_EXCEEDED']);
    expect(groupIds()).toEqual([]);
  });

  it('keeps a record of what it could not take back, and the sweep clears it', async () => {
    classroom.faults.order({ command: 'send_group_msg', times: 1, errorCode: 10007 });
    classroom.faults.order({ command: 'destroy_group', times: 1, errorCode: 10003 });

    const { status } = await create(content);

    expect(status).toBe(502);
    expect(groupIds()).toHaveLength(1);
    expect(await rowsOf('repairs')).toHaveLength(1);
    expect(await classroom.sweep({ Type: 'Timer' }, {})).toMatchObject({ repaired: 1 });
    expect(groupIds()).toEqual([]);
    expect(await rowsOf('repairs')).toEqual([]);
  });

  it('clears its record first when the class is created anew, and never destroys the new groups', async () => {
    classroom.faults.order({ command: 'send_group_msg', times: 1, errorCode: 10007 });
    classroom.faults.order({ command: 'destroy_group', times: 2, dropReply: true });
    await create(content);

    const { status } = await create(content);
    await classroom.sweep({ Type: 'Timer' }, {});

    expect(status).toBe(201);
    expect(groupIds().sort()).toEqual(['c1_chat', 'c1_replay']);
  });
});

describe('a group id in use', () => {
  const content = { classId: 'c1', name: 'Maths' };
  const foreign = async (groupId: string, type: 'AVChatRoom' | 'Private', ownerId: string) => {
    await classroom.client.importAccount({ userId: ownerId });
    await classroom.client.createGroup({ groupId, type, name: 'theirs', ownerId });
  };

  it.each([
    ['of another owner', 'c1_chat', 'AVChatRoom', 't2'],
    ['of our teacher, made elsewhere', 'c1_chat', 'AVChatRoom', 't1'],
    ['of another type', 'c1_replay', 'AVChatRoom', 't1'],
    ['of another owner, as ReplayGroup', 'c1_replay', 'Private', 't2'],
  ] as const)('is a conflict when it is %s, and stays untouched', async (_, groupId, type, ownerId) => {
    await foreign(groupId, type, ownerId);
    const before = structuredClone(classroom.im.state.groups.get(groupId)?.name);

    const { status, body } = await create(content);

    expect([status, body.code]).toEqual([409, 'CONFLICT']);
    expect([...classroom.im.state.groups.keys()]).toEqual([groupId]);
    expect(classroom.im.state.groups.get(groupId)?.name).toBe(before);
    expect(await rowsOf('classes')).toEqual([]);
    expect(await rowsOf('rooms')).toEqual([]);
  });

  const leaveIntent = async () => {
    // A process that died after its intent: IM and the attempt's own clean-up are out of reach.
    classroom.faults.order({ command: 'account_import', times: 2, dropReply: true });
    const heldBy = classroom.store.isHeldBy;
    classroom.store.isHeldBy = async () => {
      throw new Error('killed');
    };
    await create(content);
    classroom.store.isHeldBy = heldBy;
    classroom.takeCommands();
  };

  it('is taken over when it is what an unfinished attempt of ours makes', async () => {
    await leaveIntent();
    await foreign('c1_chat', 'AVChatRoom', 't1');

    const { status, body } = await create(content);

    expect([status, body.status]).toEqual([201, 'scheduled']);
    expect([...classroom.im.state.groups.keys()].sort()).toEqual(['c1_chat', 'c1_replay']);
  });

  it('is never destroyed when a later attempt that took it over fails', async () => {
    await leaveIntent();
    await foreign('c1_chat', 'AVChatRoom', 't1');
    classroom.faults.order({ command: 'send_group_msg', times: 1, errorCode: 10007 });

    const failed = await create(content);

    expect(failed.status).toBe(502);
    expect([...classroom.im.state.groups.keys()]).toEqual(['c1_chat']);
    expect(await rowsOf('classes')).toMatchObject([{ status: 'opening' }]);
    expect((await create(content)).status).toBe(201);
  });

  it('is a conflict when an unfinished attempt finds somebody else there', async () => {
    await leaveIntent();
    await foreign('c1_replay', 'Private', 't2');

    const { status } = await create(content);

    expect(status).toBe(409);
    expect(classroom.im.state.groups.get('c1_replay')?.owner).toBe('t2');
  });

  it('leaves the unfinished creation alone for 15 s, then the sweep finishes it', async () => {
    await leaveIntent();

    const early = await classroom.sweep({ Type: 'Timer' }, {});
    clock.advance(15);
    const late = await classroom.sweep({ Type: 'Timer' }, {});

    expect([early.repaired, late.repaired]).toEqual([0, 1]);
    expect(await rowsOf('classes')).toMatchObject([{ status: 'scheduled' }]);
    expect((await create(content)).status).toBe(200);
  });

  it('is not ours when it is older than the intent, even if a reply of ours was lost', async () => {
    await foreign('c1_chat', 'AVChatRoom', 't1');
    clock.advance(31);
    classroom.faults.order({ command: 'create_group', times: 1, dropReply: true });

    const { status } = await create(content);

    expect(status).toBe(409);
    expect([...classroom.im.state.groups.keys()]).toEqual(['c1_chat']);
  });

  it('is given up after an hour in which it could not be finished, and what it had made is destroyed', async () => {
    await leaveIntent();
    await foreign('c1_chat', 'AVChatRoom', 't1');
    await foreign('c1_replay', 'Private', 't2');
    clock.advance(60);
    const early = await classroom.sweep({ Type: 'Timer' }, {});
    expect([early.repaired, await rowsOf('classes')]).toEqual([0, [expect.objectContaining({ status: 'opening' })]]);
    clock.advance(3600);

    const { repaired } = await classroom.sweep({ Type: 'Timer' }, {});

    expect(repaired).toBe(1);
    expect([...classroom.im.state.groups.keys()]).toEqual(['c1_replay']);
    expect(await rowsOf('classes')).toEqual([]);
    expect(await rowsOf('rooms')).toEqual([]);
  });

  it('cannot be used by others while the creation is unfinished', async () => {
    await leaveIntent();

    const { status } = await create(content, { userId: 't2' });

    expect(status).toBe(409);
  });
});

describe('who may not, and what may not', () => {
  const unchanged = async () => {
    expect(await rowsOf('classes')).toEqual([]);
    expect(classroom.takeCommands()).toEqual([]);
  };

  it.each([
    ['a student', { name: 'x' }, { role: 'student' }, 403],
    ['an admin who names no teacher', { name: 'x' }, { role: 'admin', userId: 'boss' }, 400],
    ['a teacher who names another', { name: 'x', teacherId: 't2' }, {}, 403],
    ['a reserved teacher', { name: 'x', teacherId: 'Administrator' }, { role: 'admin', userId: 'boss' }, 403],
    ['a reserved assistant', { name: 'x', assistantIds: ['tic_record_user_1_2'] }, {}, 403],
    ['no name', {}, {}, 400],
    ['an empty name', { name: '' }, {}, 400],
    ['a name of 101 characters', { name: '😀'.repeat(101) }, {}, 400],
    ['a name with NUL', { name: 'a\0b' }, {}, 400],
    ['half a character', { name: 'a\ud800' }, {}, 400],
    ['a bad class id', { classId: 'a b', name: 'x' }, {}, 400],
    ['a class id of 33 characters', { classId: 'c'.repeat(33), name: 'x' }, {}, 400],
    ['a short passcode', { name: 'x', passcode: '123' }, {}, 400],
    ['an end before the start', { name: 'x', startsAt: 1_900_000_000, endsAt: 1_900_000_000 }, {}, 400],
    ['an end that is long past', { name: 'x', endsAt: 1_000_000_000 }, {}, 400],
    ['an unknown field', { name: 'x', owner: 't2' }, {}, 400],
    ['a fraction of a second', { name: 'x', startsAt: 1.5 }, {}, 400],
  ])('refuses %s and changes nothing', async (_, body, who, status) => {
    const reply = await create(body, who);

    expect(reply.status).toBe(status);
    expect(reply.headers['content-type']).toContain('application/problem+json');
    await unchanged();
  });

  it('refuses whoever is not signed in', async () => {
    const { status } = await call(classroom.createClass, eventOf({ name: 'x' }));

    expect(status).toBe(401);
    await unchanged();
  });

  it('takes a name of 100 characters beyond the BMP', async () => {
    const { status } = await create({ name: '😀'.repeat(100) });

    expect(status).toBe(201);
  });

  it('counts the classes of a teacher, not of a caller, over a day', async () => {
    start({ classesPerTeacherPerDay: 2 });
    await create({ name: 'a' });
    clock.advance(3600);
    await create({ name: 'b' });

    const third = await create({ name: 'c' });
    const byAdmin = await create({ name: 'c', teacherId: 't1' }, { userId: 'boss', role: 'admin' });
    const ofAnother = await create({ name: 'c' }, { userId: 't2' });
    clock.advance(86_400 - 3600);
    const nextDay = await create({ name: 'c' });

    expect([third.status, third.body.code, third.headers['retry-after']]).toEqual([
      429,
      'QUOTA_EXCEEDED',
      String(86_400 - 3600),
    ]);
    expect([byAdmin.status, ofAnother.status, nextDay.status]).toEqual([429, 201, 201]);
  });

  it('counts exactly, however many come at once', async () => {
    start({ classesPerTeacherPerDay: 5 });

    const replies = await Promise.all(Array.from({ length: 12 }, (_, n) => create({ name: `class ${n}` })));

    expect(replies.filter(({ status }) => status === 201)).toHaveLength(5);
  });
});

it('tells no sig, neither in replies nor in the log, when IM fails', async () => {
  classroom.faults.order({ command: 'create_group', times: 9, dropReply: true });

  const { body } = await create({ name: 'x' });

  const sigs = classroom.calls.map(({ url }) => url.searchParams.get('usersig') ?? '');
  expect(sigs[0]).toMatch(/^eJ.{100,}$/);
  for (const sig of sigs) expect(JSON.stringify(body) + classroom.logText()).not.toContain(sig);
});
