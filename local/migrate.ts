import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { runner } from 'node-pg-migrate';

const dir = fileURLToPath(new URL('../lib/db/migrations', import.meta.url));
const maxTries = 100;
const pauseMs = 100;

/** Brings a database up to date. Safe to repeat, and by several processes at once: they wait for each other. */
export const migrate = async (databaseUrl: string): Promise<void> => {
  for (let tries = 1; ; tries += 1) {
    try {
      await runner({
        databaseUrl,
        dir,
        direction: 'up',
        migrationsTable: 'migrations',
        count: Number.POSITIVE_INFINITY,
        log: () => {},
      });
      return;
    } catch (error) {
      const isBusy = error instanceof Error && error.message.includes('Another migration is already running');
      if (!isBusy || tries === maxTries) throw error;
      await sleep(pauseMs);
    }
  }
};
