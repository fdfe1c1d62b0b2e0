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

const fileOf = (dataDir: string) => join(dataDir, 'running.json');

/** The live process that a data directory belongs to, if any. */
export const findHolder = (dataDir: string): Holder | undefined => {
  const file = fileOf(dataDir);
  if (!existsSync(file)) return undefined;
  try {
    const holder = holderSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
    process.kill(holder.pid, 0);
    return holder;
  } catch {
    // Half-written, or left behind by a process that is gone.
    return undefined;
  }
};

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
    const holder = findHolder(dataDir);
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
