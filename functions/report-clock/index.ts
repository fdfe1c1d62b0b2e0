import { createClasses } from '../../lib/classroom/class/classes.ts';
import { createClassroom } from '../../lib/classroom/classroom.ts';
import { createClients } from '../../lib/classroom/clients.ts';
import { createMessaging } from '../../lib/classroom/messages/messaging.ts';
import { createClockReports } from '../../lib/classroom/replay/clock-reports.ts';
import { classroomSettings, httpSettings, logSettings, readConfig } from '../../lib/config.ts';
import { createFetch } from '../../lib/http/fetch.ts';
import { createHttpDeps } from '../../lib/scf/http-deps.ts';
import { createHandler } from './handler.ts';

const config = readConfig(process.env, logSettings, httpSettings, ...classroomSettings);
const clock = Date.now;
const fetch = createFetch(clock, config.imApiUrl);
const http = createHttpDeps(config, { fetch, clock, write: console.log });
const clients = createClients(config, { fetch, clock });
const parts = { ...clients, log: http.log };
const { store, accounts, lateOpening } = createClassroom(parts);
const { outbox } = createMessaging({ ...parts, accounts });

export const main = createHandler({
  http,
  classes: createClasses({ finder: store, clock }),
  clockReports: createClockReports({ ...parts, outbox, lateOpening }),
});
