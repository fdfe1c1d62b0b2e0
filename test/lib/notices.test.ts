import { setImmediate } from 'node:timers/promises';
import fc from 'fast-check';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Movement } from '../../lib/classroom/notices/notice-store.ts';
import type { NoticeLanguage } from '../../lib/classroom/notices/notice-text.ts';
import type { NoticesOptions } from '../../lib/classroom/notices/notices.ts';
import type { Database } from '../../lib/db/database.ts';
import type { CustomMessage } from '../../lib/im/client.ts';
import { compileFilter } from '../../lib/moderation/filter.ts';
import { createClock, type TestClock } from '../support/clock.ts';
import { newDatabaseUrl, openDatabase } from '../support/database.ts';
import { createTestIm, type TestIm } from '../support/im.ts';
import { createTestLog } from '../support/log.ts';
import { createGate, createTestNotices, joinOf, leaveOf, sentNotices } from '../support/notices.ts';

const instances = 4;
let databases: Database[];
let database: Database;
let clock: TestClock;
let im: TestIm;

beforeAll(async () => {
  const url = await newDatabaseUrl();
  databases = Array.from({ length: instances }, () => openDatabase(url));
  database = databases[0] as Database;
});

const begin = async () => {
  clock = createClock();
  im = createTestIm({ clock, limits: { restPerSecond: 1e9, messagesPerSecondPerGroup: 1e9 } });
  await im.client.importAccount({ userId: 't1' });
  for (const classId of ['c1', 'c2'])
    await im.client.createGroup({ groupId: `${classId}_chat`, type: 'AVChatRoom', name: 'c', ownerId: 't1' });
  im.calls.length = 0;
  for (const table of ['notices', 'notice_events', 'notice_windows', 'users'])
    await database.run((sql) => sql`delete from ${sql(table)}`);
};
beforeEach(begin);

const open = (options: Partial<NoticesOptions> = {}) =>
  createTestNotices({ database, im: im.client, clock, ...options });
const sent = () => sentNotices(im);
/** What was sent, each notice once; IM must have delivered it so. */
const told = (groupId = 'c1_chat') => {
  const all = sent().filter((notice) => notice.groupId === groupId);
  const once = all.filter(({ random }, index) => all.findIndex((other) => other.random === random) === index);
  expect((im.im.state.groups.get(groupId)?.nextMsgSeq ?? 0) - 1).toBe(once.length);
  return once;
};
const toldCounts = () => told().map(({ event, count }) => [event, count]);

interface Watch {
  before(): unknown;
  after?(): unknown;
}

/** An instance with something done before and after each of its calls. */
const watch = ({ before, after }: Watch, { own = database, client = im.client } = {}) => {
  const watched = <T extends object>(target: T): T =>
    new Proxy(target, {
      get:
        (_, name) =>
        async (...args: unknown[]) => {
          await before();
          const result: unknown = await (Reflect.get(target, name) as (...args: unknown[]) => unknown)(...args);
          await after?.();
          return result;
        },
    });
  return open({ im: watched(client), database: watched(own), sleep: async () => before() });
};

/** Lets all this happen in one window. */
const withinOneWindow = async (movements: readonly Movement[], options: Partial<NoticesOptions> = {}) => {
  const window = createGate();
  const [first, ...rest] = movements;
  if (!first) return;
  const holder = open({ ...options, sleep: window.sleep }).announce(first);
  await window.begun;
  for (const movement of rest) await open(options).announce(movement);
  window.open();
  await holder;
};

