import type { Classes } from '../../lib/classroom/class/classes.ts';
import type { Members } from '../../lib/classroom/members/members.ts';
import { type HttpDeps, httpEndpoint } from '../../lib/scf/http-endpoint.ts';
import { type RevokeBoardOutput, revokeBoardInput } from './schema.ts';

export interface Deps {
  http: HttpDeps;
  classes: Pick<Classes, 'requireTaughtBy'>;
  members: Pick<Members, 'revokeBoard'>;
}

/**
 * `POST /revoke-board`: takes the board away, so that the member leaves the ReplayGroup. 403 unless the class's teacher, 404
 * for somebody who never joined, 409 for the teacher, 410 for a class that is over.
 */
export const createHandler = ({ http, classes, members }: Deps) =>
  httpEndpoint(http, {
    input: revokeBoardInput,
    async run({ classId, userId }, caller): Promise<RevokeBoardOutput> {
      await classes.requireTaughtBy(classId, caller);
      await members.revokeBoard(classId, userId);
      return { classId, userId, board: false };
    },
  });
