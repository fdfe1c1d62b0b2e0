import { setTimeout as sleep } from 'node:timers/promises';
import { createClassFinder } from '../../lib/classroom/class/class-finder.ts';
import { createClasses } from '../../lib/classroom/class/classes.ts';
import {
  cosSettings,
  databaseSettings,
  httpSettings,
  logSettings,
  readConfig,
  readCredentials,
} from '../../lib/config.ts';
import { createBucketClient } from '../../lib/cos/bucket-client.ts';
import { createObjectList } from '../../lib/cos/object-list.ts';
import { createSts } from '../../lib/cos/sts.ts';
import { createDatabase } from '../../lib/db/database.ts';
import { createFetch } from '../../lib/http/fetch.ts';
import { createHttpDeps } from '../../lib/scf/http-deps.ts';
import { createHandler } from './handler.ts';

const config = readConfig(process.env, logSettings, httpSettings, databaseSettings, cosSettings);
const clock = Date.now;
const database = createDatabase({ url: config.databaseUrl, clock, sleep });
const { bucket, stsApiUrl: apiUrl, cosRoleArn: roleArn } = config;
const fetch = createFetch(clock, apiUrl);

export const main = createHandler({
  http: createHttpDeps(config, { fetch, clock, write: console.log }),
  classes: createClasses({ finder: createClassFinder(database), clock }),
  objectList: createObjectList({
    bucket,
    sts: createSts({ apiUrl, region: bucket.region, roleArn, credentials: () => readCredentials(process.env) }),
    client: createBucketClient({ bucket, fetch }),
  }),
});
