import { readdirSync } from 'node:fs';
import { PG_MIGRATE_LOCK_ID } from 'node-pg-migrate';
import postgres from 'postgres';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createHandler } from '../../functions/get-class/handler.ts';
import { createClassFinder } from '../../lib/classroom/class/class-finder.ts';
import { createClasses } from '../../lib/classroom/class/classes.ts';
import { createCurrentFilter } from '../../lib/classroom/words/current-filter.ts';
import { createWordList } from '../../lib/classroom/words/word-list.ts';
import { createDatabase } from '../../lib/db/database.ts';
import { latestMigration } from '../../lib/db/latest-migration.ts';
import { migrate } from '../../local/migrate.ts';
import { createTestClassroom } from '../support/classroom.ts';
import { createClock } from '../support/clock.ts';
import { newDatabaseUrl, newEmptyDatabaseUrl } from '../support/database.ts';
import { call, createHttp, eventOf, tokenOf } from '../support/http.ts';
import { beforeSend, callbackOf, createTestCallback, messageOf, ok, readReply, text } from '../support/im-callback.ts';
import { projectDir, run } from '../support/run.ts';

const migrations = readdirSync(`${projectDir}/lib/db/migrations`)
  .map((file) => file.replace(/\.sql$/, ''))
  .sort();
const [latest = '', before = ''] = migrations.toReversed();

const clock = createClock();

const connect = (url: string): postgres.Sql => {
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  onTestFinished(() => sql.end());
  return sql;
};

const open = (url: string) => {
  const database = createDatabase({ url, clock: Date.now, sleep: async () => {} });
  onTestFinished(() => database.close());
  return database;
};

const startGetClass = async (url: string) => {
  const { http, captured } = createHttp(clock);
  const classes = createClasses({ finder: createClassFinder(open(url)), clock });
  const handler = createHandler({ http, classes });
  const token = await tokenOf(clock, 't1', 'teacher');
  return { ask: () => call(handler, eventOf({ classId: 'c1' }, token)), captured };
};

const emptyDatabase = newEmptyDatabaseUrl;
const oneBehind = async (): Promise<string> => {
  const url = await newEmptyDatabaseUrl();
  await migrate(url, migrations.length - 1);
  return url;
};
const noSuchClass = { status: 404, body: { code: 'NOT_FOUND' } };

it('the newest migration is the one that functions need', () => {
  expect(latestMigration).toBe(latest);
});

describe.each([
  ['empty', emptyDatabase, 'no migration'],
  ['one migration behind', oneBehind, before],
])('a database that is %s', (_how, make, has) => {
  it('is refused with a problem for the caller, and the way out in the log', async () => {
    const { ask, captured } = await startGetClass(await make());
    const { status, body } = await ask();
    expect([status, body.code, body.detail]).toEqual([
      502,
      'UPSTREAM_FAILED',
      'The service is not ready yet. Try again.',
    ]);
    expect(captured.lines).toMatchObject([
      {
        level: 'error',
        code: 'UPSTREAM_FAILED',
        reason: 'old database',
        cause: `Error: the database has ${has} and lacks ${latest}: run \`npm run migrate\` with its DATABASE_URL`,
      },
    ]);
  });

  it('gets no statement of a function', async () => {
    const database = open(await make());
    const asked: string[] = [];
    const work = async () => void asked.push('work');
    for (const use of [database.run, database.transaction])
      await expect(use(work)).rejects.toMatchObject({ code: 'UPSTREAM_FAILED' });
    await expect(database.tryExclusively('k', work)).rejects.toMatchObject({ code: 'UPSTREAM_FAILED' });
    expect(asked).toEqual([]);
  });

  it('is used by the same instance once it is migrated', async () => {
    const url = await make();
    const { ask } = await startGetClass(url);
    expect(await ask()).toMatchObject({ status: 502 });
    await migrate(url);
    expect(await ask()).toMatchObject(noSuchClass);
  });

  it.each([
    ['deliver', ok],
    ['reject', { ...ok, ErrorCode: 10103, ErrorInfo: expect.any(String) }],
  ] as const)('gets messages the verdict of MODERATION_ON_FAILURE: %s', async (onFailure, verdict) => {
    const database = open(await make());
    const { handler, test } = createTestCallback(clock, {
      moderation: { action: 'mask', onFailure, deadlineMs: 800 },
      finder: createClassFinder(database),
      filter: createCurrentFilter(createWordList(database), { log: createHttp(clock).http.log, clock }),
    });
    const reply = await handler(callbackOf(clock, beforeSend, messageOf([text('hello')])));
    expect(readReply(reply)).toEqual({ status: 200, body: verdict });
    expect(test.lines).toMatchObject([
      { event: 'invocation', level: 'warn', verdict: onFailure, reason: 'old database' },
    ]);
  });
});

