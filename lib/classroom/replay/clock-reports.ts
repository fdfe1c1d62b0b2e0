import type { Database } from '../../db/database.ts';
import type { Log } from '../../log.ts';
import { replayGroupId } from '../class/class.ts';
import type { Enrolment } from '../class/classes.ts';
import { holdGoingOn } from '../class/hold-going-on.ts';
import type { LateOpening } from '../groups/late-opening.ts';
import { holdsBoard } from '../members/member.ts';
import type { Outbox } from '../messages/outbox.ts';
import { newId, type Random } from '../random.ts';
import { createRepairLog } from '../repair-log.ts';

export interface ClockReportsOptions {
  database: Database;
  outbox: Pick<Outbox, 'enqueue' | 'deliver'>;
  lateOpening: Pick<LateOpening, 'ensureOpen'>;
  random: Random;
  log: Log;
  /** Milliseconds since 1970. */
  clock(): number;
}

/** Whoever draws is in the time line so often. */
const everySeconds = 60;

/** The clocks of those who draw, as the replay puts them beside ours. */
export const createClockReports = ({ database, outbox, lateOpening, random, log, clock }: ClockReportsOptions) => {
  /**
   * The message of type 1003, written down for whoever has none within the last minute; answers its id.
   * Source: https://github.com/tencentyun/qcloud-documents
   */
  const record = (classId: string, userId: string, clientClock: number, timeLineMs: number) =>
    database.transaction(async (sql): Promise<string | undefined> => {
      const now = Math.floor(timeLineMs / 1000);
      const due = await sql`
        insert into members as held (class_id, user_id, clock_reported_at) values (${classId}, ${userId}, ${now})
        on conflict (class_id, user_id) do update set clock_reported_at = excluded.clock_reported_at
        where held.clock_reported_at <= ${now - everySeconds}
        returning 1`;
      if (due.length === 0) return undefined;
      await holdGoingOn(sql, classId);
      const messageId = newId(random);
      const data = {
        type: 1003,
        seq: random.integer(10_000, 100_000_001),
        timestamp: clientClock % 2 ** 32,
        time_line: timeLineMs,
        value: { uid: userId },
      };
      const groupId = replayGroupId(classId);
      await outbox.enqueue(sql, [{ messageId, groupId, classId, data, description: '', priority: 'Normal' }]);
      return messageId;
    });

  return {
    /**
     * Answers our time, in milliseconds since 1970, at which a member's clock stood so. What cannot be told IM now is
     * left to the sweep.
     */
    async report({ lesson, member }: Pick<Enrolment, 'lesson' | 'member'>, clientClock: number): Promise<number> {
      const { classId } = lesson;
      const timeLineMs = clock();
      if (!holdsBoard(lesson, member)) return timeLineMs;
      const messageId = await record(classId, member.userId, clientClock, timeLineMs);
      if (messageId === undefined) return timeLineMs;
      try {
        await lateOpening.ensureOpen(lesson);
        await outbox.deliver(messageId);
      } catch (error) {
        createRepairLog(log, { repair: 'unsent message', groupId: replayGroupId(classId) }).due(error);
      }
      return timeLineMs;
    },
  };
};

export type ClockReports = ReturnType<typeof createClockReports>;
