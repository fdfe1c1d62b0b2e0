import { beforeEach, describe, expect, it } from 'vitest';
import { createPresence } from '../../lib/classroom/attendance/presence.ts';
import { createWordEditing } from '../../lib/classroom/words/word-editing.ts';
import { createWordList } from '../../lib/classroom/words/word-list.ts';
import { loadFilter } from '../../lib/moderation/filter.ts';
import { createTestClassroom, type TestClassroom } from '../support/classroom.ts';
import { createClock, type TestClock } from '../support/clock.ts';
import { newDatabaseUrl, openDatabase } from '../support/database.ts';
import { createTestNotices, joinOf, sentNotices } from '../support/notices.ts';
import { replayGroupOf } from '../support/replay.ts';

const day = 86_400;
const nothing = { repaired: 0, ended: 0, opened: 0, exported: 0, flushed: 0 };

let clock: TestClock;
let classroom: TestClassroom;

beforeEach(async () => {
  clock = createClock();
  const database = openDatabase(await newDatabaseUrl());
  classroom = createTestClassroom({ database, clock });
});

const sweep = () => classroom.sweep({}, {});
const statusOf = async (classId: string) => {
  const lesson = await classroom.store.find(classId);
  return lesson && { status: lesson.status, endedAt: lesson.endedAt };
};
const goLive = (classId: string) =>
  classroom.database.run(
    (sql) => sql`update classes set status = 'live', went_live_at = ${clock.seconds()} where class_id = ${classId}`,
  );
const warnings = () =>
  classroom.captured.lines.filter(({ level }) => level === 'warn').map(({ event, repair }) => repair ?? event);

