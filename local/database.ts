import { type DatabaseProxyOptions, startDatabaseProxy } from './database-proxy.ts';
import { migrate } from './migrate.ts';
import { type PostgresOptions, startPostgres } from './postgres.ts';

export interface LocalDatabaseOptions extends PostgresOptions, Omit<DatabaseProxyOptions, 'url'> {
  /** The developer's own; left out, the one that comes with the local cloud is started. */
  url: string | undefined;
}

/** The database that the functions reach. */
export interface LocalDatabase {
  /** As the functions reach it. */
  readonly url: string;
  stop(): Promise<void>;
}

/**
 * The functions' database. One of the developer's own machine is brought up to date unasked, and reached in a way in which
 * faults can be ordered; any other is left to `npm run migrate`, and as it is.
 */
export const startDatabase = async ({
  url,
  faults,
  feed,
  ...options
}: LocalDatabaseOptions): Promise<LocalDatabase> => {
  if (url !== undefined && !isLoopback(url)) return { url, stop: async () => {} };
  const postgres = url === undefined ? await startPostgres(options) : { url, stop: async () => {} };
  try {
    await migrate(postgres.url);
    const proxy = await startDatabaseProxy({ url: postgres.url, faults, feed });
    return {
      url: proxy.url,
      async stop() {
        await proxy.close();
        await postgres.stop();
      },
    };
  } catch (error) {
    await postgres.stop();
    throw error;
  }
};

const isLoopback = (url: string) => ['127.0.0.1', 'localhost', '[::1]'].includes(new URL(url).hostname);
