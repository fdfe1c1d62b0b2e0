import { createClasses } from '../../lib/classroom/class/classes.ts';
import { createClassroom } from '../../lib/classroom/classroom.ts';
import { createClients } from '../../lib/classroom/clients.ts';
import { createJoining } from '../../lib/classroom/entry/joining.ts';
import { createPasscodeTries } from '../../lib/classroom/entry/passcode-tries.ts';
import { createCurrentFilter } from '../../lib/classroom/words/current-filter.ts';
import { createWordList } from '../../lib/classroom/words/word-list.ts';
import {
  classroomSettings,
  httpSettings,
  logSettings,
  readConfig,
  roomSettings,
  userSigSettings,
} from '../../lib/config.ts';
import { createFetch } from '../../lib/http/fetch.ts';
import { createHttpDeps } from '../../lib/scf/http-deps.ts';
import { createHandler } from './handler.ts';

const config = readConfig(process.env, logSettings, httpSettings, userSigSettings, roomSettings, ...classroomSettings);
const clock = Date.now;
const fetch = createFetch(clock, config.imApiUrl);
const http = createHttpDeps(config, { fetch, clock, write: console.log });
const clients = createClients(config, { fetch, clock });
const parts = { ...clients, log: http.log };
const { store, lateOpening } = createClassroom(parts);
const classes = createClasses({ finder: store, clock });
const { userSigTtlSeconds, privateMapKeyTtlSeconds } = config;

export const main = createHandler({
  http,
  classes,
  joining: createJoining({
    ...parts,
    classes,
    passcodeTries: createPasscodeTries(parts),
    lateOpening,
    currentFilter: createCurrentFilter(createWordList(parts.database), parts),
  }),
  signer: parts.signer,
  userSigTtlSeconds,
  privateMapKeyTtlSeconds,
});
