import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type LocalCloud, startLocalCloud } from '../local/cloud.ts';
import type { LocalFunction } from '../local/runtime.ts';
import { describeFunction } from '../plugin/functions.ts';
import service from '../serverless.ts';

export const serviceDir = resolve(import.meta.dirname, '..');

/** The functions of `serverless.ts`. */
const describeFunctions = (): LocalFunction[] =>
  Object.entries(service.functions).map(([name, fn]) => describeFunction(name, fn, service.provider, serviceDir));

/** A directory that is gone when the process ends. */
export const temporaryDirectory = (): string => {
  const directory = mkdtempSync(join(tmpdir(), 'classroom-bench-'));
  // PostgreSQL, started by root, runs as somebody else, who must reach it.
  chmodSync(directory, 0o755);
  process.once('exit', () => rmSync(directory, { recursive: true, force: true }));
  return directory;
};

/** A local cloud of its own, with nothing of the developer's environment. */
export const startBenchCloud = (): Promise<LocalCloud> =>
  startLocalCloud({
    dataDir: temporaryDirectory(),
    ports: { gateway: 0, cloud: 0, cos: 0 },
    outside: { LOG_LEVEL: 'error', CLASSES_PER_TEACHER_PER_DAY: '1000000' },
    functions: describeFunctions(),
    output: { log: () => {}, error: console.error },
    stays: false,
    imLimits: { restPerSecond: 1e9, avChatRooms: 1e9, messagesPerSecondPerGroup: 1e9 },
  });
