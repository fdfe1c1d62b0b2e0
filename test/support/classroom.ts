import { randomBytes, randomInt } from 'node:crypto';
import { createHandler as createCreateClass } from '../../functions/create-class/handler.ts';
import { createHandler as createSweepHandler } from '../../functions/sweep/handler.ts';
import type { NewClass } from '../../lib/classroom/class/class-creation.ts';
import type { LessonRecord } from '../../lib/classroom/class/class-finder.ts';
import { createClasses } from '../../lib/classroom/class/classes.ts';
import { createClassroom } from '../../lib/classroom/classroom.ts';
import { createSweeping } from '../../lib/classroom/sweeping.ts';
import type { Database } from '../../lib/db/database.ts';
import type { TestClock } from './clock.ts';
import { createHttp } from './http.ts';
import { createTestIm, type TestImOptions } from './im.ts';
import { createTestTrtc } from './trtc.ts';

export interface TestClassroomOptions {
  database: Database;
  clock: TestClock;
  classesPerTeacherPerDay?: number;
  im?: Omit<TestImOptions, 'clock'>;
  /** IM's own list of dirty words follows ours. */
  syncsWords?: boolean;
}

/** The parts of a classroom over a real database, an IM and a TRTC in memory, and the functions that begin and sweep classes. */
export const createTestClassroom = ({
  database,
  clock,
  classesPerTeacherPerDay = 1000,
  im: imOptions,
  syncsWords = false,
}: TestClassroomOptions) => {
  const { http, reserved, logText, captured } = createHttp(clock);
  const testIm = createTestIm({ clock, ...imOptions });
  const trtc = createTestTrtc();
  const random = { bytes: randomBytes, integer: randomInt };
  const parts = createClassroom({ database, im: testIm.client, random, log: http.log, clock });
  const sweep = createSweeping({
    database,
    im: testIm.client,
    trtc: trtc.client,
    random,
    log: http.log,
    clock,
    sleep: async () => {},
    language: 'en',
    noticeWindowMs: 1000,
    syncsWords,
  });
  return {
    ...parts,
    ...testIm,
    database,
    clock,
    random,
    http,
    reserved,
    trtc,
    logText,
    captured,
    classes: createClasses({ finder: parts.store, clock }),
    createClass: createCreateClass({ http, reserved, creation: parts.creation, classesPerTeacherPerDay }),
    sweep: createSweepHandler({ log: http.log, clock, sweep }),
    /** The commands that IM got since the last look, in order. */
    takeCommands: () => testIm.calls.splice(0).map(({ command }) => command),
    /** A class of teacher t1 with both its groups, as `create-class` makes it; IM's calls for it are forgotten. */
    async openClass(lesson: Partial<NewClass> = {}): Promise<LessonRecord> {
      const { lesson: created } = await parts.creation.create(
        { name: 'Maths', assistantIds: [], teacherId: 't1', ...lesson },
        { userId: lesson.teacherId ?? 't1', role: 'teacher' },
        { idempotencyKey: undefined, classesPerTeacherPerDay },
      );
      testIm.calls.splice(0);
      const found = await parts.store.find(created.classId);
      if (!found) throw new Error('the class was not created');
      return found;
    },
    /** Lets people into a class as `join-class` does, and makes them known to IM as their login does. */
    async letIn(classId: string, ...userIds: string[]): Promise<void> {
      for (const userId of userIds) {
        await database.run(
          (sql) => sql`
            insert into members (class_id, user_id, joined_at) values (${classId}, ${userId}, ${clock.seconds()})
            on conflict (class_id, user_id) do update set joined_at = excluded.joined_at`,
        );
        await testIm.client.importAccount({ userId });
      }
      testIm.calls.splice(0);
    },
  };
};

export type TestClassroom = ReturnType<typeof createTestClassroom>;
