import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import postgres from 'postgres';
import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { createDatabase, type Database, type DatabaseOptions } from '../../lib/db/database.ts';
import { AppError } from '../../lib/errors.ts';
import { createClock } from '../support/clock.ts';
import { newDatabaseUrl } from '../support/database.ts';

let url: string;
let admin: postgres.Sql;
beforeAll(async () => {
  url = await newDatabaseUrl();
  admin = postgres(url, { max: 1, onnotice: () => {} });
  await admin`create table things (name text primary key, size bigint)`;
});
afterAll(() => admin.end());
afterEach(() => vi.useRealTimers());

const open = (options: Partial<DatabaseOptions> = {}): Database => {
  const database = createDatabase({ url, clock: Date.now, sleep, ...options });
  onTestFinished(() => database.close());
  return database;
};

const backendOf = async (database: Database): Promise<number> => {
  const [row] = await database.run((sql) => sql<{ pid: number }[]>`select pg_backend_pid() as pid`);
  return row?.pid ?? 0;
};

/** Ends a connection from the other side, and waits until it is gone. */
const terminate = async (pid: number): Promise<void> => {
  await admin`select pg_terminate_backend(${pid}, 5000)`;
};

const names = async (database: Database) =>
  (await database.run((sql) => sql<{ name: string }[]>`select name from things order by name`)).map(({ name }) => name);

describe('a database', () => {
  it('reads bigints as numbers', async () => {
    const [row] = await open().run(
      (sql) => sql<{ big: number; time: number }[]>`select 9007199254740991::bigint as big, 1767225600::bigint as time`,
    );
    expect(row).toEqual({ big: Number.MAX_SAFE_INTEGER, time: 1_767_225_600 });
  });

  it('has one connection and keeps it', async () => {
    const database = open();
    const pids = await Promise.all([1, 2, 3].map(() => backendOf(database)));
    expect(new Set(pids).size).toBe(1);
  });

  it('commits a transaction whole', async () => {
    const database = open();
    await database.transaction(async (sql) => {
      await sql`insert into things (name) values ('a')`;
      await sql`insert into things (name) values ('b')`;
    });
    expect(await names(open())).toEqual(['a', 'b']);
    await admin`delete from things`;
  });

  it('rolls a transaction back whole, and throws what its work threw', async () => {
    const database = open();
    const failure = new AppError('CONFLICT', 'No.');
    const work = database.transaction(async (sql) => {
      await sql`insert into things (name) values ('a')`;
      throw failure;
    });
    await expect(work).rejects.toBe(failure);
    expect(await names(database)).toEqual([]);
  });

  it('throws a mistake in a statement as it is, since no other try would help', async () => {
    const database = open();
    await expect(database.run((sql) => sql`select nothing`)).rejects.toMatchObject({ code: '42703' });
    await expect(database.run((sql) => sql`select 1`)).resolves.toHaveLength(1);
  });
});

