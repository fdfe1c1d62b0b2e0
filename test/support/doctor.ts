import { createServer, type IncomingMessage, request } from 'node:http';
import { type AddressInfo, connect, createServer as createSocketServer, type Socket } from 'node:net';
import { afterAll, expect } from 'vitest';
import { diagnose } from '../../plugin/doctor/doctor.ts';
import type { Patient } from '../../plugin/doctor/patient.ts';
import { describeFunction } from '../../plugin/functions.ts';
import { secretVariables } from '../../plugin/secret-variables.ts';
import service from '../../serverless.ts';
import { startTestCloud } from './local-cloud.ts';
import { projectDir } from './run.ts';

export const role = 'classroom-functions';
export const roleArn = 'qcs::cam::uin/100000000001:roleName/classroom';
export const page = 'https://class.example.com';
export const outside = { COS_ROLE_ARN: roleArn, CORS_ALLOWED_ORIGINS: page };

/** Differs from the healthy patient; a variable that is `undefined` is not set. */
type Difference = Partial<Omit<Patient, 'env'>> & { env?: Record<string, string | undefined> };

interface Diagnosis {
  exitCode: number;
  lines: string[];
  /** Those of them that say so. */
  wrong: string[];
  /** The line of one check. */
  of(name: string): string | undefined;
}

/** A local cloud with a stage that lacks nothing but its deployment, and the doctor who examines it. */
export const startHealthyStage = async () => {
  const cloud = await startTestCloud({ functions: [], outside, stays: true, scfSettings: { settleMs: 3 } });
  const functions = Object.entries(service.functions).map(([name, fn]) =>
    describeFunction(name, { ...fn, name: `classroom-test-${name}` }, service.provider, projectDir),
  );
  const healthy: Patient = {
    functions,
    stage: 'test',
    region: service.provider.region,
    env: cloud.env,
    role,
    hasVpc: false,
    endpoint: cloud.cloud,
    fetch,
    timeoutMs: 10_000,
    clock: Date.now,
    sleep: async () => {},
  };

  /** Every line is told to `hear` as it comes. No secret of either is in any. */
  const examine = async (difference: Difference = {}, hear: (line: string) => void = () => {}): Promise<Diagnosis> => {
    const lines: string[] = [];
    const writeText = (text: string) => {
      lines.push(...text.split('\n'));
      hear(text);
    };
    const set = Object.entries({ ...cloud.env, ...difference.env });
    const env = Object.fromEntries(set.filter((entry): entry is [string, string] => entry[1] !== undefined));
    const exitCode = await diagnose({ ...healthy, ...difference, env }, { writeText });
    for (const name of secretVariables)
      for (const value of [cloud.env[name], env[name]]) if (value) expect(lines.join('\n')).not.toContain(value);
    return {
      exitCode,
      lines,
      wrong: lines.filter((line) => line.startsWith('WRONG')),
      of: (name) => lines.find((line) => line.slice(6).startsWith(`${name}: `)),
    };
  };

  return { cloud, functions, examine };
};

/** What an action of Tencent's API answers: the fields of its `Response`. */
export type Answers = Readonly<Record<string, object>>;

/** Lets everything through to a server on this machine, keeps what it was, and answers some actions of the API itself. */
export const startFront = async (target: string, answers: Answers = {}) => {
  const calls: string[] = [];
  const { hostname, port } = new URL(target);
  const server = createServer((incoming, outgoing) => {
    const action = String(incoming.headers['x-tc-action'] ?? '');
    calls.push(action || nameOf(incoming));
    const answer = answers[action];
    if (answer) return void outgoing.end(JSON.stringify({ Response: { ...answer, RequestId: 'of-the-front' } }));
    const { method, url: path, headers } = incoming;
    const forwarded = request({ hostname, port, method, path, headers }, (reply) => {
      outgoing.writeHead(reply.statusCode ?? 500, reply.headers);
      reply.pipe(outgoing);
    });
    forwarded.on('error', () => incoming.socket.destroy());
    incoming.pipe(forwarded);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });
  return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, calls };
};

/** `GET /`, and of a command of IM its name. */
const nameOf = ({ method, url = '' }: IncomingMessage): string => `${method} ${url.replace(/\?.*/s, '')}`;

/** An address where nobody listens any more. */
export const closedOrigin = async (): Promise<string> => {
  const server = createSocketServer();
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  await new Promise((closed) => server.close(closed));
  return `http://127.0.0.1:${port}`;
};

/** Takes every connection, and never says a word. Answers `127.0.0.1:<port>`. */
export const startSilence = (): Promise<string> => listen((socket) => void socket.resume());

/** A line to PostgreSQL that is dead from the first statement with these words on. Answers its URL. */
export const startMuteDatabase = async (url: string, words: string): Promise<string> => {
  const { hostname, port } = new URL(url);
  const host = await listen((socket) => {
    const database = connect(Number(port), hostname);
    database.on('error', () => {});
    database.pipe(socket);
    socket.on('close', () => database.destroy());
    socket.on('data', (data) => {
      if (data.includes(words)) database.unpipe(socket);
      database.write(data);
    });
  });
  return Object.assign(new URL(url), { host }).href;
};

/** A PostgreSQL that refuses what a connection asks for as it begins, with a SQLSTATE. Answers its URL. */
export const startRefusingDatabase = async (url: string, code: string): Promise<string> => {
  const fields = Buffer.from(`SFATAL\0VFATAL\0C${code}\0Mno\0\0`);
  const length = Buffer.alloc(4);
  length.writeInt32BE(fields.length + length.length);
  const host = await listen((socket) =>
    socket.once('data', () => socket.end(Buffer.concat([Buffer.from('E'), length, fields]))),
  );
  return Object.assign(new URL(url), { host }).href;
};

const listen = async (serve: (socket: Socket) => void): Promise<string> => {
  const sockets = new Set<Socket>();
  const server = createSocketServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    serve(socket);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  afterAll(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
};
