import type { Classes } from '../../lib/classroom/class/classes.ts';
import type { Members } from '../../lib/classroom/members/members.ts';
import { type HttpDeps, httpEndpoint } from '../../lib/scf/http-endpoint.ts';
import { type RestoreMemberOutput, restoreMemberInput } from './schema.ts';

export interface Deps {
  http: HttpDeps;
  classes: Pick<Classes, 'requireTaughtBy'>;
  members: Pick<Members, 'restore'>;
}

/**
 * `POST /restore-member`: lets somebody removed in again, without the board. 403 unless the class's teacher, 404 for
 * somebody who never joined, 409 for the teacher, 410 for a class that is over.
 */
export const createHandler = ({ http, classes, members }: Deps) =>
  httpEndpoint(http, {
    input: restoreMemberInput,
    async run({ classId, userId }, caller): Promise<RestoreMemberOutput> {
      await classes.requireTaughtBy(classId, caller);
      await members.restore(classId, userId);
      return { classId, userId, removed: false };
    },
  });
