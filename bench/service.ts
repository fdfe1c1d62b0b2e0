import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createFetch } from '../lib/http/fetch.ts';
import { createImClient, type ImClient } from '../lib/im/client.ts';
import { createUserSigSigner } from '../lib/usersig/signer.ts';
import { type LocalCloud, type LocalCloudOptions, startLocalCloud } from '../local/cloud.ts';
import type { LocalFunction } from '../local/runtime.ts';
import { describeFunction } from '../plugin/functions.ts';
import service from '../serverless.ts';

export const serviceDir = resolve(import.meta.dirname, '..');

/** The functions of `serverless.ts`. */
export const describeFunctions = (): LocalFunction[] =>
  Object.entries(service.functions).map(([name, fn]) => describeFunction(name, fn, service.provider, serviceDir));

/** A directory that is gone when the process ends. */
export const temporaryDirectory = (): string => {
  const directory = mkdtempSync(join(tmpdir(), 'classroom-bench-'));
  // PostgreSQL, started by root, runs as somebody else, who must reach it.
  chmodSync(directory, 0o755);
  process.once('exit', () => rmSync(directory, { recursive: true, force: true }));
  return directory;
};

/** A local cloud of its own, with nothing of the developer's environment, and no limits at IM unless told otherwise. */
export const startBenchCloud = ({
  imLimits,
  databaseSettings,
  outside,
}: Partial<Pick<LocalCloudOptions, 'imLimits' | 'databaseSettings' | 'outside'>> = {}): Promise<LocalCloud> =>
  startLocalCloud({
    dataDir: temporaryDirectory(),
    ports: { gateway: 0, cloud: 0, cos: 0 },
    outside: { LOG_LEVEL: 'error', CLASSES_PER_TEACHER_PER_DAY: '1000000', ...outside },
    functions: describeFunctions(),
    output: { log: () => {}, error: console.error },
    stays: false,
    imLimits: { restPerSecond: 1e9, avChatRooms: 1e9, messagesPerSecondPerGroup: 1e9, ...imLimits },
    databaseSettings,
  });

/** The IM of a local cloud, called as the administrator. */
export const imOf = ({ cloud, env }: LocalCloud): ImClient =>
  createImClient({
    apiUrl: cloud,
    adminUserId: 'administrator',
    signer: createUserSigSigner(Number(env.IM_SDK_APP_ID), { secretKey: env.IM_SECRET_KEY ?? '' }),
    fetch: createFetch(Date.now),
    sleep,
    random: Math.random,
    clock: Date.now,
  });