describe('a window', () => {
  it('begins with its first event, whose invocation alone waits for its end', async () => {
    const window = createGate();
    const holder = open({ sleep: window.sleep }).announce(joinOf('s1'));
    await window.begun;
    await open({ sleep: () => Promise.reject(new Error('nobody else waits')) }).announce(joinOf('s2'));
    expect(sent()).toEqual([]);
    window.open();
    await holder;
    expect(window.asked).toEqual([1000]);
    expect(told()).toMatchObject([{ event: 'join', userIds: ['s1', 's2'], count: 2 }]);
  });

  it('is one for joins and leaves alike, and ends with at most one notice of each', async () => {
    await withinOneWindow([joinOf('s1'), leaveOf('s2'), joinOf('s3'), leaveOf('s4'), joinOf('s5')]);
    expect(told()).toHaveLength(2);
    expect(told()).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ event: 'join', userIds: ['s1', 's3', 's5'], count: 3 }),
        expect.objectContaining({ event: 'leave', userIds: ['s2', 's4'], count: 2 }),
      ]),
    );
    expect(new Set(told().map(({ random }) => random)).size).toBe(2);
  });

  it('is waited for by one of those who come at the same moment', async () => {
    for (let n = 0; n < 20; n += 1) {
      const window = createGate();
      let answered = 0;
      const all = databases.map(async (own, index) => {
        await open({ database: own, sleep: window.sleep }).announce(joinOf(`s${index}`, n));
        answered += 1;
      });
      await expect.poll(() => answered, { interval: 5 }).toBe(instances - 1);
      window.open();
      await Promise.all(all);
    }
  });

  it('is each class’s own', async () => {
    const window = createGate();
    const holder = open({ sleep: window.sleep }).announce(joinOf('s1'));
    await window.begun;
    await open().announce(joinOf('s2', 0, 'c2_chat'));
    expect(told('c2_chat')).toMatchObject([{ userIds: ['s2'] }]);
    window.open();
    await holder;
    expect(told()).toMatchObject([{ userIds: ['s1'] }]);
  });

  it('is followed by another for what happens later', async () => {
    await open().announce(joinOf('s1'));
    await open().announce(joinOf('s2'));
    expect(told()).toMatchObject([{ userIds: ['s1'] }, { userIds: ['s2'] }]);
  });

  it('ends later when IM took the last notice late, but not so late that it could not be sent', async () => {
    await open().announce(joinOf('s1'));
    const slept: number[] = [];
    const sleep = async (ms: number) => {
      slept.push(ms);
      // The window began 200 ms before IM took the last notice.
      clock.advance(slept.length === 1 ? 0.8 : ms / 1000);
    };
    await open({ sleep }).announce(joinOf('s2'));
    expect(slept).toEqual([1000, 200]);
    slept.length = 0;
    await open({ sleep: async (ms) => slept.push(ms) }).announce(joinOf('s3'));
    expect(slept).toEqual([1000, 600]);
  });
});

describe('a notice', () => {
  const people = Array.from({ length: 25 }, (_, index) => `s${index + 1}`);

  it.each([
    ['zh', 1, 's1 加入了房间', 's1 离开了房间'],
    ['zh', 3, 's1、s2、s3 加入了房间', 's1、s2、s3 离开了房间'],
    ['zh', 4, 's1、s2、s3 等 4 人加入了房间', 's1、s2、s3 等 4 人离开了房间'],
    ['zh', 25, 's1、s2、s3 等 25 人加入了房间', 's1、s2、s3 等 25 人离开了房间'],
    ['en', 1, 's1 has joined the room', 's1 has left the room'],
    ['en', 3, 's1, s2 and s3 have joined the room', 's1, s2 and s3 have left the room'],
    ['en', 5, 's1, s2, s3 and 2 others have joined the room', 's1, s2, s3 and 2 others have left the room'],
    ['en', 25, 's1, s2, s3 and 22 others have joined the room', 's1, s2, s3 and 22 others have left the room'],
  ] as [NoticeLanguage, number, string, string][])('says in %s of %i', async (language, count, joined, left) => {
    const some = people.slice(0, count);
    await withinOneWindow([...some.map((userId) => joinOf(userId))], { language });
    await withinOneWindow([...some.map((userId) => leaveOf(userId))], { language });
    expect(told().map(({ text }) => text)).toEqual([joined, left]);
    expect(told().map((notice) => notice.count)).toEqual([count, count]);
  });

  it('lists the first twenty, by masked names as far as they are known, and asks for no more', async () => {
    const asked: string[] = [];
    const users = {
      namesOf: async (userIds: readonly string[]) => {
        asked.push(...userIds);
        return new Map([['s2', 'a bad name']]);
      },
    };
    const filter = async () => ({ filter: compileFilter([{ word: 'bad' }]), version: 1 });
    await withinOneWindow(
      people.map((userId) => joinOf(userId)),
      { users, filter },
    );
    expect(asked).toEqual(people.slice(0, 20));
    expect(told()).toMatchObject([{ userIds: people.slice(0, 20), count: 25 }]);
    expect(told()[0]?.names.slice(0, 3)).toEqual(['s1', 'a *** name', 's3']);
  });
});

