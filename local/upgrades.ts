import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { isLoopbackHost } from './http.ts';

/** A WebSocket's handshake. */
interface Handshake {
  request: IncomingMessage;
  socket: Duplex;
  head: Buffer;
  query: URLSearchParams;
}

/** Takes the handshakes of one path. */
export type Upgrade = (handshake: Handshake) => void;

/** Takes a server's upgrades: each path has its own, and all other paths and hosts are refused. */
export const serveUpgrades = (server: Server, paths: Readonly<Record<string, Upgrade>>): void => {
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const [path = '/', search = ''] = (request.url ?? '/').split(/\?(.*)/s);
    if (!isLoopbackHost(request.headers.host)) return refuseUpgrade(socket, '403 Forbidden');
    const upgrade = paths[path];
    if (!upgrade) return refuseUpgrade(socket, '404 Not Found');
    upgrade({ request, socket, head, query: new URLSearchParams(search) });
  });
};

/** Ends a handshake with a status line such as `403 Forbidden`. */
export const refuseUpgrade = (socket: Duplex, status: string): void => {
  socket.on('error', () => socket.destroy());
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
};
