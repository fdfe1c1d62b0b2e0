import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { LessonRecord } from '../../lib/classroom/class/class-finder.ts';
import { createReplay } from '../../lib/classroom/replay/replay.ts';
import { createReplayExport } from '../../lib/classroom/replay/replay-export.ts';
import { readStretch } from '../../lib/classroom/replay/replay-history.ts';
import { joinGaps, type ReplayGap, readReplayMessage } from '../../lib/classroom/replay/replay-message.ts';
import { appendRecording, type ReplayPage } from '../../lib/classroom/replay/replay-store.ts';
import type { Database } from '../../lib/db/database.ts';
import type { StoredMessage } from '../../lib/im/client.ts';
import { createTestClassroom } from '../support/classroom.ts';
import { createClock } from '../support/clock.ts';
import { newDatabaseUrl, openDatabase } from '../support/database.ts';
import { noRates, readPages, replayGroupOf } from '../support/replay.ts';

const historySeconds = 7 * 86_400;
const inTime = { until: Number.POSITIVE_INFINITY };

let url: string;
let database: Database;
beforeAll(async () => {
  url = await newDatabaseUrl();
  database = openDatabase(url);
});

/** A class of teacher t1 that s1 has joined, its ReplayGroup, and what reads and exports its replay. */
const setUp = async () => {
  const clock = createClock();
  const classroom = createTestClassroom({ database, clock, im: { limits: noRates } });
  const { client: im, http, store } = classroom;
  const { classId } = await classroom.openClass();
  await classroom.letIn(classId, 's1');
  const find = async (): Promise<LessonRecord> => {
    const lesson = await store.find(classId);
    if (!lesson) throw new Error('the class is gone');
    return lesson;
  };
  const replay = createReplay({ database, im, log: http.log });
  const replayExport = createReplayExport({ database, im, log: http.log, clock });
  return {
    ...classroom,
    classId,
    find,
    replay,
    group: replayGroupOf(classroom, classId),
    readPages: async (limit?: number) => readPages(replay, await find(), limit),
    export: async () => replayExport.export(await find(), inTime),
    /** An export of so many pages, before its time is up. */
    async exportPages(count: number): Promise<boolean> {
      let looks = 0;
      const counting = createReplayExport({ database, im, log: http.log, clock: () => looks++ });
      return counting.export(await find(), { until: count });
    },
    /** What the database has of it. */
    rows: () =>
      database.run(async (sql) => ({
        messages: [
          ...(await sql`
            select seq, time, user_id, type, data, random from replay_messages where class_id = ${classId} order by seq`),
        ],
        gaps: [
          ...(await sql`select from_seq, to_seq, reason from replay_gaps where class_id = ${classId} order by from_seq`),
        ],
      })),
  };
};

type SetUp = Awaited<ReturnType<typeof setUp>>;

const messagesOf = (pages: readonly ReplayPage[]) => pages.flatMap(({ messages }) => messages);
const gapsOf = (pages: readonly ReplayPage[]) => joinGaps(pages.flatMap(({ gaps }) => gaps));
const seqsOf = (pages: readonly ReplayPage[]) => messagesOf(pages).map(({ seq }) => seq);

describe('a message of the replay', () => {
  const read = (data: string | undefined) =>
    readReplayMessage({ seq: 7, time: 1000, senderId: 's1', isByAdministrator: true, data });

  it('is a stroke, with its sender', () => {
    const data = { shape: [1, 2.5], text: '𝒙 \u0000' };
    expect(read(JSON.stringify({ v: 1, type: 'board', data }))).toEqual({
      seq: 7,
      time: 1000,
      userId: 's1',
      type: 'board',
      data,
    });
  });

  it.each([1003, 1004])('is a %i, about whom its value names', (type) => {
    const rest = { seq: 12_345, timestamp: 99, time_line: 1_767_225_600_000, value: { uid: 's2' } };
    expect(read(JSON.stringify({ type, ...rest }))).toEqual({ seq: 7, time: 1000, userId: 's2', type, data: rest });
  });

  it.each([1003, 1004])('is no %i that somebody else has sent', (type) => {
    const data = JSON.stringify({ type, value: { uid: 's2' } });
    expect(readReplayMessage({ seq: 7, time: 1000, senderId: 's1', isByAdministrator: false, data })).toBeUndefined();
  });

  it.each([undefined, null, 5, {}, { uid: 5 }, { uid: 'a\0b' }, { uid: '\ud800' }])(
    'is about nobody when its value is %j',
    (value) => {
      expect(read(JSON.stringify({ type: 1004, value }))).toMatchObject({ userId: '', type: 1004 });
    },
  );

  it.each([
    ['a message without a custom element', undefined],
    ['plain text', 'board'],
    ['cut JSON', '{"type":"board"'],
    ['null', 'null'],
    ['a list', '[{"type":"board"}]'],
    ['the first message of a group', '{"v":1,"type":"class","event":"created","classId":"c1"}'],
    ['a number as text', '{"type":"1003"}'],
    ['another number', '{"type":1005}'],
  ])('is not %s', (_what, data) => {
    expect(read(data)).toBeUndefined();
  });

  it('is never one that could not be written into a reply', () => {
    const nested = (levels: number) => `{"type":"board","data":${'['.repeat(levels)}${']'.repeat(levels)}}`;
    expect(JSON.stringify(read(nested(900)))).toContain('[[[');
    expect(read(nested(1001))).toBeUndefined();
    expect(read(nested(100_000))).toBeUndefined();
  });
});

