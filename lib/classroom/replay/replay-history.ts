import type { ImClient, StoredMessage } from '../../im/client.ts';
import { onceMore } from '../../im/retry.ts';
import { joinGaps, type ReplayGap } from './replay-message.ts';

/** A stretch of a group's history, oldest first: the messages that IM has, and those that it has no more. */
export interface Stretch {
  messages: StoredMessage[];
  gaps: ReplayGap[];
}

/** Reads the messages that are numbered `from` to `to`. Throws `ImError`. */
export const readStretch = async (
  im: Pick<ImClient, 'readHistory'>,
  groupId: string,
  { from, to }: { from: number; to: number },
): Promise<Stretch> => {
  const returned = new Map<number, StoredMessage>();
  let expiredTo = 0;
  // One page brings it all, unless IM cuts a heavy one or has lost its oldest.
  for (let unread = to; unread >= from; ) {
    const { messages, restIsExpired } = await onceMore(() => im.readHistory(groupId, unread));
    if (messages.length === 0) {
      if (restIsExpired) expiredTo = unread;
      break;
    }
    for (const message of messages) returned.set(message.seq, message);
    unread = Math.min(unread, ...messages.map(({ seq }) => seq)) - 1;
  }

  const stretch: Stretch = { messages: [], gaps: [] };
  for (let seq = from; seq <= to; seq += 1) {
    const message = returned.get(seq);
    if (message && !message.hole) stretch.messages.push(message);
    else stretch.gaps.push({ from: seq, to: seq, reason: message?.hole ?? (seq <= expiredTo ? 'expired' : 'missing') });
  }
  return { ...stretch, gaps: joinGaps(stretch.gaps) };
};
