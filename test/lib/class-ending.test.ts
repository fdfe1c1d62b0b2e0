import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { hardEnd } from '../../lib/classroom/class/class.ts';
import { createClassEnding } from '../../lib/classroom/class/class-ending.ts';
import type { LessonRecord } from '../../lib/classroom/class/class-finder.ts';
import { classLock } from '../../lib/classroom/class/class-lock.ts';
import { restSeconds } from '../../lib/classroom/class/rooms.ts';
import { createReplay } from '../../lib/classroom/replay/replay.ts';
import { createReplayExport } from '../../lib/classroom/replay/replay-export.ts';
import { createDatabase, type Database } from '../../lib/db/database.ts';
import { AppError } from '../../lib/errors.ts';
import { createImClient, type ImClient } from '../../lib/im/client.ts';
import type { Trtc } from '../../lib/trtc/client.ts';
import { createUserSigSigner } from '../../lib/usersig/signer.ts';
import { createTestClassroom } from '../support/classroom.ts';
import { createClock } from '../support/clock.ts';
import { newDatabaseUrl, openDatabase } from '../support/database.ts';
import { imSecretKey, sdkAppId } from '../support/im.ts';
import { noRates, readPages, replayGroupOf } from '../support/replay.ts';

let url: string;
let database: Database;
beforeAll(async () => {
  url = await newDatabaseUrl();
  database = openDatabase(url);
});

beforeEach(() => database.run((sql) => sql`truncate classes`));

const setUp = async () => {
  const clock = createClock();
  const classroom = createTestClassroom({ database, clock, im: { limits: noRates } });
  const { client, http, trtc, store, repairs } = classroom;
  /** Nothing is left to send, unless a test says otherwise. */
  const outbox = { drain: async (_classId: string): Promise<void> => {} };
  const endingWith = (own: { database?: Database; im?: ImClient; trtc?: Trtc; clock?: () => number } = {}) => {
    const parts = { database, im: client, trtc: trtc.client, clock, log: http.log, ...own };
    return createClassEnding({ ...parts, repairs, outbox, replayExport: createReplayExport(parts) });
  };
  const ending = endingWith();
  const find = async (classId: string): Promise<LessonRecord> => {
    const lesson = await store.find(classId);
    if (!lesson) throw new Error('the class is gone');
    return lesson;
  };

  /** A class with strokes on three pages of its history. */
  const openDrawn = async () => {
    const lesson = await classroom.openClass();
    const group = replayGroupOf(classroom, lesson.classId);
    for (let seq = 2; seq <= 45; seq += 1) await group.draw({ seq });
    await group.recall(7);
    classroom.takeCommands();
    return lesson;
  };

  /** What there is of a class: in the database, at IM and at TRTC. */
  const stateOf = async ({ classId, roomId }: LessonRecord) => {
    const lesson = await find(classId);
    const { status, endedAt, exportedAt, closedAt } = lesson;
    const [room] = await database.run(
      (sql) =>
        sql<{ restsUntil: number | null }[]>`select rests_until as "restsUntil" from rooms where class_id = ${classId}`,
    );
    const pages = await readPages(createReplay({ database, im: client, log: http.log }), lesson);
    return {
      status,
      endedAt,
      isExported: exportedAt !== undefined,
      isClosed: closedAt !== undefined,
      restsUntil: room?.restsUntil,
      groups: [...classroom.im.state.groups.keys()].filter((id) => id.startsWith(classId)),
      isDismissed: trtc.calls.some((call) => call.action === 'DismissRoom' && call.roomId === roomId),
      replay: pages.map(({ messages, gaps }) => ({ messages: messages.map(({ seq }) => seq), gaps })),
    };
  };

  return { ...classroom, outbox, ending, endingWith, find, openDrawn, stateOf };
};

type SetUp = Awaited<ReturnType<typeof setUp>>;

const drawn = {
  messages: Array.from({ length: 44 }, (_, n) => n + 2).filter((seq) => seq !== 7),
  gaps: [{ from: 7, to: 7, reason: 'recalled' }],
};

