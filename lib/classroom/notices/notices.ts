import type { Database } from '../../db/database.ts';
import type { ImClient } from '../../im/client.ts';
import { onceMore } from '../../im/retry.ts';
import type { Log } from '../../log.ts';
import type { Users } from '../members/users.ts';
import { newId, type Random } from '../random.ts';
import { createRepairLog } from '../repair-log.ts';
import { finishAll } from '../settling.ts';
import type { CurrentFilter } from '../words/current-filter.ts';
import { createNoticeStore, isRepeatable, type Movement, type Notice } from './notice-store.ts';
import { type NoticeLanguage, noticeText } from './notice-text.ts';

export interface NoticesOptions {
  database: Database;
  im: Pick<ImClient, 'sendCustomMessage'>;
  users: Pick<Users, 'namesOf'>;
  filter(): Promise<CurrentFilter>;
  language: NoticeLanguage;
  /** A group gets at most one notice of each kind within so long. */
  noticeWindowMs: number;
  random: Random;
  log: Log;
  /** Milliseconds since 1970. */
  clock(): number;
  sleep(ms: number): Promise<unknown>;
}

/** A callback is answered within 1.9 s; what it waited for must be sent by then. */
const longestWaitMs = 1600;

/**
 * System notices of who joined and left, folded: one window per group for joins and leaves alike. The first event opens it;
 * its invocation waits for the end, and sends what has gathered. All others only add to it.
 */
export const createNotices = (options: NoticesOptions) => {
  const { im, users, filter, language, noticeWindowMs, random, log, clock, sleep } = options;
  const store = createNoticeStore(options);
  const repairLogOf = (groupId: string) => createRepairLog(log, { repair: 'unsent notice', groupId });

  const send = async (notice: Notice): Promise<void> => {
    const { groupId, event, userIds, count } = notice;
    const [names, { filter: words }] = await Promise.all([users.namesOf(userIds), filter()]);
    const people = userIds.map((userId) => ({ userId, name: words.mask(names.get(userId) ?? userId) }));
    const description = noticeText(
      language,
      event,
      people.map(({ name }) => name),
      count,
    );
    const data = { v: 1, type: 'notice', event, users: people, count };
    const isSent = await onceMore(async () => {
      // An instance that was frozen on the way here may come too late: somebody else has sent it, and IM forgotten that.
      if (!isRepeatable(notice, clock())) return false;
      await im.sendCustomMessage({ groupId, random: notice.random, data, description, priority: 'Normal' });
      return true;
    });
    if (isSent) await store.markSent(notice);
  };

  /** How long a group may get no other notice. */
  const restMs = async (groupId: string): Promise<number> =>
    (await store.lastSentAtMs(groupId)) + noticeWindowMs - clock();

  /** What a killed or failed invocation left needs no window of its own, when the last notice is long enough ago. */
  const sendLate = async (groupId: string): Promise<number> => {
    const late = (await restMs(groupId)) > 0 ? [] : await store.late(groupId);
    await finishAll(late.map(send));
    return late.length;
  };

  /** The windows' ends are far enough from each other, but IM may have taken the last notice late. */
  const keepDistance = async (groupId: string): Promise<void> => {
    const ms = Math.min(await restMs(groupId), longestWaitMs - noticeWindowMs);
    if (ms > 0) await sleep(ms);
  };

  /**
   * What a group is told at its window's end. What is late comes first, with the same random, so that IM drops what it has
   * had after all; all else waits then for a window with room for it.
   */
  const takeDue = async (groupId: string): Promise<Notice[]> => {
    const late = await store.late(groupId);
    return late.length > 0 ? late : store.fold(groupId);
  };

  /**
   * Tells a group what there is to be told, after one window; nothing when somebody else is at it. Answers how many notices
   * that were, and how many of them came late. Throws what IM or the database failed with: the rest stays for the next
   * callback or the sweep.
   */
  const settle = async (groupId: string): Promise<{ all: number; late: number }> => {
    const holder = newId(random);
    if (!(await store.claim(groupId, holder, noticeWindowMs))) return { all: 0, late: 0 };
    const late = sendLate(groupId);
    await Promise.allSettled([late, sleep(noticeWindowMs)]);
    await keepDistance(groupId);
    const due = (await store.close(groupId, holder)) ? await takeDue(groupId) : [];
    await finishAll([late, ...due.map(send)]);
    return { all: (await late) + due.length, late: await late };
  };

  return {
    /** Adds to a group's next notice; what another delivery of the same callback has told is not counted again. */
    async announce(movement: Movement): Promise<void> {
      await store.keep(movement);
      const repairLog = repairLogOf(movement.groupId);
      try {
        const { late } = await settle(movement.groupId);
        if (late > 0) repairLog.done(late);
      } catch (error) {
        repairLog.due(error);
        throw error;
      }
    },

    /** Sends what killed and failed invocations left, and forgets what is long over. Answers how many notices that were. */
    async flush(): Promise<number> {
      const groupIds = await store.leftGroups();
      const sent = await Promise.all(
        groupIds.map(async (groupId) => {
          try {
            const { all } = await settle(groupId);
            if (all > 0) repairLogOf(groupId).done(all);
            return all;
          } catch (error) {
            repairLogOf(groupId).failed(error);
            return 0;
          }
        }),
      );
      await store.forgetOld();
      return sent.reduce((sum, each) => sum + each, 0);
    },
  };
};

export type Notices = ReturnType<typeof createNotices>;
