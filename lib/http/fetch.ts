import type { Agent } from 'node:http';

export interface FetchInit {
  method?: string;
  headers?: Record<string, string>;
  body?: string;
  signal?: AbortSignal;
}

/** What is read of a reply. */
export interface FetchReply {
  status: number;
  text(): Promise<string>;
}

/** The part of `fetch` that our clients use; the global one fits, and so do the fakes of the tests. */
export type Fetch = (url: string | URL, init?: FetchInit) => Promise<FetchReply>;

/** Sockets idle for longer are not trusted: a frozen instance does not notice that its peer hung up. */
const maxIdleMs = 4000;
const maxReplyBytes = 8 * 1024 * 1024;

const load = (address: string) => (address.startsWith('https:') ? import('node:https') : import('node:http'));

/**
 * A `fetch` on `node:http(s)` with kept-alive connections: the global one takes 50 ms of a cold start, this one 13, and
 * none before the first call. `firstOrigin` is where a function calls first, this way or another: its module is loaded
 * while the cold start waits for something else. Rejects with the system's error (`code: "ECONNREFUSED"`, …) or, when
 * `signal` aborts, with its reason.
 */
export const createFetch = (clock: () => number, firstOrigin?: string): Fetch => {
  if (firstOrigin !== undefined) setImmediate(() => void load(firstOrigin));
  const agents = new Map<string, Agent>();
  let usedAt = 0;

  const agentFor = (protocol: string, open: () => Agent): Agent => {
    const now = clock();
    if (now - usedAt > maxIdleMs) {
      for (const { freeSockets } of agents.values())
        for (const sockets of Object.values(freeSockets)) for (const socket of sockets ?? []) socket.destroy();
      agents.clear();
    }
    usedAt = now;
    const agent = agents.get(protocol) ?? open();
    agents.set(protocol, agent);
    return agent;
  };

  return async (url, { method = 'GET', headers = {}, body, signal } = {}) => {
    const target = new URL(url);
    const http = await load(target.protocol);
    const agent = agentFor(target.protocol, () => new http.Agent({ keepAlive: true }));
    return new Promise((resolve, reject) => {
      const fail = (error: Error) => reject(signal?.aborted ? signal.reason : error);
      const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
      const outgoing = http.request(
        target,
        { method, agent, signal, headers: { ...headers, ...length } },
        (incoming) => {
          const chunks: Buffer[] = [];
          let size = 0;
          incoming.on('data', (chunk: Buffer) => {
            size += chunk.length;
            if (size > maxReplyBytes)
              incoming.destroy(new Error(`the reply of ${target.origin} is larger than ${maxReplyBytes} bytes`));
            chunks.push(chunk);
          });
          incoming.on('error', fail);
          incoming.on('end', () =>
            resolve({ status: incoming.statusCode ?? 0, text: async () => Buffer.concat(chunks).toString('utf8') }),
          );
        },
      );
      outgoing.on('error', fail);
      outgoing.end(body);
    });
  };
};
