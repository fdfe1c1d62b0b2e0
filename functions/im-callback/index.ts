import { setTimeout as sleep } from 'node:timers/promises';
import { createClassFinder } from '../../lib/classroom/class-finder.ts';
import { createCurrentFilter } from '../../lib/classroom/current-filter.ts';
import { createNotices } from '../../lib/classroom/notices.ts';
import { createUsers } from '../../lib/classroom/users.ts';
import { createWordList } from '../../lib/classroom/word-list.ts';
import {
  callbackSettings,
  databaseSettings,
  imSettings,
  logSettings,
  moderationSettings,
  noticeSettings,
  readConfig,
  signingSettings,
} from '../../lib/config.ts';
import { createDatabase } from '../../lib/db/database.ts';
import { createFetch } from '../../lib/http/fetch.ts';
import { createImClient } from '../../lib/im/client.ts';
import { createLog } from '../../lib/log.ts';
import { createUserSigSigner } from '../../lib/usersig/signer.ts';
import { createHandler } from './handler.ts';

const config = readConfig(
  process.env,
  logSettings,
  callbackSettings,
  signingSettings,
  imSettings,
  databaseSettings,
  moderationSettings,
  noticeSettings,
);
const clock = Date.now;
const log = createLog({ level: config.logLevel, write: console.log, clock });
const database = createDatabase({ url: config.databaseUrl, clock, sleep });
const signer = createUserSigSigner(config.sdkAppId, config.signingKey);
const im = createImClient({
  apiUrl: config.imApiUrl,
  adminUserId: config.adminUserId,
  signer,
  fetch: createFetch(clock),
  sleep,
  random: Math.random,
  clock,
});
const filter = createCurrentFilter(createWordList(database), { log, clock, sleep });

export const main = createHandler({
  ...config,
  log,
  clock,
  sleep,
  filter,
  finder: createClassFinder(database),
  notices: createNotices({
    database,
    im,
    users: createUsers(database),
    filter,
    language: config.noticeLanguage,
    log,
    clock,
  }),
});
