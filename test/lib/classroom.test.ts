import { randomBytes, randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import {
  chatGroupId,
  classNotice,
  classView,
  downloadEnd,
  hardEnd,
  readGroupId,
  replayGroupId,
  roleInClass,
} from '../../lib/classroom/class/class.ts';
import { classFiles } from '../../lib/classroom/class/class-files.ts';
import { createClasses } from '../../lib/classroom/class/classes.ts';
import { allocateRoom, restSeconds } from '../../lib/classroom/class/rooms.ts';
import { hashPasscode, isPasscode } from '../../lib/classroom/entry/passcode.ts';
import { groupName } from '../../lib/classroom/groups/group-name.ts';
import { createUsers } from '../../lib/classroom/members/users.ts';
import { type NoticeLanguage, noticeText } from '../../lib/classroom/notices/notice-text.ts';
import type { Random } from '../../lib/classroom/random.ts';
import { createDatabase, type Database } from '../../lib/db/database.ts';
import { createClock } from '../support/clock.ts';
import { newDatabaseUrl, openDatabase } from '../support/database.ts';
import { finderOf, lessonOf } from '../support/lesson.ts';

const created = 1_767_225_600;
const day = 86_400;

let url: string;
let database: Database;
beforeAll(async () => {
  url = await newDatabaseUrl();
  database = openDatabase(url);
});

describe('the hard end of a class', () => {
  it.each([
    ['the end that it had', { endedAt: created + 5, endsAt: created + 9, startsAt: created + 2 * day }, created + 5],
    ['two hours after its planned end', { endsAt: created + 3600, startsAt: created + 60 }, created + 3600 + 7200],
    ['a day after its creation', {}, created + day],
    ['a day after its creation, when its start was before', { startsAt: created - day }, created + day],
    ['a day after its start, when that is later', { startsAt: created + 7 * day }, created + 8 * day],
  ])('is %s', (_what, times, expected) => {
    expect(hardEnd(lessonOf(times))).toBe(expected);
  });

  it('leaves the files readable for 30 days more', () => {
    expect(downloadEnd(lessonOf({ endedAt: created }))).toBe(created + 30 * day);
  });
});

describe('lifetimes', () => {
  const clock = createClock(created);
  const classes = createClasses({ finder: finderOf(lessonOf()), clock });

  it.each([
    [day, 1800, 1800],
    [1801, 1800, 1800],
    [900, 1800, 900],
    [60, 1800, 60],
  ])('with %i s left of %i s asked are %i s', (left, ttlSeconds, expected) => {
    expect(classes.lifetimeSeconds(lessonOf({ endedAt: created + left }), ttlSeconds)).toBe(expected);
  });

  it.each([59, 0, -1])('are none with %i s left', (left) => {
    const lesson = lessonOf({ endedAt: created + left });
    expect(() => classes.lifetimeSeconds(lesson, 1800)).toThrow(expect.objectContaining({ code: 'GONE' }));
    expect(classes.downloadLifetimeSeconds(lesson, 1800)).toBe(1800);
    const old = lessonOf({ endedAt: created + left - 30 * day });
    expect(() => classes.downloadLifetimeSeconds(old, 1800)).toThrow(expect.objectContaining({ code: 'GONE' }));
  });
});

describe('a class', () => {
  it('has roles by its own list, whatever the token says', () => {
    const lesson = lessonOf({ teacherId: 't1', assistantIds: ['a1', 't1'] });
    expect(['t1', 'a1', 's1', 'T1'].map((userId) => roleInClass(lesson, userId))).toEqual([
      'teacher',
      'assistant',
      'student',
      'student',
    ]);
  });

  it('names its groups after itself', () => {
    expect([chatGroupId('c1'), replayGroupId('c1')]).toEqual(['c1_chat', 'c1_replay']);
  });

  it.each([
    ['c1_chat', { classId: 'c1', kind: 'chat' }],
    ['c1_replay', { classId: 'c1', kind: 'replay' }],
    ['c1_chat_chat', { classId: 'c1_chat', kind: 'chat' }],
    ['c1_chat_replay', { classId: 'c1_chat', kind: 'replay' }],
    ['_chat', undefined],
    ['c1_chat2', undefined],
    [`${'x'.repeat(33)}_chat`, undefined],
    ['@TGS#1_chat', undefined],
    ['c1_chat\n', undefined],
  ])('is told from the group id %j: %j', (groupId, expected) => {
    expect(readGroupId(groupId)).toEqual(expected);
  });

  it('is shown without its passcode or what is absent', () => {
    expect(classView(lessonOf({ passcodeHash: 'hash' }))).toEqual({
      classId: 'c1',
      name: '数学',
      teacherId: 't1',
      assistantIds: ['a1'],
      status: 'scheduled',
      chatGroupId: 'c1_chat',
      replayGroupId: 'c1_replay',
      roomId: 4242,
      needsPasscode: true,
      createdAt: created,
    });
    const times = { startsAt: created, endsAt: created + 60, endedAt: created + 30, status: 'ended' } as const;
    expect(classView(lessonOf(times))).toMatchObject({ ...times, needsPasscode: false });
  });

  it('shows strangers seven fields and no more', () => {
    const lesson = lessonOf({ startsAt: 1, endsAt: 2, endedAt: 3, status: 'ended', passcodeHash: 'hash' });
    expect(classNotice(lesson)).toEqual({
      classId: 'c1',
      name: '数学',
      teacherId: 't1',
      status: 'ended',
      startsAt: 1,
      endsAt: 2,
      needsPasscode: true,
    });
  });

  it('gives each role its own files to write and read', () => {
    const files = (userId: string) => classFiles(lessonOf(), userId);
    expect(files('s1')).toEqual({
      prefix: 'c1/u/s1/',
      coursewarePrefix: 'c1/courseware/',
      writable: ['c1/u/s1/'],
      readable: ['c1/u/s1/', 'c1/courseware/'],
    });
    expect(files('a1')).toMatchObject({
      writable: ['c1/u/a1/', 'c1/courseware/'],
      readable: ['c1/u/a1/', 'c1/courseware/'],
    });
    expect(files('t1')).toMatchObject({ writable: ['c1/u/t1/', 'c1/courseware/'], readable: ['c1/'] });
  });
});

describe('the name of a group', () => {
  it.each([
    ['a name that fits', '数学'.repeat(5), '数学'.repeat(5)],
    ['an ASCII name', 'x'.repeat(31), 'x'.repeat(30)],
    ['a Chinese name', '课'.repeat(11), '课'.repeat(10)],
    ['a name whose last character would be cut in two', `x${'课'.repeat(10)}`, `x${'课'.repeat(9)}`],
    ['a name of emoji', '😀'.repeat(8), '😀'.repeat(7)],
  ])('is cut at 30 bytes: %s', (_what, text, expected) => {
    expect(groupName(text)).toBe(expected);
  });

  it('is the longest beginning of whole code points that fits', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (text) => {
        const name = groupName(text);
        expect(text.startsWith(name)).toBe(true);
        expect(name.isWellFormed()).toBe(true);
        expect(Buffer.byteLength(name)).toBeLessThanOrEqual(30);
        const [next = ''] = text.slice(name.length);
        if (next !== '') expect(Buffer.byteLength(name + next)).toBeGreaterThan(30);
      }),
    );
  });
});

