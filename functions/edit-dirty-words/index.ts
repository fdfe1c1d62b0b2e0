import { setTimeout as sleep } from 'node:timers/promises';
import { createWordEditing } from '../../lib/classroom/words/word-editing.ts';
import { createWordSync } from '../../lib/classroom/words/word-sync.ts';
import { databaseSettings, httpSettings, logSettings, readConfig, wordSyncSettings } from '../../lib/config.ts';
import { createDatabase } from '../../lib/db/database.ts';
import { createFetch } from '../../lib/http/fetch.ts';
import { createImClient } from '../../lib/im/client.ts';
import { createHttpDeps } from '../../lib/scf/http-deps.ts';
import { createUserSigSigner } from '../../lib/usersig/signer.ts';
import { createHandler } from './handler.ts';

const config = readConfig(process.env, logSettings, httpSettings, databaseSettings, wordSyncSettings);
const clock = Date.now;
const fetch = createFetch(clock, config.wordSync?.imApiUrl);
const http = createHttpDeps(config, { fetch, clock, write: console.log });
const database = createDatabase({ url: config.databaseUrl, clock, sleep });

const createIm = ({ sdkAppId, signingKey, imApiUrl: apiUrl, adminUserId }: NonNullable<typeof config.wordSync>) =>
  createImClient({
    apiUrl,
    adminUserId,
    signer: createUserSigSigner(sdkAppId, signingKey),
    fetch,
    sleep,
    random: Math.random,
    clock,
  });

export const main = createHandler({
  http,
  wordEditing: createWordEditing(database),
  wordSync: config.wordSync && createWordSync({ database, im: createIm(config.wordSync), log: http.log, clock }),
});
