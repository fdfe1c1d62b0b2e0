import { createPresence } from '../../lib/classroom/attendance/presence.ts';
import { createClassFinder } from '../../lib/classroom/class/class-finder.ts';
import { createClients } from '../../lib/classroom/clients.ts';
import { createUsers } from '../../lib/classroom/members/users.ts';
import { createNotices } from '../../lib/classroom/notices/notices.ts';
import { createCurrentFilter } from '../../lib/classroom/words/current-filter.ts';
import { createWordList } from '../../lib/classroom/words/word-list.ts';
import {
  callbackSettings,
  classroomSettings,
  logSettings,
  moderationSettings,
  noticeSettings,
  readConfig,
} from '../../lib/config.ts';
import { createFetch } from '../../lib/http/fetch.ts';
import { createLog } from '../../lib/log.ts';
import { startTimer } from './deadline.ts';
import { createHandler } from './handler.ts';

const config = readConfig(
  process.env,
  logSettings,
  callbackSettings,
  moderationSettings,
  noticeSettings,
  ...classroomSettings,
);
const clock = Date.now;
const log = createLog({ level: config.logLevel, write: console.log, clock });
const clients = createClients(config, { fetch: createFetch(clock), clock });
const { database } = clients;
const filter = createCurrentFilter(createWordList(database), { ...clients, log });

export const main = createHandler({
  ...config,
  ...clients,
  log,
  filter,
  startTimer,
  finder: createClassFinder(database),
  presence: createPresence(database),
  notices: createNotices({
    ...clients,
    users: createUsers(database),
    filter,
    language: config.noticeLanguage,
    noticeWindowMs: config.noticeWindowMs,
    log,
  }),
});
