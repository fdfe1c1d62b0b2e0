import fc from 'fast-check';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  type AttendanceLimits,
  foldAttendance,
  type PresenceEvent,
} from '../../lib/classroom/attendance/attendance.ts';
import { createPresence, type Presence } from '../../lib/classroom/attendance/presence.ts';
import type { Lesson } from '../../lib/classroom/class/class.ts';
import type { Database } from '../../lib/db/database.ts';
import { createClock } from '../support/clock.ts';
import { newDatabaseUrl, openDatabase } from '../support/database.ts';
import { lessonOf } from '../support/lesson.ts';

type Detail = Partial<Omit<PresenceEvent, 'event' | 'atMs'>>;

const happened = (event: PresenceEvent['event'], seconds: number, detail: Detail): PresenceEvent => ({
  classId: 'c1',
  userId: 's1',
  source: 'trtc',
  stay: '',
  ...detail,
  event,
  atMs: seconds * 1000,
});
const enter = (seconds: number, detail: Detail = {}) => happened('enter', seconds, detail);
const exit = (seconds: number, detail: Detail = {}) => happened('exit', seconds, detail);
const elsewhere = { classId: 'c2' };
const im = { source: 'im' } as const;

/** Who was in c1 at 1000 s, while it goes on unless told otherwise. */
const fold = (events: readonly PresenceEvent[], limits: Partial<AttendanceLimits> = {}) =>
  foldAttendance(events, { classId: 'c1', nowMs: 1_000_000, endMs: undefined, removedMs: new Map(), ...limits });