describe('what is counted', () => {
  it.each<[string, Movement[], [string, number][]]>([
    ['of a join and a leave: nothing', [joinOf('s1'), leaveOf('s1', 1)], []],
    ['of a leave and a join: nothing', [leaveOf('s1'), joinOf('s1', 1)], []],
    ['of a join, a leave and a join: a join', [joinOf('s1'), leaveOf('s1', 1), joinOf('s1', 2)], [['join', 1]]],
    ['of the same in disorder: a join', [leaveOf('s1', 1), joinOf('s1', 2), joinOf('s1')], [['join', 1]]],
    ['of a leave, a join and a leave: a leave', [leaveOf('s1'), joinOf('s1', 1), leaveOf('s1', 2)], [['leave', 1]]],
    ['of others: theirs', [joinOf('s1'), joinOf('s2'), leaveOf('s1', 1)], [['join', 1]]],
    ['of what is told twice: once', [joinOf('s1'), joinOf('s1'), joinOf('s2'), joinOf('s1')], [['join', 2]]],
  ])('%s', async (_what, movements, counts) => {
    await withinOneWindow(movements);
    expect(toldCounts()).toEqual(counts);
  });

  it('is counted in one notice only, however often it is told again', async () => {
    await open().announce(joinOf('s1'));
    await open().announce({ ...joinOf('s1'), userIds: ['s1', 's2'] });
    await open({ sleep: () => Promise.reject(new Error('there is nothing to wait for')) }).announce(joinOf('s1'));
    expect(told()).toMatchObject([
      { userIds: ['s1'], count: 1 },
      { userIds: ['s2'], count: 1 },
    ]);
  });

  it('of two instances is both, wherever each of them is while the other one goes on', async () => {
    const counts: number[] = [];
    const client = {
      sendCustomMessage: async ({ data }: CustomMessage) => void counts.push(Reflect.get(data, 'count')),
    };
    const pauseAt = (point: number, movement: Movement, own?: Database) => {
      const gate = createGate();
      let calls = 0;
      const before = () => {
        calls += 1;
        return calls - 1 === point ? gate.sleep(0) : undefined;
      };
      const done = watch({ before }, { own, client: { ...im.client, ...client } }).announce(movement);
      return { done, paused: Promise.race([gate.begun, done]), goOn: gate.open, callsOf: () => calls };
    };
    const points = { one: 1, other: 1 };
    for (let first = 0; first < points.one; first += 1) {
      for (let second = 0; second < points.other; second += 1) {
        const groupId = `c${first}-${second}_chat`;
        const one = pauseAt(first, joinOf('s1', 0, groupId), databases[0]);
        await one.paused;
        const other = pauseAt(second, joinOf('s2', 0, groupId), databases[1]);
        await other.paused;
        one.goOn();
        await one.done;
        other.goOn();
        await other.done;
        const sum = counts.splice(0).reduce((total, count) => total + count, 0);
        expect({ first, second, sum }).toEqual({ first, second, sum: 2 });
        points.one = Math.max(points.one, one.callsOf());
        points.other = Math.max(points.other, other.callsOf());
      }
    }
    expect(Math.min(points.one, points.other)).toBeGreaterThan(8);
  });

  it('of 200 who come and go over 4 instances at once is everybody, once, with nothing left for the sweep', async () => {
    const movements = Array.from({ length: 200 }, (_, n) => (n % 4 === 3 ? leaveOf : joinOf)(`s${n}`));
    const twice = movements.flatMap((movement, n) => (n % 5 === 0 ? [movement, movement] : [movement]));
    // Each instance does one thing after the other, so that windows open and close all the time.
    const instance = async (own: Database, index: number) => {
      const notices = open({ database: own, sleep: () => setImmediate() });
      for (const movement of twice.filter((_, n) => n % instances === index)) await notices.announce(movement);
    };
    await Promise.all(databases.map(instance));
    const sumOf = (event: string) =>
      told()
        .filter((notice) => notice.event === event)
        .reduce((sum, { count }) => sum + count, 0);
    expect([sumOf('join'), sumOf('leave')]).toEqual([150, 50]);
    expect(told().length).toBeGreaterThan(10);
    clock.advance(10);
    expect(await open().flush()).toBe(0);
  });

  it('conserves who is there, whatever is cut into windows, repeated and told in disorder', async () => {
    const step = fc.record({
      userId: fc.constantFrom('s1', 's2', 's3', 's4', 's5'),
      window: fc.nat(2),
      place: fc.nat(1000),
      isRepeated: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 16 }), async (steps) => {
        await begin();
        // Everybody comes and goes in turn, from outside; what happens later is in no earlier window.
        const there = new Set<string>();
        const history = steps
          .toSorted((a, b) => a.window - b.window)
          .map(({ userId, ...rest }, at) => {
            const isComing = !there.delete(userId);
            if (isComing) there.add(userId);
            return { ...rest, userId, movement: (isComing ? joinOf : leaveOf)(userId, at) };
          });
        for (const window of [0, 1, 2]) {
          const before = toldCounts().length;
          const happened = history.filter((each) => each.window === window).toSorted((a, b) => a.place - b.place);
          await withinOneWindow(
            happened.flatMap(({ movement, isRepeated }) => (isRepeated ? [movement, movement] : [movement])),
          );
          const kinds = toldCounts()
            .slice(before)
            .map(([event]) => event);
          expect(new Set(kinds).size).toBe(kinds.length);
        }
        const present = new Set<string>();
        for (const { event, userIds, count } of told()) {
          expect(userIds).toHaveLength(count);
          for (const userId of userIds) {
            expect(present.has(userId)).toBe(event === 'leave');
            if (event === 'join') present.add(userId);
            else present.delete(userId);
          }
        }
        expect(present).toEqual(there);
      }),
      { numRuns: 30 },
    );
  });
});

