import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { classLock } from '../../lib/classroom/class/class-lock.ts';
import { createDatabase, type Database } from '../../lib/db/database.ts';
import { passDeadlines, silentFetch } from '../support/deadlines.ts';
import { type Around, atIm, type FunctionName, memberRow, startMembership } from '../support/membership.ts';
import { prepareClass } from '../support/prepared-class.ts';

const prepared = prepareClass();

const never = () => new Promise<never>(() => {});

/** A connection of another instance. */
const connect = (): Database => {
  const database = createDatabase({ url: prepared.databaseUrl, clock: Date.now, sleep });
  onTestFinished(() => database.close());
  return database;
};

/** All that a class and its student s1 have in the database, at IM and at TRTC. */
const stateOf = async (classId: string) => {
  const { classroom, database } = prepared;
  const [lesson] = await database.run(
    (sql) => sql`select muted, mute_unsettled from classes where class_id = ${classId}`,
  );
  const { roomId } = (await classroom.store.find(classId)) ?? {};
  return {
    lesson,
    member: await memberRow(classroom, classId, 's1'),
    im: atIm(classroom, classId),
    isPutOut: classroom.trtc.calls.some((call) => call.roomId === roomId),
  };
};

/** A function, what the class went through before, and every call that the function makes. */
interface Scenario {
  name: FunctionName;
  input: object;
  before: readonly FunctionName[];
  calls: readonly string[];
}

const userId = 's1';
const scenarios: readonly Scenario[] = [
  { name: 'grant-board', input: { userId }, before: [], calls: ['account_import', 'add_group_member'] },
  { name: 'revoke-board', input: { userId }, before: ['grant-board'], calls: ['delete_group_member'] },
  { name: 'mute-member', input: { userId, seconds: 60 }, before: [], calls: ['account_import', 'forbid_send_msg'] },
  { name: 'mute-class', input: { muted: true }, before: [], calls: ['modify_group_base_info'] },
  {
    name: 'remove-member',
    input: { userId },
    before: ['grant-board'],
    calls: ['delete_group_member', 'forbid_send_msg', 'ban_group_member', 'RemoveUser'],
  },
  {
    name: 'restore-member',
    input: { userId },
    before: ['grant-board', 'remove-member'],
    calls: ['forbid_send_msg', 'unban_group_member'],
  },
];

const isOfIm = (command: string) => command !== 'RemoveUser';

type Call = () => Promise<unknown>;

/** An instance in which calls of this command take another course. */
const instanceWhere = (command: string, course: (call: Call, signal?: AbortSignal) => Promise<never>) => {
  const around: Around = (called, call, signal) => (called === command ? course(call, signal) : call());
  return startMembership(prepared.classroom, { around });
};

/** An instance that is killed at this command: it has a connection of its own, and does nothing more after it. */
const killedAt = async (command: string, { name, input }: Scenario, isDone: boolean): Promise<void> => {
  const own = connect();
  let isDead = false;
  const database: Database = { ...own, run: (work) => (isDead ? never() : own.run(work)) };
  await new Promise<void>((resolve) => {
    const around: Around = async (called, call) => {
      if (called !== command) return call();
      if (isDone) await call();
      isDead = true;
      resolve();
      return never();
    };
    void startMembership(prepared.classroom, { database, around }).call(name, { classId: 'c1', ...input });
  });
  await own.close();
  // The server lets its lock go a moment later.
  await prepared.database.exclusively(classLock('c1'), async () => {}, 5000);
};

/** How a call can fail. Each answers the status of the function's reply, if it lives to reply. */
const failures: Record<string, (command: string, scenario: Scenario) => Promise<number | undefined>> = {
  async 'is refused'(command, { name, input }) {
    const { classroom, membership } = prepared;
    if (isOfIm(command)) classroom.faults.order({ command, times: 1, errorCode: 10004 });
    else classroom.trtc.failNext('UPSTREAM_FAILED');
    return (await membership.call(name, { classId: 'c1', ...input })).status;
  },
  async 'is done and its reply lost, twice'(command, { name, input }) {
    const { classroom, membership } = prepared;
    if (isOfIm(command)) classroom.faults.order({ command, times: 2, dropReply: true });
    else classroom.trtc.failNext('UPSTREAM_FAILED', { isDone: true });
    return (await membership.call(name, { classId: 'c1', ...input })).status;
  },
  async 'is done and never answered'(command, { name, input }) {
    passDeadlines();
    if (!isOfIm(command)) prepared.classroom.trtc.failNext('UPSTREAM_TIMEOUT', { isDone: true });
    const silent = instanceWhere(command, async (call, signal) => {
      await call();
      return silentFetch('', { ...(signal && { signal }) }) as Promise<never>;
    });
    return (await silent.call(name, { classId: 'c1', ...input })).status;
  },
  async 'is never made, the instance killed'(command, scenario) {
    await killedAt(command, scenario, false);
    return undefined;
  },
  async 'is done, and the instance killed'(command, scenario) {
    await killedAt(command, scenario, true);
    return undefined;
  },
};