describe('attendance', () => {
  it.each<[string, PresenceEvent[], { joinedAt: number; leftAt?: number; seconds: number }]>([
    ['runs from enter to exit', [enter(100), exit(160)], { joinedAt: 100, leftAt: 160, seconds: 60 }],
    ['runs up to now while somebody is there', [enter(100)], { joinedAt: 100, seconds: 900 }],
    ['of a moment is none, but listed', [exit(100), enter(100)], { joinedAt: 100, leftAt: 100, seconds: 0 }],
    [
      'adds up over several stays',
      [enter(100), exit(160), enter(200), exit(210)],
      { joinedAt: 100, leftAt: 210, seconds: 70 },
    ],
    [
      'begins once, however often its enter is told',
      [enter(100), enter(120), exit(160)],
      { joinedAt: 100, leftAt: 160, seconds: 60 },
    ],
    ['does not end before it begins', [exit(50), enter(100)], { joinedAt: 100, seconds: 900 }],
    ['ends once', [enter(100), exit(160), exit(200)], { joinedAt: 100, leftAt: 160, seconds: 60 }],
    [
      'on two devices at once counts once',
      [enter(100, { stay: '1' }), enter(120, { stay: '2' }), exit(160, { stay: '1' }), exit(190, { stay: '2' })],
      { joinedAt: 100, leftAt: 190, seconds: 90 },
    ],
    [
      'on one device within that on another counts once',
      [enter(100, { stay: '1' }), enter(120, { stay: '2' }), exit(130, { stay: '2' }), exit(160, { stay: '1' })],
      { joinedAt: 100, leftAt: 160, seconds: 60 },
    ],
    [
      'on a second device goes on when the first leaves',
      [enter(100, { stay: '1' }), enter(120, { stay: '2' }), exit(160, { stay: '1' })],
      { joinedAt: 100, seconds: 900 },
    ],
    [
      'in the room and in the chat counts once',
      [enter(90, im), enter(100), exit(160), exit(170, im)],
      { joinedAt: 90, leftAt: 170, seconds: 80 },
    ],
    [
      'in the room does not end by leaving the chat',
      [enter(100), enter(110, im), exit(160, im)],
      { joinedAt: 100, seconds: 900 },
    ],
    [
      'ends on all devices by showing up in another room',
      [enter(100, { stay: '1' }), enter(110, { stay: '2' }), enter(160, elsewhere), exit(170, { stay: '2' })],
      { joinedAt: 100, leftAt: 160, seconds: 60 },
    ],
    [
      'goes on after coming back from another room',
      [enter(100), enter(160, elsewhere), enter(200)],
      { joinedAt: 100, seconds: 860 },
    ],
    [
      'is not ended by somebody else in another room',
      [enter(100), enter(160, { ...elsewhere, userId: 's2' })],
      { joinedAt: 100, seconds: 900 },
    ],
  ])('%s', (_what, events, expected) => {
    expect(fold(events)).toEqual([{ userId: 's1', ...expected }]);
  });

  it.each<[string, PresenceEvent[], number | undefined]>([
    ['ends where it says', [enter(100, im), exit(150, im), enter(110), exit(130)], 150],
    ['without a goodbye runs on', [enter(100, im)], undefined],
    ['without a goodbye ends when TRTC sees its user leave', [enter(100, im), enter(110), exit(160)], 160],
    [
      'without a goodbye ends when TRTC sees its user leave for the last time',
      [enter(100, im), enter(110), exit(160), enter(170), exit(180)],
      180,
    ],
    [
      'without a goodbye ends when TRTC sees its user elsewhere',
      [enter(100, im), enter(110), enter(160, elsewhere)],
      160,
    ],
    [
      'is left only there, wherever TRTC sees its user',
      [enter(100, im), enter(110), enter(160, elsewhere), exit(200, im)],
      200,
    ],
    ['runs on while TRTC sees its user', [enter(100, im), enter(110), exit(160), enter(170)], undefined],
    ['runs on when TRTC saw its user leave before', [enter(50), exit(100), enter(100, im)], undefined],
    [
      'runs on when TRTC saw somebody else leave',
      [enter(100, im), enter(110, { userId: 's2' }), exit(160, { userId: 's2' })],
      undefined,
    ],
  ])('in the chat %s', (_what, events, leftAt) => {
    expect(fold(events).find(({ userId }) => userId === 's1')?.leftAt).toBe(leftAt);
  });

  it('of whoever is removed ends there, and later visits do not count', () => {
    const removedMs = new Map([['s1', 150_000]]);
    const stays = [enter(100), enter(120, im), exit(151), enter(200), exit(201)];
    const other = [enter(100, { userId: 's2' })];
    expect(fold([...stays, ...other], { removedMs })).toEqual([
      { userId: 's1', joinedAt: 100, leftAt: 150, seconds: 50 },
      { userId: 's2', joinedAt: 100, seconds: 900 },
    ]);
  });

  it('is cut at the end of the class', () => {
    const events = [
      enter(100, { userId: 's1' }),
      enter(110, { userId: 's2' }),
      exit(700, { userId: 's2' }),
      enter(120, { userId: 's3' }),
      exit(130, { userId: 's3' }),
      enter(500, { userId: 's4' }),
      enter(501, { userId: 's5' }),
    ];
    expect(fold(events, { endMs: 500_000 })).toEqual([
      { userId: 's1', joinedAt: 100, leftAt: 500, seconds: 400 },
      { userId: 's2', joinedAt: 110, leftAt: 500, seconds: 390 },
      { userId: 's3', joinedAt: 120, leftAt: 130, seconds: 10 },
      { userId: 's4', joinedAt: 500, leftAt: 500, seconds: 0 },
    ]);
  });

  it('of somebody who comes by a clock ahead of ours is none yet', () => {
    expect(fold([enter(1002)])).toEqual([{ userId: 's1', joinedAt: 1002, seconds: 0 }]);
  });

  it('counts whole seconds of all stays together', () => {
    const events = [enter(100.6), exit(101.2), enter(200.1), exit(200.6)];
    expect(fold(events)).toEqual([{ userId: 's1', joinedAt: 100, leftAt: 200, seconds: 1 }]);
  });

  it('is listed by first arrival, then by user id', () => {
    const events = [
      enter(100.9, { userId: 's2' }),
      enter(100.1, { userId: 's3' }),
      enter(99, { userId: 's9' }),
      enter(100.5, { userId: 'S4' }),
    ];
    expect(fold(events).map(({ userId }) => userId)).toEqual(['s9', 'S4', 's2', 's3']);
  });

  it('knows nobody who was only in other rooms', () => {
    expect(fold([enter(100, elsewhere)])).toEqual([]);
  });
});

