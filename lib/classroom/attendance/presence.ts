import type { Database } from '../../db/database.ts';
import { hardEnd, type Lesson } from '../class/class.ts';
import { type LessonRecord, type LessonRow, lessonColumns, toRecord } from '../class/class-finder.ts';
import { type Attendance, foldAttendance, type PresenceEvent } from './attendance.ts';

/** Somebody who was in a class. */
export interface Attendee extends Attendance {
  /** Their nickname; the user id when we know none. */
  name: string;
}

/** A class that nobody comes to or leaves for so long, with nobody in it, is over. */
const idleSeconds = 1800;
/** When no class had an event for so long, nobody calls us back: then silence says nothing. */
const silentSeconds = 7 * 86_400;
/** What one sweep looks at: others each time, so that quiet classes with people in them do not hide the rest. */
const maxCandidates = 100;

/** Comings and goings, kept as they are told: in any order, each once. */
export const createPresence = (database: Database) => {
  /** What happened in a class, and when its people showed up in other rooms since. */
  const eventsOf = (lesson: Lesson): Promise<PresenceEvent[]> =>
    database.run(
      (sql) => sql<PresenceEvent[]>`
        with own as (select * from presence where class_id = ${lesson.classId}),
        visitors as (
          select user_id, min(at_ms) as since_ms from own where source = 'trtc' and event = 'enter' group by user_id
        ),
        elsewhere as (
          select presence.* from visitors join presence on presence.user_id = visitors.user_id
          where presence.source = 'trtc' and presence.event = 'enter' and presence.class_id <> ${lesson.classId}
            and presence.at_ms between visitors.since_ms and ${hardEnd(lesson) * 1000}
        )
        select class_id as "classId", user_id as "userId", source, event, at_ms as "atMs", stay
        from (select * from own union all select * from elsewhere) as events`,
    );

  const peopleOf = async (classId: string, userIds: readonly string[]) => {
    const rows = await database.run(
      (sql) => sql<{ userId: string; name: string | null; removedAt: number | null }[]>`
        select user_id as "userId", name, removed_at as "removedAt"
        from jsonb_array_elements_text(${sql.json([...userIds])}) as person (user_id)
        left join users using (user_id)
        left join (select user_id, removed_at from members where class_id = ${classId}) as own using (user_id)`,
    );
    return new Map(rows.map((row) => [row.userId, row]));
  };

  const attendanceOf = async (lesson: Lesson, nowMs: number): Promise<Attendee[]> => {
    const events = await eventsOf(lesson);
    const people = await peopleOf(lesson.classId, [...new Set(events.map(({ userId }) => userId))]);
    const endMs = hardEnd(lesson) * 1000;
    const attendances = foldAttendance(events, {
      classId: lesson.classId,
      nowMs,
      endMs: lesson.status === 'ended' || nowMs >= endMs ? endMs : undefined,
      removedMs: new Map(
        [...people].flatMap(([userId, { removedAt }]) => (removedAt === null ? [] : [[userId, removedAt * 1000]])),
      ),
    });
    return attendances.map(({ userId, ...attendance }) => ({
      userId,
      name: people.get(userId)?.name ?? userId,
      ...attendance,
    }));
  };

  return {
    /** Keeps events; those known already change nothing. */
    async record(events: readonly PresenceEvent[]): Promise<void> {
      if (events.length === 0) return;
      const rows = events.map(({ classId, userId, source, event, atMs, stay }) => ({
        class_id: classId,
        user_id: userId,
        source,
        event,
        at_ms: atMs,
        stay,
      }));
      await database.run(
        (sql) => sql`
          insert into presence (class_id, user_id, source, event, at_ms, stay)
          select class_id, user_id, source, event, at_ms, stay from jsonb_to_recordset(${sql.json(rows)})
            as row (class_id text, user_id text, source text, event text, at_ms bigint, stay text)
          on conflict do nothing`,
      );
    },

    /** Who is and was in a class, by first arrival. */
    attendanceOf,

    /** Live classes that have begun and been quiet for half an hour: nobody came or sent anything, and all have left. */
    async idleLiveClasses(nowSeconds: number): Promise<LessonRecord[]> {
      const quietSince = nowSeconds - idleSeconds;
      const rows = await database.run(
        (sql) => sql<LessonRow[]>`
          select ${lessonColumns(sql)} from classes
          where status = 'live' and went_live_at <= ${quietSince} and coalesce(starts_at, 0) <= ${quietSince}
            and not exists (select from presence where class_id = classes.class_id and at_ms > ${quietSince * 1000})
            and not exists (select from members where class_id = classes.class_id and last_joined_at > ${quietSince})
            and not exists (select from budgets where key = class_id || '_chat' and second > ${quietSince})
            and (exists (select from presence where class_id = classes.class_id)
              or exists (select from presence where at_ms > ${(nowSeconds - silentSeconds) * 1000}))
          order by hashtextextended(class_id, ${nowSeconds}) limit ${maxCandidates}`,
      );
      const idle: LessonRecord[] = [];
      for (const lesson of rows.map(toRecord)) {
        const attendees = await attendanceOf(lesson, nowSeconds * 1000);
        if (attendees.every(({ leftAt }) => leftAt !== undefined)) idle.push(lesson);
      }
      return idle;
    },
  };
};

export type Presence = ReturnType<typeof createPresence>;