describe('gaps', () => {
  it('that touch are one when they have one reason', () => {
    const gap = (from: number, to: number, reason: ReplayGap['reason']) => ({ from, to, reason });
    expect(
      joinGaps([
        gap(1, 1, 'missing'),
        gap(2, 4, 'missing'),
        gap(5, 5, 'expired'),
        gap(7, 7, 'expired'),
        gap(8, 8, 'expired'),
      ]),
    ).toEqual([gap(1, 4, 'missing'), gap(5, 5, 'expired'), gap(7, 8, 'expired')]);
  });
});

describe('a stretch of history', () => {
  const stored = (seq: number): StoredMessage => ({
    seq,
    time: seq,
    senderId: 't1',
    isByAdministrator: false,
    random: seq,
    data: '{}',
  });

  /** An IM that returns at most so many at once, and says of the rest whether it has expired. */
  const imWith = (has: readonly number[], pageSize: number, restIsExpired = false) => ({
    readHistory: async (_groupId: string, fromSeq = Number.POSITIVE_INFINITY) => ({
      messages: has
        .filter((seq) => seq <= fromSeq)
        .sort((a, b) => b - a)
        .slice(0, pageSize)
        .map(stored),
      restIsExpired,
    }),
  });

  it('is whole however IM cuts its pages', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.integer({ min: 1, max: 40 })),
        fc.integer({ min: 1, max: 30 }),
        fc.integer({ min: 0, max: 19 }),
        fc.integer({ min: 1, max: 20 }),
        async (has, from, more, pageSize) => {
          const to = from + more;
          const { messages, gaps } = await readStretch(imWith(has, pageSize), 'g', { from, to });
          const inside = has.filter((seq) => seq >= from && seq <= to).sort((a, b) => a - b);
          expect(messages.map(({ seq }) => seq)).toEqual(inside);
          const missing = gaps.flatMap((gap) => Array.from({ length: gap.to - gap.from + 1 }, (_, n) => gap.from + n));
          expect([...inside, ...missing].sort((a, b) => a - b)).toEqual(
            Array.from({ length: more + 1 }, (_, n) => from + n),
          );
        },
      ),
    );
  });

  it('has expired where IM returns nothing and says so', async () => {
    const { gaps } = await readStretch(imWith([8, 10], 20, true), 'g', { from: 3, to: 11 });
    expect(gaps).toEqual([
      { from: 3, to: 7, reason: 'expired' },
      { from: 9, to: 9, reason: 'missing' },
      { from: 11, to: 11, reason: 'missing' },
    ]);
  });

  it('is read to its end by an IM that does not mind where it is asked to begin', async () => {
    const im = { readHistory: async () => ({ messages: [stored(50), stored(49)], restIsExpired: false }) };
    expect(await readStretch(im, 'g', { from: 1, to: 20 })).toEqual({
      messages: [],
      gaps: [{ from: 1, to: 20, reason: 'missing' }],
    });
  });
});

/** One thing that happens in a ReplayGroup, and what becomes of it. */
interface Happening {
  what: 'stroke' | 'time line' | 'recording' | 'class message' | 'text';
  from: 't1' | 's1';
  fate: 'kept' | 'recalled' | 'missing';
}

