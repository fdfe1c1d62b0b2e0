import { createClassroom } from '../../lib/classroom/classroom.ts';
import { createClients } from '../../lib/classroom/clients.ts';
import { classroomSettings, classSettings, httpSettings, logSettings, readConfig } from '../../lib/config.ts';
import { createFetch } from '../../lib/http/fetch.ts';
import { createHttpDeps } from '../../lib/scf/http-deps.ts';
import { createHandler } from './handler.ts';

const config = readConfig(process.env, logSettings, httpSettings, classSettings, ...classroomSettings);
const clock = Date.now;
const fetch = createFetch(clock, config.imApiUrl);
const { reserved, ...http } = createHttpDeps(config, { fetch, clock, write: console.log });
const clients = createClients(config, { fetch, clock });
const { creation } = createClassroom({ ...clients, log: http.log });
const { classesPerTeacherPerDay } = config;

export const main = createHandler({ http, reserved, creation, classesPerTeacherPerDay });
