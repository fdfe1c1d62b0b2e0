import { setTimeout as sleep } from 'node:timers/promises';
import { createIm } from '../../lib/classroom/clients.ts';
import { createWordEditing } from '../../lib/classroom/words/word-editing.ts';
import { createWordSync } from '../../lib/classroom/words/word-sync.ts';
import { databaseSettings, httpSettings, logSettings, readConfig, wordSyncSettings } from '../../lib/config.ts';
import { createDatabase } from '../../lib/db/database.ts';
import { createFetch } from '../../lib/http/fetch.ts';
import { createHttpDeps } from '../../lib/scf/http-deps.ts';
import { createHandler } from './handler.ts';

const config = readConfig(process.env, logSettings, httpSettings, databaseSettings, wordSyncSettings);
const clock = Date.now;
const fetch = createFetch(clock, config.wordSync?.imApiUrl);
const http = createHttpDeps(config, { fetch, clock, write: console.log });
const database = createDatabase({ url: config.databaseUrl, clock, sleep });

export const main = createHandler({
  http,
  wordEditing: createWordEditing(database),
  wordSync:
    config.wordSync &&
    createWordSync({ ...createIm(config.wordSync, { fetch, clock }), database, log: http.log, clock }),
});
