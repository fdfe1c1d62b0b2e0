import type { Database, Sql } from '../../db/database.ts';
import type { Random } from '../random.ts';
import type { NoticeEvent } from './notice-text.ts';

/** People who came into a ChatGroup or left it, as one callback tells it. */
export interface Movement {
  groupId: string;
  event: NoticeEvent;
  userIds: readonly string[];
  /** The same for a repeated callback, another for another event. */
  eventKey: string;
}

/** What a group is told of one window. */
export interface Notice {
  noticeId: number;
  groupId: string;
  event: NoticeEvent;
  /** Up to 20 of them. */
  userIds: string[];
  /** All of them. */
  count: number;
  random: number;
  createdAtMs: number;
}

export interface NoticeStoreOptions {
  database: Database;
  random: Random;
  noticeWindowMs: number;
  /** Milliseconds since 1970. */
  clock(): number;
}

const listedPeople = 20;
/** Whoever holds a window has been answered for, killed or frozen so long after it was due. */
const abandonedAfterMs = 1000;
/** Within 5 minutes IM drops a message that it has had already. The last of them is for the sending itself. */
const repeatableForMs = 240_000;
/** Later, it is no news that somebody came. */
const newsForMs = 3_600_000;
/** After so long nobody repeats a callback. */
const forgottenAfterMs = 86_400_000;
/** What one sweep looks at: others each time, so that what cannot be sent does not keep the rest waiting. */
const mostGroups = 50;

/**
 * The rows of the notices: what has happened, the open windows, and what was folded. Instances whose clocks differ by less
 * than `abandonedAfterMs` agree on whose windows are open; beyond that one is taken from its holder, who then leaves it alone.
 */
