import { once } from 'node:events';
import { connect } from 'node:net';
import { Client } from 'pg';
import postgres from 'postgres';
import { afterEach, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { newDatabaseUrl } from '../support/database.ts';
import { functions, startTestCloud } from '../support/local-cloud.ts';

const databaseUrl = await newDatabaseUrl();
const cloud = await startTestCloud({
  outside: { DATABASE_URL: `${databaseUrl}?tcp_keepalives_idle=60` },
  // No others: what they send in their own time would suffer what is ordered here.
  functions: functions.filter(({ name }) => name === 'create-class'),
});
const teacher = await cloud.signIn('t1', 'teacher');
const url = cloud.env.DATABASE_URL ?? '';

/** A client of the functions' address of the database, or of another. */
const openClient = (address = url) => {
  const sql = postgres(address, { max: 1, fetch_types: false, backoff: false, onnotice: () => {} });
  onTestFinished(() => sql.end({ timeout: 0 }));
  return sql;
};

const order = (fault: object) => cloud.orderFault({ command: 'PostgreSQL', ...fault });
const pending = async () =>
  ((await (await fetch(`${cloud.cloud}/local/faults`)).json()) as { pending: object[] }).pending;

beforeAll(async () => {
  const sql = postgres(databaseUrl, { max: 1 });
  await sql`create table notes (note text)`;
  await sql.end();
});
afterEach(() => fetch(`${cloud.cloud}/local/faults`, { method: 'DELETE' }));

describe('the address of the database that functions get', () => {
  it('differs from the real one by its port alone', () => {
    const [given, real] = [new URL(url), new URL(databaseUrl)];
    expect(given.port).not.toBe(real.port);
    given.port = real.port;
    expect(given.href).toBe(`${databaseUrl}?tcp_keepalives_idle=60`);
  });

  it('is left alone when it is not on this machine', async () => {
    const elsewhere = 'postgres://classroom:secret@db.example.com/classroom?sslmode=require';
    const other = await startTestCloud({ outside: { DATABASE_URL: elsewhere }, functions: [] });
    expect(other.env.DATABASE_URL).toBe(elsewhere);
  });

  it('carries large statements and replies whole', async () => {
    const sql = openClient();
    const long = 'x'.repeat(5_000_000);
    const [row] = await sql`select ${long}::text as text`;
    expect(row?.text).toBe(long);
  });

  it('lets the database know when a client is gone, and the client when the database is', async () => {
    const watching = openClient(databaseUrl);
    const leaving = openClient();
    const [backend] = await leaving`select pg_backend_pid() as pid`;
    await leaving.end({ timeout: 0 });
    await expect
      .poll(() => watching`select 1 from pg_stat_activity where pid = ${backend?.pid}`, { timeout: 5000 })
      .toEqual([]);

    const staying = openClient();
    const [other] = await staying`select pg_backend_pid() as pid`;
    const waiting = staying`select pg_sleep(60)`.catch((error: { code?: string }) => error.code);
    await expect
      .poll(() => watching`select 1 from pg_stat_activity where pid = ${other?.pid} and state = 'active'`)
      .toHaveLength(1);
    await watching`select pg_terminate_backend(${other?.pid})`;
    expect(await waiting).toBe('CONNECTION_CLOSED');
  });

  it('ends a connection of which a client has ended its half', async () => {
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    socket.end();
    socket.resume();
    await once(socket, 'close');
  });
});

describe('an ordered fault of the database', () => {
  it('with a code refuses what is sent next, as a server does that hangs up, and no more', async () => {
    const client = new Client(url);
    const failed = once(client, 'error');
    await client.connect();
    await order({ errorCode: '57P01' });
    const refused = { code: '57P01', severity: 'FATAL', message: 'ordered by a fault' };
    await expect(client.query("insert into notes values ('refused')")).rejects.toMatchObject(refused);
    expect((await failed)[0].message).toBe('Connection terminated unexpectedly');
    expect(await openClient()`select * from notes where note = 'refused'`).toEqual([]);
  });

  it('with a code refuses a new connection', async () => {
    await order({ errorCode: 53300 });
    await expect(openClient()`select 1`).rejects.toMatchObject({ code: '53300' });
  });

  it('that drops the reply has it done, and the connection cut on both sides', async () => {
    const sql = openClient();
    const [backend] = await sql`select pg_backend_pid() as pid`;
    await order({ dropReply: true });
    await expect(sql`insert into notes values ('lost')`).rejects.toMatchObject({ code: 'CONNECTION_CLOSED' });
    expect(await sql`select * from notes where note = 'lost'`).toHaveLength(1);
    await expect.poll(() => sql`select 1 from pg_stat_activity where pid = ${backend?.pid}`).toEqual([]);
  });

  it('that delays holds the reply back, of this connection alone', async () => {
    const [held, other] = [openClient(), openClient()];
    await held`select 1`;
    await other`select 1`;
    await order({ delayMs: 300 });
    const begin = performance.now();
    const ended: string[] = [];
    await Promise.all([
      held`select 1`.then(() => ended.push('held')),
      // Sent once the fault has struck.
      expect
        .poll(pending, { interval: 10 })
        .toEqual([])
        .then(() => other`select 1`)
        .then(() => ended.push('other')),
    ]);
    expect(ended).toEqual(['other', 'held']);
    expect(performance.now() - begin).toBeGreaterThan(295);
  });

  it('is not used up by a password or a farewell', async () => {
    const leaving = openClient();
    await leaving`select 1`;
    await order({ delayMs: 0, times: 3 });
    await leaving.end();
    expect(await pending()).toMatchObject([{ times: 3 }]);
    await openClient()`select 1`;
    // The opening, and the statement.
    expect(await pending()).toMatchObject([{ times: 1 }]);
  });

  it('makes a function answer 502, and later it does what it should', async () => {
    const create = async (classId: string) =>
      (await cloud.post('create-class', { classId, name: 'Class' }, teacher)).body.code ?? 'created';
    expect(await create('warm')).toBe('created');
    await order({ errorCode: '53300' });
    expect(await create('struck')).toBe('UPSTREAM_FAILED');
    await expect.poll(() => create('struck')).toBe('created');
  });
});
