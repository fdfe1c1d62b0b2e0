import { generateKeyPair, SignJWT } from 'jose';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { callOutside, type Invocation, invoke } from '../../lib/calls.ts';
import { createBucketClient } from '../../lib/cos/bucket-client.ts';
import { uploadPolicy } from '../../lib/cos/policy.ts';
import { createDatabase, type Database } from '../../lib/db/database.ts';
import { AppError } from '../../lib/errors.ts';
import { createImClient } from '../../lib/im/client.ts';
import { callbackEndpoint } from '../../lib/scf/callback-endpoint.ts';
import { createHttpDeps } from '../../lib/scf/http-deps.ts';
import { httpEndpoint } from '../../lib/scf/http-endpoint.ts';
import { timerEndpoint } from '../../lib/scf/timer-endpoint.ts';
import { createTrtc } from '../../lib/trtc/client.ts';
import { createUserSigSigner } from '../../lib/usersig/signer.ts';
import { createClock, type TestClock } from '../support/clock.ts';
import { newDatabaseUrl, openDatabase } from '../support/database.ts';
import { createHttp, eventOf, tokenOf } from '../support/http.ts';
import { createTestIm, imSecretKey, sdkAppId, type TestIm } from '../support/im.ts';
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
const nobody = new AppError('UPSTREAM_FAILED', 'No.', { details: { vendor: 'im', vendorCode: 'ECONNRESET' } });
const ignore = () => {};

