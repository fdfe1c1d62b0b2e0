import { createServer, type IncomingMessage, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { afterAll } from 'vitest';

export interface LineCall {
  /** Counted since it was cut or mended. */
  number: number;
  action: string;
  /** The function that it is for. */
  name: string | undefined;
}

/** A call that is cut does not come through, one that is lost has no reply, and after both nothing comes through. */
export type Fate = 'pass' | 'cut' | 'lose';

export interface CutLine {
  origin: string;
  /** Calls that came since it was cut or mended. */
  calls(): number;
  /** Decides about every call from now, and may keep it waiting. */
  decide(fateOf: (call: LineCall) => Fate | Promise<Fate>): void;
  /** The n-th call from now does not come through, and nothing does after it. */
  cutAt(call: number): void;
  mend(): void;
}

/** Whether an action changes nothing. */
export const isReading = (action: string): boolean => /^(Get|List|Search)/.test(action);

/** A line to a server on this machine that can be cut, as for a program that is killed. */
export const createCutLine = async (target: string): Promise<CutLine> => {
  let calls = 0;
  let isCut = false;
  let fateOf: (call: LineCall) => Fate | Promise<Fate> = () => 'pass';
  const { hostname, port } = new URL(target);

  const decideOn = async (incoming: IncomingMessage, body: Buffer): Promise<Fate> => {
    calls += 1;
    const number = calls;
    if (isCut) return 'cut';
    const { FunctionName: name } = JSON.parse(body.toString() || '{}') as { FunctionName?: string };
    const fate = await fateOf({ number, action: String(incoming.headers['x-tc-action']), name });
    isCut ||= fate !== 'pass';
    return fate;
  };

  const server = createServer(async (incoming, outgoing) => {
    const body = await buffer(incoming);
    const fate = await decideOn(incoming, body);
    if (fate === 'cut') return void incoming.socket.destroy();
    const { method, url: path, headers } = incoming;
    const forwarded = request({ hostname, port, method, path, headers }, (reply) => {
      if (fate === 'lose') return void incoming.socket.destroy();
      outgoing.writeHead(reply.statusCode ?? 500, reply.headers);
      reply.pipe(outgoing);
    });
    forwarded.on('error', () => incoming.socket.destroy());
    forwarded.end(body);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  afterAll(() => void server.close());

  const decide: CutLine['decide'] = (next) => {
    calls = 0;
    isCut = false;
    fateOf = next;
  };
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls: () => calls,
    decide,
    cutAt: (call) => decide(({ number }) => (number >= call ? 'cut' : 'pass')),
    mend: () => decide(() => 'pass'),
  };
};
