import { randomBytes, randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { createClassroom } from '../../lib/classroom/classroom.ts';
import { createCurrentFilter } from '../../lib/classroom/current-filter.ts';
import { createNotices } from '../../lib/classroom/notices.ts';
import { createSweep } from '../../lib/classroom/sweep.ts';
import { createWordList } from '../../lib/classroom/word-list.ts';
import {
  databaseSettings,
  imSettings,
  logSettings,
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

const config = readConfig(process.env, logSettings, signingSettings, imSettings, databaseSettings, noticeSettings);
const clock = Date.now;
const log = createLog({ level: config.logLevel, write: console.log, clock });
const database = createDatabase({ url: config.databaseUrl, clock, sleep });
const signer = createUserSigSigner(config.sdkAppId, config.signingKey);
const im = createImClient({
  apiUrl: config.imApiUrl,
  adminUserId: config.adminUserId,
  signer,
  fetch: createFetch(clock, config.imApiUrl),
  sleep,
  random: Math.random,
  clock,
});
const random = { bytes: randomBytes, integer: randomInt };
const { store, users, repairs, creation } = createClassroom({ database, im, random, log, clock });
const filter = createCurrentFilter(createWordList(database), { log, clock, sleep });
const notices = createNotices({ database, im, users, filter, language: config.noticeLanguage, log, clock });

export const main = createHandler({
  log,
  clock,
  sweep: createSweep({ database, store, creation, repairs, notices, log, clock }),
});
