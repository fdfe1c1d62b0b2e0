import postgres from 'postgres';
import { callOutside } from '../calls.ts';
import { AppError } from '../errors.ts';
import { latestMigration } from './latest-migration.ts';

export type Sql = postgres.Sql<{ bigint: number }>;
export type Transaction = postgres.TransactionSql<{ bigint: number }>;

/**
 * The one connection of an instance. Every method throws `UPSTREAM_FAILED` or `UPSTREAM_TIMEOUT` when the database does not
 * answer, and `UPSTREAM_FAILED` as long as the database is older than this code.
 */
export interface Database {
  run<T>(work: (sql: Sql) => Promise<T>): Promise<T>;
  /** `deadlineMs`, 5 s unless told otherwise, is for the whole of it and for each statement. */
  transaction<T>(work: (sql: Transaction) => Promise<T>, deadlineMs?: number): Promise<T>;
  /**
   * Runs `work` while nobody else, in any instance, runs work under the same key. A killed holder lets go at once.
   * Throws `UPSTREAM_TIMEOUT` when the key is not free within `waitMs`.
   */
  exclusively<T>(key: string, work: () => Promise<T>, waitMs: number): Promise<T>;
  /** The same without waiting: `undefined` when the key is not free. */
  tryExclusively<T>(key: string, work: () => Promise<T>): Promise<T | undefined>;
  close(): Promise<void>;
}

export interface DatabaseOptions {
  url: string;
  /** Milliseconds since 1970. */
  clock(): number;
  sleep(ms: number): Promise<unknown>;
}

const connectTimeoutSeconds = 3;
/** Longer than any work under a lock waits for others: the lock goes with the connection. */
const idleSeconds = 120;
const deadlineMs = 5000;
/**
 * What we ask of the server, in milliseconds: PostgreSQL 14 is the first that takes both. It ends what a frozen instance
 * cannot. Source: https://www.postgresql.org/docs/14/runtime-config-client.html
 */
export const sessionSettings = { statement_timeout: deadlineMs, idle_session_timeout: 150_000 };
/** After such a pause the instance may have been frozen and its connection dropped by the other side. */
const trustedIdleMs = 5000;
/** Short: whoever asks may have to answer within a second. */
const pingDeadlineMs = 300;
/** A deadline noticed so late passed while the instance was frozen: the answer may lie there unread. */
const frozenMs = 100;
const graceMs = 250;
const lockPollMs = 50;

export const createDatabase = ({ url, clock, sleep }: DatabaseOptions): Database => {
  const connect = (): Sql =>
    postgres(url, {
      max: 1,
      connect_timeout: connectTimeoutSeconds,
      idle_timeout: idleSeconds,
      onnotice: () => {},
      // Whoever calls has a deadline: a database that refuses connections is better known at once than waited for.
      backoff: false,
      // One query less in a cold start; lists travel as JSON instead of PostgreSQL's arrays.
      fetch_types: false,
      connection: {
        application_name: 'classroom',
        ...sessionSettings,
      },
      types: { bigint: { to: 20, from: [20], serialize: String, parse: Number } },
    });
  let sql: Sql | undefined;
  let usedAt = 0;
  let ping: Promise<unknown> | undefined;
  let migrated: Promise<void> | undefined;
  const locallyHeld = new Set<string>();

  const drop = (dropped: Sql) => {
    if (sql === dropped) sql = undefined;
    // It is broken already: whatever closing it says changes nothing.
    void dropped.end({ timeout: 0 }).catch(() => {});
  };

  const within = async <T>(current: Sql, work: Promise<T>, ms: number): Promise<T> => {
    let timer: NodeJS.Timeout | undefined;
    const dueAt = clock() + ms;
    const late = new Promise<never>((_, reject) => {
      const giveUp = () => {
        drop(current);
        reject(timedOut());
      };
      timer = setTimeout(() => {
        if (clock() - dueAt < frozenMs) giveUp();
        else timer = setTimeout(giveUp, graceMs);
      }, ms);
    });
    try {
      return await Promise.race([work, late]);
    } catch (error) {
      // The client would meet the next statement with what ended this connection, though that goes out on a new one.
      if (isEndOfConnection(error)) drop(current);
      throw asUpstreamFailure(error);
    } finally {
      clearTimeout(timer);
    }
  };

  /** The connection, tried first when it has been idle for long, and then opened anew once. */
  const connection = async (): Promise<Sql> => {
    const now = clock();
    const idleMs = now - usedAt;
    usedAt = now;
    if (sql && idleMs > trustedIdleMs) {
      const current = sql;
      ping = within(current, current`select 1`, pingDeadlineMs)
        .catch(() => drop(current))
        .finally(() => {
          ping = undefined;
        });
    }
    // Also of those who come while it is tried.
    await ping;
    await requireMigrated();
    sql ??= connect();
    return sql;
  };

  /** Asks once, since no database grows older; again only after it was too old, or did not answer. */
  const requireMigrated = (): Promise<void> => {
    sql ??= connect();
    migrated ??= within(sql, assertMigrated(sql), deadlineMs).catch((error: unknown) => {
      migrated = undefined;
      throw error;
    });
    return migrated;
  };

  const run = <T>(work: (sql: Sql) => Promise<T>): Promise<T> =>
    callOutside('db', async () => {
      const current = await connection();
      return within(current, work(current), deadlineMs);
    });

  const tryLock = (key: string) =>
    run(async (sql) => {
      if (locallyHeld.has(key)) return false;
      // Held by this instance already would count as free to the database: advisory locks belong to connections.
      locallyHeld.add(key);
      try {
        const [row] = await sql<
          { locked: boolean }[]
        >`select pg_try_advisory_lock(hashtextextended(${key}, 0)) as locked`;
        if (!row?.locked) locallyHeld.delete(key);
        return row?.locked === true;
      } catch (error) {
        locallyHeld.delete(key);
        throw error;
      }
    });

  const holding = async <T>(key: string, work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } finally {
      locallyHeld.delete(key);
      // When this fails the connection is gone, and the lock with it.
      await run((sql) => sql`select pg_advisory_unlock(hashtextextended(${key}, 0))`).catch(() => {});
    }
  };

  // The connection opens while a cold start goes on with other work. Should that fail, whoever comes first is told.
  usedAt = clock();
  requireMigrated().catch(() => {});

  return {
    run,
    transaction: (work, ms = deadlineMs) =>
      callOutside('db', async () => {
        const current = await connection();
        const begun = current.begin(async (transaction) => {
          if (ms !== deadlineMs) await transaction.unsafe(`set local statement_timeout = ${ms}`);
          return work(transaction);
        });
        return within(current, begun as Promise<Awaited<ReturnType<typeof work>>>, ms);
      }),
    async exclusively(key, work, waitMs) {
      const giveUpAt = clock() + waitMs;
      while (!(await tryLock(key))) {
        if (clock() >= giveUpAt)
          throw new AppError('UPSTREAM_TIMEOUT', 'Another call is busy with the same. Try again.');
        await sleep(lockPollMs);
      }
      return holding(key, work);
    },
    async tryExclusively(key, work) {
      return (await tryLock(key)) ? holding(key, work) : undefined;
    },
    async close() {
      const current = sql;
      sql = undefined;
      await current?.end({ timeout: 1 });
    },
  };
};