/** A class of `openDrawn` that was ended and closed, and nothing went wrong. */
const closedAt = (seconds: number) => ({
  status: 'ended',
  endedAt: seconds,
  isExported: true,
  isClosed: true,
  restsUntil: seconds + restSeconds,
  groups: [],
  isDismissed: true,
  replay: [drawn],
});

describe('ending a class', () => {
  it.each(['scheduled', 'live'])('that is %s happens now, and its room number rests', async (status) => {
    const { ending, openClass, find, stateOf, clock } = await setUp();
    const { classId } = await openClass();
    await database.run((sql) => sql`update classes set status = ${status} where class_id = ${classId}`);
    clock.advance(60);

    const ended = await ending.end(await find(classId));

    expect(ended).toEqual(await find(classId));
    expect(await stateOf(ended)).toMatchObject({
      status: 'ended',
      endedAt: clock.seconds(),
      isExported: false,
      isClosed: false,
      restsUntil: clock.seconds() + restSeconds,
    });
  });

  it('a second time changes nothing', async () => {
    const { ending, openClass, stateOf, clock } = await setUp();
    const lesson = await openClass();
    const ended = await ending.end(lesson);
    const state = await stateOf(ended);
    clock.advance(60);
    for (const again of [lesson, ended]) expect(await ending.end(again)).toEqual(ended);
    expect(await stateOf(ended)).toEqual(state);
  });

  it('that is past its hard end happened then, and before it whenever is said', async () => {
    const { ending, openClass, clock } = await setUp();
    const overdue = await openClass({ endsAt: clock.seconds() + 60 });
    const other = await openClass();
    clock.advance(86_400 - 1);
    expect(await ending.end(overdue)).toMatchObject({ endedAt: hardEnd(overdue) });
    expect(await ending.end(other, clock.seconds() - 5)).toMatchObject({ endedAt: clock.seconds() - 5 });
  });

  it('that is only being made does nothing', async () => {
    const { ending, openClass, find, stateOf } = await setUp();
    const lesson = await openClass();
    await database.run((sql) => sql`update classes set status = 'opening' where class_id = ${lesson.classId}`);
    expect(await ending.end(lesson)).toEqual(await find(lesson.classId));
    expect(await stateOf(lesson)).toMatchObject({ status: 'opening', endedAt: undefined, restsUntil: null });
  });
});