/** An instance that is killed at one of these points. */
const createMortal = (livesFor: number) => {
  let left = livesFor;
  const live = () => {
    left -= 1;
    if (left < 0) throw new Error('killed');
  };
  return { notices: watch({ before: live, after: live }), isKilled: () => left < 0 };
};

/** Lets an announcement be killed at each of its points in turn, each time in a world of its own, and then checks. */
const killAtEachPoint = async (check: (point: number) => Promise<void>): Promise<number> => {
  for (let point = 0; ; point += 1) {
    await begin();
    const { notices, isKilled } = createMortal(point);
    await notices.announce(joinOf('s1')).catch(() => {});
    if (!isKilled()) return point;
    clock.advance(5);
    await check(point);
  }
};

describe('what a killed holder left', () => {
  const sumOfJoins = () => told().reduce((sum, { count }) => sum + count, 0);

  it('is sent once by the next callback of the class', async () => {
    const points = await killAtEachPoint(async (point) => {
      await open().announce(joinOf('s1'));
      await open().announce(joinOf('s2'));
      expect({ point, sum: sumOfJoins() }).toEqual({ point, sum: 2 });
      expect(await open().flush()).toBe(0);
    });
    expect(points).toBeGreaterThan(10);
  });

  it('is sent once by the sweep, if it was ever kept', async () => {
    await killAtEachPoint(async (point) => {
      const kept = await database.run((sql) => sql`select from notice_events`);
      await open().flush();
      clock.advance(5);
      expect({ point, sum: sumOfJoins() }).toEqual({ point, sum: kept.length });
      expect(await open().flush()).toBe(0);
    });
  });

  it('goes out with the same random, so that IM knows what it has had', async () => {
    im.faults.order({ command: 'send_group_msg', times: 3, dropReply: true });
    await expect(open().announce(joinOf('s1'))).rejects.toThrow('IM');
    clock.advance(1);
    expect(await open().flush()).toBe(1);
    expect(sent()).toHaveLength(4);
    expect(told()).toHaveLength(1);
  });

  it('is not left when one reply of IM is lost', async () => {
    im.faults.order({ command: 'send_group_msg', times: 1, dropReply: true });
    await open().announce(joinOf('s1'));
    expect(sent()).toHaveLength(2);
    expect(told()).toHaveLength(1);
    clock.advance(1);
    expect(await open().flush()).toBe(0);
  });

  it('is left alone while the holder may be alive', async () => {
    const window = createGate();
    const holder = open({ sleep: window.sleep }).announce(joinOf('s1'));
    await window.begun;
    clock.advance(1.999);
    await open().announce(joinOf('s2'));
    expect(await open().flush()).toBe(0);
    expect(sent()).toEqual([]);
    window.open();
    await holder;
    expect(toldCounts()).toEqual([['join', 2]]);
  });

  it('is not sent by the holder any more, once another has taken the window over', async () => {
    const [frozen, taken] = [createGate(), createGate()];
    const holder = open({ sleep: frozen.sleep }).announce(joinOf('s1'));
    await frozen.begun;
    clock.advance(2);
    const successor = open({ sleep: taken.sleep }).announce(joinOf('s2'));
    await taken.begun;
    // A frozen instance goes on where it was.
    frozen.open();
    await holder;
    expect(sent()).toEqual([]);
    taken.open();
    await successor;
    expect(toldCounts()).toEqual([['join', 2]]);
  });
});

