import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import postgres from 'postgres';
import { afterAll, inject } from 'vitest';
import { createDatabase, type Database } from '../../lib/db/database.ts';
import { migrate } from '../../local/migrate.ts';

/** Makes a database without anything in it and answers its URL. */
export const newEmptyDatabaseUrl = async (): Promise<string> => {
  const url = new URL(inject('postgresUrl'));
  const name = `test_${randomBytes(8).toString('hex')}`;
  const admin = postgres(url.href, { max: 1, onnotice: () => {} });
  await admin.unsafe(`create database ${name}`);
  await admin.end();
  url.pathname = `/${name}`;
  return url.href;
};

/** Makes a migrated database for a test file and answers its URL. */
export const newDatabaseUrl = async (): Promise<string> => {
  const url = await newEmptyDatabaseUrl();
  await migrate(url);
  return url;
};

/** A connection to it, closed when the file is done. */
export const openDatabase = (url: string, clock: () => number = Date.now): Database => {
  const database = createDatabase({ url, clock, sleep });
  afterAll(() => database.close());
  return database;
};