describe('closing a class', () => {
  it('takes down its groups and its room, once its replay is exported', async () => {
    const { ending, openDrawn, stateOf, takeCommands, trtc, clock } = await setUp();
    const lesson = await ending.end(await openDrawn());

    await ending.closeSoon(lesson.classId);

    expect(await stateOf(lesson)).toEqual(closedAt(clock.seconds()));
    expect(trtc.takeCalls()).toEqual([{ action: 'DismissRoom', roomId: lesson.roomId }]);
    const commands = takeCommands();
    expect(commands.toSorted()).toEqual([
      'destroy_group',
      'destroy_group',
      'get_group_info',
      'get_group_info',
      'group_msg_get_simple',
      'group_msg_get_simple',
      'group_msg_get_simple',
    ]);
    expect(commands.at(-1)).toBe('destroy_group');
  });

  it('a second time asks nobody anything', async () => {
    const { ending, openDrawn, takeCommands, trtc } = await setUp();
    const lesson = await ending.end(await openDrawn());
    await ending.closeSoon(lesson.classId);
    takeCommands();
    trtc.takeCalls();
    await ending.closeSoon(lesson.classId);
    expect([takeCommands(), trtc.takeCalls()]).toEqual([[], []]);
    expect(await ending.closePending()).toEqual({ exported: 0, closed: 0 });
  });

  it('does nothing to one that goes on', async () => {
    const { ending, openDrawn, stateOf, takeCommands, trtc } = await setUp();
    const lesson = await openDrawn();
    await ending.closeSoon(lesson.classId);
    expect([takeCommands(), trtc.takeCalls()]).toEqual([[], []]);
    expect(await stateOf(lesson)).toMatchObject({ status: 'scheduled', isClosed: false });
  });

  it('that has no groups yet asks IM nothing, but closes its room', async () => {
    const { ending, openClass, stateOf, takeCommands, clock } = await setUp();
    const lesson = await ending.end(await openClass({ startsAt: clock.seconds() + 2 * 86_400 }));
    expect(lesson.groups).toBe('none');
    await ending.closeSoon(lesson.classId);
    expect(takeCommands()).toEqual([]);
    expect(await stateOf(lesson)).toMatchObject({ isExported: true, isClosed: true, isDismissed: true });
  });

  it('whose groups were being opened leaves what is not ours', async () => {
    const { ending, openClass, stateOf, client, clock } = await setUp();
    const lesson = await openClass({ startsAt: clock.seconds() + 2 * 86_400 });
    const [chat, replay] = [`${lesson.classId}_chat`, `${lesson.classId}_replay`];
    await client.importAccount({ userId: 't1' });
    await client.importAccount({ userId: 't2' });
    await client.createGroup({ groupId: chat, type: 'AVChatRoom', name: 'Maths', ownerId: 't1' });
    await client.createGroup({ groupId: replay, type: 'Private', name: 'Maths', ownerId: 't2' });
    await database.run((sql) => sql`update classes set groups = 'opening' where class_id = ${lesson.classId}`);
    await ending.end(lesson);
    await ending.closeSoon(lesson.classId);
    expect(await stateOf(lesson)).toMatchObject({ isClosed: true, groups: [replay] });
  });

  it('leaves a room number alone that has become another class’s', async () => {
    const { ending, openClass, stateOf, trtc } = await setUp();
    const lesson = await ending.end(await openClass());
    await database.run((sql) => sql`update rooms set class_id = 'another' where room_id = ${lesson.roomId}`);
    await ending.closeSoon(lesson.classId);
    expect(trtc.calls).toEqual([]);
    expect(await stateOf(lesson)).toMatchObject({ isClosed: true });
  });

  it('exports what is still to be sent, too', async () => {
    const made = await setUp();
    const lesson = await made.ending.end(await made.openDrawn());
    made.outbox.drain = async (classId) =>
      void (await replayGroupOf(made, classId).sendData('{"type":1004}', undefined, 999));
    await made.ending.closeSoon(lesson.classId);
    const [{ messages } = { messages: [] }] = (await made.stateOf(lesson)).replay;
    expect(messages.at(-1)).toBe(46);
  });

  it('is left to the sweep while another call is busy with the class', async () => {
    const { ending, endingWith, openDrawn, stateOf, takeCommands, logText, clock } = await setUp();
    const lesson = await openDrawn();
    let waitedMs = 0;
    const waiting = createDatabase({
      url,
      clock: () => waitedMs,
      sleep: async (ms) => {
        waitedMs += ms;
      },
    });
    await database.exclusively(
      classLock(lesson.classId),
      async () => {
        const impatient = endingWith({ database: waiting });
        expect(await impatient.end(lesson)).toMatchObject({ status: 'ended' });
        await impatient.closeSoon(lesson.classId);
        expect(await endingWith({ database: waiting }).closePending()).toEqual({ exported: 0, closed: 0 });
      },
      0,
    );
    await waiting.close();
    expect(waitedMs).toBeLessThan(5000);
    expect(logText()).toContain('repair due');
    expect(takeCommands()).toEqual([]);

    expect(await ending.closePending()).toEqual({ exported: 1, closed: 1 });
    expect(await stateOf(lesson)).toEqual(closedAt(clock.seconds()));
  });

  it('that takes too long is gone on with by the sweep', async () => {
    const { ending, endingWith, openDrawn, stateOf, logText, clock } = await setUp();
    const lesson = await ending.end(await openDrawn());
    // Ten seconds a look: the time is up before the third page.
    let nowMs = clock();
    const slow = endingWith({
      clock: () => {
        nowMs += 10_000;
        return nowMs;
      },
    });
    await slow.closeSoon(lesson.classId);
    expect(logText()).toContain('the time was up');
    expect(await stateOf(lesson)).toMatchObject({
      isExported: false,
      isClosed: false,
      isDismissed: true,
      replay: [drawn],
    });
    expect(await ending.closePending()).toEqual({ exported: 1, closed: 1 });
    expect(await stateOf(lesson)).toEqual(closedAt(clock.seconds()));
  });
});

