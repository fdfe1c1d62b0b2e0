import { describe, expect, it } from 'vitest';
import { type Classes, createClasses } from '../../lib/classroom/class/classes.ts';
import type { Database } from '../../lib/db/database.ts';
import type { HttpDeps, HttpHandler } from '../../lib/scf/http-endpoint.ts';
import { createClock } from './clock.ts';
import { createHttp } from './http.ts';
import { finderOf, lessonOf } from './lesson.ts';
import { atIm, type FunctionName, memberRow, startMembership } from './membership.ts';
import { prepareClass } from './prepared-class.ts';
import { describeRefusals } from './refusals.ts';

export interface Naming {
  /** Beside `classId` and `userId`. */
  input?: object;
  /** Whether assistants may call it too. */
  byAssistants?: boolean;
  /** Whether it may be done to the teacher. */
  toTeacher?: boolean;
}

/** Whom a function that changes a member takes from whom; what it refuses changes nothing. */
export const describeNaming = (
  name: FunctionName,
  { input = {}, byAssistants = false, toTeacher = false }: Naming = {},
) => {
  const prepared = prepareClass();

  const act = (userId: string, caller?: { userId: string; role: string }, classId = 'c1') =>
    prepared.membership.call(name, { classId, userId, ...input }, caller);

  const refusal = async (calling: ReturnType<typeof act>, status: number, code: string) => {
    const { classroom } = prepared;
    const before = [await memberRow(classroom, 'c1', 's1'), atIm(classroom, 'c1')];
    expect(await calling).toMatchObject({ status, body: { code } });
    expect([await memberRow(classroom, 'c1', 's1'), atIm(classroom, 'c1')]).toEqual(before);
    expect([classroom.takeCommands(), classroom.trtc.takeCalls()]).toEqual([[], []]);
  };

  describe(`${name} and whom it names`, () => {
    it.each([
      ['the teacher', 't1', 'student'],
      ['an admin who is not in the class', 'boss', 'admin'],
    ])('takes a student who has joined from %s', async (_who, userId, role) => {
      expect(await act('s1', { userId, role })).toMatchObject({ status: 200, body: { classId: 'c1', userId: 's1' } });
    });

    it('takes an assistant who never joined', async () => {
      expect(await act('a1')).toMatchObject({ status: 200, body: { classId: 'c1', userId: 'a1' } });
    });

    it.each([
      ['a student of the class', 's1', 'student'],
      ['a teacher of another class', 't2', 'teacher'],
      ...(byAssistants ? [] : [['an assistant', 'a1', 'teacher']]),
    ])('takes nobody from %s', async (_who, userId = '', role = '') => {
      await refusal(act('s1', { userId, role }), 403, 'FORBIDDEN');
    });

    if (byAssistants)
      it('takes a student from an assistant, until they are removed', async () => {
        const assistant = { userId: 'a1', role: 'student' };
        expect(await act('s1', assistant)).toMatchObject({ status: 200 });
        await prepared.membership.call('remove-member', { classId: 'c1', userId: 'a1' });
        expect(await act('s1', assistant)).toMatchObject({ status: 403, body: { code: 'FORBIDDEN' } });
      });

    it.each(['administrator', 'Administrator', 'TIC_record_user_1_2'])('forbids the reserved id %s', async (userId) => {
      await refusal(act(userId), 403, 'FORBIDDEN');
      await refusal(act(userId, { userId: 'boss', role: 'admin' }), 403, 'FORBIDDEN');
    });

    it('knows nobody who never joined, nor a class that is not there', async () => {
      await prepared.database.run((sql) => sql`insert into members (class_id, user_id) values ('c1', 's9')`);
      await refusal(act('s8'), 404, 'NOT_FOUND');
      await refusal(act('s9'), 404, 'NOT_FOUND');
      await refusal(act('s1', undefined, 'c2'), 404, 'NOT_FOUND');
    });

    if (!toTeacher)
      it('conflicts with the teacher, whoever calls', async () => {
        await refusal(act('t1'), 409, 'CONFLICT');
        await refusal(act('t1', { userId: 'boss', role: 'admin' }), 409, 'CONFLICT');
      });

    it('is gone with the class, at its hard end at the latest', async () => {
      prepared.clock.advance(3600 + 7200);
      await refusal(act('s1'), 410, 'GONE');
    });

    it('is gone when the class ends while the call waits for its turn', async () => {
      const { classroom, clock, database } = prepared;
      const late: Database = {
        ...database,
        async exclusively(key, work, waitMs) {
          await database.run((sql) => sql`update classes set status = 'ended', ended_at = ${clock.seconds()}`);
          return database.exclusively(key, work, waitMs);
        },
      };
      const { call } = startMembership(classroom, { database: late });
      await refusal(call(name, { classId: 'c1', userId: 's1', ...input }), 410, 'GONE');
    });
  });
};

/** What the functions refuse that take a class and one of its people, and nothing else. */
export const describeNamingRefusals = (
  name: FunctionName,
  createHandler: (deps: { http: HttpDeps; classes: Classes }) => HttpHandler,
): void => {
  const clock = createClock();
  describeRefusals(name, {
    clock,
    setUp: () => {
      const { http, logText } = createHttp(clock);
      return {
        handler: createHandler({ http, classes: createClasses({ finder: finderOf(lessonOf()), clock }) }),
        logText,
      };
    },
    input: { classId: 'c1', userId: 's1' },
    as: { userId: 't1', role: 'teacher' },
    otherRoles: [],
    badInputs: [
      ['no class and no user', {}, '/classId', '/userId'],
      ['ids that are none', { classId: 'c 1', userId: '' }, '/classId', '/userId'],
      ['several users', { classId: 'c1', userId: ['s1', 's2'] }, '/userId'],
    ],
  });
};
