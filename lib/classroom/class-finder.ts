import type { Database, Sql, Transaction } from '../db/database.ts';
import type { Lesson } from './class.ts';

/** A class with what it was created from. */
export interface LessonRecord extends Lesson {
  createdFrom: string;
  createdPasscodeHash: string | undefined;
}

/** A row: what is optional in a record is null there. */
export type LessonRow = {
  [K in keyof LessonRecord]: undefined extends LessonRecord[K]
    ? Exclude<LessonRecord[K], undefined> | null
    : LessonRecord[K];
};

export const lessonColumns = (sql: Sql | Transaction) => sql`
  class_id as "classId", name, teacher_id as "teacherId", assistant_ids as "assistantIds", passcode_hash as "passcodeHash",
  starts_at as "startsAt", ends_at as "endsAt", status, room_id as "roomId", created_at as "createdAt", ended_at as "endedAt",
  created_from as "createdFrom", created_passcode_hash as "createdPasscodeHash"`;

export const toRecord = (row: LessonRow): LessonRecord => ({
  ...row,
  passcodeHash: row.passcodeHash ?? undefined,
  startsAt: row.startsAt ?? undefined,
  endsAt: row.endsAt ?? undefined,
  endedAt: row.endedAt ?? undefined,
  createdPasscodeHash: row.createdPasscodeHash ?? undefined,
});

/** Looks classes up. */
export const createClassFinder = (database: Database) => ({
  async find(classId: string): Promise<LessonRecord | undefined> {
    const [row] = await database.run(
      (sql) => sql<LessonRow[]>`select ${lessonColumns(sql)} from classes where class_id = ${classId}`,
    );
    return row && toRecord(row);
  },
});

export type ClassFinder = ReturnType<typeof createClassFinder>;