const recoveries: Record<string, (scenario: Scenario) => Promise<void>> = {
  async 'the same call again'({ name, input }) {
    expect(await prepared.membership.call(name, { classId: 'c1', ...input })).toMatchObject({ status: 200 });
  },
  async 'the sweep'() {
    expect(await prepared.membership.settlePending()).toBe(1);
  },
};

const matrix = scenarios.flatMap((scenario) =>
  scenario.calls.flatMap((command) =>
    Object.entries(failures).flatMap(([failure, fail]) =>
      Object.entries(recoveries).map(([recovery, recover]) => ({
        scenario,
        command,
        failure,
        fail,
        recovery,
        recover,
      })),
    ),
  ),
);

const cleanRuns = new Map<Scenario, Awaited<ReturnType<typeof stateOf>>>();

/** How a class ends in which nothing fails; tried once for each scenario. */
const cleanRun = async (scenario: Scenario) => {
  const { classroom, membership, database } = prepared;
  const { name, input, before } = scenario;
  if (!cleanRuns.has(scenario)) {
    await classroom.openClass({ classId: 'clean' });
    await classroom.letIn('clean', 's1');
    for (const step of before) await membership.call(step, { classId: 'clean', userId });
    await membership.call(name, { classId: 'clean', ...input });
    await database.run((sql) => sql`update users set imported_at = null`);
    cleanRuns.set(scenario, await stateOf('clean'));
  }
  return cleanRuns.get(scenario);
};

describe('a change of a member ends like a clean run', () => {
  it.each(matrix)(
    '$scenario.name whose $command $failure, then $recovery',
    async ({ scenario, command, fail, recover }) => {
      const { membership } = prepared;
      const expected = await cleanRun(scenario);
      for (const step of scenario.before) await membership.call(step, { classId: 'c1', userId });

      const status = await fail(command, scenario);
      if (status !== undefined) expect([502, 504]).toContain(status);
      await recover(scenario);

      expect(await stateOf('c1')).toEqual(expected);
      expect(await membership.settlePending()).toBe(0);
    },
  );

  it.each(scenarios)('$name, to whom the first reply to each call of IM is lost', async (scenario) => {
    const { classroom, membership } = prepared;
    const { name, input, before, calls } = scenario;
    const expected = await cleanRun(scenario);
    for (const step of before) await membership.call(step, { classId: 'c1', userId });
    for (const command of calls.filter(isOfIm)) classroom.faults.order({ command, times: 1, dropReply: true });

    expect(await membership.call(name, { classId: 'c1', ...input })).toMatchObject({ status: 200 });

    expect(await stateOf('c1')).toEqual(expected);
  });
});

describe('many changes at once', () => {
  /** Instances that share nothing but the database, IM and TRTC. */
  const startInstances = (count: number, options: Parameters<typeof startMembership>[1] = {}) =>
    Array.from({ length: count }, () => startMembership(prepared.classroom, { ...options, database: connect() }));

  it('never give the board to more than the group takes', async () => {
    const { classroom, database } = prepared;
    const students = Array.from({ length: 20 }, (_, index) => `p${index}`);
    await classroom.letIn('c1', ...students);
    const sizes: number[] = [];
    const around: Around = async (_, call) => {
      const reply = await call();
      sizes.push(atIm(classroom, 'c1').replay.length);
      return reply;
    };
    const instances = startInstances(4, { maxMembers: 5, around });

    const replies = await Promise.all(
      students.map((student, index) => instances[index % 4]?.call('grant-board', { classId: 'c1', userId: student })),
    );

    expect(replies.map((reply) => reply?.status).sort()).toEqual([...Array(4).fill(200), ...Array(16).fill(409)]);
    expect(Math.max(...sizes)).toBe(5);
    const holders = await database.run(
      (sql) => sql<{ userId: string }[]>`select user_id as "userId" from members where board order by user_id`,
    );
    expect(atIm(classroom, 'c1').replay).toEqual([...holders.map((holder) => holder.userId), 't1']);
  });

  it.each([
    ['grant-board', 'revoke-board'],
    ['remove-member', 'restore-member'],
    ['remove-member', 'grant-board'],
  ] as const)('of which some %s and some %s leave IM with what the database says', async (one, other) => {
    const { classroom, membership } = prepared;
    const [first, second] = startInstances(2);

    await Promise.all(
      Array.from({ length: 6 }, (_, index) =>
        (index % 2 === 0 ? first : second)?.call(index % 3 === 0 ? one : other, { classId: 'c1', userId }),
      ),
    );

    const row = await memberRow(classroom, 'c1', 's1');
    const { replay, bans, mutes } = atIm(classroom, 'c1');
    expect(replay.includes('s1')).toBe(row?.board);
    expect(bans.includes('s1')).toBe(row?.removed_at !== null);
    expect('s1' in mutes).toBe(row?.removed_at !== null);
    expect(await membership.settlePending()).toBe(0);
  });
});
