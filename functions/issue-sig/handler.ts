import { isRecordingUserId, type ReservedUserIds } from '../../lib/auth/reserved-user-ids.ts';
import { AppError } from '../../lib/errors.ts';
import { type HttpDeps, httpEndpoint } from '../../lib/scf/http-endpoint.ts';
import { issueUserSig } from '../../lib/usersig/issue.ts';
import type { UserSigSigner } from '../../lib/usersig/signer.ts';
import { type IssueSigOutput, issueSigInput } from './schema.ts';

export interface Deps {
  http: HttpDeps;
  signer: UserSigSigner;
  reserved: ReservedUserIds;
  /** Of a sig for which no lifetime is asked. */
  defaultTtlSeconds: number;
}

/** `POST /issue-sig`: a UserSig for the caller, or for anyone when an admin asks. 403 for reserved ids, except recording robots. */
export const createHandler = ({ http, signer, reserved, defaultTtlSeconds }: Deps) =>
  httpEndpoint(http, {
    input: issueSigInput,
    async run({ userId: named, ttlSeconds = defaultTtlSeconds }, caller): Promise<IssueSigOutput> {
      const userId = named ?? caller.userId;
      if (userId !== caller.userId && caller.role !== 'admin')
        throw new AppError('FORBIDDEN', 'Only an admin may ask for the sig of somebody else.');
      if (reserved.isReserved(userId) && !isRecordingUserId(userId))
        throw new AppError('FORBIDDEN', 'This user id is reserved.');
      return issueUserSig(signer, userId, Math.floor(http.clock() / 1000), ttlSeconds);
    },
  });
