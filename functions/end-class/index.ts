import { createClassEnding } from '../../lib/classroom/class/class-ending.ts';
import { createClassFinder } from '../../lib/classroom/class/class-finder.ts';
import { createClasses } from '../../lib/classroom/class/classes.ts';
import { createClients } from '../../lib/classroom/clients.ts';
import { createRepairs } from '../../lib/classroom/groups/repairs.ts';
import { createAccounts } from '../../lib/classroom/members/accounts.ts';
import { createUsers } from '../../lib/classroom/members/users.ts';
import { createMessaging } from '../../lib/classroom/messages/messaging.ts';
import { createReplayExport } from '../../lib/classroom/replay/replay-export.ts';
import {
  classroomSettings,
  httpSettings,
  logSettings,
  readConfig,
  readCredentials,
  trtcSettings,
} from '../../lib/config.ts';
import { createFetch } from '../../lib/http/fetch.ts';
import { createHttpDeps } from '../../lib/scf/http-deps.ts';
import { createTrtc } from '../../lib/trtc/client.ts';
import { createHandler } from './handler.ts';

const config = readConfig(process.env, logSettings, httpSettings, trtcSettings, ...classroomSettings);
const clock = Date.now;
const fetch = createFetch(clock, config.imApiUrl);
const http = createHttpDeps(config, { fetch, clock, write: console.log });
const clients = createClients(config, { fetch, clock });
const parts = { ...clients, log: http.log };
const { trtcApiUrl: apiUrl, sdkAppId } = config;
const accounts = createAccounts({ ...parts, users: createUsers(parts.database) });
const { outbox } = createMessaging({ ...parts, accounts });

export const main = createHandler({
  http,
  classes: createClasses({ finder: createClassFinder(parts.database), clock }),
  ending: createClassEnding({
    ...parts,
    trtc: createTrtc({ apiUrl, sdkAppId, credentials: () => readCredentials(process.env) }),
    repairs: createRepairs(parts),
    outbox,
    replayExport: createReplayExport(parts),
  }),
});
