import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { classLock } from '../../lib/classroom/class/class-lock.ts';
import { createClassroom } from '../../lib/classroom/classroom.ts';
import type { LateOpening } from '../../lib/classroom/groups/late-opening.ts';
import type { Database } from '../../lib/db/database.ts';
import type { ImClient } from '../../lib/im/client.ts';
import { createTestClassroom, type TestClassroom } from '../support/classroom.ts';
import { createClock, type TestClock } from '../support/clock.ts';
import { newDatabaseUrl, openDatabase } from '../support/database.ts';

const day = 86_400;
const opening = ['account_import', 'create_group', 'create_group', 'send_group_msg'];

/** Each is an instance's: a lock that one holds, the others wait for. */
let databases: Database[];
let database: Database;
let clock: TestClock;
let classroom: TestClassroom;

beforeAll(async () => {
  const url = await newDatabaseUrl();
  databases = Array.from({ length: 4 }, () => openDatabase(url));
  database = databases[0] as Database;
});

beforeEach(async () => {
  clock = createClock();
  classroom = createTestClassroom({ database, clock });
  await database.run((sql) => sql`truncate classes, rooms, users`);
});

const instance = (on: Database, im = classroom.client): LateOpening => {
  const { random, http } = classroom;
  return createClassroom({ database: on, im, random, log: http.log, clock }).lateOpening;
};

/** A client whose process is killed when IM has done this many calls and one more. */
const dyingAfter = (calls: number): ImClient => {
  let done = 0;
  return new Proxy(classroom.client, {
    get: (client, name: keyof ImClient) => async (argument: never) => {
      const result = done > calls || (await (client[name] as (argument: never) => Promise<unknown>)(argument));
      done += 1;
      if (done > calls) throw new Error('killed');
      return result;
    },
  });
};

const openFar = () => classroom.openClass({ classId: 'c1', startsAt: clock.seconds() + 3 * day });

const groupsOf = async () => {
  const [row] = await database.run(
    (sql) => sql<{ groups: string; openedAt: number | null }[]>`
      select groups, groups_opened_at as "openedAt" from classes where class_id = 'c1'`,
  );
  return row;
};

const groupIds = () => [...classroom.im.state.groups.keys()].sort();

/** Somebody else made a group, whom IM's console lets. */
const occupy = async (groupId: string, type: 'AVChatRoom' | 'Private', ownerId: string) => {
  await classroom.client.importAccount({ userId: ownerId });
  await classroom.client.createGroup({ groupId, type, name: 'theirs', ownerId });
  classroom.takeCommands();
};