describe('a passcode', () => {
  it('is known by its hash, which does not hold it', async () => {
    const hash = await hashPasscode('secret-1', randomBytes(16));
    expect(hash).toMatch(/^[A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]{43}$/);
    expect(await isPasscode('secret-1', hash)).toBe(true);
    expect(await isPasscode('secret-2', hash)).toBe(false);
    expect(await isPasscode('', hash)).toBe(false);
  });

  it('has another hash with another salt', async () => {
    const [a, b] = await Promise.all([1, 2].map((fill) => hashPasscode('1234', Buffer.alloc(16, fill))));
    expect(a).not.toBe(b);
  });

  it('is the same however a keyboard composes it', async () => {
    expect(await isPasscode('cafe\u0301', await hashPasscode('caf\u00e9', randomBytes(16)))).toBe(true);
  });

  it.each(['', 'salt', 'salt.', '.key', 'a.b.c'])('matches no hash like %j', async (hash) => {
    expect(await isPasscode('1234', hash)).toBe(false);
  });
});

describe('the sentence of a notice', () => {
  const names = ['王', 'Li', '陈', 'Bo', 'Xu'];
  it.each([
    ['zh', 1, '王 加入了房间', '王 离开了房间'],
    ['zh', 2, '王、Li 加入了房间', '王、Li 离开了房间'],
    ['zh', 3, '王、Li、陈 加入了房间', '王、Li、陈 离开了房间'],
    ['zh', 4, '王、Li、陈 等 4 人加入了房间', '王、Li、陈 等 4 人离开了房间'],
    ['zh', 5, '王、Li、陈 等 5 人加入了房间', '王、Li、陈 等 5 人离开了房间'],
    ['en', 1, '王 has joined the room', '王 has left the room'],
    ['en', 2, '王 and Li have joined the room', '王 and Li have left the room'],
    ['en', 3, '王, Li and 陈 have joined the room', '王, Li and 陈 have left the room'],
    ['en', 4, '王, Li, 陈 and 1 other have joined the room', '王, Li, 陈 and 1 other have left the room'],
    ['en', 5, '王, Li, 陈 and 2 others have joined the room', '王, Li, 陈 and 2 others have left the room'],
  ] as [NoticeLanguage, number, string, string][])('in %s of %i', (language, count, join, leave) => {
    expect(noticeText(language, 'join', names.slice(0, count), count)).toBe(join);
    expect(noticeText(language, 'leave', names.slice(0, count), count)).toBe(leave);
  });

  it('counts people that it was given no names of', () => {
    expect(noticeText('en', 'join', ['A'], 3)).toBe('A and 2 others have joined the room');
    expect(noticeText('zh', 'join', ['A'], 3)).toBe('A 等 3 人加入了房间');
  });
});