describe('a database that is one migration ahead', () => {
  it('serves the functions before it', async () => {
    const url = await newDatabaseUrl();
    const sql = connect(url);
    await sql`alter table classes add column of_the_next_version text, add column counted bigint not null default 0`;
    await sql`create table of_the_next_version (class_id text not null references classes on delete cascade)`;
    await sql`insert into migrations (name, run_on) values ('9999_next', now())`;
    const { ask } = await startGetClass(url);
    expect(await ask()).toMatchObject(noSuchClass);
    const classroom = createTestClassroom({ database: open(url), clock });
    await classroom.openClass({ classId: 'c1' });
    expect(await ask()).toMatchObject({ status: 200, body: { classId: 'c1' } });
    clock.advance(86_400);
    expect(await classroom.sweep({}, {})).toMatchObject({ ended: 1, exported: 1 });
  });
});

describe('a database whose migrations may not be read', () => {
  it('is refused with a problem for the caller, and the way out in the log', async () => {
    const url = new URL(await newDatabaseUrl());
    const user = `reader_${url.pathname.slice(1)}`;
    const admin = connect(url.href);
    await admin.unsafe(`create role ${user} login password 'known'`);
    onTestFinished(async () => {
      await admin.unsafe(`drop role ${user}`);
    });
    Object.assign(url, { username: user, password: 'known' });
    const { ask, captured } = await startGetClass(url.href);
    expect(await ask()).toMatchObject({ status: 502, body: { detail: 'The service is not ready yet. Try again.' } });
    expect(captured.lines).toMatchObject([
      {
        level: 'error',
        code: 'UPSTREAM_FAILED',
        reason: 'no right to read migrations',
        vendorCode: '42501',
        cause: expect.stringContaining('grant it `select`'),
        db: { codes: ['42501'] },
      },
    ]);
  });
});

describe('an instance', () => {
  it('asks for the migrations only once', async () => {
    const url = await newDatabaseUrl();
    const { ask } = await startGetClass(url);
    expect(await ask()).toMatchObject(noSuchClass);
    await connect(url)`drop table migrations`;
    expect(await ask()).toMatchObject(noSuchClass);
  });
});

describe('npm run migrate', () => {
  const runMigrate = (url: string) => run('npm', ['run', '--silent', 'migrate'], { env: { DATABASE_URL: url } });
  const schemaOf = async (url: string) => {
    const sql = connect(url);
    const columns = await sql`
      select table_name, column_name, data_type, column_default, is_nullable from information_schema.columns
      where table_schema = 'public' order by table_name, column_name`;
    const indexes = await sql`select indexdef from pg_indexes where schemaname = 'public' order by indexdef`;
    const names = await sql<{ name: string }[]>`select name from migrations order by name`;
    return { columns: [...columns], indexes: [...indexes], names: names.map(({ name }) => name) };
  };

  it('brings a database up to date, and does nothing the second time', async () => {
    const url = await newEmptyDatabaseUrl();
    expect(await runMigrate(url)).toMatchObject({ exitCode: 0 });
    const once = await schemaOf(url);
    expect(once.names).toEqual(migrations);
    const again = await runMigrate(url);
    expect(again).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('No migrations to run') });
    expect(await schemaOf(url)).toEqual(once);
  });

  it('by two processes at once migrates once: one waits for the other', { timeout: 60_000 }, async () => {
    const url = await newEmptyDatabaseUrl();
    const sql = connect(url);
    await sql`select pg_advisory_lock(${PG_MIGRATE_LOCK_ID})`;
    const both = [runMigrate(url), runMigrate(url)];
    const waiting = async () => {
      const rows = await sql`
        select 1 from pg_locks join pg_database on pg_database.oid = database
        where datname = current_database() and locktype = 'advisory' and not granted`;
      return rows.length;
    };
    await expect.poll(waiting, { timeout: 20_000 }).toBe(2);
    await sql`select pg_advisory_unlock(${PG_MIGRATE_LOCK_ID})`;
    const outputs = (await Promise.all(both)).map(({ exitCode, stdout }) => [exitCode, /No migrations/.test(stdout)]);
    expect(outputs.sort()).toEqual([
      [0, false],
      [0, true],
    ]);
    expect(await schemaOf(url)).toEqual(await schemaOf(await newDatabaseUrl()));
  });
});
