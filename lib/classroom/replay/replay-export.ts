import type { Database } from '../../db/database.ts';
import { historyPageSize, type ImClient, type StoredMessage } from '../../im/client.ts';
import { onceMore } from '../../im/retry.ts';
import type { Log } from '../../log.ts';
import { type Lesson, replayGroupId } from '../class/class.ts';
import { readStretch } from './replay-history.ts';
import { type ReplayGap, readReplayMessage } from './replay-message.ts';
import { type CopyProgress, createReplayStore, type KeptMessage } from './replay-store.ts';

export interface ReplayExportOptions {
  database: Database;
  im: Pick<ImClient, 'findGroup' | 'readHistory'>;
  log: Log;
  /** Milliseconds since 1970. */
  clock(): number;
}

/**
 * Copies replays out of IM, oldest message first, since the oldest run out first. How far it has come is kept with each
 * page, so that whoever is next goes on from there. One at a time for a class: call it under the class's lock.
 */
export const createReplayExport = ({ database, im, log, clock }: ReplayExportOptions) => {
  const store = createReplayStore(database);

  /** Answers up to where it came: short of the newest when the time was up. */
  const copyPages = async (classId: string, { copied, newest }: CopyProgress, until: number): Promise<number> => {
    let reached = copied;
    while (reached < newest && clock() < until) {
      const to = Math.min(reached + historyPageSize, newest);
      const { messages, gaps } = await readStretch(im, replayGroupId(classId), { from: reached + 1, to });
      await store.keep(classId, { messages: messages.flatMap(toKept), gaps }, { copied: to, newest });
      reached = to;
    }
    return reached;
  };

  /** Nobody can tell any more what the rest was, unless somebody who took this over has copied it. */
  const giveUpRest = async (classId: string, { copied, newest }: CopyProgress): Promise<void> => {
    if (await store.isExported(classId)) return;
    log.warn('the replay is gone', { classId, groupId: replayGroupId(classId), count: newest - copied });
    const gaps: ReplayGap[] = copied < newest ? [{ from: copied + 1, to: newest, reason: 'missing' }] : [];
    await store.keep(classId, { messages: [], gaps }, { copied: newest, newest });
  };

  /** Answers whether it came to the end in time. */
  const copy = async (classId: string, until: number): Promise<boolean> => {
    let { copied, newest } = await store.progress(classId);
    for (;;) {
      const group = await onceMore(() => im.findGroup(replayGroupId(classId)));
      if (!group) {
        await giveUpRest(classId, { copied, newest });
        return true;
      }
      newest = group.nextSeq - 1;
      // Until nothing more has come in while the rest was copied.
      if (copied >= newest) return true;
      copied = await copyPages(classId, { copied, newest }, until);
      if (copied < newest) return false;
    }
  };

  return {
    /**
     * Copies what is left of a replay. Answers true once all of it is there, false when `until` came first (milliseconds
     * since 1970). Throws what IM and the database failed with.
     */
    async export(lesson: Lesson, { until }: { until: number }): Promise<boolean> {
      if (lesson.exportedAt !== undefined) return true;
      if (lesson.groups === 'open' && !(await copy(lesson.classId, until))) return false;
      await store.finish(lesson.classId, Math.floor(clock() / 1000));
      return true;
    },
  };
};

export type ReplayExport = ReturnType<typeof createReplayExport>;

const toKept = (stored: StoredMessage): KeptMessage[] => {
  const message = readReplayMessage(stored);
  return message ? [{ ...message, random: stored.random }] : [];
};