describe('a connection', () => {
  it('that the other side closed while the instance slept is opened anew', async () => {
    const clock = createClock();
    const database = open({ clock });
    const pid = await backendOf(database);
    await terminate(pid);
    clock.advance(3600);
    expect(await backendOf(database)).not.toBe(pid);
  });

  it('is kept after a pause that it survived', async () => {
    const clock = createClock();
    const database = open({ clock });
    const pid = await backendOf(database);
    clock.advance(3600);
    expect(await backendOf(database)).toBe(pid);
  });

  it('of an instance that nobody wakes any more is ended by the server, and opened anew should it wake after all', async () => {
    const clock = createClock();
    const database = open({ clock });
    const pid = await backendOf(database);
    const [setting] = await database.run((sql) => sql<{ idle_session_timeout: string }[]>`show idle_session_timeout`);
    expect(setting).toEqual({ idle_session_timeout: '150s' });

    await database.run((sql) => sql`set idle_session_timeout = 10`);
    await expect.poll(() => admin`select 1 from pg_stat_activity where pid = ${pid}`).toHaveLength(0);
    clock.advance(3600);
    expect(await backendOf(database)).not.toBe(pid);
  });

  it('that died in silence while the instance slept is given up, and opened anew for all who ask', async () => {
    const { hostname, port } = new URL(url);
    const tunnels: { near: Socket; far: Socket }[] = [];
    const tunnel = createServer((near) => {
      const far = connect(Number(port), hostname);
      near.pipe(far).pipe(near);
      tunnels.push({ near, far });
    });
    await new Promise<void>((resolve) => tunnel.listen(0, '127.0.0.1', resolve));
    const through = new URL(url);
    through.port = String((tunnel.address() as AddressInfo).port);
    onTestFinished(() => {
      tunnel.close();
      for (const { near, far } of tunnels) [near, far].map((socket) => socket.destroy());
    });
    const clock = createClock();
    const database = open({ url: through.href, clock });
    const pid = await backendOf(database);
    for (const { near, far } of tunnels) {
      near.unpipe(far);
      far.unpipe(near);
    }
    clock.advance(3600);
    const asked = await Promise.all([1, 2, 3].map(() => backendOf(database)));
    expect(new Set(asked).size).toBe(1);
    expect(asked[0]).not.toBe(pid);
  });

  it('that cannot be made is UPSTREAM_FAILED', async () => {
    const closed = createServer();
    await new Promise<void>((resolve) => closed.listen(0, '127.0.0.1', resolve));
    const { port } = closed.address() as AddressInfo;
    await new Promise((resolve) => closed.close(resolve));
    const database = open({ url: `postgres://u:hunter2@127.0.0.1:${port}/db` });
    const error = await database.run((sql) => sql`select 1`).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      code: 'UPSTREAM_FAILED',
      details: { vendor: 'postgresql', vendorCode: 'ECONNREFUSED' },
    });
    expect(`${error} ${JSON.stringify(error)}`).not.toContain('hunter2');
  });

  it('to a server that takes calls and says nothing is UPSTREAM_TIMEOUT within 5 seconds', async () => {
    const silent = createServer();
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void silent.close());
    const accepted = new Promise<void>((resolve) => {
      silent.once('connection', (socket) => {
        onTestFinished(() => void socket.destroy());
        resolve();
      });
    });
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const { port } = silent.address() as AddressInfo;
    const work = open({ url: `postgres://u:p@127.0.0.1:${port}/db` }).run((sql) => sql`select 1`);
    const failed = expect(work).rejects.toMatchObject({
      code: 'UPSTREAM_TIMEOUT',
      details: { vendor: 'postgresql' },
    });
    await vi.advanceTimersByTimeAsync(0);
    await accepted;
    await vi.advanceTimersByTimeAsync(5000);
    await failed;
  });

  it('whose statement takes longer than 5 seconds is UPSTREAM_TIMEOUT, and the next call has a new one', async () => {
    const database = open();
    const pid = await backendOf(database);
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const failed = expect(database.run((sql) => sql`select pg_sleep(30)`)).rejects.toMatchObject({
      code: 'UPSTREAM_TIMEOUT',
    });
    await vi.advanceTimersByTimeAsync(5000);
    await failed;
    vi.useRealTimers();
    expect(await backendOf(database)).not.toBe(pid);
    await terminate(pid);
  });

  it('whose deadline passed while the instance was frozen still gives the answer that comes then', async () => {
    const clock = createClock();
    const database = open({ clock });
    const pid = await backendOf(database);
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const work = database.run((sql) => sql`select pg_sleep(0.05)::text as slept`);
    await vi.advanceTimersByTimeAsync(0);
    clock.advance(600);
    vi.advanceTimersByTime(5000);
    expect(await work).toEqual([{ slept: '' }]);
    vi.useRealTimers();
    expect(await backendOf(database)).toBe(pid);
  });

  it('whose deadline passed while the instance was frozen is given up 250 ms later', async () => {
    const clock = createClock();
    const database = open({ clock });
    const pid = await backendOf(database);
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const failed = vi.fn();
    const work = database.run((sql) => sql`select pg_sleep(30)`).catch(failed);
    await vi.advanceTimersByTimeAsync(0);
    clock.advance(600);
    await vi.advanceTimersByTimeAsync(5249);
    expect(failed).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1);
    await work;
    expect(failed).toHaveBeenCalledWith(expect.objectContaining({ code: 'UPSTREAM_TIMEOUT' }));
    vi.useRealTimers();
    expect(await backendOf(database)).not.toBe(pid);
    await terminate(pid);
  });

  it('is given up later, by the server too, when a transaction asks for more time', async () => {
    const database = open();
    const work = database.transaction(async (sql) => {
      await sql`select 1`;
      return sql<{ statement_timeout: string }[]>`show statement_timeout`;
    }, 20_000);
    expect(await work).toEqual([{ statement_timeout: '20s' }]);
    const [row] = await database.run((sql) => sql`show statement_timeout`);
    expect(row).toEqual({ statement_timeout: '5s' });
  });

  it('whose statement the server itself cancels for its time is UPSTREAM_TIMEOUT', async () => {
    const database = open();
    await database.run((sql) => sql`set statement_timeout = 1`);
    await expect(database.run((sql) => sql`select pg_sleep(5)`)).rejects.toMatchObject({ code: 'UPSTREAM_TIMEOUT' });
  });

  it('that the server ends in the middle of a statement is UPSTREAM_FAILED, and the next call has a new one', async () => {
    const database = open();
    const work = database.run((sql) => sql`select pg_terminate_backend(pg_backend_pid())`);
    await expect(work).rejects.toMatchObject({ code: 'UPSTREAM_FAILED' });
    expect(await names(database)).toEqual([]);
  });

  it('that dies under a transaction is UPSTREAM_FAILED, and the next call has a new one', async () => {
    const database = open();
    const work = database.transaction(async (sql) => {
      const [row] = await sql<{ pid: number }[]>`select pg_backend_pid() as pid`;
      await terminate(row?.pid ?? 0);
      await sql`insert into things (name) values ('lost')`;
    });
    await expect(work).rejects.toMatchObject({ code: 'UPSTREAM_FAILED' });
    expect(await names(database)).toEqual([]);
  });
});

