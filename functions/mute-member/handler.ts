import type { Classes } from '../../lib/classroom/class/classes.ts';
import type { Members } from '../../lib/classroom/members/members.ts';
import { AppError } from '../../lib/errors.ts';
import { type HttpDeps, httpEndpoint } from '../../lib/scf/http-endpoint.ts';
import { type MuteMemberOutput, muteMemberInput } from './schema.ts';

export interface Deps {
  http: HttpDeps;
  classes: Pick<Classes, 'requireLedBy'>;
  members: Pick<Members, 'mute'>;
}

/**
 * `POST /mute-member`: silences somebody for a while, or lets them speak again. 403 unless the class's teacher or an
 * assistant, and for themselves, 404 for somebody who never joined, 409 for the teacher, 410 for a class that is over.
 */
export const createHandler = ({ http, classes, members }: Deps) =>
  httpEndpoint(http, {
    input: muteMemberInput,
    async run({ classId, userId, seconds }, caller): Promise<MuteMemberOutput> {
      const lesson = await classes.requireLedBy(classId, caller);
      if (userId === caller.userId && userId !== lesson.teacherId)
        throw new AppError('FORBIDDEN', 'Nobody mutes themselves, or lifts it.');
      const mutedUntil = await members.mute(classId, userId, seconds);
      return { classId, userId, mutedUntil };
    },
  });
