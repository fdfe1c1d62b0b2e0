import { createHmac } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../lib/db/database.ts';
import { createClock } from '../support/clock.ts';
import { newDatabaseUrl, openDatabase } from '../support/database.ts';
import { call, eventOf, tokenOf } from '../support/http.ts';
import { createTestIm, sdkAppId } from '../support/im.ts';
import {
  type ChangingFunction,
  type Fault,
  faultKinds,
  type Surroundings,
  startProcess,
  type TestProcess,
  trtcCallbackKey,
} from '../support/process.ts';
import { createTestTrtc } from '../support/trtc.ts';

const clock = createClock();
const day = 86_400;

let surroundings: Surroundings;
let database: Database;
/** With which nothing goes wrong. */
let healthy: TestProcess;

beforeAll(async () => {
  const databaseUrl = await newDatabaseUrl();
  surroundings = {
    databaseUrl,
    clock,
    trtc: createTestTrtc(),
    im: createTestIm({ clock, limits: { avChatRooms: 1e9, restPerSecond: 1e9, messagesPerSecondPerGroup: 1e9 } }),
  };
  database = openDatabase(databaseUrl);
  healthy = startProcess(surroundings);
});

afterAll(() => healthy.end());

/** One call of a function: who makes it, and what with. */
interface Call {
  name: ChangingFunction;
  body(classId: string): object;
  as?: string;
}

interface Case extends Call {
  title: string;
  /** What has happened in the class before. */
  before: Call[];
  /** Of the clean state, what is as good when nobody asks again. */
  halfway?: object;
}

const step = (name: ChangingFunction, fields: object = {}, as = 't1'): Call => ({
  name,
  as,
  body: (classId) => ({ classId, ...fields }),
});
const create = step('create-class', { name: 'Maths' });
const annJoins = step('join-class', {}, 's1');
const grant = step('grant-board', { userId: 's1' });
const remove = step('remove-member', { userId: 's1' });
const stroke = (clientMessageId: string) =>
  step('send-message', { type: 'board', data: { x: clientMessageId }, clientMessageId }, 's1');
const lesson = [create, step('join-class'), annJoins];

/** The signed event of a recorded file of the class's room. */
const recorded: Call = {
  name: 'trtc-callback',
  body: () => ({
    EventGroupId: 3,
    EventType: 311,
    CallbackTs: clock(),
    EventInfo: {
      EventMsTs: clock(),
      UserId: 'tic_record_user_1_1',
      TaskId: 'task',
      Payload: { Status: 0, TencentVod: { UserId: 's1', MediaId: 'main', FileId: 'file', VideoUrl: 'https://v' } },
    },
  }),
};
/** Somebody who was removed comes into the room with an older key. */
const returns: Call = {
  name: 'trtc-callback',
  body: () => ({
    EventGroupId: 1,
    EventType: 103,
    CallbackTs: clock(),
    EventInfo: { EventMsTs: clock(), UserId: 's1', UniqueId: 1 },
  }),
};

const farAhead = step('create-class', { name: 'Maths', assistantIds: ['s1'], startsAt: clock.seconds() + 3 * day });