const happenings = fc.array(
  fc.record<Happening>({
    what: fc.constantFrom('stroke', 'stroke', 'stroke', 'time line', 'recording', 'class message', 'text'),
    from: fc.constantFrom('t1', 's1'),
    fate: fc.constantFrom('kept', 'kept', 'kept', 'kept', 'recalled', 'missing'),
  }),
  { maxLength: 70 },
);

/** What the nth of them carries, and what a replay makes of it; texts carry nothing. */
const carried = {
  stroke: (n: number) => ({ v: 1, type: 'board', data: { stroke: n } }),
  'time line': (n: number) => ({ type: 1003, time_line: n, value: { uid: 's2' } }),
  recording: (n: number) => ({ type: 1004, seq: n, value: { video_id: 'v' } }),
  'class message': (n: number) => ({ v: 1, type: 'class', event: 'created', n }),
  text: () => undefined,
};
const shown = {
  stroke: (n: number, userId: string) => ({ userId, type: 'board', data: { stroke: n } }),
  'time line': (n: number) => ({ userId: 's2', type: 1003, data: { time_line: n, value: { uid: 's2' } } }),
  recording: (n: number) => ({ userId: '', type: 1004, data: { seq: n, value: { video_id: 'v' } } }),
  'class message': () => undefined,
  text: () => undefined,
};

/** Lets it all happen after the group's first message, the earlier ones so early that they have expired since. */
const happen = async ({ group, clock }: SetUp, all: readonly Happening[], expired: number) => {
  const messages: unknown[] = [];
  const gaps: ReplayGap[] = [];
  for (const [n, { what, from, fate }] of [
    { what: 'class message', from: 't1', fate: 'kept' } as const,
    ...all,
  ].entries()) {
    if (n > 0 && n === expired) clock.advance(historySeconds);
    const data = carried[what](n);
    if (n > 0)
      await (data
        ? group.sendData(JSON.stringify(data), 'type' in data && typeof data.type === 'number' ? undefined : from)
        : group.sendText('hello', from));
    const seq = n + 1;
    if (fate === 'recalled') await group.recall(seq);
    if (fate === 'missing') group.lose(seq);
    const reason = fate === 'missing' ? fate : n < expired ? 'expired' : fate === 'recalled' ? fate : undefined;
    const message = shown[what](n, from);
    if (reason) gaps.push({ from: seq, to: seq, reason });
    else if (message) messages.push({ seq, time: clock.seconds(), ...message });
  }
  return { messages, gaps: joinGaps(gaps) };
};

