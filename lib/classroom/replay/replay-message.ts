import type { StoredMessage } from '../../im/client.ts';
import { isDeeperThan } from '../../nesting.ts';

/** What a replay is made of: a stroke on the board, a time line (1003) or a recorded file (1004). */
export interface ReplayMessage {
  /** Its number in the ReplayGroup. */
  seq: number;
  /** Unix seconds, by IM's clock. */
  time: number;
  userId: string;
  type: 'board' | 1003 | 1004;
  /** A board message's `data`, or all of a numbered message but its type. */
  data: unknown;
}

/** Neighbouring messages that are no more, from the first to the last. */
export interface ReplayGap {
  from: number;
  to: number;
  reason: 'missing' | 'expired' | 'recalled';
}

/** No stroke comes near. */
const maxNesting = 1000;

/** A message of a ReplayGroup as the replay shows it; `undefined` for whatever else was said there. */
export const readReplayMessage = ({
  seq,
  time,
  senderId,
  isByAdministrator,
  data: text,
}: Pick<StoredMessage, 'seq' | 'time' | 'senderId' | 'isByAdministrator' | 'data'>): ReplayMessage | undefined => {
  const carried = text === undefined ? undefined : parseObject(text);
  if (!carried || isDeeperThan(carried, maxNesting)) return undefined;
  const { type, ...rest } = carried;
  if (type === 'board') return { seq, time, userId: senderId, type, data: rest.data ?? null };
  // What a client has slipped past the gate is no word of ours.
  if (!isByAdministrator || (type !== 1003 && type !== 1004)) return undefined;
  // The administrator who sends it is nobody of the class.
  return { seq, time, userId: userIdIn(rest.value) ?? '', type, data: rest };
};

/** The gaps with neighbours of one reason made one. They must be in order. */
export const joinGaps = (gaps: readonly ReplayGap[]): ReplayGap[] => {
  const joined: ReplayGap[] = [];
  for (const gap of gaps) {
    const before = joined.at(-1);
    if (before?.reason === gap.reason && before.to + 1 === gap.from) before.to = gap.to;
    else joined.push({ ...gap });
  }
  return joined;
};

const parseObject = (text: string): Record<string, unknown> | undefined => {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) && !Array.isArray(value) ? value : undefined;
  } catch {
    // Plain text is somebody else's message.
    return undefined;
  }
};

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

/** Whom a numbered message is about. PostgreSQL cannot hold every string. */
const userIdIn = (value: unknown): string | undefined => {
  const uid = isObject(value) ? value.uid : undefined;
  return typeof uid === 'string' && uid.isWellFormed() && !uid.includes('\0') ? uid : undefined;
};
