import { type HttpDeps, httpEndpoint } from '../../lib/scf/http-endpoint.ts';
import type { UserSigVerifier } from '../../lib/usersig/verifier.ts';
import { type VerifySigOutput, verifySigInput } from './schema.ts';

export interface Deps {
  http: HttpDeps;
  verifier: UserSigVerifier;
}

/** `POST /verify-sig`: what a UserSig or PrivateMapKey says and whether it holds; always 200. Admins only. */
export const createHandler = ({ http, verifier }: Deps) =>
  httpEndpoint(http, {
    roles: ['admin'],
    input: verifySigInput,
    async run({ userSig, userId }): Promise<VerifySigOutput> {
      const verdict = verifier.verify(userSig, { userId, now: Math.floor(http.clock() / 1000) });
      return verdict.valid
        ? { valid: true, ...verdict.fields }
        : { valid: false, ...verdict.fields, reason: verdict.reason };
    },
  });