describe('a replay', () => {
  it('has every message in its order and every gap, the same on every page whether IM has it or the database', async () => {
    await fc.assert(
      fc.asyncProperty(happenings, fc.nat(30), fc.integer({ min: 1, max: 25 }), async (all, expired, limit) => {
        const made = await setUp();
        const expected = await happen(made, all, Math.min(expired, all.length));

        const live = await made.readPages(limit);
        expect(messagesOf(live)).toEqual(expected.messages);
        expect(gapsOf(live)).toEqual(expected.gaps);
        expect(live.slice(0, -1).every(({ messages }) => messages.length === limit)).toBe(true);

        expect(await made.export()).toBe(true);
        await made.client.destroyGroup(made.group.groupId);
        expect(await made.readPages(limit)).toEqual(live);
      }),
      { numRuns: 40 },
    );
  });

  it('is of one piece for every size of its pages', async () => {
    const made = await setUp();
    for (let n = 0; n < 45; n += 1) await made.group.draw({ n }, n % 3 === 0 ? 's1' : 't1');
    const whole = Array.from({ length: 45 }, (_, n) => n + 2);
    for (const isExported of [false, true]) {
      if (isExported) await made.export();
      for (let limit = 1; limit <= 50; limit += 1) {
        const pages = await made.readPages(limit);
        expect(seqsOf(pages)).toEqual(whole);
        expect(pages).toHaveLength(Math.ceil(45 / limit));
      }
    }
  });

  it('is empty before the class has groups', async () => {
    const made = await setUp();
    await made.group.draw({});
    for (const groups of ['none', 'opening'] as const)
      expect(await made.replay.page({ ...(await made.find()), groups }, { after: 0, limit: 50 })).toEqual({
        messages: [],
        gaps: [],
        nextAfter: undefined,
      });
  });

  it('goes on after a page with few messages, since a page reads no more than 500 numbers', async () => {
    const made = await setUp();
    for (let n = 0; n < 520; n += 1) await made.group.sendText('hello');
    await made.group.draw({});
    const pages = await made.readPages(50);
    expect(pages.map(({ messages, nextAfter }) => [messages.length, nextAfter])).toEqual([
      [0, 500],
      [1, undefined],
    ]);
  });

  it('goes on in the middle of a gap', async () => {
    const made = await setUp();
    for (let seq = 2; seq <= 530; seq += 1) await made.group.draw({ seq });
    made.group.lose(3, 529);
    const live = await made.readPages(1);
    expect(live.map(({ gaps }) => gaps)).toEqual([
      [],
      [{ from: 3, to: 502, reason: 'missing' }],
      [{ from: 503, to: 529, reason: 'missing' }],
    ]);
    await made.export();
    expect(await made.replay.page(await made.find(), { after: 502, limit: 1 })).toEqual(live[2]);
  });

  it('has nothing after its end', async () => {
    const made = await setUp();
    await made.group.draw({});
    const beyond = async () => made.replay.page(await made.find(), { after: 900, limit: 50 });
    const nothing = { messages: [], gaps: [], nextAfter: undefined };
    expect(await beyond()).toEqual(nothing);
    await made.export();
    expect(await beyond()).toEqual(nothing);
  });

  it('is empty, with a warning, when IM has lost the group', async () => {
    const made = await setUp();
    await made.group.draw({});
    await made.client.destroyGroup(made.group.groupId);
    expect(await made.readPages()).toEqual([{ messages: [], gaps: [], nextAfter: undefined }]);
    expect(made.logText()).toContain('the replay is gone');
  });

  it('is read from the database when it was exported since the class was looked up', async () => {
    const made = await setUp();
    await made.group.draw({});
    const stale = await made.find();
    await made.export();
    const isInDatabase = async () =>
      expect((await made.replay.page(stale, { after: 0, limit: 50 })).messages).toHaveLength(1);

    made.faults.order({ command: 'group_msg_get_simple', times: 1, errorCode: 10010 });
    await isInDatabase();
    await made.client.destroyGroup(made.group.groupId);
    await isInDatabase();
  });

  it.each(['get_group_info', 'group_msg_get_simple'])('is read in spite of a lost reply to %s', async (command) => {
    const made = await setUp();
    await made.group.draw({});
    made.faults.order({ command, times: 1, dropReply: true });
    expect(seqsOf(await made.readPages())).toEqual([2]);
  });

  it.each(['get_group_info', 'group_msg_get_simple'])('is a failure of IM when %s fails', async (command) => {
    const made = await setUp();
    await made.group.draw({});
    made.faults.order({ command, times: 1, errorCode: 10007 });
    await expect(made.readPages()).rejects.toMatchObject({ code: 'UPSTREAM_FAILED' });
  });
});

/** A replay of 100 numbers with something of everything, on five pages of history. */
const fill = async ({ group }: SetUp): Promise<void> => {
  for (let seq = 2; seq <= 100; seq += 1) {
    if (seq % 10 === 5) await group.sendText('hello');
    else await group.draw({ seq }, seq % 2 === 0 ? 's1' : 't1');
  }
  // Across two pages, both.
  for (const seq of [20, 21]) await group.recall(seq);
  for (const seq of [39, 40, 41]) group.lose(seq);
};

