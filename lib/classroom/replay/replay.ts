import type { Database } from '../../db/database.ts';
import { historyPageSize, type ImClient } from '../../im/client.ts';
import { onceMore } from '../../im/retry.ts';
import type { Log } from '../../log.ts';
import { type Lesson, replayGroupId } from '../class/class.ts';
import { readStretch } from './replay-history.ts';
import { joinGaps, type ReplayGap, type ReplayMessage, readReplayMessage } from './replay-message.ts';
import { createReplayStore, type ReplayPage } from './replay-store.ts';

export interface ReplayOptions {
  database: Database;
  im: Pick<ImClient, 'findGroup' | 'readHistory'>;
  log: Log;
}

/** Which part of a replay: up to `limit` messages, numbered over `after`. */
export interface PageRequest {
  after: number;
  limit: number;
}

/** So many stretches of history are read for one page, however few of its messages belong to the replay. */
const maxStretches = 25;

const nothing: ReplayPage = { messages: [], gaps: [], nextAfter: undefined };

/**
 * Replays, page by page: from IM while the class goes on, from PostgreSQL once they are exported. A page reaches to the
 * last of its messages, or to the end, and is the same from either.
 */
export const createReplay = ({ database, im, log }: ReplayOptions) => {
  const store = createReplayStore(database);

  /** `undefined` when IM has no such group. */
  const readLive = async (groupId: string, { after, limit }: PageRequest): Promise<ReplayPage | undefined> => {
    const group = await onceMore(() => im.findGroup(groupId));
    if (!group) return undefined;
    const newest = group.nextSeq - 1;
    const messages: ReplayMessage[] = [];
    const gaps: ReplayGap[] = [];
    let readTo = after;
    for (let count = 0; count < maxStretches && readTo < newest && messages.length < limit; count += 1) {
      const to = Math.min(readTo + historyPageSize, newest);
      const stretch = await readStretch(im, groupId, { from: readTo + 1, to });
      messages.push(...stretch.messages.flatMap((stored) => readReplayMessage(stored) ?? []));
      gaps.push(...stretch.gaps);
      readTo = to;
    }
    return cut({ messages, gaps, readTo, newest }, limit);
  };

  return {
    /** One page. Throws what IM and the database failed with. */
    async page(lesson: Lesson, request: PageRequest): Promise<ReplayPage> {
      const { classId } = lesson;
      if (lesson.exportedAt !== undefined) return store.page(classId, request);
      if (lesson.groups !== 'open') return nothing;
      const groupId = replayGroupId(classId);
      const live = await readLive(groupId, request).catch(async (error: unknown) => {
        if (!(await store.isExported(classId))) throw error;
      });
      if (live) return live;
      // Exported, and its group dissolved, since the class was looked up.
      if (await store.isExported(classId)) return store.page(classId, request);
      log.warn('the replay is gone', { classId, groupId });
      return nothing;
    },
  };
};

export type Replay = ReturnType<typeof createReplay>;

interface Read {
  messages: readonly ReplayMessage[];
  gaps: readonly ReplayGap[];
  readTo: number;
  newest: number;
}

const cut = ({ messages, gaps, readTo, newest }: Read, limit: number): ReplayPage => {
  const end = messages[limit - 1]?.seq ?? readTo;
  return {
    messages: messages.slice(0, limit),
    gaps: joinGaps(gaps.filter(({ from }) => from <= end)),
    nextAfter: end < newest ? end : undefined,
  };
};
