import type { Database } from '../db/database.ts';
import { AppError } from '../errors.ts';
import { createClassFinder, type LessonRecord, type LessonRow, lessonColumns, toRecord } from './class-finder.ts';
import type { Random } from './random.ts';
import { allocateRoom } from './rooms.ts';

export type Intent = Pick<
  LessonRecord,
  'classId' | 'name' | 'teacherId' | 'assistantIds' | 'passcodeHash' | 'startsAt' | 'endsAt' | 'createdFrom'
>;

export interface ClassStoreOptions {
  database: Database;
  random: Random;
  /** Milliseconds since 1970. */
  clock(): number;
}

const daySeconds = 86_400;

/** The rows of classes: each method is one step that happens wholly or not at all. */
export const createClassStore = ({ database, random, clock }: ClassStoreOptions) => {
  const nowSeconds = () => Math.floor(clock() / 1000);
  return {
    ...createClassFinder(database),

    /** Writes the intent and allocates the room number. Throws `QUOTA_EXCEEDED` over the teacher's classes of a day. */
    insertIntent(intent: Intent, attempt: string, classesPerTeacherPerDay: number): Promise<LessonRecord> {
      const now = nowSeconds();
      return database.transaction(async (sql) => {
        // Calls of the same teacher are counted one after the other.
        await sql`select pg_advisory_xact_lock(hashtextextended(${`teacher:${intent.teacherId}`}, 0))`;
        const [recent] = await sql<{ count: number; oldest: number | null }[]>`
          select count(*)::int as count, min(created_at) as oldest from classes
          where teacher_id = ${intent.teacherId} and created_at > ${now - daySeconds}`;
        if (recent && recent.count >= classesPerTeacherPerDay) {
          throw new AppError('QUOTA_EXCEEDED', `A teacher may create ${classesPerTeacherPerDay} classes a day.`, {
            retryAfterSeconds: Math.max(1, (recent.oldest ?? now) + daySeconds - now),
          });
        }
        const roomId = await allocateRoom(sql, intent.classId, now, random);
        const [row] = await sql<LessonRow[]>`
          insert into classes (class_id, name, teacher_id, assistant_ids, passcode_hash, starts_at, ends_at, status, room_id,
                               created_at, created_from, created_passcode_hash, attempt)
          values (${intent.classId}, ${intent.name}, ${intent.teacherId}, ${sql.json([...intent.assistantIds])}, ${intent.passcodeHash ?? null},
                  ${intent.startsAt ?? null}, ${intent.endsAt ?? null}, 'opening', ${roomId}, ${now}, ${intent.createdFrom},
                  ${intent.passcodeHash ?? null}, ${attempt})
          returning ${lessonColumns(sql)}`;
        if (!row) throw new Error('the intent was not written');
        return toRecord(row);
      });
    },

    /** Makes an unfinished creation this attempt's. Answers whether there still is one. */
    async takeOver(classId: string, attempt: string): Promise<boolean> {
      const rows = await database.run(
        (sql) =>
          sql`update classes set attempt = ${attempt} where class_id = ${classId} and status = 'opening' returning 1`,
      );
      return rows.length > 0;
    },

    /** The groups stand: the class is one. Answers `undefined` when the creation was taken back meanwhile. */
    async finish(classId: string): Promise<LessonRecord | undefined> {
      const [row] = await database.run(
        (sql) => sql<LessonRow[]>`
          update classes set status = 'scheduled' where class_id = ${classId} and status = 'opening' returning ${lessonColumns(sql)}`,
      );
      return row && toRecord(row);
    },

    async isHeldBy(classId: string, attempt: string): Promise<boolean> {
      const rows = await database.run(
        (sql) => sql`select 1 from classes where class_id = ${classId} and status = 'opening' and attempt = ${attempt}`,
      );
      return rows.length > 0;
    },

    /** Creations that nobody finished, begun before `createdBefore`. */
    async unfinished(createdBefore: number): Promise<string[]> {
      const rows = await database.run(
        (sql) => sql<{ classId: string }[]>`
          select class_id as "classId" from classes where status = 'opening' and created_at <= ${createdBefore} order by created_at limit 100`,
      );
      return rows.map(({ classId }) => classId);
    },

    /**
     * The class that a caller's `Idempotency-Key` stands for: the one of its first use within a day, else `classId`.
     */
    async classIdOfKey(callerId: string, key: string, classId: string): Promise<string> {
      const now = nowSeconds();
      const [row] = await database.run(
        (sql) => sql<{ classId: string }[]>`
          insert into idempotency_keys as held (caller_id, key, class_id, created_at)
          values (${callerId}, ${key}, ${classId}, ${now})
          on conflict (caller_id, key) do update set
            class_id = case when held.created_at <= ${now - daySeconds} then excluded.class_id else held.class_id end,
            created_at = case when held.created_at <= ${now - daySeconds} then excluded.created_at else held.created_at end
          returning class_id as "classId"`,
      );
      return row?.classId ?? classId;
    },

    async forgetOldKeys(): Promise<void> {
      await database.run((sql) => sql`delete from idempotency_keys where created_at <= ${nowSeconds() - daySeconds}`);
    },
  };
};

export type ClassStore = ReturnType<typeof createClassStore>;
