import type { Caller } from '../../auth/authenticate.ts';
import type { Database, Sql } from '../../db/database.ts';
import { type ClassView, downloadSeconds, type Lesson } from './class.ts';
import { hardEndOf, type LessonRow, lessonColumns, toRecord } from './class-finder.ts';

/** Where a class stands in a list: newest first, and by id among those of one second. */
export type ClassPlace = Pick<Lesson, 'createdAt' | 'classId'>;

export interface ClassPageRequest {
  status: ClassView['status'] | undefined;
  after: ClassPlace | undefined;
  limit: number;
}

export interface ClassPage {
  lessons: Lesson[];
  /** After which the next page begins; `undefined` when there is none. */
  last: ClassPlace | undefined;
}

export interface ClassListingOptions {
  database: Database;
  /** Milliseconds since 1970. */
  clock(): number;
}

/** Lists classes, as long as they can be looked at: for 30 days after their end. */
export const createClassListing = ({ database, clock }: ClassListingOptions) => {
  const ownClasses = (sql: Sql, userId: string) => sql`
    and class_id in (
      select class_id from classes where teacher_id = ${userId}
      union select class_id from classes where assistant_ids @> ${sql.json([userId])}
      union select class_id from members where user_id = ${userId} and joined_at is not null)
    and not exists (
      select 1 from members
      where members.class_id = classes.class_id and user_id = ${userId} and removed_at is not null)`;

  const behind = (sql: Sql, { createdAt, classId }: ClassPlace) => sql`
    and created_at <= ${createdAt} and (created_at < ${createdAt} or class_id > ${classId})`;

  return {
    /** Those that the caller teaches, assists or has joined, unless removed; all of them for an admin. */
    async page({ userId, role }: Caller, { status, after, limit }: ClassPageRequest): Promise<ClassPage> {
      const endsAfter = Math.floor(clock() / 1000) - downloadSeconds;
      const rows = await database.run(
        (sql) => sql<LessonRow[]>`
          select ${lessonColumns(sql)} from classes
          where ${status ? sql`status = ${status}` : sql`status <> 'opening'`}
            and ${hardEndOf(sql)} > ${endsAfter}
            ${after ? behind(sql, after) : sql``}
            ${role === 'admin' ? sql`` : ownClasses(sql, userId)}
          order by created_at desc, class_id limit ${limit + 1}`,
      );
      const lessons = rows.slice(0, limit).map(toRecord);
      return { lessons, last: rows.length > limit ? lessons.at(-1) : undefined };
    },
  };
};

export type ClassListing = ReturnType<typeof createClassListing>;