export const createNoticeStore = ({ database, random, noticeWindowMs, clock }: NoticeStoreOptions) => {
  /** Whoever sends a notice had so long for it; with short windows the next one must not overtake it. */
  const lateAfterMs = Math.min(noticeWindowMs, abandonedAfterMs);
  return {
    /** Keeps what has happened; what is known already changes nothing. */
    async keep({ groupId, event, userIds, eventKey }: Movement): Promise<void> {
      await database.run(
        (sql) => sql`
        insert into notice_events (event_key, user_id, group_id, event, created_at_ms)
        select ${eventKey}, user_id, ${groupId}, ${event}, ${clock()}
        from jsonb_array_elements_text(${sql.json([...userIds])}) as person (user_id)
        on conflict do nothing`,
      );
    },

    /**
     * Opens a group's window, or takes over a dead holder's, when there is anything to tell. Answers whether the caller holds
     * it now. To be called when what it is about has been committed: a window that is seen open then closes later, and is
     * folded after that, so whatever it was not opened for is folded with it.
     */
    async claim(groupId: string, holder: string, windowMs: number): Promise<boolean> {
      const now = clock();
      // In a storm hardly anybody gets beyond the first condition, and nobody waits there for a lock.
      const claimed = await database.run(
        (sql) => sql`
        insert into notice_windows as held (group_id, holder, ends_at_ms)
        select ${groupId}, ${holder}, ${now + windowMs}
        where not exists (select from notice_windows where group_id = ${groupId} and ${isOpen(sql, now)})
          and (exists (select from notice_events where group_id = ${groupId} and ${isToBeFolded(sql, now)})
            or exists (select from notices where group_id = ${groupId} and ${isLate(sql, now - lateAfterMs, now)}))
        on conflict (group_id) do update set holder = excluded.holder, ends_at_ms = excluded.ends_at_ms
        where held.ends_at_ms <= ${now - abandonedAfterMs}
        returning 1`,
      );
      return claimed.length > 0;
    },

    /** Closes a window: what happens from now on opens the next one. Answers false to whom it was taken from. */
    async close(groupId: string, holder: string): Promise<boolean> {
      const closed = await database.run(
        (sql) => sql`delete from notice_windows where group_id = ${groupId} and holder = ${holder} returning 1`,
      );
      return closed.length > 0;
    },

    /**
     * Counts all that has happened in a group and was not counted yet, and writes down what there is to tell of it: at most
     * one notice of each kind. Somebody who came and left, in whatever order, has done neither.
     */
    async fold(groupId: string): Promise<Notice[]> {
      const now = clock();
      const draw = () => random.integer(0, 2 ** 32);
      return database.run(
        (sql) => sql<Notice[]>`
        with happened as (
          update notice_events set folded = true
          where group_id = ${groupId} and ${isToBeFolded(sql, now)}
          returning user_id, arrival, case event when 'join' then 1 else -1 end as step),
        changed as (
          select user_id, min(arrival) as arrival, case when sum(step) > 0 then 'join' else 'leave' end as event
          from happened group by user_id having sum(step) <> 0),
        ordered as (select *, row_number() over (partition by event order by arrival) as place from changed)
        insert into notices (group_id, event, user_ids, count, random, created_at_ms)
        select ${groupId}, event, jsonb_agg(user_id order by place) filter (where place <= ${listedPeople}), count(*),
          case event when 'join' then ${draw()}::bigint else ${draw()}::bigint end, ${now}
        from ordered group by event
        returning ${noticeColumns(sql)}`,
      );
    },

    /** The oldest notice of each kind that a group should have had by now. What IM may no longer know again is left out. */
    async late(groupId: string): Promise<Notice[]> {
      const now = clock();
      return database.run(
        (sql) => sql<Notice[]>`
        select distinct on (event) ${noticeColumns(sql)} from notices
        where group_id = ${groupId} and ${isLate(sql, now - lateAfterMs, now)} order by event, notice_id`,
      );
    },

    async markSent({ noticeId }: Notice): Promise<void> {
      await database.run((sql) => sql`update notices set sent_at_ms = ${clock()} where notice_id = ${noticeId}`);
    },

    /** When IM took the last notice of a group, in milliseconds since 1970; 0 when none is known. */
    async lastSentAtMs(groupId: string): Promise<number> {
      const [row] = await database.run(
        (sql) => sql<{ sentAtMs: number | null }[]>`
        select max(sent_at_ms) as "sentAtMs" from notices where group_id = ${groupId}`,
      );
      return row?.sentAtMs ?? 0;
    },

    /** Groups that have something to be told, and nobody at it. */
    async leftGroups(): Promise<string[]> {
      const now = clock();
      const rows = await database.run(
        (sql) => sql<{ groupId: string }[]>`
        select group_id as "groupId" from (
          select group_id from notice_events where ${isToBeFolded(sql, now)}
          union select group_id from notices where ${isLate(sql, now - lateAfterMs, now)}
          except select group_id from notice_windows where ${isOpen(sql, now)}) as leftover
        order by hashtextextended(group_id, ${now}) limit ${mostGroups}`,
      );
      return rows.map(({ groupId }) => groupId);
    },

    async forgetOld(): Promise<void> {
      const longAgo = clock() - forgottenAfterMs;
      await database.run(
        (sql) => sql`
        with events as (delete from notice_events where created_at_ms <= ${longAgo}),
        windows as (delete from notice_windows where ends_at_ms <= ${longAgo})
        delete from notices where created_at_ms <= ${longAgo}`,
      );
    },
  };
};

const noticeColumns = (sql: Sql) => sql`
  notice_id as "noticeId", group_id as "groupId", event, user_ids as "userIds", count, random, created_at_ms as "createdAtMs"`;

/** Answers whether IM still knows a notice again that it has had already. */
export const isRepeatable = ({ createdAtMs }: Notice, now: number): boolean => createdAtMs > now - repeatableForMs;

const isOpen = (sql: Sql, now: number) => sql`ends_at_ms > ${now - abandonedAfterMs}`;
const isToBeFolded = (sql: Sql, now: number) => sql`not folded and created_at_ms > ${now - newsForMs}`;
const isLate = (sql: Sql, dueMs: number, now: number) => sql`
  sent_at_ms is null and created_at_ms > ${now - repeatableForMs} and created_at_ms <= ${dueMs}`;