describe('a failure while a class is closed', () => {
  /** Each call to the outside, by its command and its place among those; what is exported although it fails. */
  const calls = [
    ['destroy_group', 1, true],
    ['get_group_info', 1, false],
    ['group_msg_get_simple', 1, false],
    ['group_msg_get_simple', 2, false],
    ['group_msg_get_simple', 3, false],
    ['get_group_info', 2, false],
    ['destroy_group', 2, true],
  ] as const;
  const faults = [
    ['a refusal', { times: 1, errorCode: 10007 }],
    ['two lost replies', { times: 2, dropReply: true }],
  ] as const;

  const assertSwept = async ({ ending, stateOf, clock }: SetUp, lesson: LessonRecord, isExported: boolean) => {
    expect(await stateOf(lesson)).toMatchObject({ status: 'ended', isExported, isClosed: false });
    expect(await ending.closePending()).toEqual({ exported: isExported ? 0 : 1, closed: 1 });
    expect(await stateOf(lesson)).toEqual(closedAt(clock.seconds()));
  };

  describe.each(faults)('that is %s', (_what, fault) => {
    it.each(calls)('to call %s number %i is made good by the sweep', async (command, nth, isExported) => {
      const made = await setUp();
      const lesson = await made.ending.end(await made.openDrawn());
      if (nth > 1) made.faults.order({ command, times: nth - 1, delayMs: 0 });
      made.faults.order({ command, ...fault });

      await made.ending.closeSoon(lesson.classId);

      expect(made.logText()).toContain('repair due');
      expect(await made.stateOf(lesson)).toMatchObject({ isDismissed: true });
      await assertSwept(made, lesson, isExported);
    });
  });

  it.each([true, false])('of TRTC is made good by the sweep (carried out: %s)', async (isDone) => {
    const made = await setUp();
    const lesson = await made.ending.end(await made.openDrawn());
    made.trtc.failNext('UPSTREAM_TIMEOUT', { isDone });
    await made.ending.closeSoon(lesson.classId);
    expect(await made.stateOf(lesson)).toMatchObject({ groups: [], isDismissed: isDone });
    await assertSwept(made, lesson, true);
  });

  it('of the outbox is made good by the sweep, and nothing is exported before', async () => {
    const made = await setUp();
    const lesson = await made.ending.end(await made.openDrawn());
    const { drain } = made.outbox;
    made.outbox.drain = async () => {
      throw new AppError('RATE_LIMITED', 'Not now.');
    };
    await made.ending.closeSoon(lesson.classId);
    expect(await made.stateOf(lesson)).toMatchObject({ groups: [`${lesson.classId}_replay`], isDismissed: true });
    made.outbox.drain = drain;
    await assertSwept(made, lesson, false);
  });

  it.each(calls)('that is one lost reply to call %s number %i does no harm', async (command, nth) => {
    const made = await setUp();
    const lesson = await made.ending.end(await made.openDrawn());
    if (nth > 1) made.faults.order({ command, times: nth - 1, delayMs: 0 });
    made.faults.order({ command, times: 1, dropReply: true });
    await made.ending.closeSoon(lesson.classId);
    expect(await made.stateOf(lesson)).toEqual(closedAt(made.clock.seconds()));
  });

  it('says which came first of several', async () => {
    const made = await setUp();
    const lesson = await made.ending.end(await made.openDrawn());
    made.faults.order({ command: 'destroy_group', times: 1, errorCode: 10007 });
    made.trtc.failNext('UPSTREAM_FAILED');
    await made.ending.closeSoon(lesson.classId);
    const [line] = made.captured.lines.filter(({ event }) => event === 'repair due');
    expect(line).toMatchObject({ repair: 'ended class', classId: lesson.classId, vendor: 'im', vendorCode: 10007 });
  });
});

