import { type AddressInfo, createServer, connect as openConnection, type Socket } from 'node:net';
import type { Faults } from './faults.ts';
import type { Reporter } from './feed.ts';
import type { OrderedFault } from './feed-event.ts';
import { pause } from './pause.ts';

export interface DatabaseProxyOptions {
  /** Of the database. */
  url: string;
  faults: Pick<Faults, 'take'>;
  feed: Reporter;
}

/** A way to the database on which faults can strike. */
export interface DatabaseProxy {
  /** The database's own, but for the port. */
  readonly url: string;
  close(): Promise<void>;
}

const loopback = '127.0.0.1';

/**
 * Passes on what functions and their database say to each other, so that faults of the database can be ordered. A fault
 * strikes the next thing that anybody sends: a statement, what goes with it unanswered, or the opening of a connection.
 */
export const startDatabaseProxy = async ({ url, faults, feed }: DatabaseProxyOptions): Promise<DatabaseProxy> => {
  const { hostname, port } = new URL(url);
  const target = { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port || defaultPort) };
  const sockets = new Set<Socket>();
  const server = createServer({ noDelay: true }, (client) => {
    const database = openConnection({ ...target, noDelay: true });
    for (const socket of [client, database]) {
      sockets.add(socket);
      socket.once('close', () => sockets.delete(socket));
    }
    join(client, database, { faults, feed });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, loopback, resolve);
  });
  const proxied = new URL(url);
  proxied.hostname = loopback;
  proxied.port = String((server.address() as AddressInfo).port);
  return {
    url: proxied.href,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
};

const defaultPort = 5432;

/** Passes on between two sockets until one of them ends: then the other ends, too, when it has been told everything. */
const join = (client: Socket, database: Socket, { faults, feed }: Pick<DatabaseProxyOptions, 'faults' | 'feed'>) => {
  let isAnswered = true;
  let isRefused = false;
  let losesReply = false;

  const strike = async (fault: OrderedFault, chunk: Buffer) => {
    const tell = feed.begin();
    const call = { kind: 'upstream', service: 'PostgreSQL', command: 'PostgreSQL', fault } as const;
    if (fault.errorCode !== undefined) {
      isRefused = true;
      if (fault.delayMs !== undefined) await pause(fault.delayMs);
      const code = String(fault.errorCode);
      client.end(fatalError(code));
      return tell({ ...call, outcome: 'refused', code });
    }
    losesReply = fault.dropReply === true;
    database.write(chunk);
    if (fault.delayMs !== undefined) {
      database.pause();
      await pause(fault.delayMs);
      database.resume();
    }
    tell({ ...call, outcome: losesReply ? 'reply lost' : 'ok' });
  };

  client.on('data', (chunk) => {
    // Read, and forgotten: what lies unread when a connection closes can take the last words with it.
    if (isRefused) return;
    const fault = isAnswered && beginsSomething(chunk) ? faults.take('PostgreSQL') : undefined;
    isAnswered = false;
    if (fault) void strike(fault, chunk);
    else pass(chunk, client, database);
  });
  database.on('data', (chunk) => {
    isAnswered = true;
    if (losesReply) client.destroy();
    else pass(chunk, database, client);
  });
  client.on('end', () => database.end());
  client.on('close', () => database.destroy());
  database.on('close', () => client.end());
  for (const socket of [client, database]) socket.on('error', () => socket.destroy());
};

const pass = (chunk: Buffer, from: Socket, to: Socket) => {
  if (to.write(chunk)) return;
  from.pause();
  to.once('drain', () => from.resume());
};

/** A password continues an opening, and a farewell asks for nothing. Source: https://www.postgresql.org/docs/18/protocol-message-formats.html */
const beginsSomething = (chunk: Buffer): boolean => !['p', 'X'].includes(String.fromCharCode(chunk[0] ?? 0));

/** An ErrorResponse after which the server hangs up. Source: https://www.postgresql.org/docs/18/protocol-error-fields.html */
const fatalError = (sqlState: string): Buffer => {
  const fields = Buffer.from(`SFATAL\0VFATAL\0C${sqlState}\0Mordered by a fault\0\0`);
  const length = Buffer.alloc(4);
  length.writeInt32BE(length.length + fields.length);
  return Buffer.concat([Buffer.from('E'), length, fields]);
};