describe('attendance, whatever happens,', () => {
  const anyEvent: fc.Arbitrary<PresenceEvent> = fc
    .record({
      classId: fc.constantFrom('c1', 'c1', 'c1', 'c2'),
      userId: fc.constantFrom('s1', 's2'),
      source: fc.constantFrom('trtc', 'im'),
      event: fc.constantFrom('enter', 'exit'),
      atMs: fc.nat(60).map((seconds) => seconds * 1000),
      stay: fc.constantFrom('1', '2'),
    })
    .map((event) => ({
      ...event,
      // Of other classes the fold is given enters into rooms alone; IM does not tell devices apart.
      ...(event.classId === 'c2' && ({ source: 'trtc', event: 'enter' } as const)),
      ...(event.source === 'im' && event.classId === 'c1' && { stay: '' }),
    }));
  const anyEvents = fc.array(anyEvent, { maxLength: 24 });
  const anyEnd = fc.option(fc.nat(70), { nil: undefined }).map((end) => end && end * 1000);
  const now = { nowMs: 70_000 };

  it('is the time that its stays cover', () => {
    const anyStay = fc.record({ from: fc.nat(60), length: fc.nat(20), source: fc.constantFrom('trtc', 'im') });
    fc.assert(
      fc.property(fc.array(anyStay, { minLength: 1, maxLength: 8 }), anyEnd, (stays, endMs) => {
        const events = stays.flatMap(({ from, length, source }, index) => [
          enter(from, { source, stay: `${index}` }),
          exit(from + length, { source, stay: `${index}` }),
        ]);
        const last = endMs === undefined ? Infinity : endMs / 1000;
        const covered = Array.from({ length: 80 }, (_, second) => second).filter(
          (second) => second < last && stays.some(({ from, length }) => from <= second && second < from + length),
        );
        const total = fold(events, { nowMs: 100_000, endMs }).reduce((sum, { seconds }) => sum + seconds, 0);
        expect(total).toBe(covered.length);
      }),
    );
  });

  it('is the same for its events in any order and told several times', () => {
    const shuffled = anyEvents.chain((events) =>
      fc.tuple(
        fc.constant(events),
        fc
          .subarray(events)
          .chain((again) => fc.shuffledSubarray([...events, ...again], { minLength: events.length + again.length })),
      ),
    );
    fc.assert(
      fc.property(shuffled, anyEnd, ([events, again], endMs) => {
        expect(fold(again, { ...now, endMs })).toEqual(fold(events, { ...now, endMs }));
      }),
    );
  });

  it('is never more than its parts', () => {
    fc.assert(
      fc.property(anyEvents, (events) => {
        const seconds = (part: readonly PresenceEvent[]) =>
          fold(part, now).reduce((sum, each) => sum + each.seconds, 0);
        const of = (source: string) => events.filter((event) => event.source === source || event.classId === 'c2');
        expect(seconds(events)).toBeLessThanOrEqual(seconds(of('trtc')) + seconds(of('im')));
      }),
    );
  });

  it('is never more than from first to last, and nobody leaves before they come', () => {
    fc.assert(
      fc.property(anyEvents, anyEnd, (events, endMs) => {
        for (const { joinedAt, leftAt, seconds } of fold(events, { ...now, endMs })) {
          expect(seconds).toBeGreaterThanOrEqual(0);
          expect(seconds).toBeLessThanOrEqual((leftAt ?? 70) - joinedAt);
        }
      }),
    );
  });

  it('grows by no earlier end, and leaves nobody there after it', () => {
    fc.assert(
      fc.property(anyEvents, fc.nat(70), fc.nat(70), (events, one, other) => {
        const [early, late] = [Math.min(one, other), Math.max(one, other)].map((end) =>
          fold(events, { ...now, endMs: end * 1000 }),
        );
        for (const { userId, leftAt, seconds } of early ?? []) {
          expect(leftAt).toBeLessThanOrEqual(Math.min(one, other));
          expect(seconds).toBeLessThanOrEqual(late?.find((each) => each.userId === userId)?.seconds ?? -1);
        }
      }),
    );
  });
});