const cases: Case[] = [
  { title: 'create-class', before: [], ...create },
  {
    title: 'join-class of a class that has no groups yet',
    before: [farAhead],
    ...step('join-class', {}, 's1'),
    halfway: { members: [] },
  },
  { title: 'update-class', before: lesson, ...step('update-class', { name: 'Physics' }) },
  {
    title: 'update-class, dropping an assistant with the board',
    before: [step('create-class', { name: 'Maths', assistantIds: ['a1'] }), step('grant-board', { userId: 'a1' })],
    ...step('update-class', { assistantIds: [] }),
  },
  { title: 'grant-board', before: lesson, ...grant },
  { title: 'revoke-board', before: [...lesson, grant], ...step('revoke-board', { userId: 's1' }) },
  { title: 'mute-member', before: lesson, ...step('mute-member', { userId: 's1', seconds: 3600 }) },
  { title: 'mute-class', before: lesson, ...step('mute-class', { muted: true }) },
  { title: 'remove-member', before: [...lesson, grant], ...remove },
  { title: 'restore-member', before: [...lesson, remove], ...step('restore-member', { userId: 's1' }) },
  { title: 'send-message of a stroke', before: [...lesson, grant], ...stroke('one') },
  {
    title: 'send-message of a danmaku with an id',
    before: lesson,
    ...step('send-message', { type: 'danmaku', text: 'hi', clientMessageId: 'one' }, 's1'),
  },
  { title: 'report-clock', before: [...lesson, grant], ...step('report-clock', { clock: 1 }, 's1') },
  { title: 'trtc-callback of a recorded file', before: lesson, ...recorded },
  { title: 'trtc-callback of a recorded file after the end', before: [...lesson, step('end-class')], ...recorded },
  { title: 'trtc-callback of somebody removed', before: [...lesson, remove], ...returns },
  {
    title: 'end-class',
    before: [...lesson, grant, stroke('one'), stroke('two'), recorded],
    ...step('end-class'),
  },
];

const roomOf = async (classId: string): Promise<number> => {
  const [row] = await database.run(
    (sql) => sql<{ roomId: number }[]>`select room_id as "roomId" from rooms where class_id = ${classId}`,
  );
  return row?.roomId ?? 0;
};

const eventFor = async ({ name, body, as = 't1' }: Call, classId: string): Promise<object> => {
  if (name !== 'trtc-callback')
    return eventOf(body(classId), await tokenOf(clock, as, as === 't1' ? 'teacher' : 'student'));
  const callback = body(classId) as { EventGroupId: number; EventInfo: object };
  const roomId = await roomOf(classId);
  const EventInfo = { ...callback.EventInfo, RoomId: callback.EventGroupId === 3 ? String(roomId) : roomId };
  const text = JSON.stringify({ ...callback, EventInfo });
  const sign = createHmac('sha256', trtcCallbackKey).update(text).digest('base64');
  return { ...eventOf(text), headers: { sign, sdkappid: String(sdkAppId) } };
};

/** Its status; `killed` when the process died on the way. */
const make = async (process: TestProcess, made: Call, classId: string): Promise<number | 'killed'> => {
  const event = await eventFor(made, classId);
  return Promise.race([call(process.functions[made.name], event).then(({ status }) => status), process.killed]);
};

const withProcess = async <T>(work: (process: TestProcess) => Promise<T>, fault?: Fault): Promise<T> => {
  const process = startProcess(surroundings, fault);
  try {
    return await work(process);
  } finally {
    await process.end();
  }
};

const setUp = async (classId: string, before: readonly Call[]) => {
  for (const made of before) expect(await make(healthy, made, classId)).toBeLessThan(300);
};

const heldLocks = async (): Promise<number> => {
  const locks = await database.run(
    (sql) => sql`
      select 1 from pg_locks
      where locktype = 'advisory' and database = (select oid from pg_database where datname = current_database())`,
  );
  return locks.length;
};

/** Late enough for whatever waits for those who may still be at it. */
const sweepTwice = async () => {
  // The database takes a moment to see that a process is gone, and holds its locks until then.
  for (let tries = 0; (await heldLocks()) > 0; tries += 1) {
    if (tries === 500) throw new Error('a dead process still holds its lock');
    await sleep(10);
  }
  for (let times = 0; times < 2; times += 1) {
    clock.advance(20);
    await healthy.sweep();
  }
};