/** A gate that lets nobody through until it is opened. */
const createGate = () => {
  let open = ignore;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
};

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
      await client().vend(policy, 900).catch(ignore);
      await createBucketClient({ bucket, fetch })
        .list({ prefix: '', marker: '', maxKeys: 1 }, credentials)
        .catch(ignore);
      await createTrtc({ apiUrl: 'http://127.0.0.1:1', sdkAppId, credentials: () => permanentKey }).dismissRoom(1);
    });
    await invoke();
    expect(captured.lines).toMatchObject([
      {
        status: 502,
        sts: { calls: 2, codes: ['RequestLimitExceeded'] },
        cos: { calls: 1, codes: ['UPSTREAM_FAILED'] },
        trtc: { calls: 1, codes: ['UPSTREAM_FAILED'] },
      },
    ]);
  });

  it('tells of replies that are lost, and of refusals within a good reply', async () => {
    im.faults.order({ command: 'account_import', times: 1, dropReply: true });
    const answer = (reply: object) =>
      createImClient({
        apiUrl: 'https://im.example.com',
        adminUserId: 'administrator',
        signer: createUserSigSigner(sdkAppId, { secretKey: imSecretKey }),
        fetch: async () => ({ status: 200, text: async () => JSON.stringify({ ErrorCode: 0, ...reply }) }),
        sleep: async () => {},
        random: Math.random,
        clock,
      });
    const { invoke, captured } = await setUp(async () => {
      await im.client.importAccount({ userId: 's1' }).catch(ignore);
      await answer({ GroupInfo: [{ GroupId: 'g', ErrorCode: 10007 }] })
        .findGroup('g')
        .catch(ignore);
    });
    await invoke();
    expect(captured.lines).toMatchObject([{ im: { calls: 2, codes: ['UPSTREAM_FAILED', 10007] } }]);
    const another = await setUp(() => answer({ MemberList: [{ Result: 0 }] }).addMember('g', 's1'));
    await another.invoke();
    expect(another.captured.lines).toMatchObject([{ status: 502, im: { calls: 1, codes: ['UPSTREAM_FAILED'] } }]);
  });

  it('tells the SQLSTATE of a wrong statement, and none for what our own rules refuse within a transaction', async () => {
    const { invoke, captured } = await setUp(async (what) => {
      if (what === 'wrong') await database.run((sql) => sql`select nothing`);
      await database.transaction(async () => {
        throw new AppError('GONE', 'This class has ended.');
      });
    });
    await invoke('wrong');
    await invoke();
    expect(captured.lines).toMatchObject([
      { status: 500, code: 'INTERNAL', db: { calls: 1, codes: ['42703'] } },
      { status: 410, code: 'GONE', db: { calls: 1 } },
    ]);
    expect(captured.lines[1]?.db).not.toHaveProperty('codes');
  });

  it('tells of the keys of the login service', async () => {
    const lines: string[] = [];
    const { reserved, ...http } = createHttpDeps(
      {
        auth: { key: { jwksUrl: 'https://login.example.com/keys' }, userIdClaim: 'sub', roleClaim: 'role' },
        adminUserId: 'administrator',
        allowedOrigins: [],
        logLevel: 'error',
      },
      {
        fetch: () => Promise.reject(Object.assign(new Error('no'), { code: 'ECONNREFUSED' })),
        clock,
        write: (line) => lines.push(line),
      },
    );
    const { privateKey } = await generateKeyPair('RS256');
    const token = await new SignJWT({ sub: 's1', exp: clock.seconds() + 60 })
      .setProtectedHeader({ alg: 'RS256' })
      .sign(privateKey);
    await httpEndpoint(http, { input: z.object({}), run: async () => ({}) })(eventOf({}, token), {});
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { status: 502, jwks: { calls: 1, codes: ['ECONNREFUSED'] } },
    ]);
    expect(reserved.isReserved('administrator')).toBe(true);
  });

  it('tells of its own calls alone, though others go on in the same process', async () => {
    const { invoke, captured } = await setUp(async (what) => {
      for (let calls = 0; calls < Number(what); calls += 1) await database.run((sql) => sql`select 1`);
    });
    await Promise.all(['3', '1', '2', '0'].map(invoke));
    const told = captured.lines.map(({ requestId, db }) => [requestId, (db as { calls: number } | undefined)?.calls]);
    expect(Object.fromEntries(told)).toEqual({ 0: undefined, 1: 1, 2: 2, 3: 3 });
  });

  it('tells of its own calls when those beside it end before it, and it before them', async () => {
    const gates = { first: createGate(), beside: createGate() };
    const { invoke, captured } = await setUp(async (what) => {
      await database.run((sql) => sql`select 1`);
      if (what === 'first' || what === 'beside') await gates[what].opened;
      await database.run((sql) => sql`select 1`);
    });
    const [first, beside] = [invoke('first'), invoke('beside')];
    await invoke('short');
    gates.first.open();
    await first;
    await invoke('alone again');
    gates.beside.open();
    await beside;
    expect(captured.lines.map(({ requestId, db }) => [requestId, (db as { calls: number }).calls])).toEqual([
      ['short', 2],
      ['first', 2],
      ['alone again', 2],
      ['beside', 2],
    ]);
  });

  it('gets nothing of what goes on when it is over', async () => {
    const gate = createGate();
    const invocation: Invocation = { requestId: 'r1', function: 'f', clock, calls: [] };
    let late: Promise<unknown> = Promise.resolve();
    await invoke(invocation, async () => {
      late = gate.opened.then(() => callOutside('db', async () => {}));
    });
    gate.open();
    await late;
    expect(invocation.calls).toEqual([]);
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
    await callback({ httpMethod: 'POST', body: '{}' }, { request_id: 'r1', function_name: 'told' });
    const timer = timerEndpoint(test.log, clock, work);
    for (const requestId of ['r2', 'r3'])
      await timer({ Type: 'Timer' }, { request_id: requestId, function_name: 'timed' });
    const line = { event: 'invocation', code: 'OK', ms: 0, im: { calls: 1, ms: 0, codes: ['ECONNRESET'] } };
    expect(test.lines).toMatchObject([
      { ...line, requestId: 'r1', function: 'told', status: 200, cold: true },
      { ...line, requestId: 'r2', function: 'timed', cold: true },
      { ...line, requestId: 'r3', function: 'timed', cold: false },
    ]);
  });

  it('has no password, key, sig or statement in it when a call fails', async () => {
    const sts = await startSts();
    const dead = createDatabase({ url: 'postgres://user:hunter2@127.0.0.1:1/private', clock, sleep: async () => {} });
    const failures: Record<string, () => Promise<unknown>> = {
      im: () => im.client.importAccount({ userId: 'private' }),
      sts: () => sts.client().vend(policy, 900),
      'a wrong statement': () => database.run((sql) => sql`select ${'private'} as word from nowhere`),
      'no database': () => dead.run((sql) => sql`select 'private' as word`),
    };
    im.faults.order({ command: 'account_import', times: 1, dropReply: true });
    sts.faults.order({ command: 'GetFederationToken', times: 1, errorCode: 'InternalError' });
    const { invoke, captured } = await setUp(async (what) => failures[what]?.());
    for (const what of Object.keys(failures)) await invoke(what);
    expect(captured.lines.map(({ requestId, level }) => [requestId, level])).toEqual(
      Object.keys(failures).map((what) => [what, 'error']),
    );
    expect(captured.text()).not.toMatch(/usersig|select|private|hunter2/);
    const sigs = im.calls.map(({ url }) => url.searchParams.get('usersig') ?? '');
    for (const secret of [...sigs, permanentKey.secretKey, imSecretKey]) expect(captured.text()).not.toContain(secret);
  });
});
