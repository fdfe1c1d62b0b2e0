import type { ImClient, StoredMessage } from '../../im/client.ts';
import { onceMore } from '../../im/retry.ts';

/** The newest of a ReplayGroup's history, newest first, at least back to a time in Unix seconds. */
export const readBack = async (
  im: Pick<ImClient, 'readHistory'>,
  groupId: string,
  since: number,
): Promise<StoredMessage[]> => {
  const found: StoredMessage[] = [];
  for (let fromSeq: number | undefined; ; ) {
    const { messages, restIsExpired } = await onceMore(() => im.readHistory(groupId, fromSeq));
    found.push(...messages);
    const last = messages.at(-1);
    const isFarEnough = messages.some(({ time, hole }) => !hole && time < since);
    if (!last || last.seq <= 1 || isFarEnough || restIsExpired) return found;
    fromSeq = last.seq - 1;
  }
};
