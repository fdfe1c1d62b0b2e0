import { rmSync } from 'node:fs';
import { afterAll } from 'vitest';
import { type ClassroomClient, createClassroomClient } from '../../client/classroom.ts';
import { type LocalCloud, type LocalCloudOptions, startLocalCloud } from '../../local/cloud.ts';
import { readSecrets } from '../../local/environment.ts';
import type { LocalFunction } from '../../local/runtime.ts';
import { describeFunction } from '../../plugin/functions.ts';
import { secretVariables } from '../../plugin/secret-variables.ts';
import service from '../../serverless.ts';
import { newDatabaseUrl } from './database.ts';
import { makeDirectory } from './directory.ts';
import { keepOutput, keepSecret, keepSecretsOf } from './kept.ts';
import { assertDescribed, describedFetch } from './openapi.ts';
import { projectDir } from './run.ts';

/** The functions as `npm start` runs them. */
export const functions: readonly LocalFunction[] = Object.entries(service.functions).map(([name, fn]) =>
  describeFunction(name, fn, service.provider, projectDir),
);

// biome-ignore lint/suspicious/noExplicitAny: each test says itself what it expects of a body
type Body = any;

export interface Reply {
  status: number;
  headers: Headers;
  /** As it came. */
  text: string;
  /** Its JSON. */
  body: Body;
}

export interface TestCloud extends LocalCloud {
  dataDir: string;
  /** A token of the gateway, with its scheme. */
  signIn(userId: string, role: string, name?: string): Promise<string>;
  /** Posts to the gateway, as the holder of a token. Throws an `Error` for a reply that openapi.json does not know. */
  post(name: string, body: unknown, authorization?: string): Promise<Reply>;
  /** The typed client of somebody signed in; it checks replies as `post` does. */
  clientOf(userId: string, role: string, name?: string): Promise<ClassroomClient>;
  /** Orders a fault, or only counts the calls of a command when it says nothing else. */
  orderFault(fault: object): Promise<Reply>;
  /** How many of the calls ordered for a command have come. */
  callsOf(command: string, ordered: number): Promise<number>;
  /** What the functions have written so far. */
  output(): string;
  /** The lines of their logs. */
  log(): Record<string, unknown>[];
}

/** Starts a local cloud on free ports with a database of its own; it stops when the test file is done. */
export const startTestCloud = async ({
  outside = {},
  ...options
}: Partial<LocalCloudOptions> = {}): Promise<TestCloud> => {
  const dataDir = options.dataDir ?? makeDirectory();
  const written: string[] = [];
  const write = (...values: unknown[]) => {
    const line = values.map(String).join(' ');
    written.push(line);
    keepOutput(line);
  };
  const cloud = await startLocalCloud({
    dataDir,
    ports: { gateway: 0, cloud: 0, cos: 0 },
    functions,
    output: { log: write, error: write },
    onScfLine: keepOutput,
    stays: false,
    ...options,
    outside: { DATABASE_URL: await newDatabaseUrl(), ...outside },
  });
  afterAll(async () => {
    await cloud.stop();
    if (options.dataDir === undefined) rmSync(dataDir, { recursive: true, force: true });
  });
  for (const [name, value] of Object.entries(readSecrets(dataDir))) keepSecret(name, value);
  for (const name of secretVariables) keepSecret(name, cloud.env[name]);
  return extend(cloud, dataDir, written);
};

/** What the tests ask of a running local cloud. */
export const extend = (cloud: LocalCloud, dataDir: string, written: readonly string[]): TestCloud => {
  const send = async (url: string, init: RequestInit): Promise<Reply> => {
    const response = await fetch(url, init);
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.includes('json') && text !== '';
    const body = isJson ? JSON.parse(text) : undefined;
    keepSecretsOf(body);
    return { status: response.status, headers: response.headers, text, body };
  };
  const post = (url: string, body: unknown, authorization?: string) =>
    send(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(authorization !== undefined && { authorization }) },
      body: typeof body === 'string' ? body : body instanceof Uint8Array ? Buffer.from(body) : JSON.stringify(body),
    });
  const tokenOf = async (userId: string, role: string, name?: string): Promise<string> => {
    const { body } = await post(`${cloud.gateway}/local/token`, { userId, role, name });
    return body.token;
  };
  return {
    ...cloud,
    dataDir,
    signIn: async (userId, role, name) => `Bearer ${await tokenOf(userId, role, name)}`,
    async post(name, body, authorization) {
      const reply = await post(`${cloud.gateway}/${name}`, body, authorization);
      assertDescribed(name, reply);
      return reply;
    },
    async clientOf(userId, role, name) {
      const token = await tokenOf(userId, role, name);
      return createClassroomClient({ baseUrl: cloud.gateway, token: () => token, fetch: describedFetch });
    },
    orderFault: (fault) => post(`${cloud.cloud}/local/faults`, fault),
    async callsOf(command, ordered) {
      const { body } = await send(`${cloud.cloud}/local/faults`, { method: 'GET' });
      const order = body.pending.find((fault: { command: string }) => fault.command === command);
      return ordered - (order?.times ?? 0);
    },
    output: () => written.join('\n'),
    log: () => written.filter((line) => line.startsWith('{')).map((line) => JSON.parse(line)),
  };
};