describe('while IM fails', () => {
  const fail = (times: number) => im.faults.order({ command: 'send_group_msg', times, errorCode: 10007 });

  it('all waits behind what was folded before, and is told in one notice afterwards', async () => {
    fail(5);
    for (const userId of ['s1', 's2', 's3']) {
      await expect(open().announce(joinOf(userId))).rejects.toThrow('IM');
      clock.advance(1);
    }
    await open().announce(joinOf('s4'));
    expect(toldCounts()).toEqual([
      ['join', 1],
      ['join', 3],
    ]);
  });

  it('of two notices of a kind that were folded meanwhile, each waits for a window of its own', async () => {
    fail(2);
    for (const userId of ['s1', 's2']) await expect(open().announce(joinOf(userId))).rejects.toThrow('IM');
    clock.advance(1);
    im.calls.length = 0;
    const window = createGate();
    const flushed = open({ sleep: window.sleep }).flush();
    await expect.poll(told).toMatchObject([{ userIds: ['s1'] }]);
    window.open();
    expect(await flushed).toBe(2);
    expect(told()).toMatchObject([{ userIds: ['s1'] }, { userIds: ['s2'] }]);
  });

  it('what is late does not come right after another notice, but takes the place of the next one', async () => {
    fail(1);
    await expect(open().announce(joinOf('s1'))).rejects.toThrow('IM');
    clock.advance(0.5);
    im.calls.length = 0;
    await open().announce(joinOf('s2'));
    clock.advance(0.5);
    const window = createGate();
    const holder = open({ sleep: window.sleep }).announce(joinOf('s3'));
    await window.begun;
    await open().announce(joinOf('s4'));
    expect(told()).toMatchObject([{ userIds: ['s2'] }]);
    window.open();
    await holder;
    expect(told()).toMatchObject([{ userIds: ['s2'] }, { userIds: ['s1'] }]);
    await open().announce(joinOf('s5'));
    expect(told()[2]).toMatchObject({ userIds: ['s3', 's4', 's5'] });
  });

  it('the sweep goes on with the other classes, and tells of it', async () => {
    fail(2);
    await expect(open().announce(joinOf('s1'))).rejects.toThrow('IM');
    await expect(open().announce(leaveOf('s2', 0, 'c2_chat'))).rejects.toThrow('IM');
    clock.advance(2);
    const test = createTestLog();
    const sendCustomMessage = (message: CustomMessage) =>
      im.client.sendCustomMessage(message.groupId === 'c1_chat' ? { ...message, groupId: 'gone_chat' } : message);
    expect(await open({ im: { sendCustomMessage }, log: test.log }).flush()).toBe(1);
    expect(test.lines).toHaveLength(2);
    expect(test.lines).toContainEqual(
      expect.objectContaining({
        event: 'repair failed',
        repair: 'unsent notice',
        groupId: 'c1_chat',
        vendorCode: 10010,
      }),
    );
    expect(test.lines).toContainEqual(
      expect.objectContaining({ event: 'repair', repair: 'unsent notice', groupId: 'c2_chat', count: 1 }),
    );
    expect(told('c2_chat')).toMatchObject([{ event: 'leave' }]);
    expect(await open().flush()).toBe(1);
    expect(told('c1_chat')).toMatchObject([{ event: 'join' }]);
  });

  it('what IM may have had is sent again for four minutes, while it knows it again', async () => {
    fail(1);
    await expect(open().announce(joinOf('s1'))).rejects.toThrow('IM');
    clock.advance(240);
    expect(await open().flush()).toBe(0);
    clock.advance(-1);
    expect(await open().flush()).toBe(1);
  });

  it('what it was never asked to send is told for an hour', async () => {
    const killed = open({ sleep: () => new Promise(() => {}) });
    void killed.announce(joinOf('s1'));
    await expect.poll(() => database.run((sql) => sql`select from notice_windows`)).toHaveLength(1);
    clock.advance(3600);
    expect(await open().flush()).toBe(0);
    clock.advance(-1);
    expect(await open().flush()).toBe(1);
    expect(toldCounts()).toEqual([['join', 1]]);
  });

  it('nothing is kept for more than a day', async () => {
    await open().announce(joinOf('s1'));
    void open({ sleep: () => new Promise(() => {}) }).announce(joinOf('s2'));
    await expect.poll(() => database.run((sql) => sql`select from notice_windows`)).toHaveLength(1);
    const rows = () =>
      database.run(
        (sql) => sql`
          select from notices union all select from notice_events union all select from notice_windows`,
      );
    clock.advance(86_399);
    await open().flush();
    expect(await rows()).toHaveLength(4);
    clock.advance(2);
    await open().flush();
    expect(await rows()).toHaveLength(0);
  });
});

