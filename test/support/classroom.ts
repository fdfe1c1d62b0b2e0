import { randomBytes, randomInt } from 'node:crypto';
import { createHandler as createCreateClass } from '../../functions/create-class/handler.ts';
import { createHandler as createSweepHandler } from '../../functions/sweep/handler.ts';
import { createClassroom } from '../../lib/classroom/classroom.ts';
import { createSweep } from '../../lib/classroom/sweep.ts';
import type { Database } from '../../lib/db/database.ts';
import type { TestClock } from './clock.ts';
import { createHttp } from './http.ts';
import { createTestIm, type TestImOptions } from './im.ts';

export interface TestClassroomOptions {
  database: Database;
  clock: TestClock;
  classesPerTeacherPerDay?: number;
  im?: Omit<TestImOptions, 'clock'>;
}

/** `create-class` and `sweep` over a real database and an IM in memory. */
export const createTestClassroom = ({
  database,
  clock,
  classesPerTeacherPerDay = 1000,
  im: imOptions,
}: TestClassroomOptions) => {
  const { http, reserved, logText } = createHttp(clock);
  const testIm = createTestIm({ clock, ...imOptions });
  const random = { bytes: randomBytes, integer: randomInt };
  const parts = createClassroom({ database, im: testIm.client, random, log: http.log, clock });
  const notices = { flush: async () => 0 };
  const sweep = createSweep({ database, ...parts, notices, log: http.log, clock });
  return {
    ...parts,
    ...testIm,
    logText,
    createClass: createCreateClass({ http, reserved, creation: parts.creation, classesPerTeacherPerDay }),
    sweep: createSweepHandler({ log: http.log, clock, sweep }),
    /** The commands that IM got since the last look, in order. */
    takeCommands: () => testIm.calls.splice(0).map(({ command }) => command),
  };
};
