import type { Database, Sql, Transaction } from '../../db/database.ts';
import type { Participant } from '../members/member.ts';
import { type Lesson, openEndSeconds, overrunSeconds } from './class.ts';

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
  classes.class_id as "classId", name, teacher_id as "teacherId", assistant_ids as "assistantIds", passcode_hash as "passcodeHash",
  starts_at as "startsAt", ends_at as "endsAt", status, room_id as "roomId", created_at as "createdAt", ended_at as "endedAt",
  created_from as "createdFrom", created_passcode_hash as "createdPasscodeHash", groups, muted, exported_at as "exportedAt",
  closed_at as "closedAt"`;

/** `hardEnd`, of a row. */
export const hardEndOf = (sql: Sql | Transaction) => sql`
  coalesce(ended_at, ends_at + ${overrunSeconds}, greatest(created_at, coalesce(starts_at, 0)) + ${openEndSeconds})`;

export const toRecord = (row: LessonRow): LessonRecord => ({
  ...row,
  passcodeHash: row.passcodeHash ?? undefined,
  startsAt: row.startsAt ?? undefined,
  endsAt: row.endsAt ?? undefined,
  endedAt: row.endedAt ?? undefined,
  exportedAt: row.exportedAt ?? undefined,
  closedAt: row.closedAt ?? undefined,
  createdPasscodeHash: row.createdPasscodeHash ?? undefined,
});

interface MemberRow {
  joinedAt: number | null;
  removedAt: number | null;
  mutedUntil: number | null;
  board: boolean | null;
  isUnsettled: boolean | null;
}

/** Looks classes up. */
export const createClassFinder = (database: Database) => ({
  async find(classId: string): Promise<LessonRecord | undefined> {
    const [row] = await database.run(
      (sql) => sql<LessonRow[]>`select ${lessonColumns(sql)} from classes where class_id = ${classId}`,
    );
    return row && toRecord(row);
  },

  /** A class, and what is known of somebody in it, in one query. */
  async findWith(classId: string, userId: string): Promise<(Participant & { lesson: LessonRecord }) | undefined> {
    const [row] = await database.run(
      (sql) => sql<(LessonRow & MemberRow)[]>`
        select ${lessonColumns(sql)}, joined_at as "joinedAt", removed_at as "removedAt", muted_until as "mutedUntil", board,
          board_unsettled or members.mute_unsettled or removal_unsettled as "isUnsettled"
        from classes left join members on members.class_id = classes.class_id and members.user_id = ${userId}
        where classes.class_id = ${classId}`,
    );
    if (!row) return undefined;
    const { joinedAt, removedAt, mutedUntil, board, isUnsettled, ...lesson } = row;
    return {
      lesson: toRecord(lesson),
      member: {
        userId,
        joinedAt: joinedAt ?? undefined,
        removedAt: removedAt ?? undefined,
        mutedUntil: mutedUntil ?? 0,
        board: board ?? false,
        isUnsettled: isUnsettled ?? false,
      },
    };
  },
});

export type ClassFinder = ReturnType<typeof createClassFinder>;
