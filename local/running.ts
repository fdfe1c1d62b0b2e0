import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod/mini';

const holderSchema = z.object({
  pid: z.int(),
  /** Present once it is up and means to stay. */
  addresses: z.optional(z.object({ gateway: z.string(), cloud: z.string(), cos: z.string(), databaseUrl: z.string() })),
});

export type Holder = z.output<typeof holderSchema>;

const waitMs = 60_000;
const pollMs = 50;
const healthMs = 2000;

const fileOf = (dataDir: string) => join(dataDir, 'running.json');

/** The live process that a data directory belongs to, if any. One that says where it is must answer there. */
export const findHolder = async (dataDir: string): Promise<Holder | undefined> => {
  const holder = readHolder(dataDir);
  if (!holder || !isAlive(holder.pid)) return undefined;
  return holder.addresses && !(await answers(holder.addresses.gateway)) ? undefined : holder;
};

const readHolder = (dataDir: string): Holder | undefined => {
  const file = fileOf(dataDir);
  if (!existsSync(file)) return undefined;
  try {
    return holderSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    // Half-written by a process that was killed.
    return undefined;
  }
};

/** Whether there is a process of that number. */
export const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Somebody else's process is alive, too.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
};

/** A process number comes around again: what has it now may be anything. */
const answers = (gateway: string): Promise<boolean> =>
  fetch(`${gateway}/health`, { signal: AbortSignal.timeout(healthMs) }).then(
    ({ ok }) => ok,
    () => false,
  );

/**
 * Takes the data directory for this process, waiting for a short-lived holder to let go.
 * Answers the holder instead when that one means to stay.
 */
export const takeDataDir = async (dataDir: string): Promise<Holder | undefined> => {
  for (let waited = 0; ; waited += pollMs) {
    try {
      writeFileSync(fileOf(dataDir), JSON.stringify({ pid: process.pid }), { flag: 'wx', mode: 0o600 });
      return undefined;
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    }
    const holder = await findHolder(dataDir);
    if (!holder) rmSync(fileOf(dataDir), { force: true });
    else if (holder.addresses) return holder;
    if (waited >= waitMs) throw new Error(`${dataDir} is in use by process ${holder?.pid}.`);
    await sleep(pollMs);
  }
};

/** Tells others where the local cloud of this data directory is. */
export const announce = (dataDir: string, addresses: NonNullable<Holder['addresses']>): void =>
  writeFileSync(fileOf(dataDir), JSON.stringify({ pid: process.pid, addresses }), { mode: 0o600 });

export const releaseDataDir = (dataDir: string): void => rmSync(fileOf(dataDir), { force: true });
