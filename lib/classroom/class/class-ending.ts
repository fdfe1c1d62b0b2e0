import type { Database } from '../../db/database.ts';
import type { ImClient } from '../../im/client.ts';
import { onceMore } from '../../im/retry.ts';
import type { Log } from '../../log.ts';
import type { Trtc } from '../../trtc/client.ts';
import { planOpening } from '../groups/group-opening.ts';
import type { Repairs } from '../groups/repairs.ts';
import type { Outbox } from '../messages/outbox.ts';
import { createRepairLog } from '../repair-log.ts';
import type { ReplayExport } from '../replay/replay-export.ts';
import { finishAll, isSilent } from '../settling.ts';
import { hardEnd, type Lesson } from './class.ts';
import { createClassFinder, type LessonRecord, type LessonRow, lessonColumns, toRecord } from './class-finder.ts';
import { classLock } from './class-lock.ts';
import { statusesChangedBy } from './class-status.ts';
import { createRoomFinder } from './room-finder.ts';
import { releaseRoom, restSeconds } from './rooms.ts';

export interface ClassEndingOptions {
  database: Database;
  im: Pick<ImClient, 'destroyGroup'>;
  trtc: Pick<Trtc, 'dismissRoom'>;
  repairs: Pick<Repairs, 'destroyIfOurs'>;
  outbox: Pick<Outbox, 'drain'>;
  replayExport: ReplayExport;
  log: Log;
  /** Milliseconds since 1970. */
  clock(): number;
}

/** Whoever has ended a class is not kept waiting for the rest any longer. */
const closeSoonMs = 20_000;
/** Somebody else who is busy with the class for longer leaves it to the sweep. */
const waitForOthersMs = 3000;
const closePendingMs = 30_000;
const pendingAtOnce = 20;
const timeIsUp = 'the time was up';

/**
 * Ends classes: first in the database, where it happens at once and stays; then what they have at IM and TRTC is taken
 * down, each step good for any number of times, until all is gone.
 */
export const createClassEnding = ({
  database,
  im,
  trtc,
  repairs,
  outbox,
  replayExport,
  log,
  clock,
}: ClassEndingOptions) => {
  const { find } = createClassFinder(database);
  const rooms = createRoomFinder(database);
  const nowSeconds = () => Math.floor(clock() / 1000);
  const repairLogOf = (classId: string) => createRepairLog(log, { repair: 'ended class', classId });

  const dissolve = async (lesson: Lesson, kind: 'chat' | 'replay'): Promise<void> => {
    if (lesson.groups === 'none') return;
    const group = planOpening(lesson, undefined, true)[kind];
    // Somebody has only begun to open them: then what is there may be another's.
    await onceMore(() => (lesson.groups === 'open' ? im.destroyGroup(group.groupId) : repairs.destroyIfOurs(group)));
  };

  const dismissRoom = async ({ classId, roomId, endedAt }: Lesson): Promise<void> => {
    // A number that has rested may be another class's by now; and whoever was in the room has long gone.
    if (nowSeconds() >= (endedAt ?? 0) + restSeconds || (await rooms.classIdOf(roomId)) !== classId) return;
    await trtc.dismissRoom(roomId);
  };

  /** Answers whether all of the replay is there. */
  const saveReplay = async (lesson: Lesson, until: number): Promise<boolean> => {
    if (lesson.exportedAt !== undefined) return true;
    await outbox.drain(lesson.classId);
    return replayExport.export(lesson, { until });
  };

  /**
   * Takes down what is left of an ended class. Nothing waits for another step to succeed, but for the ReplayGroup, which
   * stays until its messages are saved. Answers whether all is gone; false when the time was up. Throws the first failure.
   */
  const takeDown = async (classId: string, until: number, onExport = () => {}): Promise<boolean> => {
    const lesson = await find(classId);
    if (lesson?.status !== 'ended') return false;
    if (lesson.closedAt !== undefined) return true;

    const takeReplay = async (): Promise<boolean> => {
      if (!(await saveReplay(lesson, until))) return false;
      if (lesson.exportedAt === undefined) onExport();
      await dissolve(lesson, 'replay');
      return true;
    };
    const replay = takeReplay();
    await finishAll([dissolve(lesson, 'chat'), dismissRoom(lesson), replay]);
    if (!(await replay)) return false;
    await database.run((sql) => sql`update classes set closed_at = ${nowSeconds()} where class_id = ${classId}`);
    return true;
  };

  /** Ended classes that have something left: replays first, and in no order, so that those that keep failing leave room for others. */
  const pending = async (): Promise<string[]> => {
    const rows = await database.run(
      (sql) => sql<{ classId: string }[]>`
        select class_id as "classId" from classes where status = 'ended' and closed_at is null
        order by exported_at is not null, random() limit ${pendingAtOnce}`,
    );
    return rows.map(({ classId }) => classId);
  };

  return {
    /** The class as it is once ended: now, or at a time that has passed; one that has ended stays as it was. */
    end(lesson: Lesson, endedAt = nowSeconds()): Promise<LessonRecord> {
      const { classId } = lesson;
      return database.transaction(async (sql) => {
        const [ended] = await sql<LessonRow[]>`
          update classes set status = 'ended', ended_at = ${Math.min(endedAt, hardEnd(lesson))}
          where class_id = ${classId} and status in ${sql(statusesChangedBy('ended'))}
          returning ${lessonColumns(sql)}`;
        if (ended) await releaseRoom(sql, classId, nowSeconds());
        const [row] = ended
          ? [ended]
          : await sql<LessonRow[]>`select ${lessonColumns(sql)} from classes where class_id = ${classId}`;
        if (!row) throw new Error('the class is not there');
        return toRecord(row);
      });
    },

    /**
     * Takes down what an ended class has at IM and TRTC, as far as that goes in time: its groups, once the replay is
     * exported, and its room. What is left is logged, and the sweep's.
     */
    async closeSoon(classId: string): Promise<void> {
      const until = clock() + closeSoonMs;
      const repairLog = repairLogOf(classId);
      try {
        const isClosed = await database.exclusively(
          classLock(classId),
          () => takeDown(classId, until),
          waitForOthersMs,
        );
        if (!isClosed) repairLog.due(timeIsUp);
      } catch (error) {
        repairLog.due(error);
      }
    },

    /** The same for the classes that have something left; what somebody is busy with is left to them. Answers of how many. */
    async closePending(): Promise<{ exported: number; closed: number }> {
      const until = clock() + closePendingMs;
      const report = { exported: 0, closed: 0 };
      const onExport = () => {
        report.exported += 1;
      };
      for (const classId of await pending()) {
        if (clock() >= until) break;
        const repairLog = repairLogOf(classId);
        try {
          const isClosed = await database.tryExclusively(classLock(classId), () => takeDown(classId, until, onExport));
          if (isClosed === false) repairLog.failed(timeIsUp);
          if (!isClosed) continue;
          report.closed += 1;
          repairLog.done();
        } catch (error) {
          repairLog.failed(error);
          if (isSilent(error)) break;
        }
      }
      return report;
    },
  };
};

export type ClassEnding = ReturnType<typeof createClassEnding>;
