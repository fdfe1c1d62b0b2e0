import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll } from 'vitest';

export interface CutLine {
  origin: string;
  /** Calls that came since it was cut or mended. */
  calls(): number;
  /** The n-th call from now does not come through, and nothing does after it. */
  cutAt(call: number): void;
  mend(): void;
}

/** A line to a server on this machine that can be cut, as for a program that is killed. */
export const createCutLine = async (target: string): Promise<CutLine> => {
  let calls = 0;
  let cut = Infinity;
  const { hostname, port } = new URL(target);

  const server = createServer((incoming, outgoing) => {
    calls += 1;
    if (calls >= cut) return void incoming.socket.destroy();
    const { method, url: path, headers } = incoming;
    const forwarded = request({ hostname, port, method, path, headers }, (reply) => {
      outgoing.writeHead(reply.statusCode ?? 500, reply.headers);
      reply.pipe(outgoing);
    });
    forwarded.on('error', () => incoming.socket.destroy());
    incoming.pipe(forwarded);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  afterAll(() => void server.close());

  const cutAt = (call: number) => {
    calls = 0;
    cut = call;
  };
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls: () => calls,
    cutAt,
    mend: () => cutAt(Infinity),
  };
};