describe('exclusively', () => {
  /** Work that goes on until it is told to end. */
  const holding = () => {
    let end = () => {};
    let begin = () => {};
    const ended = new Promise<void>((resolve) => {
      end = resolve;
    });
    const begun = new Promise<void>((resolve) => {
      begin = resolve;
    });
    const work = async () => {
      begin();
      await ended;
      return 'held';
    };
    return { work, begun, end };
  };

  it.each([
    ['two instances', () => [open(), open()]],
    ['one instance', () => Array<Database>(2).fill(open())],
  ])('lets nobody else in under the same key, in %s', async (_what, make) => {
    const [first, second] = make() as [Database, Database];
    const held = holding();
    const holder = first.exclusively('k', held.work, 0);
    await held.begun;
    const other = vi.fn(async () => 'other');
    expect(await second.tryExclusively('k', other)).toBeUndefined();
    expect(other).not.toHaveBeenCalled();
    expect(await second.tryExclusively('another key', other)).toBe('other');
    held.end();
    expect(await holder).toBe('held');
    expect(await second.tryExclusively('k', other)).toBe('other');
  });

  it('waits until the key is free', async () => {
    const held = holding();
    const holder = open().exclusively('k', held.work, 0);
    await held.begun;
    let pauses = 0;
    const waiting = open({
      sleep: async () => {
        pauses += 1;
        held.end();
        await holder;
      },
    });
    expect(await waiting.exclusively('k', async () => 'then', 1000)).toBe('then');
    expect(pauses).toBe(1);
  });

  it('gives up waiting after the time that it was given', async () => {
    const clock = createClock();
    const held = holding();
    const holder = open().exclusively('k', held.work, 0);
    await held.begun;
    const waiting = open({ clock, sleep: async (ms) => clock.advance(ms / 1000) });
    const from = clock();
    const work = vi.fn(async () => {});
    await expect(waiting.exclusively('k', work, 1000)).rejects.toMatchObject({ code: 'UPSTREAM_TIMEOUT' });
    expect(clock() - from).toBeGreaterThanOrEqual(1000);
    expect(clock() - from).toBeLessThan(1200);
    expect(work).not.toHaveBeenCalled();
    held.end();
    await holder;
  });

  it('lets go when the work throws', async () => {
    const database = open();
    const failure = new Error('boom');
    await expect(database.exclusively('k', () => Promise.reject(failure), 0)).rejects.toBe(failure);
    expect(await open().tryExclusively('k', async () => 'free')).toBe('free');
    expect(await database.tryExclusively('k', async () => 'free')).toBe('free');
  });

  it('lets go when the connection of the holder dies', async () => {
    const [dying, other] = [open(), open()];
    const held = holding();
    const pid = await backendOf(dying);
    const holder = dying.exclusively('k', held.work, 0);
    await held.begun;
    expect(await other.tryExclusively('k', async () => 'too early')).toBeUndefined();
    await terminate(pid);
    expect(await other.tryExclusively('k', async () => 'free')).toBe('free');
    held.end();
    expect(await holder).toBe('held');
    expect(await dying.tryExclusively('k', async () => 'again')).toBe('again');
  });

  it('runs one at a time however many want to', async () => {
    const databases = Array.from({ length: 5 }, () => open());
    let running = 0;
    let most = 0;
    const work = async () => {
      running += 1;
      most = Math.max(most, running);
      await admin`select 1`;
      running -= 1;
    };
    await Promise.all([...databases, ...databases].map((database) => database.exclusively('k', work, 10_000)));
    expect(most).toBe(1);
  });
});