describe('the presence that is kept', () => {
  const clock = createClock();
  const now = clock.seconds();
  let database: Database;
  let presence: Presence;
  beforeAll(async () => {
    database = openDatabase(await newDatabaseUrl());
    presence = createPresence(database);
  });
  beforeEach(() =>
    database.run(async (sql) => {
      await sql`truncate presence, budgets, members, users, classes`;
    }),
  );

  const ago = (seconds: number) => now - seconds;
  const attendanceOf = (lesson: Partial<Lesson> = {}) =>
    presence.attendanceOf(lessonOf({ createdAt: ago(3600), ...lesson }), clock());

  it('is told with the names that are known', async () => {
    await database.run((sql) => sql`insert into users (user_id, name) values ('s1', '小明'), ('s2', null)`);
    await presence.record([enter(ago(60)), enter(ago(50), { userId: 's2' }), enter(ago(40), { userId: 's3' })]);
    expect(await attendanceOf()).toEqual([
      { userId: 's1', name: '小明', joinedAt: ago(60), seconds: 60 },
      { userId: 's2', name: 's2', joinedAt: ago(50), seconds: 50 },
      { userId: 's3', name: 's3', joinedAt: ago(40), seconds: 40 },
    ]);
  });

  it('is kept once, however often and in whatever order it is told', async () => {
    await presence.record([exit(ago(30)), enter(ago(60))]);
    await presence.record([enter(ago(60)), enter(ago(60)), exit(ago(30))]);
    await presence.record([]);
    expect(await attendanceOf()).toMatchObject([{ joinedAt: ago(60), leftAt: ago(30), seconds: 30 }]);
    const rows = await database.run((sql) => sql`select 1 from presence`);
    expect(rows).toHaveLength(2);
  });

  it('of one class is none of another’s, but ends where its user shows up in that one’s room', async () => {
    await presence.record([
      enter(ago(90), { ...elsewhere, stay: 'before' }),
      enter(ago(60)),
      enter(ago(50), { userId: 's2' }),
      enter(ago(40), { ...elsewhere, ...im }),
      enter(ago(30), elsewhere),
      exit(ago(20), { ...elsewhere, userId: 's2' }),
      enter(ago(10), { ...elsewhere, userId: 's3' }),
    ]);
    expect(await attendanceOf()).toMatchObject([
      { userId: 's1', leftAt: ago(30), seconds: 30 },
      { userId: 's2', seconds: 50 },
    ]);
    expect(await attendanceOf()).toHaveLength(2);
    expect(await attendanceOf({ classId: 'c2' })).toMatchObject([
      { userId: 's1', joinedAt: ago(90), seconds: 30 + 40 },
      { userId: 's3', joinedAt: ago(10), seconds: 10 },
    ]);
  });

  it.each<[string, Partial<Lesson>, number | undefined]>([
    ['runs on while the class does', { status: 'live' }, undefined],
    ['ends with the class', { status: 'ended', endedAt: ago(100) }, ago(100)],
    ['ends with the class by a clock ahead of ours', { status: 'ended', endedAt: now + 2 }, now + 2],
    ['ends at the hard end, though nobody has ended the class', { endsAt: ago(7200 + 50) }, ago(50)],
    ['runs on up to the hard end', { endsAt: ago(7200 - 1) }, undefined],
  ])('%s', async (_what, lesson, leftAt) => {
    await presence.record([enter(ago(600))]);
    const [attendee] = await attendanceOf(lesson);
    expect(attendee?.leftAt).toBe(leftAt);
    expect(attendee?.seconds).toBe((leftAt ?? now) - ago(600));
  });

  it('of a member ends with their removal, for as long as they are removed', async () => {
    await database.run(
      (sql) => sql`
        insert into members (class_id, user_id, removed_at)
        values ('c1', 's1', ${ago(30)}), ('c1', 's2', null), ('c2', 's2', ${ago(30)})`,
    );
    await presence.record([enter(ago(60)), enter(ago(60), { userId: 's2' })]);
    expect(await attendanceOf()).toMatchObject([
      { userId: 's1', leftAt: ago(30), seconds: 30 },
      { userId: 's2', seconds: 60 },
    ]);
    await database.run((sql) => sql`update members set removed_at = null`);
    expect(await attendanceOf()).toMatchObject([{ seconds: 60 }, { seconds: 60 }]);
  });

  const halfAnHour = 1800;
  const week = 7 * 86_400;
  /** A class that has been live for long. */
  const insertLive = ({ classId = 'c1', status = 'live', wentLiveAt = ago(2 * halfAnHour) } = {}) =>
    database.run(
      (sql) => sql`
        insert into classes (class_id, name, teacher_id, assistant_ids, status, room_id, created_at, created_from, attempt,
                             groups, went_live_at)
        values (${classId}, 'Maths', 't1', '[]', ${status}, 1, ${ago(3 * halfAnHour)}, '', '', 'open', ${wentLiveAt})`,
    );
  const idle = async () => (await presence.idleLiveClasses(now)).map(({ classId }) => classId).sort();

  it('finds a live class idle once all have left for half an hour', async () => {
    await insertLive();
    await presence.record([enter(ago(halfAnHour + 60)), exit(ago(halfAnHour))]);
    expect(await presence.idleLiveClasses(now - 1)).toEqual([]);
    const [lesson] = await presence.idleLiveClasses(now);
    expect(lesson).toMatchObject({ classId: 'c1', status: 'live', assistantIds: [], createdAt: ago(3 * halfAnHour) });
  });

  it.each<[string, () => Promise<unknown>]>([
    ['somebody is in the room', () => presence.record([enter(ago(2 * halfAnHour))])],
    ['somebody is in the chat', () => presence.record([enter(ago(2 * halfAnHour), im)])],
    ['somebody has come since', () => presence.record([enter(ago(60)), exit(ago(59))])],
    ['somebody has left since', () => presence.record([exit(ago(halfAnHour - 1))])],
  ])('finds no class idle while %s', async (_what, happen) => {
    await insertLive();
    await presence.record([enter(ago(3 * halfAnHour), { stay: 'x' }), exit(ago(2 * halfAnHour), { stay: 'x' })]);
    expect(await idle()).toEqual(['c1']);
    await happen();
    expect(await idle()).toEqual([]);
  });

  it('finds no class idle that somebody has joined since', async () => {
    await insertLive();
    await presence.record([enter(ago(3 * halfAnHour)), exit(ago(2 * halfAnHour))]);
    const join = (userId: string, at: number) =>
      database.run(
        (sql) =>
          sql`insert into members (class_id, user_id, joined_at, last_joined_at) values ('c1', ${userId}, 1, ${at})`,
      );
    await join('s1', ago(halfAnHour));
    expect(await idle()).toEqual(['c1']);
    await join('s2', ago(halfAnHour - 1));
    expect(await idle()).toEqual([]);
  });

  it('finds no class idle in which messages are sent', async () => {
    await insertLive();
    await presence.record([enter(ago(3 * halfAnHour)), exit(ago(2 * halfAnHour))]);
    const send = (at: number) =>
      database.run(
        (sql) => sql`
          insert into budgets (key, second, used) values ('c1_chat', ${at}, 1)
          on conflict (key) do update set second = excluded.second`,
      );
    await send(ago(halfAnHour));
    expect(await idle()).toEqual(['c1']);
    await send(ago(halfAnHour - 1));
    expect(await idle()).toEqual([]);
  });

  it.each([
    ['scheduled', 2 * halfAnHour],
    ['ended', 2 * halfAnHour],
    ['live', halfAnHour - 1],
  ])('finds no class idle that is %s for %i s', async (status, seconds) => {
    await insertLive({ status, wentLiveAt: ago(seconds) });
    await presence.record([enter(ago(3 * halfAnHour)), exit(ago(2 * halfAnHour))]);
    expect(await idle()).toEqual([]);
  });

  it('finds a class idle that nobody ever entered only when it is told of others', async () => {
    await insertLive();
    expect(await idle()).toEqual([]);
    await presence.record([enter(now - week, elsewhere)]);
    expect(await idle()).toEqual([]);
    await presence.record([enter(now - week + 1, elsewhere)]);
    expect(await idle()).toEqual(['c1']);
  });

  it('finds a class idle though all are silent since it was told of that one', async () => {
    await insertLive();
    await presence.record([enter(now - week - 60), exit(now - week - 30)]);
    expect(await idle()).toEqual(['c1']);
  });

  it('comes across an idle class however many quiet ones with people there are', async () => {
    for (let n = 0; n < 150; n += 1) await insertLive({ classId: `busy${n}` });
    await presence.record(
      Array.from({ length: 150 }, (_, n) => enter(ago(2 * halfAnHour), { classId: `busy${n}`, userId: `u${n}` })),
    );
    await insertLive({ classId: 'idle' });
    const looks = await Promise.all(
      Array.from({ length: 12 }, (_, minute) => presence.idleLiveClasses(now + minute * 60)),
    );
    const found = looks.map((lessons) => lessons.map(({ classId }) => classId));
    expect(found.flat()).toContain('idle');
    expect(new Set(found.flat())).toEqual(new Set(['idle']));
  });
});
