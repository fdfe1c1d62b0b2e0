import type { Classes } from '../../lib/classroom/class/classes.ts';
import type { Replay } from '../../lib/classroom/replay/replay.ts';
import { cursorOf } from '../../lib/cursor.ts';
import { type HttpDeps, httpEndpoint } from '../../lib/scf/http-endpoint.ts';
import { type GetReplayOutput, getReplayInput } from './schema.ts';

export interface Deps {
  http: HttpDeps;
  classes: Pick<Classes, 'requireReader'>;
  replay: Replay;
}

/**
 * `POST /get-replay`: strokes, time lines and recorded files of a class in their order, page by page, and which messages are
 * no more. 403 unless a member; 410 from 30 days after the end.
 */
export const createHandler = ({ http, classes, replay }: Deps) =>
  httpEndpoint(http, {
    input: getReplayInput,
    async run({ classId, cursor = 0, limit }, caller): Promise<GetReplayOutput> {
      const { lesson } = await classes.requireReader(classId, caller);
      const { messages, gaps, nextAfter } = await replay.page(lesson, { after: cursor, limit });
      return { messages, gaps, ...(nextAfter !== undefined && { nextCursor: cursorOf(String(nextAfter)) }) };
    },
  });