describe('an export', () => {
  it('that is cut off after any of its pages goes on from there', async () => {
    const clean = await setUp();
    await fill(clean);
    await clean.export();
    const expected = await clean.readPages();

    const made = await setUp();
    await fill(made);
    const untouched = await made.readPages();
    expect(untouched).toEqual(expected);
    for (let page = 1; page <= 5; page += 1) {
      const isLast = page === 5;
      made.takeCommands();
      expect(await made.exportPages(1)).toBe(isLast);
      expect(made.takeCommands()).toEqual([
        'get_group_info',
        'group_msg_get_simple',
        ...(isLast ? ['get_group_info'] : []),
      ]);
      expect((await made.find()).exportedAt === undefined).toBe(!isLast);
      expect(await made.readPages()).toEqual(expected);
    }
    expect(await made.rows()).toEqual(await clean.rows());
  });

  it.each([1, 2, 3, 4, 5])('that fails at page %i loses nothing and copies nothing twice', async (page) => {
    const made = await setUp();
    await fill(made);
    const expected = await made.readPages();
    const command = 'group_msg_get_simple';
    if (page > 1) made.faults.order({ command, times: page - 1, delayMs: 0 });
    made.faults.order({ command, times: 1, errorCode: 10007 });

    await expect(made.export()).rejects.toMatchObject({ code: 'UPSTREAM_FAILED' });
    expect((await made.rows()).messages.at(-1)?.seq ?? 0).toBeLessThanOrEqual(20 * (page - 1));
    expect(await made.export()).toBe(true);
    expect(await made.readPages()).toEqual(expected);
  });

  it.each(['get_group_info', 'group_msg_get_simple'])('does not mind a lost reply to %s', async (command) => {
    const made = await setUp();
    await fill(made);
    const expected = await made.readPages();
    made.faults.order({ command, times: 1, dropReply: true });
    expect(await made.export()).toBe(true);
    expect(await made.readPages()).toEqual(expected);
  });

  it('changes nothing when it is run again', async () => {
    const made = await setUp();
    await fill(made);
    const stale = await made.find();
    await made.export();
    const rows = await made.rows();
    made.clock.advance(60);
    const again = createReplayExport({ database, im: made.client, log: made.http.log, clock: made.clock });
    expect(await again.export(stale, inTime)).toBe(true);
    await made.group.draw('too late');
    expect(await again.export(await made.find(), inTime)).toBe(true);
    await made.client.destroyGroup(made.group.groupId);
    expect(await again.export(stale, inTime)).toBe(true);
    expect(await made.rows()).toEqual(rows);
    expect((await made.find()).exportedAt).toBe(made.clock.seconds() - 60);
  });

  it('is the same when two are at it, since the first has lost its lock', async () => {
    const made = await setUp();
    await fill(made);
    const expected = await made.readPages();
    await Promise.all([made.export(), made.export(), made.export()]);
    expect(await made.readPages()).toEqual(expected);
  });

  it('is not harmed by what one writes late whom another has overtaken', async () => {
    const made = await setUp();
    await fill(made);
    made.group.lose(100);
    const expected = await made.readPages();
    const readHistory = async (groupId: string, fromSeq?: number) => {
      const page = await made.client.readHistory(groupId, fromSeq);
      await made.export();
      return page;
    };
    const im = { ...made.client, readHistory };
    let looks = 0;
    const late = createReplayExport({ database, im, log: made.http.log, clock: () => looks++ });
    expect(await late.export(await made.find(), { until: 1 })).toBe(false);
    expect(await made.readPages()).toEqual(expected);
  });

  it('misses nothing that another one has copied before it looked for the group', async () => {
    const made = await setUp();
    await fill(made);
    const expected = await made.readPages();
    await made.exportPages(2);
    const findGroup = async (groupId: string) => {
      await made.export();
      await made.client.destroyGroup(groupId);
      return made.client.findGroup(groupId);
    };
    const im = { ...made.client, findGroup };
    const late = createReplayExport({ database, im, log: made.http.log, clock: made.clock });
    expect(await late.export(await made.find(), inTime)).toBe(true);
    expect(await made.readPages()).toEqual(expected);
    expect(made.logText()).not.toContain('the replay is gone');
  });

  it('has what came in while it was under way', async () => {
    const made = await setUp();
    await fill(made);
    expect(await made.exportPages(2)).toBe(false);
    expect(await made.group.draw('between two runs')).toBe(101);
    const group = made.im.state.groups.get(made.group.groupId);
    const draws = [...(group?.messages.slice(-1) ?? [])];
    let looks = 0;
    const clock = () => {
      // Before the third page of this run, the last.
      const [message] = looks++ === 2 ? draws : [];
      if (group && message) {
        group.messages.push({ ...message, seq: 102 });
        group.nextMsgSeq = 103;
      }
      return made.clock();
    };
    const underWay = createReplayExport({ database, im: made.client, log: made.http.log, clock });
    expect(await underWay.export(await made.find(), inTime)).toBe(true);
    expect(seqsOf(await made.readPages()).slice(-3)).toEqual([100, 101, 102]);
  });

  it('of a group that is gone has nothing, and says so', async () => {
    const made = await setUp();
    await fill(made);
    await made.client.destroyGroup(made.group.groupId);
    expect(await made.export()).toBe(true);
    expect(await made.readPages()).toEqual([{ messages: [], gaps: [], nextAfter: undefined }]);
    expect(made.logText()).toContain('the replay is gone');
  });

  it('of a group that goes while it is under way misses the rest', async () => {
    const made = await setUp();
    await fill(made);
    await made.exportPages(3);
    await made.client.destroyGroup(made.group.groupId);
    expect(await made.export()).toBe(true);
    const pages = await made.readPages();
    expect(seqsOf(pages).at(-1)).toBe(60);
    expect(gapsOf(pages).at(-1)).toEqual({ from: 61, to: 100, reason: 'missing' });
  });

  it('of a class without groups asks IM nothing', async () => {
    const made = await setUp();
    await database.run((sql) => sql`update classes set groups = 'none' where class_id = ${made.classId}`);
    expect(await made.export()).toBe(true);
    expect(made.takeCommands()).toEqual([]);
    expect(await made.find()).toMatchObject({ exportedAt: made.clock.seconds() });
  });

  it('keeps what PostgreSQL has no letters for', async () => {
    const made = await setUp();
    await made.group.draw({ nul: 'a\0b', half: '\ud83d', whole: '😀' });
    await made.group.sendData('{"type":1004,"value":{"uid":"a\\u0000b"}}');
    const live = await made.readPages();
    expect(seqsOf(live)).toEqual([2, 3]);
    await made.export();
    expect(await made.readPages()).toEqual(live);
  });
});

