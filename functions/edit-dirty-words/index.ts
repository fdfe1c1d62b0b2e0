import { setTimeout as sleep } from 'node:timers/promises';
import { createWordList } from '../../lib/classroom/words/word-list.ts';
import { databaseSettings, httpSettings, logSettings, readConfig } from '../../lib/config.ts';
import { createDatabase } from '../../lib/db/database.ts';
import { createFetch } from '../../lib/http/fetch.ts';
import { createHttpDeps } from '../../lib/scf/http-deps.ts';
import { createHandler } from './handler.ts';

const config = readConfig(process.env, logSettings, httpSettings, databaseSettings);
const clock = Date.now;

export const main = createHandler({
  http: createHttpDeps(config, { fetch: createFetch(clock), clock, write: console.log }),
  wordList: createWordList(createDatabase({ url: config.databaseUrl, clock, sleep })),
});
