import { randomBytes, randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { createClassroom } from '../../lib/classroom/classroom.ts';
import {
  classSettings,
  databaseSettings,
  httpSettings,
  imSettings,
  logSettings,
  readConfig,
  signingSettings,
} from '../../lib/config.ts';
import { createDatabase } from '../../lib/db/database.ts';
import { createFetch } from '../../lib/http/fetch.ts';
import { createImClient } from '../../lib/im/client.ts';
import { createHttpDeps } from '../../lib/scf/http-deps.ts';
import { createUserSigSigner } from '../../lib/usersig/signer.ts';
import { createHandler } from './handler.ts';

const config = readConfig(
  process.env,
  logSettings,
  httpSettings,
  signingSettings,
  imSettings,
  databaseSettings,
  classSettings,
);
const clock = Date.now;
const fetch = createFetch(clock, config.imApiUrl);
const { reserved, ...http } = createHttpDeps(config, { fetch, clock, write: console.log });
const { sdkAppId, signingKey, imApiUrl: apiUrl, adminUserId, databaseUrl: url, classesPerTeacherPerDay } = config;

const { creation } = createClassroom({
  database: createDatabase({ url, clock, sleep }),
  im: createImClient({
    apiUrl,
    adminUserId,
    signer: createUserSigSigner(sdkAppId, signingKey),
    fetch,
    sleep,
    random: Math.random,
    clock,
  }),
  random: { bytes: randomBytes, integer: randomInt },
  log: http.log,
  clock,
});

export const main = createHandler({ http, reserved, creation, classesPerTeacherPerDay });