describe('a process that is killed while a class is closed', () => {
  /** IM and TRTC to a process that dies as the nth of its calls is carried out: no reply reaches it, and no later call them. */
  const dyingAt = ({ fetch, trtc, clock }: SetUp, nth: number) => {
    let count = 0;
    let die = () => {};
    const died = new Promise<void>((resolve) => {
      die = resolve;
    });
    const silence = new Promise<never>(() => {});
    const pass = async <T>(call: () => Promise<T>): Promise<T> => {
      count += 1;
      if (count > nth) return silence;
      const result = await call();
      if (count < nth) return result;
      die();
      return silence;
    };
    const im = createImClient({
      apiUrl: 'https://im.example.com',
      adminUserId: 'administrator',
      signer: createUserSigSigner(sdkAppId, { secretKey: imSecretKey }),
      fetch: (target, init) => pass(() => fetch(target, init)),
      sleep: async () => {},
      random: Math.random,
      clock,
    });
    const dyingTrtc: Trtc = {
      dismissRoom: (roomId) => pass(() => trtc.client.dismissRoom(roomId)),
      removeUser: trtc.client.removeUser,
    };
    return { im, trtc: dyingTrtc, died };
  };

  it.each([1, 2, 3, 4, 5, 6, 7, 8])('at call %i is made good by the sweep', async (nth) => {
    const made = await setUp();
    const lesson = await made.ending.end(await made.openDrawn());
    const { died, ...services } = dyingAt(made, nth);
    const ownDatabase = openDatabase(url);
    void made.endingWith({ ...services, database: ownDatabase }).closeSoon(lesson.classId);
    await died;
    expect(await made.find(lesson.classId)).toMatchObject({ closedAt: undefined });
    await ownDatabase.close();

    // The database takes a moment to see that its client is gone.
    await expect.poll(() => made.ending.closePending(), { timeout: 5000 }).toMatchObject({ closed: 1 });
    expect(await made.stateOf(lesson)).toEqual(closedAt(made.clock.seconds()));
  });
});

describe('closing what is pending', () => {
  it('takes down the rest when one of them fails', async () => {
    const { ending, openClass, faults, trtc, logText, stateOf } = await setUp();
    const lessons = [await openClass(), await openClass(), await openClass()];
    for (const lesson of lessons) await ending.end(lesson);
    faults.order({ command: 'destroy_group', times: 1, errorCode: 10007 });

    expect(await ending.closePending()).toEqual({ exported: 3, closed: 2 });

    expect(
      trtc
        .takeCalls()
        .map(({ roomId }) => roomId)
        .sort(),
    ).toEqual(lessons.map(({ roomId }) => roomId).sort());
    expect(logText()).toContain('repair failed');
    const closed = await Promise.all(lessons.map(async (lesson) => (await stateOf(lesson)).isClosed));
    expect(closed.sort()).toEqual([false, true, true]);
  });

  it('counts a replay as exported although its group could not be dissolved', async () => {
    const { ending, outbox, openDrawn, faults } = await setUp();
    await ending.end(await openDrawn());
    faults.order({ command: 'destroy_group', times: 1, delayMs: 0 });
    faults.order({ command: 'destroy_group', times: 1, errorCode: 10007 });
    expect(await ending.closePending()).toEqual({ exported: 1, closed: 0 });
    outbox.drain = async () => {
      throw new Error('nothing is sent to an exported replay');
    };
    expect(await ending.closePending()).toEqual({ exported: 0, closed: 1 });
  });

  it('takes twenty at once', async () => {
    const { ending, openClass } = await setUp();
    for (let n = 0; n < 21; n += 1) await ending.end(await openClass());
    expect(await ending.closePending()).toEqual({ exported: 20, closed: 20 });
    expect(await ending.closePending()).toEqual({ exported: 1, closed: 1 });
  });

  it('begins with no more classes when its time is up', async () => {
    const { ending, outbox, openClass, clock, trtc } = await setUp();
    for (let n = 0; n < 2; n += 1) await ending.end(await openClass());
    outbox.drain = async () => clock.advance(31);
    expect(await ending.closePending()).toEqual({ exported: 0, closed: 0 });
    expect(trtc.takeCalls()).toHaveLength(1);
    outbox.drain = async () => {};
    expect(await ending.closePending()).toEqual({ exported: 2, closed: 2 });
  });
});
