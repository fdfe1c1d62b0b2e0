import { createClassroom } from '../../lib/classroom/classroom.ts';
import { createClients } from '../../lib/classroom/clients.ts';
import { createBoardGrant } from '../../lib/classroom/members/board-grant.ts';
import { createMembership } from '../../lib/classroom/members/membership.ts';
import {
  boardSettings,
  classroomSettings,
  httpSettings,
  logSettings,
  readConfig,
  roomSettings,
} from '../../lib/config.ts';
import { createFetch } from '../../lib/http/fetch.ts';
import { createHttpDeps } from '../../lib/scf/http-deps.ts';
import { createHandler } from './handler.ts';

const config = readConfig(process.env, logSettings, httpSettings, boardSettings, roomSettings, ...classroomSettings);
const clock = Date.now;
const fetch = createFetch(clock, config.imApiUrl);
const { reserved, ...http } = createHttpDeps(config, { fetch, clock, write: console.log });
const { log } = http;
const clients = createClients(config, { fetch, clock });
const { database, signer } = clients;
const { privateGroupMaxMembers: maxMembers, privateMapKeyTtlSeconds } = config;
const { classes, members } = createMembership({ ...clients, reserved, log });
const { lateOpening } = createClassroom({ ...clients, log });
const board = createBoardGrant({ database, members, lateOpening, maxMembers });

export const main = createHandler({ http, classes, board, signer, privateMapKeyTtlSeconds });
