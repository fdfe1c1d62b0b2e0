import type { Classes } from '../../lib/classroom/class/classes.ts';
import { roomKey, roomPrivileges } from '../../lib/classroom/entry/room-key.ts';
import type { BoardGrant } from '../../lib/classroom/members/board-grant.ts';
import { type HttpDeps, httpEndpoint } from '../../lib/scf/http-endpoint.ts';
import type { UserSigSigner } from '../../lib/usersig/signer.ts';
import { type GrantBoardOutput, grantBoardInput } from './schema.ts';

export interface Deps {
  http: HttpDeps;
  classes: Pick<Classes, 'requireTaughtBy' | 'lifetimeSeconds'>;
  board: BoardGrant;
  signer: UserSigSigner;
  privateMapKeyTtlSeconds: number;
}

/**
 * `POST /grant-board`: lets a member draw, with a fresh key to the room. 403 unless the class's teacher, 404 for somebody
 * who never joined, 409 for somebody removed and when as many have the board as the IM plan allows, 410 at the class's end.
 */
export const createHandler = ({ http, classes, board, signer, privateMapKeyTtlSeconds }: Deps) =>
  httpEndpoint(http, {
    input: grantBoardInput,
    async run({ classId, userId }, caller): Promise<GrantBoardOutput> {
      const lesson = await classes.requireTaughtBy(classId, caller);
      // The key first: a class about to end is GONE, and then nothing is granted.
      const { privateMapKey } = roomKey(signer, lesson, userId, {
        privileges: roomPrivileges.full,
        issuedAt: Math.floor(http.clock() / 1000),
        ttlSeconds: classes.lifetimeSeconds(lesson, privateMapKeyTtlSeconds),
      });
      await board.grant(lesson, userId);
      return { classId, userId, board: true, privateMapKey };
    },
  });