describe('a holder that was frozen on its way to IM', () => {
  it('leaves its notice alone when somebody else has told it long ago', async () => {
    const frozen = createGate();
    const users = { namesOf: () => frozen.sleep(0).then(() => new Map<string, string>()) };
    const holder = open({ users }).announce(joinOf('s1'));
    await frozen.begun;
    clock.advance(60);
    await open().flush();
    clock.advance(400);
    frozen.open();
    await holder;
    expect(toldCounts()).toEqual([['join', 1]]);
    expect(sent()).toHaveLength(1);
  });
});

describe('a window shorter than IM takes for a notice', () => {
  it('does not let the next notice overtake it', async () => {
    const slow = createGate();
    const options = { noticeWindowMs: 200 };
    const sendCustomMessage = (message: CustomMessage) =>
      slow.sleep(0).then(() => im.client.sendCustomMessage(message));
    const first = open({ ...options, im: { sendCustomMessage } }).announce(joinOf('s1'));
    await slow.begun;
    clock.advance(0.3);
    await open(options).announce(joinOf('s2', 1));
    slow.open();
    await first;
    expect(sent().map(({ userIds }) => userIds)).toEqual([['s1'], ['s2'], ['s1']]);
    expect(toldCounts()).toEqual([
      ['join', 1],
      ['join', 1],
    ]);
  });
});
