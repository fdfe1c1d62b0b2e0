import { rmSync } from 'node:fs';
import { Agent } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { Cron } from 'croner';
import type { ClientConfig } from 'tencentcloud-sdk-nodejs/tencentcloud/common/interface.js';
import { cls } from 'tencentcloud-sdk-nodejs/tencentcloud/services/cls/index.js';
import { scf } from 'tencentcloud-sdk-nodejs/tencentcloud/services/scf/index.js';
import { onTestFinished } from 'vitest';
import { createTencentApi } from '../../local/api/server.ts';
import { createTemporaryKeys } from '../../local/api/temporary-keys.ts';
import { createFaults } from '../../local/faults.ts';
import { unheard } from '../../local/feed.ts';
import { isApiHost, type LocalRequest, serve } from '../../local/http.ts';
import { createCallRecord, type RecordedCall } from '../../local/scf/calls.ts';
import { createScf, type ScfOptions } from '../../local/scf/scf.ts';
import { zip } from '../../plugin/zip.ts';
import { makeDirectory } from './directory.ts';
import { keepOutput } from './kept.ts';

export const permanentKey = { secretId: 'AKIDpermanent', secretKey: 'permanent-secret-key' };
export const temporaryKeys = createTemporaryKeys('local-secret');
export const region = 'ap-guangzhou';
export const settleMs = 1000;

/** A zip of one file `index.js`, as `ZipFile` wants it. */
export const codeOf = async (source: string): Promise<string> => (await zip({ 'index.js': source })).toString('base64');

/** The local SCF on loopback until the test is done, with clients that believe it to be Tencent's. */
export const startScf = async (options: Partial<ScfOptions> = {}) => {
  const directory = options.directory ?? makeDirectory();
  const faults = createFaults();
  const record = createCallRecord(unheard);
  let aheadMs = 0;
  const clock = () => Date.now() + aheadMs;
  const local = createScf({
    directory: join(directory, 'scf'),
    clock,
    faults,
    temporaryKeys,
    readObject: async () => undefined,
    origin: () => server.origin,
    onLine: keepOutput,
    ...options,
    settings: { settleMs, ...options.settings },
  });
  const api = createTencentApi({
    clock,
    faults,
    feed: record.reporter,
    permanentKey: () => permanentKey,
    temporaryKeys,
    services: local.actions,
  });
  const handle = async (request: LocalRequest) => {
    if (request.path === '/local/scf/calls') return record.handle(request);
    return request.path.startsWith('/scf/') ? local.serve(request) : api.handle(request);
  };
  const server = await serve(0, handle, isApiHost);
  local.startTimers();
  const stop = async () => {
    await local.close();
    await server.close();
  };
  onTestFinished(async () => {
    await stop();
    if (options.directory === undefined) rmSync(directory, { recursive: true, force: true });
  });

  return {
    origin: server.origin,
    faults,
    stop,
    /** Stops SCF alone: its API answers still, as it does for a moment when all is stopped. */
    close: local.close,
    client: (credential = permanentKey, at = region) =>
      new scf.v20180416.Client(configOf(server.origin, credential, at)),
    cls: (at = region) => new cls.v20201016.Client(configOf(server.origin, permanentKey, at)),
    /** Lets pass what it takes to become Active. */
    settle: () => {
      aheadMs += settleMs;
    },
    calls: async (): Promise<RecordedCall[]> => {
      const response = await fetch(`${server.origin}/local/scf/calls`);
      const { calls } = (await response.json()) as { calls: RecordedCall[] };
      return calls;
    },
  };
};

export type TestScf = Awaited<ReturnType<typeof startScf>>;

/** Waits for the second after the next: by then, what ticks each second has ticked and run. */
export const twoTicks = (): Promise<void> =>
  new Promise((resolve) => {
    const job = new Cron('* * * * * *', { maxRuns: 2 }, () => {
      if (job.nextRun() === null) resolve();
    });
  });

/** What the SDK's clients are made with: they name Tencent's host and sign for it, and only their connections lead here. */
export const configOf = (
  origin: string,
  credential: { secretId: string; secretKey: string; token?: string } = permanentKey,
  at = region,
): ClientConfig => {
  const { hostname: host, port } = new URL(origin);
  const agent = Object.assign(new Agent(), { createConnection: () => connect({ host, port: Number(port) }) });
  return { credential, region: at, profile: { httpProfile: { protocol: 'http://', agent } } };
};