/** Names begin with their number: what is newer comes after. */
const assertMigrated = async (sql: Sql): Promise<void> => {
  const newest = await newestMigration(sql);
  if (newest !== null && newest >= latestMigration) return;
  const has = `the database has ${newest ?? 'no migration'} and lacks ${latestMigration}`;
  throw notReady({ reason: 'old database' }, new Error(`${has}: run \`npm run migrate\` with its DATABASE_URL`));
};

const newestMigration = async (sql: Sql): Promise<string | null> => {
  try {
    const [row] = await sql<{ newest: string | null }[]>`select max(name) as newest from migrations`;
    return row?.newest ?? null;
  } catch (error) {
    if (!(error instanceof postgres.PostgresError)) throw error;
    if (error.code === undefinedTable) return null;
    if (error.code !== insufficientPrivilege) throw error;
    throw notReady(
      { reason: 'no right to read migrations', vendorCode: error.code },
      new Error('the database user may not read the table `migrations`: grant it `select` on that', { cause: error }),
    );
  }
};

const undefinedTable = '42P01';
const insufficientPrivilege = '42501';

const notReady = (details: { reason: string; vendorCode?: string }, cause: Error) =>
  new AppError('UPSTREAM_FAILED', 'The service is not ready yet. Try again.', {
    details: { vendor: 'postgresql', ...details },
    cause,
  });

/** SQLSTATE classes that mean «not here, not now» rather than «this statement is wrong». Source: https://www.postgresql.org/docs/18/errcodes-appendix.html */
const unavailableState = /^(08|28|3D|53|57)/;

/** A cancelled statement, and connections that nobody answers. */
const timeoutCodes: readonly unknown[] = ['57014', 'CONNECT_TIMEOUT', 'ETIMEDOUT'];

/** Of the database's own errors the fatal ones end a connection; other errors with a code are of its socket. */
const isEndOfConnection = (error: unknown): boolean =>
  error instanceof postgres.PostgresError
    ? error.severity === 'FATAL'
    : error instanceof Error && !(error instanceof AppError) && 'code' in error;

const timedOut = (vendorCode?: string, cause?: unknown) =>
  new AppError('UPSTREAM_TIMEOUT', 'The database did not answer in time. Try again.', {
    details: { vendor: 'postgresql', vendorCode },
    cause,
  });

const asUpstreamFailure = (error: unknown): unknown => {
  if (!(error instanceof Error) || error instanceof AppError || !('code' in error)) return error;
  const isUnavailable =
    error instanceof postgres.PostgresError ? unavailableState.test(error.code) : typeof error.code === 'string';
  if (!isUnavailable) return error;
  if (timeoutCodes.includes(error.code)) return timedOut(String(error.code), error);
  return new AppError('UPSTREAM_FAILED', 'The database cannot be reached. Try again.', {
    details: { vendor: 'postgresql', vendorCode: String(error.code) },
    cause: error,
  });
};
