import type { Database } from '../db/database.ts';
import { describeError, type Log } from '../log.ts';
import type { Presence } from './attendance/presence.ts';
import { hardEnd, type Lesson } from './class/class.ts';
import type { ClassCreation } from './class/class-creation.ts';
import type { ClassEnding } from './class/class-ending.ts';
import { classLock } from './class/class-lock.ts';
import type { ClassSettling } from './class/class-settling.ts';
import type { ClassStore } from './class/class-store.ts';
import type { PasscodeTries } from './entry/passcode-tries.ts';
import type { GroupDrift } from './groups/group-drift.ts';
import type { LateOpening } from './groups/late-opening.ts';
import type { Repairs } from './groups/repairs.ts';
import type { MemberSettling } from './members/member-settling.ts';
import type { Budget } from './messages/budget.ts';
import type { Outbox } from './messages/outbox.ts';
import type { SentMessages } from './messages/sent-messages.ts';
import type { Notices } from './notices/notices.ts';
import { createRepairLog } from './repair-log.ts';
import { doEach } from './settling.ts';
import type { WordEditing } from './words/word-editing.ts';
import type { WordSync } from './words/word-sync.ts';

export interface SweepOptions {
  database: Database;
  store: Pick<ClassStore, 'unfinished' | 'dueToOpen' | 'overdue' | 'openedToday' | 'forgetOldKeys'>;
  creation: Pick<ClassCreation, 'finishLeftover'>;
  repairs: Pick<Repairs, 'pending' | 'settle'>;
  lateOpening: Pick<LateOpening, 'openIfFree'>;
  drift: Pick<GroupDrift, 'heal'>;
  memberSettling: Pick<MemberSettling, 'settlePending'>;
  classSettling: Pick<ClassSettling, 'settlePending'>;
  presence: Pick<Presence, 'idleLiveClasses'>;
  ending: Pick<ClassEnding, 'end' | 'closePending'>;
  outbox: Pick<Outbox, 'flush'>;
  notices: Pick<Notices, 'flush'>;
  sentMessages: Pick<SentMessages, 'forgetOld'>;
  budget: Pick<Budget, 'forgetOld'>;
  passcodeTries: Pick<PasscodeTries, 'forgetOld'>;
  wordEditing: Pick<WordEditing, 'recompile'>;
  /** When IM's own list follows ours. */
  wordSync: Pick<WordSync, 'tellLeft'> | undefined;
  log: Log;
  /** Milliseconds since 1970. */
  clock(): number;
}

/**
 * What a sweep has done, by kind: repairs (a word that IM is told of is one), classes ended, groups opened, replays exported,
 * late messages and notices taken up.
 */
export interface SweepReport {
  repaired: number;
  ended: number;
  opened: number;
  exported: number;
  flushed: number;
}

/** A creation is left alone for so long: whoever began it may still be at it. */
const unfinishedAfterSeconds = 15;
/** Two groups a class; told of at four fifths of what IM allows in a day. Source: https://cloud.tencent.com/document/product/269/1615 */
const manyClassesADay = (10_000 / 2) * 0.8;
/** A sweep has more to do than to tell IM of words. */
const tellImForMs = 10_000;

const nothing: SweepReport = { repaired: 0, ended: 0, opened: 0, exported: 0, flushed: 0 };

/**
 * Brings to an end what killed or failed invocations left: one sweep at a time, and one failure does not stop the rest,
 * unless nobody answers.
 */
export const createSweep = (options: SweepOptions) => {
  const { database, store, creation, repairs, lateOpening, drift, memberSettling, classSettling, presence, ending } =
    options;
  const { outbox, sentMessages, budget, notices, passcodeTries, wordEditing, wordSync, log, clock } = options;
  const nowSeconds = () => Math.floor(clock() / 1000);

  /** The work's result; a failure is logged, and counts as nothing done. */
  const attempt = async <T>(step: string, work: () => Promise<T>, none: T): Promise<T> =>
    work().catch((error: unknown) => {
      log.warn('sweep step failed', { step, ...describeError(error) });
      return none;
    });

  const count = (step: string, work: () => Promise<number>): Promise<number> => attempt(step, work, 0);

  const repairOf =
    (repair: 'unfinished creation' | 'leftover groups') =>
    ({ classId }: Pick<Lesson, 'classId'>) =>
      createRepairLog(log, { repair, classId });

  /** What it is the sweep's business to do, whether anything went wrong or not. */
  const businessOf =
    (done: string, notDone: string, reason?: string) =>
    ({ classId }: Lesson) => ({
      done: () => log.info(done, { classId, reason }),
      failed: (error: unknown) => log.warn(notDone, { classId, ...describeError(error) }),
    });

  const finishCreations = async () =>
    doEach(
      await store.unfinished(nowSeconds() - unfinishedAfterSeconds),
      async ({ classId }) => ((await creation.finishLeftover(classId)) ? 1 : 0),
      repairOf('unfinished creation'),
    );

  const settleLeftovers = async () =>
    doEach(
      await repairs.pending(),
      async ({ classId }) => (await database.tryExclusively(classLock(classId), () => repairs.settle(classId))) ?? 0,
      repairOf('leftover groups'),
    );

  const openGroups = async () =>
    doEach(
      await store.dueToOpen(),
      async (lesson) => ((await lateOpening.openIfFree(lesson)) ? 1 : 0),
      businessOf('groups opened', 'groups not opened'),
    );

  const endClasses = (reason: string, lessons: readonly Lesson[], endOf: (lesson: Lesson) => number) =>
    doEach(
      lessons,
      async (lesson) => {
        await ending.end(lesson, endOf(lesson));
        return 1;
      },
      businessOf('class ended', 'class not ended', reason),
    );

  const warnOfManyGroups = async () => {
    const classes = await store.openedToday();
    if (classes >= manyClassesADay) log.warn('new groups of the day come near what IM allows', { count: classes * 2 });
    return classes;
  };

  const sweep = async (): Promise<SweepReport> => {
    const created = await count('unfinished creations', finishCreations);
    const settled = await count('leftover groups', settleLeftovers);
    const overdue = await count('classes past their end', async () =>
      endClasses('hard end', await store.overdue(), hardEnd),
    );
    const idle = await count('classes with nobody in them', async () =>
      endClasses('nobody there', await presence.idleLiveClasses(nowSeconds()), nowSeconds),
    );
    const opened = await count('groups to open', openGroups);
    const healed = await count('lost groups', drift.heal);
    const members = await count('unsettled members', memberSettling.settlePending);
    const classes = await count('unsettled classes', classSettling.settlePending);
    const { exported } = await attempt('ended classes', ending.closePending, { exported: 0, closed: 0 });
    const sent = await count('unsent messages', outbox.flush);
    const announced = await count('unsent notices', notices.flush);
    const words = (await wordSync?.tellLeft(tellImForMs)) ?? 0;
    await count('new groups', warnOfManyGroups);
    await attempt('old keys', store.forgetOldKeys, undefined);
    await attempt('old replies', sentMessages.forgetOld, undefined);
    await attempt('old budgets', budget.forgetOld, undefined);
    await attempt('old passcode tries', passcodeTries.forgetOld, undefined);
    // Last: of all that is done here it takes the most memory.
    await attempt('compiled word list', wordEditing.recompile, undefined);
    return {
      repaired: created + settled + healed + members + classes + words,
      ended: overdue + idle,
      opened,
      exported,
      flushed: sent + announced,
    };
  };

  return async (): Promise<SweepReport> => (await database.tryExclusively('sweep', sweep)) ?? nothing;
};
