import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface LocalRequest {
  method: string;
  /** As it stood on the request line, still percent-encoded. */
  path: string;
  query: URLSearchParams;
  headers: IncomingHttpHeaders;
  body: Buffer;
  remoteAddress: string;
}

/** `'hang up'` closes the connection without a word, as a lost reply does. */
export type LocalReply =
  | { status: number; headers?: Record<string, string | string[]>; body?: string | Buffer }
  | 'hang up';

export interface LocalServer {
  readonly port: number;
  readonly origin: string;
  /** The underlying server, for `upgrade`. */
  readonly server: Server;
  close(): Promise<void>;
}

const loopback = '127.0.0.1';
const maxBodyBytes = 64 * 1024 * 1024;

export const json = (value: unknown, status = 200): LocalReply => ({
  status,
  headers: { 'content-type': 'application/json; charset=utf-8' },
  body: JSON.stringify(value),
});

/** A page of another origin can make a browser call loopback under a name of its own (DNS rebinding): only our names are served. */
export const isLoopbackHost = (host: string | undefined): boolean =>
  host !== undefined && /^(127\.0\.0\.1|localhost)(:\d+)?$/i.test(host);

/** What the SDK calls Tencent's API when its connection is led here. */
export const isApiHost = (host: string | undefined): boolean =>
  isLoopbackHost(host) || (host !== undefined && /^[\w-]+\.tencentcloudapi\.com$/.test(host));

/**
 * Any page of the web can make a browser post here, if without reading the reply. What is for the developer alone refuses
 * that: a page has to be served from this machine, and what is no page sends no `Origin`.
 */
export const isFromForeignPage = ({ headers: { origin } }: Pick<LocalRequest, 'headers'>): boolean =>
  origin !== undefined && !/^https?:\/\/(127\.0\.0\.1|localhost)(:\d+)?$/i.test(origin);

/** Serves on loopback alone, and what calls it by a name of its own; port 0 takes any free one. Rejects when the port is taken. */
export const serve = async (
  port: number,
  handle: (request: LocalRequest) => Promise<LocalReply>,
  isOwnHost = isLoopbackHost,
): Promise<LocalServer> => {
  const server = createServer(async (incoming, outgoing) => {
    const refuse = (status: number, text: string) =>
      outgoing.writeHead(status, { 'content-type': 'text/plain', connection: 'close' }).end(text);
    if (!isOwnHost(incoming.headers.host)) return refuse(403, 'This server answers to 127.0.0.1 and localhost only.\n');
    const [path = '/', search = ''] = (incoming.url ?? '/').split(/\?(.*)/s);
    const chunks: Buffer[] = [];
    let size = 0;
    try {
      for await (const chunk of incoming) {
        size += chunk.length;
        if (size > maxBodyBytes) return refuse(413, 'Too large for the local cloud.\n');
        chunks.push(chunk);
      }
      const reply = await handle({
        method: incoming.method ?? 'GET',
        path,
        query: new URLSearchParams(search),
        headers: incoming.headers,
        body: Buffer.concat(chunks),
        remoteAddress: incoming.socket.remoteAddress ?? loopback,
      });
      if (reply === 'hang up') return incoming.socket.destroy();
      outgoing.writeHead(reply.status, reply.headers).end(reply.body);
    } catch (error) {
      // Whoever asked has gone. A request that was read to its end counts as destroyed, too.
      if (incoming.socket.destroyed) return;
      console.error(error);
      refuse(500, 'The local cloud failed; its terminal says why.\n');
    }
  });
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, loopback, resolve);
  });
  const { port: actual } = server.address() as AddressInfo;
  return {
    port: actual,
    origin: `http://${loopback}:${actual}`,
    server,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};
