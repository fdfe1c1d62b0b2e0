import { setTimeout as sleep } from 'node:timers/promises';
import { createPresence } from '../../lib/classroom/attendance/presence.ts';
import { createClassFinder } from '../../lib/classroom/class/class-finder.ts';
import { createClasses } from '../../lib/classroom/class/classes.ts';
import { databaseSettings, httpSettings, logSettings, readConfig } from '../../lib/config.ts';
import { createDatabase } from '../../lib/db/database.ts';
import { createFetch } from '../../lib/http/fetch.ts';
import { createHttpDeps } from '../../lib/scf/http-deps.ts';
import { createHandler } from './handler.ts';

const config = readConfig(process.env, logSettings, httpSettings, databaseSettings);
const clock = Date.now;
const database = createDatabase({ url: config.databaseUrl, clock, sleep });

export const main = createHandler({
  http: createHttpDeps(config, { fetch: createFetch(clock), clock, write: console.log }),
  classes: createClasses({ finder: createClassFinder(database), clock }),
  presence: createPresence(database),
});
