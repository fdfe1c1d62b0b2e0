import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { startPostgres } from '../../local/postgres.ts';
import { makeDirectory } from './directory.ts';
import { keepSecret } from './kept.ts';

declare module 'vitest' {
  interface ProvidedContext {
    postgresUrl: string;
  }
}

const password = 'password-of-the-tests';

/** One PostgreSQL for the whole run; every test file makes its own database in it. */
export const setup = async (project: TestProject) => {
  const directory = makeDirectory();
  keepSecret('databasePassword', password);
  // Nothing of a test run is worth surviving a power cut.
  const postgres = await startPostgres({
    directory: join(directory, 'postgres'),
    password,
    settings: { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', max_connections: '400' },
  });
  project.provide('postgresUrl', postgres.url);
  return async () => {
    await postgres.stop();
    rmSync(directory, { recursive: true, force: true });
  };
};
