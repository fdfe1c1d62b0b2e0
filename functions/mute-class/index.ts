import { createClassFinder } from '../../lib/classroom/class/class-finder.ts';
import { createClassMute } from '../../lib/classroom/class/class-mute.ts';
import { createClassSettling } from '../../lib/classroom/class/class-settling.ts';
import { createClasses } from '../../lib/classroom/class/classes.ts';
import { createClients } from '../../lib/classroom/clients.ts';
import { classroomSettings, httpSettings, logSettings, readConfig } from '../../lib/config.ts';
import { createFetch } from '../../lib/http/fetch.ts';
import { createHttpDeps } from '../../lib/scf/http-deps.ts';
import { createHandler } from './handler.ts';

const config = readConfig(process.env, logSettings, httpSettings, ...classroomSettings);
const clock = Date.now;
const fetch = createFetch(clock, config.imApiUrl);
const http = createHttpDeps(config, { fetch, clock, write: console.log });
const { database, im } = createClients(config, { fetch, clock });
const finder = createClassFinder(database);
const classes = createClasses({ finder, clock });
const settling = createClassSettling({ database, im, log: http.log });

export const main = createHandler({
  http,
  classes,
  muteClass: createClassMute({ database, finder, classes, settling }),
});
