import { createPresence } from '../../lib/classroom/attendance/presence.ts';
import { createClassFinder } from '../../lib/classroom/class/class-finder.ts';
import { createRoomFinder } from '../../lib/classroom/class/room-finder.ts';
import { createClients } from '../../lib/classroom/clients.ts';
import { createAccounts } from '../../lib/classroom/members/accounts.ts';
import { createMemberSettling } from '../../lib/classroom/members/member-settling.ts';
import { createUsers } from '../../lib/classroom/members/users.ts';
import { createMessaging } from '../../lib/classroom/messages/messaging.ts';
import { createRecordings } from '../../lib/classroom/replay/recordings.ts';
import {
  classroomSettings,
  logSettings,
  readConfig,
  readCredentials,
  trtcCallbackSettings,
  trtcSettings,
} from '../../lib/config.ts';
import { createFetch } from '../../lib/http/fetch.ts';
import { createLog } from '../../lib/log.ts';
import { createTrtc } from '../../lib/trtc/client.ts';
import { createHandler } from './handler.ts';

const config = readConfig(process.env, logSettings, trtcCallbackSettings, trtcSettings, ...classroomSettings);
const { sdkAppId, trtcApiUrl: apiUrl } = config;
const clock = Date.now;
const log = createLog({ level: config.logLevel, write: console.log, clock });
const { database, im, random, sleep } = createClients(config, { fetch: createFetch(clock), clock });
const trtc = createTrtc({ apiUrl, sdkAppId, credentials: () => readCredentials(process.env) });
const accounts = createAccounts({ database, im, users: createUsers(database), clock });
const { outbox } = createMessaging({ database, im, accounts, random, log, clock, sleep });

export const main = createHandler({
  ...config,
  log,
  clock,
  rooms: createRoomFinder(database),
  finder: createClassFinder(database),
  presence: createPresence(database),
  memberSettling: createMemberSettling({ database, im, trtc, accounts, log, clock }),
  recordings: createRecordings({ database, outbox, random, log, clock }),
});
