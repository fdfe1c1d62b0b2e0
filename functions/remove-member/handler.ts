import type { Classes } from '../../lib/classroom/class/classes.ts';
import type { Members } from '../../lib/classroom/members/members.ts';
import { type HttpDeps, httpEndpoint } from '../../lib/scf/http-endpoint.ts';
import { type RemoveMemberOutput, removeMemberInput } from './schema.ts';

export interface Deps {
  http: HttpDeps;
  classes: Pick<Classes, 'requireTaughtBy'>;
  members: Pick<Members, 'remove'>;
}

/**
 * `POST /remove-member`: puts somebody out of the class and its room for good, until restored. 403 unless the class's
 * teacher, 404 for somebody who never joined, 409 for the teacher, 410 for a class that is over.
 */
export const createHandler = ({ http, classes, members }: Deps) =>
  httpEndpoint(http, {
    input: removeMemberInput,
    async run({ classId, userId }, caller): Promise<RemoveMemberOutput> {
      await classes.requireTaughtBy(classId, caller);
      await members.remove(classId, userId);
      return { classId, userId, removed: true };
    },
  });