/** What there is of a class, in the database, at IM and at TRTC: what was done, not when. */
const stateOf = async (classId: string): Promise<unknown> => {
  const rows = await database.run(async (sql) => ({
    classes: await sql`
      select name, status, groups, muted, mute_unsettled, name_unsettled, assistant_ids, exported_at is not null as exported,
        closed_at is not null as closed from classes where class_id = ${classId}`,
    members: await sql`
      select user_id, joined_at is not null as joined, removed_at is not null as removed, muted_until > 0 as muted, board,
        board_unsettled, mute_unsettled, removal_unsettled from members where class_id = ${classId} order by user_id`,
    rooms: await sql`select rests_until is not null as rests from rooms where class_id = ${classId}`,
    repairs: await sql`select group_id from repairs where class_id = ${classId}`,
    unsent: await sql`select group_id from outbox where class_id = ${classId} and sent_at is null`,
    replies: await sql`select client_message_id, delivered from sent_messages where class_id = ${classId}`,
    recordings: await sql`select task_id, file from recordings where class_id = ${classId}`,
    replay: await sql`select type, user_id from replay_messages where class_id = ${classId} order by seq`,
    gaps: await sql`select from_seq, to_seq, reason from replay_gaps where class_id = ${classId}`,
    presence: await sql`select user_id, event from presence where class_id = ${classId}`,
  }));
  const groups = ['chat', 'replay'].map((kind) => {
    const group = surroundings.im.im.state.groups.get(`${classId}_${kind}`);
    if (!group) return undefined;
    const { name, type, owner, nextMsgSeq, shutUpAllMember, members, mutes, bans, messages } = group;
    return {
      name,
      type,
      owner,
      // Counts the messages of a group that keeps none: a doubled one shows.
      nextMsgSeq,
      shutUpAllMember,
      members: [...members.keys()].sort(),
      mutes: [...mutes.keys()].sort(),
      bans: [...bans.keys()].sort(),
      messages: messages.map(({ from, body }) => [from, body[0]?.MsgType]),
    };
  });
  const roomId = await roomOf(classId);
  const room = surroundings.trtc.calls.filter((made) => made.roomId === roomId).map(({ action }) => action);
  return { ...rows, groups, room: [...new Set(room)].sort() };
};

let classes = 0;
const newClassId = () => {
  classes += 1;
  return `c${classes}`;
};

describe.each(cases)('$title', ({ before, halfway = {}, ...made }) => {
  let calls: string[];
  let clean: object;
  let untouched: object;

  beforeAll(async () => {
    const [classId, other] = [newClassId(), newClassId()];
    await setUp(classId, before);
    calls = await withProcess(async (process) => {
      expect(await make(process, made, classId)).toBeLessThan(300);
      return process.takeCalls();
    });
    if (before.length > 0) await setUp(other, before);
    await sweepTwice();
    clean = normal(await stateOf(classId), classId);
    untouched = normal(await stateOf(other), other);
  });

  it.each(faultKinds)('ends in the clean state after a fault of the kind «%s» at any call', async (kind) => {
    const runs = calls.map((what, at) => ({
      told: `${kind} at call ${at} (${what})`,
      fault: { kind, at },
      again: newClassId(),
      alone: newClassId(),
    }));
    expect(runs.length).toBeGreaterThan(1);
    for (const { fault, again, alone } of runs) {
      for (const classId of [again, alone]) {
        await setUp(classId, before);
        await withProcess((process) => make(process, made, classId), fault);
      }
    }

    for (const { told, again } of runs) {
      const status = await make(healthy, made, again);
      expect({ told, status }).toEqual({ told, status: expect.toSatisfy((code) => code < 300) });
    }
    await sweepTwice();

    for (const { told, again, alone } of runs) {
      expect({ told, ...normal(await stateOf(again), again) }).toEqual({ told, ...clean });
      // Nobody repeats the other one: it is done, or it was never begun.
      const swept = normal(await stateOf(alone), alone);
      expect([clean, untouched, { ...clean, ...halfway }], `${told}, swept alone`).toContainEqual(swept);
    }
  });
});

const normal = (state: unknown, classId: string): object =>
  JSON.parse(JSON.stringify(state).replaceAll(`${classId}_`, 'class_').replaceAll(`"${classId}"`, '"class"'));