describe('recorded files', () => {
  const messageOf = (n: number) => JSON.stringify({ type: 1004, seq: n, value: { uid: 's1', video_id: `v${n}` } });

  const record = async ({ classId, clock }: SetUp, n: number): Promise<void> => {
    await database.run(
      (sql) => sql`
        insert into recordings (class_id, task_id, file, random, data, created_at)
        values (${classId}, 'task', ${`file${n}`}, ${n}, ${messageOf(n)}, ${clock.seconds()})`,
    );
  };
  const append = ({ classId, clock }: SetUp, n: number, to = database) =>
    to.transaction((sql) => appendRecording(sql, { classId, random: n, data: messageOf(n), time: clock.seconds() }));
  const filesOf = async (made: SetUp) =>
    messagesOf(await made.readPages()).map(({ seq, type, userId, data }) => [
      seq,
      type,
      userId,
      (data as { seq?: number }).seq,
    ]);

  it('that IM does not have come last, in the order of their arrival, and those that it has no second time', async () => {
    const made = await setUp();
    await made.group.sendData(messageOf(2), undefined, 2);
    await made.group.draw({}, 's1');
    await record(made, 3);
    made.clock.advance(-60);
    for (const n of [1, 2]) await record(made, n);
    await made.export();
    expect(await filesOf(made)).toEqual([
      [2, 1004, 's1', 2],
      [3, 'board', 's1', undefined],
      [4, 1004, 's1', 1],
      [5, 1004, 's1', 3],
    ]);
  });

  it('come after what is missing at the end', async () => {
    const made = await setUp();
    made.group.lose(await made.group.draw({}));
    await record(made, 1);
    await made.export();
    expect(await filesOf(made)).toEqual([[3, 1004, 's1', 1]]);
    expect(gapsOf(await made.readPages())).toEqual([{ from: 2, to: 2, reason: 'missing' }]);
  });

  it('that come late are added once, in the order of their arrival', async () => {
    const made = await setUp();
    await made.group.sendData(messageOf(1), undefined, 1);
    await made.export();
    for (const n of [2, 1, 3, 2]) expect(await append(made, n)).toBe(true);
    expect(await filesOf(made)).toEqual([1, 2, 3].map((n) => [n + 1, 1004, 's1', n]));
  });

  it('that come late at the same time take different numbers', async () => {
    const made = await setUp();
    await made.export();
    const other = openDatabase(url);
    let second: Promise<boolean> | undefined;
    await database.transaction(async (sql) => {
      await appendRecording(sql, { classId: made.classId, random: 1, data: messageOf(1), time: 0 });
      second = append(made, 2, other);
      const waiting = async () => {
        await sql`select pg_stat_clear_snapshot()`;
        return sql`select 1 from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`;
      };
      await expect.poll(waiting).toHaveLength(1);
    });
    expect(await second).toBe(true);
    expect(await filesOf(made)).toEqual([1, 2].map((n) => [n + 1, 1004, 's1', n]));
  });

  it('are IM’s to have before the export', async () => {
    const made = await setUp();
    expect(await append(made, 1)).toBe(false);
    expect(await made.rows()).toEqual({ messages: [], gaps: [] });
  });
});
