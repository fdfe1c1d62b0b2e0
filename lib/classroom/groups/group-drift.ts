import type { Database } from '../../db/database.ts';
import { type ImClient, maxGroupsPerCall } from '../../im/client.ts';
import { describeError, type Log } from '../../log.ts';
import { chatGroupId, type Lesson, replayGroupId } from '../class/class.ts';
import { type LessonRow, lessonColumns, toRecord } from '../class/class-finder.ts';
import { classLock } from '../class/class-lock.ts';
import type { ClassStore } from '../class/class-store.ts';
import type { Users } from '../members/users.ts';
import { createRepairLog } from '../repair-log.ts';
import { doEach, isSilent } from '../settling.ts';
import { type createGroupOpening, planOpening } from './group-opening.ts';

export interface GroupDriftOptions {
  database: Database;
  store: Pick<ClassStore, 'find'>;
  im: Pick<ImClient, 'findGroups'>;
  groups: Pick<ReturnType<typeof createGroupOpening>, 'open'>;
  users: Pick<Users, 'nameOf'>;
  log: Log;
  /** Milliseconds since 1970. */
  clock(): number;
}

/** How often a class's groups are looked for. */
const checkEverySeconds = 300;
/** The next sweep looks again where one has failed, after all that wait for longer. */
const checkAgainSeconds = 30;
const classesPerCall = maxGroupsPerCall / 2;
/** So many calls a sweep, at most. */
const maxCalls = 20;

/** Classes that go on while one of their groups is gone from IM: dissolved in the console, or recycled. */
export const createGroupDrift = ({ database, store, im, groups, users, log, clock }: GroupDriftOptions) => {
  const nowSeconds = () => Math.floor(clock() / 1000);
  const repairLogOf = ({ classId }: Lesson) => createRepairLog(log, { repair: 'lost groups', classId });

  const nextToCheck = async (): Promise<Lesson[]> => {
    const rows = await database.run(
      (sql) => sql<LessonRow[]>`
        update classes set groups_checked_at = ${nowSeconds()} where class_id in (
          select class_id from classes
          where status in ('scheduled', 'live') and groups = 'open'
            and groups_checked_at <= ${nowSeconds() - checkEverySeconds} and groups_opened_at <= ${nowSeconds() - checkEverySeconds}
          order by groups_checked_at limit ${classesPerCall})
        returning ${lessonColumns(sql)}`,
    );
    return rows.map(toRecord);
  };

  const markChecked = (classId: string): Promise<unknown> =>
    database.run((sql) => sql`update classes set groups_checked_at = ${nowSeconds()} where class_id = ${classId}`);

  const isWhole = async (lessons: readonly Lesson[]): Promise<(lesson: Lesson) => boolean> => {
    const found = await im.findGroups(lessons.flatMap(({ classId }) => [chatGroupId(classId), replayGroupId(classId)]));
    return ({ classId }) => found.has(chatGroupId(classId)) && found.has(replayGroupId(classId));
  };

  /** What the new groups do not know of is unsettled again: who holds the board, who is muted or removed. */
  const forgetSettled = (classId: string): Promise<unknown> =>
    database.transaction(async (sql) => {
      await sql`
        update classes set mute_unsettled = mute_unsettled or muted,
          groups_checked_at = ${nowSeconds() - checkEverySeconds + checkAgainSeconds}
        where class_id = ${classId}`;
      await sql`
        update members set board_unsettled = board_unsettled or board,
          mute_unsettled = mute_unsettled or removed_at is not null or muted_until > ${nowSeconds()},
          removal_unsettled = removal_unsettled or removed_at is not null
        where class_id = ${classId}`;
    });

  const reopen = async (classId: string): Promise<number> => {
    const lesson = await store.find(classId);
    if (!lesson || lesson.status === 'ended' || (await isWhole([lesson]))(lesson)) return 0;
    repairLogOf(lesson).due('gone from IM');
    await forgetSettled(classId);
    await groups.open(planOpening(lesson, await users.nameOf(lesson.teacherId), true));
    await markChecked(classId);
    return 1;
  };

  const reopenLost = async (lessons: readonly Lesson[]): Promise<number> => {
    const hasBoth = await isWhole(lessons);
    return doEach(
      lessons.filter((lesson) => !hasBoth(lesson)),
      async ({ classId }) => (await database.tryExclusively(classLock(classId), () => reopen(classId))) ?? 0,
      repairLogOf,
    );
  };

  return {
    /** Opens lost groups anew; one failure does not stop the rest, unless nobody answers. Answers of how many classes. */
    async heal(): Promise<number> {
      let healed = 0;
      for (let calls = 0; calls < maxCalls; calls += 1) {
        const lessons = await nextToCheck();
        if (lessons.length === 0) break;
        try {
          healed += await reopenLost(lessons);
        } catch (error) {
          log.warn('groups not looked for', describeError(error));
          if (isSilent(error)) break;
        }
        if (lessons.length < classesPerCall) break;
      }
      return healed;
    },
  };
};

export type GroupDrift = ReturnType<typeof createGroupDrift>;
