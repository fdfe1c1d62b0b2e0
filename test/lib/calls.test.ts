import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { callOutside } from '../../lib/calls.ts';
import { createBucketClient } from '../../lib/cos/bucket-client.ts';
import { uploadPolicy } from '../../lib/cos/policy.ts';
import type { Database } from '../../lib/db/database.ts';
import { AppError } from '../../lib/errors.ts';
import { callbackEndpoint } from '../../lib/scf/callback-endpoint.ts';
import { httpEndpoint } from '../../lib/scf/http-endpoint.ts';
import { timerEndpoint } from '../../lib/scf/timer-endpoint.ts';
import { createTrtc } from '../../lib/trtc/client.ts';
import { createClock, type TestClock } from '../support/clock.ts';
import { newDatabaseUrl, openDatabase } from '../support/database.ts';
import { createHttp, eventOf, tokenOf } from '../support/http.ts';
import { createTestIm, sdkAppId, type TestIm } from '../support/im.ts';
import { createTestLog } from '../support/log.ts';
import { permanentKey, startSts } from '../support/sts.ts';

let database: Database;
beforeAll(async () => {
  database = openDatabase(await newDatabaseUrl());
});

let clock: TestClock;
let im: TestIm;
beforeEach(() => {
  clock = createClock();
  im = createTestIm({ clock });
});

/** A function that does as it is told, and the lines that it logs. */
const setUp = async (run: (what: string) => Promise<unknown>) => {
  const { http, captured } = createHttp(clock);
  const input = z.object({ what: z._default(z.string(), '') });
  const handler = httpEndpoint(http, { input, run: async ({ what }) => ({ answer: await run(what) }) });
  const token = await tokenOf(clock, 's1');
  return { invoke: (what = '') => handler(eventOf({ what }, token), { request_id: what }), captured };
};

const bucket = { name: 'board-1250000000', region: 'ap-shanghai', origin: 'http://127.0.0.1:1' };
const policy = uploadPolicy(bucket, ['c1/u/s1/']);
const nobody = new AppError('UPSTREAM_FAILED', 'No.', { details: { vendorCode: 'ECONNRESET' } });

describe('the line of an invocation', () => {
  it('tells how often IM was called, each try for itself, and the codes that it answered', async () => {
    im.faults.order({ command: 'account_import', times: 2, errorCode: 10002 });
    const { invoke, captured } = await setUp(async () => {
      await im.client.importAccount({ userId: 's1' });
      await im.client.destroyGroup('gone');
    });
    await invoke();
    expect(captured.lines).toMatchObject([{ status: 200, im: { calls: 4, ms: 0, codes: [10002, 10010] } }]);
  });

  it('tells of the database, where a transaction is one call and a lock two', async () => {
    const { invoke, captured } = await setUp(async () => {
      await database.run(async (sql) => {
        clock.advance(0.25);
        await sql`select 1`;
      });
      await database.transaction(async (sql) => {
        clock.advance(0.5);
        await sql`select 1`;
        await sql`select 2`;
      });
      await database.tryExclusively('k', async () => clock.advance(10));
    });
    await invoke();
    expect(captured.lines).toMatchObject([{ ms: 10_750, db: { calls: 4, ms: 750 } }]);
    expect(captured.lines[0]).not.toHaveProperty('im');
    expect(captured.lines[0]?.db).not.toHaveProperty('codes');
  });

  it('tells of STS, TRTC and COS, with what they refused, also when that fails the invocation', async () => {
    const sts = await startSts();
    const { client } = sts;
    const { invoke, captured } = await setUp(async () => {
      const credentials = await client().vend(policy, 900);
      sts.faults.order({ command: 'GetFederationToken', times: 1, errorCode: 'RequestLimitExceeded' });
      await client()
        .vend(policy, 900)
        .catch(() => {});
      await createBucketClient({ bucket, fetch })
        .list({ prefix: '', marker: '', maxKeys: 1 }, credentials)
        .catch(() => {});
      await createTrtc({ apiUrl: 'http://127.0.0.1:1', sdkAppId, credentials: () => permanentKey }).dismissRoom(1);
    });
    await invoke();
    expect(captured.lines).toMatchObject([
      { status: 502, sts: { calls: 2, codes: ['RequestLimitExceeded'] }, cos: { calls: 1 }, trtc: { calls: 1 } },
    ]);
  });

  it('tells of its own calls alone, though others go on in the same process', async () => {
    const { invoke, captured } = await setUp(async (what) => {
      for (let calls = 0; calls < Number(what); calls += 1) await database.run((sql) => sql`select 1`);
    });
    await Promise.all(['3', '1', '2', '0'].map(invoke));
    const told = captured.lines.map(({ requestId, db }) => [requestId, (db as { calls: number } | undefined)?.calls]);
    expect(Object.fromEntries(told)).toEqual({ 0: undefined, 1: 1, 2: 2, 3: 3 });
  });

  it('counts a call that is not answered until now', async () => {
    const { invoke, captured } = await setUp(async () => {
      void callOutside('db', () => new Promise<never>(() => {}));
      clock.advance(0.8);
    });
    await invoke();
    expect(captured.lines).toMatchObject([{ db: { calls: 1, ms: 800 } }]);
  });

  it('is of callbacks and timers, too', async () => {
    const test = createTestLog();
    const work = async () => ({ answer: await callOutside('im', () => Promise.reject(nobody)).catch(() => 0) });
    const callback = callbackEndpoint(test.log, clock, { maxBodyBytes: 16, verify: () => {}, answer: work });
    await callback({ httpMethod: 'POST', body: '{}' }, {});
    await timerEndpoint(test.log, clock, work)({ Type: 'Timer' }, {});
    const im = { calls: 1, ms: 0, codes: ['ECONNRESET'] };
    expect(test.lines).toMatchObject([{ im }, { im }]);
  });

  it('never has an address, a sig or a statement in it', async () => {
    const { invoke, captured } = await setUp(async () => {
      await im.client.importAccount({ userId: 'private' });
      await database.run((sql) => sql`select 'private' as word`);
    });
    await invoke();
    expect(captured.text()).not.toMatch(/usersig|select|private|http/);
  });
});