describe('a class far ahead', () => {
  it('has no groups, and asks IM for none, until they are needed', async () => {
    const lesson = await openFar();

    expect(lesson).toMatchObject({ status: 'scheduled', groups: 'none' });
    expect(classroom.im.state.groups.size).toBe(0);
  });

  it('gets its groups at the first need, the Private one awake, under its own name and its teacher’s', async () => {
    const lesson = await openFar();
    await classroom.users.introduce('t1', 'Ms. Li');
    clock.advance(60);

    await classroom.lateOpening.ensureOpen(lesson);

    expect(classroom.takeCommands()).toEqual(opening);
    expect(await groupsOf()).toEqual({ groups: 'open', openedAt: clock.seconds() });
    expect(await classroom.client.findGroup('c1_chat')).toMatchObject({ type: 'AVChatRoom', ownerId: 't1' });
    expect(await classroom.client.findGroup('c1_replay')).toMatchObject({ type: 'Private', ownerId: 't1', nextSeq: 2 });
    expect(classroom.im.state.groups.get('c1_chat')?.name).toBe('Maths');
    expect(classroom.im.state.accounts.get('t1')?.nick).toBe('Ms. Li');
  });

  it('gets them once, however many need them at once', async () => {
    const lesson = await openFar();
    const instances = databases.map((each) => instance(each));

    await Promise.all(Array.from({ length: 12 }, (_, index) => instances[index % 4]?.ensureOpen(lesson)));

    expect(classroom.takeCommands()).toEqual(opening);
  });

  it('is left alone when it has them, also by who has read it before', async () => {
    const lesson = await openFar();
    await classroom.lateOpening.ensureOpen(lesson);
    const openedAt = clock.seconds();
    classroom.takeCommands();
    clock.advance(60);

    await classroom.lateOpening.ensureOpen(lesson);

    expect(classroom.takeCommands()).toEqual([]);
    expect(await groupsOf()).toEqual({ groups: 'open', openedAt });
  });

  it('keeps nobody waiting who knows that it has them', async () => {
    const lesson = await openFar();
    const [first, second] = databases as [Database, Database];

    const known = () => instance(second).ensureOpen({ ...lesson, groups: 'open' });

    await expect(first.exclusively(classLock('c1'), known, 0)).resolves.toBeUndefined();
  });

  it.each(['account_import', 'create_group', 'send_group_msg'])(
    'that IM refuses at %s gets its groups the next time, each once',
    async (command) => {
      const lesson = await openFar();
      classroom.faults.order({ command, times: 1, errorCode: 10007 });

      await expect(classroom.lateOpening.ensureOpen(lesson)).rejects.toMatchObject({ code: 'UPSTREAM_FAILED' });
      const between = await groupsOf();
      await classroom.lateOpening.ensureOpen(lesson);

      expect(between).toEqual({ groups: 'opening', openedAt: null });
      expect((await groupsOf())?.groups).toBe('open');
      expect(groupIds()).toEqual(['c1_chat', 'c1_replay']);
      expect((await classroom.client.findGroup('c1_replay'))?.nextSeq).toBe(2);
    },
  );

  it.each(opening.map((command, step) => [step, command] as const))(
    'whose opener dies right after step %i, %s, gets its groups from the next, each once and awake',
    async (step) => {
      const lesson = await openFar();
      const mortal = instance(database, dyingAfter(step));
      await expect(mortal.ensureOpen(lesson)).rejects.toThrow('killed');

      await classroom.lateOpening.ensureOpen(lesson);

      expect((await groupsOf())?.groups).toBe('open');
      expect(groupIds()).toEqual(['c1_chat', 'c1_replay']);
      expect((await classroom.client.findGroup('c1_replay'))?.nextSeq).toBe(2);
    },
  );

  it.each(['account_import', 'create_group', 'send_group_msg'])(
    'gets its groups although a reply of %s is lost',
    async (command) => {
      const lesson = await openFar();
      classroom.faults.order({ command, times: 1, dropReply: true });

      await classroom.lateOpening.ensureOpen(lesson);

      expect(groupIds()).toEqual(['c1_chat', 'c1_replay']);
      expect((await classroom.client.findGroup('c1_replay'))?.nextSeq).toBe(2);
    },
  );

  it.each([
    ['somebody else’s', 't2'],
    ['its teacher’s own, made elsewhere', 't1'],
  ])('gets no groups in place of %s: CONFLICT, and theirs stays', async (_whose, ownerId) => {
    const lesson = await openFar();
    await occupy('c1_chat', 'AVChatRoom', ownerId);

    await expect(classroom.lateOpening.ensureOpen(lesson)).rejects.toMatchObject({ code: 'CONFLICT' });

    expect(groupIds()).toEqual(['c1_chat']);
    expect(classroom.im.state.groups.get('c1_chat')?.name).toBe('theirs');
  });

  it('gets none once it has ended', async () => {
    const lesson = await openFar();
    await database.run((sql) => sql`update classes set status = 'ended', ended_at = ${clock.seconds()}`);

    await expect(classroom.lateOpening.ensureOpen(lesson)).rejects.toMatchObject({ code: 'GONE' });

    expect(classroom.takeCommands()).toEqual([]);
  });
});

describe('a sweep', () => {
  it('opens the groups, and says whether it did', async () => {
    const lesson = await openFar();

    expect(await classroom.lateOpening.openIfFree(lesson)).toBe(true);
    expect(await classroom.lateOpening.openIfFree(lesson)).toBe(false);

    expect(classroom.takeCommands()).toEqual(opening);
  });

  it('leaves them to whoever is busy with the class', async () => {
    const lesson = await openFar();
    const [first, second] = databases as [Database, Database];

    const opened = await first.exclusively(classLock('c1'), () => instance(second).openIfFree(lesson), 0);

    expect(opened).toBe(false);
    expect(classroom.takeCommands()).toEqual([]);
  });
});
