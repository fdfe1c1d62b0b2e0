import { httpSettings, logSettings, readConfig, signingSettings } from '../../lib/config.ts';
import { createFetch } from '../../lib/http/fetch.ts';
import { createHttpDeps } from '../../lib/scf/http-deps.ts';
import { createUserSigVerifier } from '../../lib/usersig/verifier.ts';
import { createHandler } from './handler.ts';

const config = readConfig(process.env, logSettings, httpSettings, signingSettings);

export const main = createHandler({
  http: createHttpDeps(config, { fetch: createFetch(Date.now), clock: Date.now, write: console.log }),
  verifier: createUserSigVerifier(config.sdkAppId, config.signingKey),
});
