import { createClients } from '../../lib/classroom/clients.ts';
import { createMembership } from '../../lib/classroom/members/membership.ts';
import { classroomSettings, httpSettings, logSettings, readConfig } from '../../lib/config.ts';
import { createFetch } from '../../lib/http/fetch.ts';
import { createHttpDeps } from '../../lib/scf/http-deps.ts';
import { createHandler } from './handler.ts';

const config = readConfig(process.env, logSettings, httpSettings, ...classroomSettings);
const clock = Date.now;
const fetch = createFetch(clock, config.imApiUrl);
const { reserved, ...http } = createHttpDeps(config, { fetch, clock, write: console.log });
const clients = createClients(config, { fetch, clock });

export const main = createHandler({ http, ...createMembership({ ...clients, reserved, log: http.log }) });
