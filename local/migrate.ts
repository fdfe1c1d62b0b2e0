import { fileURLToPath } from 'node:url';
import { runner } from 'node-pg-migrate';

const dir = fileURLToPath(new URL('../lib/db/migrations', import.meta.url));

/**
 * Brings a database up to date, or by so many migrations nearer to that. Safe to repeat, and by several processes at once:
 * they wait for each other.
 */
export const migrate = async (databaseUrl: string, count = Number.POSITIVE_INFINITY): Promise<void> => {
  await runner({
    databaseUrl,
    dir,
    direction: 'up',
    migrationsTable: 'migrations',
    count,
    advisoryLockMode: 'wait',
    log: () => {},
  });
};
