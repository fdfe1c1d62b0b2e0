import { readdirSync } from 'node:fs';
import postgres from 'postgres';
import { databaseSettings } from '../../lib/config.ts';
import { type Check, type Finding, ok, unknown, wrong } from './finding.ts';
import { type Patient, withSettings } from './patient.ts';

const connectTimeoutSeconds = 5;
/** SQLSTATE of a table that is not there: nothing was ever migrated. Source: https://www.postgresql.org/docs/18/errcodes-appendix.html */
const undefinedTable = '42P01';

const migrationsDir = new URL('../../lib/db/migrations/', import.meta.url);

/** Whether the database answers, and has all that the functions want of it. */
export const databaseCheck = (patient: Patient): Check => ({
  name: 'database',
  look: () => withSettings(databaseSettings, patient, ({ databaseUrl }) => look(databaseUrl, patient)),
});

const look = async (url: string, { hasVpc }: Patient): Promise<Finding> => {
  const migrations = readdirSync(migrationsDir)
    .map((file) => file.replace(/\.sql$/, ''))
    .sort();
  try {
    const applied = await readApplied(url);
    const pending = migrations.filter((name) => !applied.has(name));
    return pending.length === 0
      ? ok(`reachable, with all ${migrations.length} migrations`)
      : wrong(
          `these migrations are pending: ${pending.join(', ')}`,
          'npm run migrate, with the DATABASE_URL of this stage',
        );
  } catch (error) {
    // The words of a failure may quote the address; its code does not.
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'no code';
    if (hasVpc && !(error instanceof postgres.PostgresError))
      return unknown(`not reachable from here (${code})`, 'run the doctor from a machine within the VPC');
    return wrong(
      `the database does not let us in (${code})`,
      'compare DATABASE_URL: host, port, user, password, database',
    );
  }
};

const readApplied = async (url: string): Promise<ReadonlySet<string>> => {
  const sql = postgres(url, { max: 1, connect_timeout: connectTimeoutSeconds, backoff: false, fetch_types: false });
  try {
    const rows = await sql<{ name: string }[]>`select name from migrations`;
    return new Set(rows.map(({ name }) => name));
  } catch (error) {
    if (error instanceof postgres.PostgresError && error.code === undefinedTable) return new Set();
    throw error;
  } finally {
    await sql.end({ timeout: 1 });
  }
};
