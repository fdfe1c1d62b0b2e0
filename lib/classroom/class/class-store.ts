import type { Database } from '../../db/database.ts';
import { AppError } from '../../errors.ts';
import type { Random } from '../random.ts';
import { groupsOpenEarlySeconds } from './class.ts';
import {
  createClassFinder,
  hardEndOf,
  type LessonRecord,
  type LessonRow,
  lessonColumns,
  toRecord,
} from './class-finder.ts';
import { statusAfter } from './class-status.ts';
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

    /** Writes the intent and allocates the room number. Throws `QUOTA_EXCEEDED` over the teacher's classes of a day, and when no room number is free. */
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
        const isFarAhead = (intent.startsAt ?? now) > now + groupsOpenEarlySeconds;
        const roomId = await allocateRoom(sql, intent.classId, now, random);
        const [row] = await sql<LessonRow[]>`
          insert into classes (class_id, name, teacher_id, assistant_ids, passcode_hash, starts_at, ends_at, status, room_id,
                               created_at, created_from, created_passcode_hash, attempt, groups)
          values (${intent.classId}, ${intent.name}, ${intent.teacherId}, ${sql.json([...intent.assistantIds])}, ${intent.passcodeHash ?? null},
                  ${intent.startsAt ?? null}, ${intent.endsAt ?? null}, 'opening', ${roomId}, ${now}, ${intent.createdFrom},
                  ${intent.passcodeHash ?? null}, ${attempt}, ${isFarAhead ? 'none' : 'opening'})
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

    /** The groups stand, or are for later: the class is one. Answers `undefined` when the creation was taken back meanwhile. */
    async finish(classId: string): Promise<LessonRecord | undefined> {
      const [row] = await database.run(
        (sql) => sql<LessonRow[]>`
          update classes set status = ${statusAfter('opening', 'opened') ?? null},
            groups = case groups when 'opening' then 'open' else groups end,
            groups_opened_at = case groups when 'opening' then ${nowSeconds()}::bigint end
          where class_id = ${classId} and status = 'opening' returning ${lessonColumns(sql)}`,
      );
      return row && toRecord(row);
    },

    /**
     * Marks that the groups of a class are being made. Answers whether somebody has begun before, so that what is there is
     * ours; `undefined` when they are open already or the class is over.
     */
    async beginOpening(classId: string): Promise<{ resumed: boolean } | undefined> {
      const [row] = await database.run(
        (sql) => sql<{ before: string }[]>`
          update classes set groups = 'opening' from (select class_id, groups from classes where class_id = ${classId} for update) as held
          where classes.class_id = held.class_id and held.groups <> 'open' and status in ('scheduled', 'live')
          returning held.groups as before`,
      );
      return row && { resumed: row.before === 'opening' };
    },

    async groupsOpened(classId: string): Promise<void> {
      await database.run(
        (sql) => sql`
          update classes set groups = 'open', groups_opened_at = ${nowSeconds()} where class_id = ${classId} and groups = 'opening'`,
      );
    },

    async isHeldBy(classId: string, attempt: string): Promise<boolean> {
      const rows = await database.run(
        (sql) => sql`select 1 from classes where class_id = ${classId} and status = 'opening' and attempt = ${attempt}`,
      );
      return rows.length > 0;
    },

    /** Creations that nobody finished, begun before `createdBefore`. */
    async unfinished(createdBefore: number): Promise<{ classId: string }[]> {
      return database.run(
        (sql) => sql<{ classId: string }[]>`
          select class_id as "classId" from classes where status = 'opening' and created_at <= ${createdBefore} order by created_at limit 100`,
      );
    },

    /** Classes that go on without their groups, although it is time for them or somebody has begun to make them. */
    async dueToOpen(): Promise<LessonRecord[]> {
      const rows = await database.run(
        (sql) => sql<LessonRow[]>`
          select ${lessonColumns(sql)} from classes
          where groups <> 'open' and status in ('scheduled', 'live')
            and (groups = 'opening' or coalesce(starts_at, 0) <= ${nowSeconds() + groupsOpenEarlySeconds})
          order by coalesce(starts_at, 0) limit 100`,
      );
      return rows.map(toRecord);
    },

    /** Classes past their hard end that nobody has ended. */
    async overdue(): Promise<LessonRecord[]> {
      const rows = await database.run(
        (sql) => sql<LessonRow[]>`
          select ${lessonColumns(sql)} from classes
          where status in ('scheduled', 'live') and ${hardEndOf(sql)} <= ${nowSeconds()} limit 100`,
      );
      return rows.map(toRecord);
    },

    /** How many classes got their groups within the last day. */
    async openedToday(): Promise<number> {
      const [row] = await database.run(
        (sql) => sql<{ count: number }[]>`
          select count(*)::int as count from classes where groups_opened_at > ${nowSeconds() - daySeconds}`,
      );
      return row?.count ?? 0;
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
