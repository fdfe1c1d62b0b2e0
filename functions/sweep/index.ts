import { createClients } from '../../lib/classroom/clients.ts';
import { createSweeping } from '../../lib/classroom/sweeping.ts';
import {
  classroomSettings,
  logSettings,
  noticeSettings,
  readConfig,
  readCredentials,
  trtcSettings,
  wordSyncSettings,
} from '../../lib/config.ts';
import { createFetch } from '../../lib/http/fetch.ts';
import { createLog } from '../../lib/log.ts';
import { createTrtc } from '../../lib/trtc/client.ts';
import { createHandler } from './handler.ts';

const config = readConfig(
  process.env,
  logSettings,
  trtcSettings,
  noticeSettings,
  wordSyncSettings,
  ...classroomSettings,
);
const clock = Date.now;
const log = createLog({ level: config.logLevel, write: console.log, clock });
const clients = createClients(config, { fetch: createFetch(clock, config.imApiUrl), clock });
const trtc = createTrtc({
  apiUrl: config.trtcApiUrl,
  sdkAppId: config.sdkAppId,
  credentials: () => readCredentials(process.env),
});

export const main = createHandler({
  log,
  clock,
  sweep: createSweeping({
    ...clients,
    trtc,
    language: config.noticeLanguage,
    noticeWindowMs: config.noticeWindowMs,
    syncsWords: config.wordSync !== undefined,
    log,
  }),
});
