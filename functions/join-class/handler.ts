import { classView } from '../../lib/classroom/class/class.ts';
import type { Classes, Enrolment } from '../../lib/classroom/class/classes.ts';
import type { Joining } from '../../lib/classroom/entry/joining.ts';
import { roomKey, roomPrivileges } from '../../lib/classroom/entry/room-key.ts';
import { holdsBoard } from '../../lib/classroom/members/member.ts';
import { type HttpDeps, httpEndpoint } from '../../lib/scf/http-endpoint.ts';
import { issueUserSig } from '../../lib/usersig/issue.ts';
import type { UserSigSigner } from '../../lib/usersig/signer.ts';
import { type JoinClassOutput, joinClassInput } from './schema.ts';

export interface Deps {
  http: HttpDeps;
  classes: Pick<Classes, 'lifetimeSeconds'>;
  joining: Pick<Joining, 'join'>;
  signer: UserSigSigner;
  userSigTtlSeconds: number;
  privateMapKeyTtlSeconds: number;
}

/**
 * `POST /join-class`: all that an app needs to enter a class. 403 for whoever was removed or does not know the passcode,
 * 409 for a student who is early, 410 when it is over or about to be, 429 at the sixth passcode within a minute.
 */
export const createHandler = ({ http, classes, joining, signer, userSigTtlSeconds, privateMapKeyTtlSeconds }: Deps) =>
  httpEndpoint(http, {
    input: joinClassInput,
    async run({ classId, passcode }, caller): Promise<JoinClassOutput> {
      const enrolment = await joining.join(classId, caller, passcode);
      const { lesson, member, role } = enrolment;
      const { userId } = member;
      const issuedAt = Math.floor(http.clock() / 1000);
      const ttlSeconds = classes.lifetimeSeconds(lesson, privateMapKeyTtlSeconds);
      return {
        class: classView(lesson),
        role,
        board: holdsBoard(lesson, member),
        sig: issueUserSig(signer, userId, issuedAt, classes.lifetimeSeconds(lesson, userSigTtlSeconds)),
        ...roomKey(signer, lesson, userId, { privileges: privilegesOf(enrolment), issuedAt, ttlSeconds }),
      };
    },
  });

/** Students wait for the class to be live before one of them may be the first in the room. */
const privilegesOf = ({ lesson, member, role }: Enrolment): number => {
  if (role !== 'student' || holdsBoard(lesson, member)) return roomPrivileges.full;
  return lesson.status === 'live' ? roomPrivileges.seated : roomPrivileges.waiting;
};