describe('room numbers', () => {
  beforeEach(() => database.run((sql) => sql`delete from rooms`));

  /** A connection of another instance. */
  const another = (): Database => {
    const other = createDatabase({ url, clock: Date.now, sleep });
    onTestFinished(() => other.close());
    return other;
  };
  const randomOf = (integer: Random['integer']): Random => ({ bytes: randomBytes, integer });
  const allocate = (classId: string, now: number, integer: Random['integer'] = randomInt, on = database) =>
    on.transaction((sql) => allocateRoom(sql, classId, now, randomOf(integer)));

  it('are drawn from 1 to 10000000', async () => {
    const bounds = new Set<string>();
    const roomId = await allocate('c1', created, (minimum, end) => {
      bounds.add(`${minimum} ${end}`);
      return end - 1;
    });
    expect(roomId).toBe(10_000_000);
    expect([...bounds]).toEqual(['1 10000001']);
  });

  it('are different for classes that are created at once, in however small a choice', async () => {
    const classIds = Array.from({ length: 30 }, (_, index) => `c${index}`);
    const databases = Array.from({ length: 6 }, another);
    const roomIds = await Promise.all(
      classIds.map((classId, index) => allocate(classId, created, () => randomInt(1, 41), databases[index % 6])),
    );
    expect(new Set(roomIds).size).toBe(30);
  });

  it('are not given out again while the class goes on, however long', async () => {
    await allocate('c1', created, () => 7);
    await expect(allocate('c2', created + 1000 * day, () => 7)).rejects.toMatchObject({ code: 'QUOTA_EXCEEDED' });
    let draws = 0;
    const other = await allocate('c2', created, () => {
      draws += 1;
      return draws < 20 ? 7 : 8;
    });
    expect(other).toBe(8);
  });

  it('rest for 24 hours after the class, and are then free', async () => {
    const endedAt = created + 3600;
    expect(restSeconds).toBe(day);
    await allocate('c1', created, () => 7);
    await database.run((sql) => sql`update rooms set rests_until = ${endedAt + restSeconds} where room_id = 7`);
    await expect(allocate('c2', endedAt + day - 1, () => 7)).rejects.toMatchObject({ code: 'QUOTA_EXCEEDED' });
    expect(await allocate('c2', endedAt + day, () => 7)).toBe(7);
    await expect(allocate('c3', endedAt + 2 * day, () => 7)).rejects.toMatchObject({ code: 'QUOTA_EXCEEDED' });
  });

  it('that have rested go to one class only when two want them', async () => {
    await allocate('c1', created, () => 7);
    await database.run((sql) => sql`update rooms set rests_until = ${created} where room_id = 7`);
    const others = Array.from({ length: 4 }, another);
    const outcomes = await Promise.allSettled(others.map((on, index) => allocate(`d${index}`, created, () => 7, on)));
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  it('come back when the transaction fails that took them', async () => {
    const failing = database.transaction(async (sql) => {
      await allocateRoom(
        sql,
        'c1',
        created,
        randomOf(() => 7),
      );
      throw new Error('boom');
    });
    await expect(failing).rejects.toThrow('boom');
    expect(await allocate('c2', created, () => 7)).toBe(7);
  });
});

describe('what is known of people', () => {
  it('is the first name that they brought, until they join with another', async () => {
    const users = createUsers(database);
    expect(await users.introduce('s1', '小明')).toBe('小明');
    expect(await users.introduce('s1', '小红')).toBe('小明');
    await users.introduce('s2', 'Bo');
    expect(await users.nameOf('s1')).toBe('小明');
    expect(await users.nameOf('s3')).toBeUndefined();
    expect(await users.namesOf(['s1', 's2', 's3'])).toEqual(
      new Map([
        ['s1', '小明'],
        ['s2', 'Bo'],
      ]),
    );
  });
});
