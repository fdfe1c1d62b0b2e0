import { beforeAll, beforeEach } from 'vitest';
import type { Database } from '../../lib/db/database.ts';
import { createTestClassroom, type TestClassroom } from './classroom.ts';
import { createClock, type TestClock } from './clock.ts';
import { newDatabaseUrl, openDatabase } from './database.ts';
import { startMembership } from './membership.ts';

export interface PreparedClass {
  databaseUrl: string;
  database: Database;
  clock: TestClock;
  classroom: TestClassroom;
  membership: ReturnType<typeof startMembership>;
}

/**
 * For each test around it an empty database, and in it the class c1 of teacher t1 and assistant a1 with students s1 to s3,
 * which ends in an hour. Read what it answers in a test, not before.
 */
export const prepareClass = (): PreparedClass => {
  const prepared = {} as PreparedClass;

  beforeAll(async () => {
    prepared.databaseUrl = await newDatabaseUrl();
    prepared.database = openDatabase(prepared.databaseUrl);
  });

  beforeEach(async () => {
    const { database } = prepared;
    await database.run((sql) => sql`truncate classes, rooms, members, users`);
    prepared.clock = createClock();
    prepared.classroom = createTestClassroom(prepared);
    prepared.membership = startMembership(prepared.classroom);
    const { openClass, letIn } = prepared.classroom;
    await openClass({ classId: 'c1', assistantIds: ['a1'], endsAt: prepared.clock.seconds() + 3600 });
    await letIn('c1', 's1', 's2', 's3');
  });

  return prepared;
};
