import { readdirSync, readFileSync } from 'node:fs';
import postgres from 'postgres';
import { databaseSettings } from '../../lib/config.ts';
import { sessionSettings } from '../../lib/db/database.ts';
import { type Check, type Finding, ok, unknown, wrong } from './finding.ts';
import { type Patient, withSettings } from './patient.ts';

/** SQLSTATEs. Source: https://www.postgresql.org/docs/18/errcodes-appendix.html */
const undefinedTable = '42P01';
const insufficientPrivilege = '42501';
/** Of a server before 14, and of a pooler. */
const unknownSettingCodes: readonly string[] = ['42704', '08P01'];
/** A statement that took too long, and our own impatience. */
const lateCodes: readonly string[] = ['57014', 'ETIMEDOUT'];

const migrationsDir = new URL('../../lib/db/migrations/', import.meta.url);

/** Whether the database answers, and has all that the functions want of it. */
export const databaseCheck = (patient: Patient): Check => ({
  name: 'database',
  look: () =>
    withSettings(databaseSettings, patient, async ({ databaseUrl }) => {
      const sql = connect(databaseUrl, patient);
      try {
        return await within(patient.timeoutMs, examine(sql));
      } catch (error) {
        return explain(error, patient);
      } finally {
        await sql.end({ timeout: 0 });
      }
    }),
});

/** Connecting and each statement may take half of the time. */
const connect = (url: string, { timeoutMs }: Patient): postgres.Sql =>
  postgres(url, {
    max: 1,
    connect_timeout: timeoutMs / 2000,
    backoff: false,
    fetch_types: false,
    connection: { application_name: 'classroom-doctor', ...sessionSettings, statement_timeout: timeoutMs / 2 },
  });

/** Rejects with the code ETIMEDOUT when the work takes longer. */
const within = async <T>(ms: number, work: Promise<T>): Promise<T> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(Object.assign(new Error('too late'), { code: 'ETIMEDOUT' })), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
};

const examine = async (sql: postgres.Sql): Promise<Finding> => {
  const migrations = readMigrations();
  const [{ user } = { user: '' }] = await sql<{ user: string }[]>`select current_user as user`;
  const applied = await readApplied(sql);
  if (applied === 'not allowed')
    return wrong(`${user} may not read the table migrations`, `grant select on migrations to ${user}`);
  const pending = migrations.filter(({ name }) => !applied.has(name)).map(({ name }) => name);
  if (pending.length > 0)
    return wrong(
      `these migrations are pending: ${pending.join(', ')}`,
      'npm run migrate, with the DATABASE_URL of this stage',
    );
  const lacking = await readLacking(
    sql,
    migrations.flatMap(({ tables }) => tables),
  );
  return lacking.length === 0
    ? ok(`reachable, with all ${migrations.length} migrations`)
    : wrong(`${user} lacks ${lacking.join('; ')}`, `grant these to ${user}`);
};

const readMigrations = (): { name: string; tables: string[] }[] =>
  readdirSync(migrationsDir)
    .sort()
    .map((file) => {
      const text = readFileSync(new URL(file, migrationsDir), 'utf8');
      const made = text.matchAll(/^create (?:unlogged )?table (\w+)/gm);
      return { name: file.replace(/\.sql$/, ''), tables: [...made].map(([, table = '']) => table) };
    });

const readApplied = async (sql: postgres.Sql): Promise<ReadonlySet<string> | 'not allowed'> => {
  try {
    const rows = await sql<{ name: string }[]>`select name from migrations`;
    return new Set(rows.map(({ name }) => name));
  } catch (error) {
    if (codeOf(error) === insufficientPrivilege) return 'not allowed';
    // Nothing was ever migrated.
    if (codeOf(error) === undefinedTable) return new Set();
    throw error;
  }
};

/** What we may not do with tables, those alike together: `delete, insert on classes, members`. */
const readLacking = async (sql: postgres.Sql, tables: readonly string[]): Promise<string[]> => {
  const rows = await sql<{ rights: string; tables: string }[]>`
    select rights, string_agg(name, ', ' order by name) as tables
    from (
      select name, string_agg(privilege, ', ' order by privilege) as rights
      from jsonb_array_elements_text(${sql.json([...new Set(tables)])}) as name,
        unnest(array['select', 'insert', 'update', 'delete']) as privilege
      -- Of a table that a later migration has dropped this is null.
      where not has_table_privilege(to_regclass(name), privilege)
      group by name
    ) as lacking
    group by rights
    order by rights`;
  return rows.map(({ rights, tables }) => `${rights} on ${tables}`);
};

/** The words of a failure may quote the address; its code does not. */
const codeOf = (error: unknown): string => (error instanceof Error && 'code' in error ? String(error.code) : 'no code');

const explain = (error: unknown, { hasVpc }: Patient): Finding => {
  const code = codeOf(error);
  if (hasVpc && !(error instanceof postgres.PostgresError))
    return unknown(`not reachable from here (${code})`, 'run the doctor from a machine within the VPC');
  if (unknownSettingCodes.includes(code))
    return wrong(
      `the database does not know ${Object.keys(sessionSettings).join(' or ')} (${code})`,
      'take PostgreSQL 14 or later, and no pooler that refuses such settings',
    );
  return lateCodes.includes(code)
    ? wrong(`the database lets us wait (${code})`, 'see what keeps it busy: pg_stat_activity and pg_locks')
    : wrong(`the database does not let us in (${code})`, 'compare DATABASE_URL: host, port, user, password, database');
};