describe('sweep', () => {
  it('does nothing when nothing is left', async () => {
    await classroom.openClass();
    expect(await sweep()).toEqual(nothing);
    expect(classroom.takeCommands()).toEqual([]);
  });

  it('ends classes past their hard end, as of that moment, and takes down what they have', async () => {
    const { classId, createdAt, roomId } = await classroom.openClass();
    clock.advance(day - 1);
    expect(await sweep()).toMatchObject({ ended: 0 });
    clock.advance(500);
    expect(await sweep()).toMatchObject({ ended: 1, exported: 1 });
    expect(await statusOf(classId)).toEqual({ status: 'ended', endedAt: createdAt + day });
    expect(classroom.im.state.groups.size).toBe(0);
    expect(classroom.trtc.takeCalls()).toEqual([{ action: 'DismissRoom', roomId }]);
    expect(await sweep()).toEqual(nothing);
  });

  it('ends a live class that everybody has left for half an hour, and none where somebody stays', async () => {
    const [left, stayed] = [await classroom.openClass(), await classroom.openClass()];
    const presence = createPresence(classroom.database);
    for (const { classId } of [left, stayed]) {
      await goLive(classId);
      const visit = { classId, userId: `s-${classId}`.slice(0, 32), source: 'trtc' as const, stay: '1' };
      await presence.record([{ ...visit, event: 'enter', atMs: clock() }]);
      if (classId === left.classId) await presence.record([{ ...visit, event: 'exit', atMs: clock() + 60_000 }]);
    }
    clock.advance(1800);
    expect(await sweep()).toMatchObject({ ended: 0 });
    clock.advance(61);
    expect(await sweep()).toMatchObject({ ended: 1 });
    expect(await statusOf(left.classId)).toMatchObject({ status: 'ended' });
    expect(await statusOf(stayed.classId)).toMatchObject({ status: 'live' });
  });

  it('leaves a class alone whose teacher has looked in long before it starts', async () => {
    const { classId } = await classroom.openClass({ startsAt: clock.seconds() + 7200 });
    await goLive(classId);
    const visit = { classId, userId: 't1', source: 'trtc' as const, stay: '1' };
    await createPresence(classroom.database).record([
      { ...visit, event: 'enter', atMs: clock() },
      { ...visit, event: 'exit', atMs: clock() + 1000 },
    ]);
    clock.advance(7200 + 1799);
    expect(await sweep()).toMatchObject({ ended: 0 });
    clock.advance(1);
    expect(await sweep()).toMatchObject({ ended: 1 });
  });

  it('opens the groups of a class a day before it starts, and not earlier', async () => {
    const { classId } = await classroom.openClass({ startsAt: clock.seconds() + 3 * day });
    expect(classroom.im.state.groups.size).toBe(0);
    clock.advance(2 * day - 1);
    expect(await sweep()).toEqual(nothing);
    clock.advance(1);
    expect(await sweep()).toEqual({ ...nothing, opened: 1 });
    expect([...classroom.im.state.groups.keys()]).toEqual([`${classId}_chat`, `${classId}_replay`]);
    expect(await sweep()).toEqual(nothing);
  });

  it.each(['chat', 'replay'])(
    'opens a lost %s group anew, and tells it who draws, who is muted and who is out',
    async (kind) => {
      const { classId } = await classroom.openClass();
      await classroom.letIn(classId, 's1', 's2', 's3');
      await classroom.database.run(
        (sql) => sql`
        update members set board = user_id = 's1', muted_until = case user_id when 's2' then ${clock.seconds() + day} else 0 end,
          removed_at = case user_id when 's3' then ${clock.seconds()}::bigint end
        where class_id = ${classId}`,
      );
      await classroom.database.run((sql) => sql`update classes set muted = true where class_id = ${classId}`);
      clock.advance(301);
      expect(await sweep()).toEqual(nothing);
      clock.advance(301);
      await classroom.client.destroyGroup(`${classId}_${kind}`);

      // The class itself, its three members, and what the class as a whole is told.
      expect(await sweep()).toEqual({ ...nothing, repaired: 5 });

      const { groups } = classroom.im.state;
      const chat = groups.get(`${classId}_chat`);
      expect(chat).toMatchObject({ type: 'AVChatRoom', owner: 't1', shutUpAllMember: 'On' });
      expect([...(chat?.mutes.keys() ?? [])].sort()).toEqual(['s2', 's3']);
      expect([...(chat?.bans.keys() ?? [])]).toEqual(['s3']);
      const replay = groups.get(`${classId}_replay`);
      expect([...(replay?.members.keys() ?? [])]).toEqual(['t1', 's1']);
      expect(replay?.nextMsgSeq).toBe(2);
      clock.advance(301);
      expect(await sweep()).toEqual(nothing);
    },
  );

  it('keeps the strokes of a class that ends while its lost ChatGroup cannot be opened anew', async () => {
    const { classId } = await classroom.openClass();
    const group = replayGroupOf(classroom, classId);
    for (const x of [1, 2]) await group.draw({ x });
    clock.advance(301);
    await classroom.client.destroyGroup(`${classId}_chat`);
    classroom.faults.order({ command: 'create_group', times: 1, errorCode: 10036 });
    expect(await sweep()).toEqual(nothing);
    expect(warnings()).toEqual(['lost groups', 'lost groups']);

    clock.advance(day);
    expect(await sweep()).toEqual({ ...nothing, ended: 1, exported: 1 });

    const rows = await classroom.database.run((sql) => sql`select data from replay_messages order by seq`);
    expect(rows).toEqual([{ data: '{"x":1}' }, { data: '{"x":2}' }]);
  });

  it('looks again at the next sweep for a class whose groups could not be opened anew', async () => {
    const { classId } = await classroom.openClass();
    clock.advance(301);
    await classroom.client.destroyGroup(`${classId}_chat`);
    classroom.faults.order({ command: 'create_group', times: 1, errorCode: 10036 });
    await sweep();
    clock.advance(60);
    expect(await sweep()).toEqual({ ...nothing, repaired: 1 });
    expect(classroom.im.state.groups.has(`${classId}_chat`)).toBe(true);
  });

  it('looks once a sweep for classes whose groups cannot be opened anew, however many', async () => {
    for (let classes = 0; classes < 25; classes += 1) {
      const { classId } = await classroom.openClass();
      await classroom.client.destroyGroup(`${classId}_chat`);
    }
    clock.advance(301);
    classroom.faults.order({ command: 'create_group', times: 1000, errorCode: 10036 });
    classroom.takeCommands();
    await sweep();
    expect(classroom.takeCommands().filter((command) => command === 'create_group')).toHaveLength(25);
  });

  it('looks for the groups of each class every five minutes, 25 classes with one call', async () => {
    for (let classes = 0; classes < 26; classes += 1) await classroom.openClass();
    clock.advance(301);
    await sweep();
    expect(classroom.takeCommands()).toEqual(['get_group_info', 'get_group_info']);
    clock.advance(60);
    await sweep();
    expect(classroom.takeCommands()).toEqual([]);
  });

  it('goes on when a part fails, and says which', async () => {
    const { classId } = await classroom.openClass();
    await classroom.openClass({ startsAt: clock.seconds() + 2 * day });
    clock.advance(day + 7200);
    classroom.faults.order({ command: 'destroy_group', times: 1, errorCode: 10007 });
    expect(await sweep()).toEqual({ ...nothing, ended: 1, opened: 1, exported: 1 });
    expect(warnings()).toEqual(['ended class']);
    expect(await statusOf(classId)).toMatchObject({ status: 'ended' });
    expect(await sweep()).toEqual(nothing);
    expect(classroom.im.state.groups.has(`${classId}_chat`)).toBe(false);
  });

  it('compiles the word list where nothing has compiled it', async () => {
    await classroom.database.run((sql) => sql`insert into dirty_words values ('darn', null, '[]')`);
    expect(await sweep()).toEqual(nothing);
    const { bytes } = await createWordList(classroom.database).compiled();
    expect(loadFilter(bytes ?? Buffer.of()).mask('oh darn')).toBe('oh ****');
  });

  it('tells IM of the dirty words that it has not been told of, when its own list follows ours', async () => {
    const { database } = classroom;
    await createWordEditing(database).edit({ add: [{ word: 'darn' }, { word: 'heck' }], remove: [] });
    expect(await sweep()).toEqual(nothing);
    expect(classroom.takeCommands()).toEqual([]);
    classroom = createTestClassroom({ database, clock, syncsWords: true });
    expect(await sweep()).toEqual({ ...nothing, repaired: 2 });
    expect([...classroom.im.state.dirtyWords]).toEqual(['darn', 'heck']);
    expect(await sweep()).toEqual(nothing);
  });

  it('tells of joins that nobody else is left to tell of', async () => {
    const { classId } = await classroom.openClass();
    const { database, client: im } = classroom;
    const bytes = () => {
      throw new Error('killed');
    };
    // Before it opens a window.
    const killed = createTestNotices({ database, im, clock, random: { ...classroom.random, bytes } });
    const join = joinOf('s1', 0, `${classId}_chat`);
    await expect(killed.announce(join)).rejects.toThrow('killed');
    expect(await sweep()).toEqual({ ...nothing, flushed: 1 });
    expect(sentNotices(classroom)).toMatchObject([{ groupId: join.groupId, text: 's1 has joined the room' }]);
    expect(await sweep()).toEqual(nothing);
  });

  it('warns when the new groups of the day come near what IM allows', async () => {
    await classroom.openClass();
    const many = (count: number) =>
      classroom.database.run(
        (sql) => sql`
          insert into classes (class_id, name, teacher_id, assistant_ids, status, room_id, created_at, created_from, attempt, groups,
                               groups_opened_at, groups_checked_at, ended_at, exported_at, closed_at)
          select 'many' || n, 'Maths', 't2', '[]', 'ended', n, ${clock.seconds()}, '', '', 'open', ${clock.seconds()},
                 ${clock.seconds()}, ${clock.seconds()}, ${clock.seconds()}, ${clock.seconds()}
          from generate_series(${count}::int, 3999) as n`,
      );
    await many(2);
    await sweep();
    expect(warnings()).toEqual([]);
    await classroom.database.run((sql) => sql`delete from classes where class_id like 'many%'`);
    await many(1);
    await sweep();
    expect(warnings()).toEqual(['new groups of the day come near what IM allows']);
    expect(classroom.captured.lines.at(-2)).toMatchObject({ count: 8000 });
  });
});
