import { createClients } from '../../lib/classroom/clients.ts';
import { createMembership } from '../../lib/classroom/members/membership.ts';
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
const { reserved, ...http } = createHttpDeps(config, { fetch, clock, write: console.log });
const clients = createClients(config, { fetch, clock });
const { trtcApiUrl: apiUrl, sdkAppId } = config;
const trtc = createTrtc({ apiUrl, sdkAppId, credentials: () => readCredentials(process.env) });

export const main = createHandler({ http, ...createMembership({ ...clients, trtc, reserved, log: http.log }) });
