import { describe, expect, it } from 'vitest';
import { createHandler } from '../../functions/mute-class/handler.ts';
import { createClasses } from '../../lib/classroom/class/classes.ts';
import type { Database } from '../../lib/db/database.ts';
import { createClock } from '../support/clock.ts';
import { createHttp } from '../support/http.ts';
import { finderOf, lessonOf } from '../support/lesson.ts';
import { atIm, startMembership } from '../support/membership.ts';
import { prepareClass } from '../support/prepared-class.ts';
import { describeRefusals } from '../support/refusals.ts';

describe('mute-class', () => {
  const prepared = prepareClass();
  const mute = (muted: boolean, caller?: { userId: string; role: string }, classId = 'c1') =>
    prepared.membership.call('mute-class', { classId, muted }, caller);
  const row = async (classId = 'c1') => {
    const [found] = await prepared.database.run(
      (sql) => sql`select muted, mute_unsettled from classes where class_id = ${classId}`,
    );
    return found;
  };
  const refusal = async (calling: ReturnType<typeof mute>, status: number, code: string) => {
    expect(await calling).toMatchObject({ status, body: { code } });
    expect([await row(), prepared.classroom.takeCommands()]).toEqual([{ muted: false, mute_unsettled: false }, []]);
  };

  it('silences all students in the ChatGroup', async () => {
    const { status, body } = await mute(true);

    expect([status, body]).toEqual([200, { classId: 'c1', muted: true }]);
    expect(prepared.classroom.calls.map(({ command, body }) => [command, body])).toEqual([
      ['modify_group_base_info', { GroupId: 'c1_chat', ShutUpAllMember: 'On' }],
    ]);
    expect(await row()).toEqual({ muted: true, mute_unsettled: false });
  });

  it('lets them speak again, and answers the same a second time', async () => {
    await mute(true);
    for (const muted of [true, false, false]) {
      expect(await mute(muted)).toMatchObject({ status: 200, body: { muted } });
      expect(atIm(prepared.classroom, 'c1').muted).toBe(muted);
      expect(await row()).toEqual({ muted, mute_unsettled: false });
    }
  });

  it.each([
    ['an assistant, whatever their token says', 'a1', 'student'],
    ['an admin who is not in the class', 'boss', 'admin'],
  ])('is for %s too', async (_who, userId, role) => {
    expect(await mute(true, { userId, role })).toMatchObject({ status: 200, body: { muted: true } });
  });

  it.each([
    ['a student of the class', 's1', 'student'],
    ['a teacher of another class', 't2', 'teacher'],
  ])('is not for %s', async (_who, userId, role) => {
    await refusal(mute(true, { userId, role }), 403, 'FORBIDDEN');
  });

  it('knows no class that is not there', async () => {
    await refusal(mute(true, undefined, 'c2'), 404, 'NOT_FOUND');
  });

  it('is gone with the class, at its hard end at the latest', async () => {
    prepared.clock.advance(3600 + 7200);
    await refusal(mute(true), 410, 'GONE');
  });

  it('is gone when the class ends while the call waits for its turn', async () => {
    const { database, classroom } = prepared;
    const late: Database = {
      ...database,
      async exclusively(key, work, waitMs) {
        await database.run((sql) => sql`update classes set status = 'ended', ended_at = 1`);
        return database.exclusively(key, work, waitMs);
      },
    };
    const { call } = startMembership(classroom, { database: late });
    await refusal(call('mute-class', { classId: 'c1', muted: true }), 410, 'GONE');
  });

  it('tells IM once there are groups', async () => {
    const { classroom, membership, clock } = prepared;
    const lesson = await classroom.openClass({ classId: 'c2', startsAt: clock.seconds() + 7 * 86_400 });
    expect(await mute(true, undefined, 'c2')).toMatchObject({ status: 200 });
    expect([await membership.settlePending(), classroom.takeCommands()]).toEqual([0, []]);

    await classroom.lateOpening.ensureOpen(lesson);

    expect(await membership.settlePending()).toBe(1);
    expect(atIm(classroom, 'c2').muted).toBe(true);
    expect(await row('c2')).toEqual({ muted: true, mute_unsettled: false });
  });
});

const clock = createClock();

describeRefusals('mute-class', {
  clock,
  setUp: () => {
    const { http, logText } = createHttp(clock);
    const classes = createClasses({ finder: finderOf(lessonOf()), clock });
    return { handler: createHandler({ http, classes, muteClass: async () => {} }), logText };
  },
  input: { classId: 'c1', muted: true },
  as: { userId: 't1', role: 'teacher' },
  otherRoles: [],
  badInputs: [
    ['nothing at all', {}, '/classId', '/muted'],
    ['a class id with a quote', { classId: "c1'", muted: true }, '/classId'],
    ['neither true nor false', { classId: 'c1', muted: 'On' }, '/muted'],
  ],
});
