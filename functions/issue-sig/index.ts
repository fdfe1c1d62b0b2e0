import { httpSettings, logSettings, readConfig, signingSettings, userSigSettings } from '../../lib/config.ts';
import { createFetch } from '../../lib/http/fetch.ts';
import { createHttpDeps } from '../../lib/scf/http-deps.ts';
import { createUserSigSigner } from '../../lib/usersig/signer.ts';
import { createHandler } from './handler.ts';

const config = readConfig(process.env, logSettings, httpSettings, signingSettings, userSigSettings);
const { reserved, ...http } = createHttpDeps(config, {
  fetch: createFetch(Date.now),
  clock: Date.now,
  write: console.log,
});

export const main = createHandler({
  http,
  reserved,
  signer: createUserSigSigner(config.sdkAppId, config.signingKey),
  defaultTtlSeconds: config.userSigTtlSeconds,
});
