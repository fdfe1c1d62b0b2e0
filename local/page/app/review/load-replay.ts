import type { ClassroomClient, Reply } from '../../../../client/classroom.ts';

type Page = Reply<'get-replay'>;

/** A replay from its first message to its last. */
export type WholeReplay = Pick<Page, 'messages' | 'gaps'>;

/** Loads all pages of a replay; `onPage` is told how many messages have come so far. Throws `ClassroomError`. */
export const loadReplay = async (
  client: Pick<ClassroomClient, 'call'>,
  classId: string,
  onPage?: (count: number) => void,
): Promise<WholeReplay> => {
  const replay: WholeReplay = { messages: [], gaps: [] };
  let cursor: string | undefined;
  do {
    const page: Page = await client.call('get-replay', {
      classId,
      limit: 200,
      ...(cursor !== undefined && { cursor }),
    });
    replay.messages.push(...page.messages);
    replay.gaps.push(...page.gaps);
    cursor = page.nextCursor;
    onPage?.(replay.messages.length);
  } while (cursor !== undefined);
  return replay;
};
