import { describe, expect, it, vi } from 'vitest';
import { outside, role, startFront, startHealthyStage, startMuteDatabase, startSilence } from '../support/doctor.ts';
import { serverless } from '../support/run.ts';

// The command line takes a second of one core, more on a busy machine.
vi.setConfig({ testTimeout: 60_000 });

const { cloud, examine } = await startHealthyStage();

describe('the doctor', () => {
  it('asks for nothing that would change anything', async () => {
    const api = await startFront(cloud.cloud);
    const cos = await startFront(cloud.cos);
    const readOnly = new URL(cloud.env.DATABASE_URL ?? '');
    readOnly.searchParams.set('default_transaction_read_only', 'on');
    const { exitCode } = await examine({
      endpoint: api.origin,
      env: { IM_API_URL: api.origin, COS_URL: cos.origin, DATABASE_URL: readOnly.href },
    });
    expect(exitCode).toBe(0);
    expect(api.calls.toSorted()).toEqual([
      'AssumeRole',
      'GetCallerIdentity',
      'GetRole',
      'HEAD /',
      'ListTriggers',
      'POST /v4/group_open_http_svc/get_group_info',
    ]);
    expect(cos.calls.toSorted()).toEqual(['GET /', ...Array<string>(5).fill('OPTIONS /')]);
  });

  it('tells of each thing as soon as it is known, in the order of its list', async () => {
    let databaseTold = () => {};
    const told = new Promise<void>((resolve) => {
      databaseTold = resolve;
    });
    const { of } = await examine(
      {
        async fetch(url, init) {
          if (!String(url).includes('/v4/')) return fetch(url, init);
          const gaveUp = new Promise<never>((_, reject) => {
            init?.signal?.addEventListener('abort', () => reject(new Error('gave up')));
          });
          await Promise.race([told, gaveUp]);
          return fetch(url, init);
        },
      },
      (line) => {
        if (line.includes(' database: ')) databaseTold();
      },
    );
    expect(of('IM account')).toMatch(/^ok/);
  });

  it('asks once, also what might be answered another time', async () => {
    const failure = { Error: { Code: 'InternalError', Message: 'not now' } };
    const api = await startFront(cloud.cloud, { GetCallerIdentity: failure, GetRole: failure, ListTriggers: failure });
    await examine({ endpoint: api.origin });
    const asked = api.calls.filter((call) => ['GetCallerIdentity', 'GetRole', 'ListTriggers'].includes(call));
    expect(asked).toHaveLength(3);
  });

  it('waits for nobody who takes the connection and is silent', async () => {
    const silent = await startSilence();
    const origin = `http://${silent}`;
    const startedAt = performance.now();
    const { exitCode, of } = await examine({
      timeoutMs: 500,
      endpoint: origin,
      env: { IM_API_URL: origin, COS_URL: origin, DATABASE_URL: `postgres://app:of-the-app@${silent}/classroom` },
    });
    expect(performance.now() - startedAt).toBeLessThan(5000);
    expect(of('clock')).toMatch(/^WRONG clock: .* does not tell the time → mend the network/);
    expect(of('credentials')).toMatch(/^WRONG credentials: GetCallerIdentity: no reply .* → mend the network/);
    expect(of('execution role')).toMatch(/^\? {5}.* GetRole: no reply/);
    expect(of('AssumeRole')).toMatch(/^\? {5}.* AssumeRole: no reply/);
    expect(of('database')).toMatch(/^WRONG database: .* \(CONNECT_TIMEOUT\) → compare DATABASE_URL/);
    expect(of('IM account')).toMatch(/^WRONG IM account: .*: no reply \(ETIMEDOUT\) → see whether IM_API_URL/);
    expect(of('IM callback token')).toMatch(/^\? {5}.* ListTriggers [\w-]+: no reply/);
    expect(of('COS CORS')).toMatch(/^WRONG COS CORS: could not be looked at: no reply \(ETIMEDOUT\)/);
    expect(exitCode).toBe(1);
  });

  it('waits for no silent bucket that the role was assumed for', async () => {
    const { of } = await examine({ timeoutMs: 500, env: { COS_URL: `http://${await startSilence()}` } });
    expect(of('AssumeRole')).toMatch(/^ok/);
    expect(of('COS bucket')).toMatch(/^WRONG COS bucket: .*: no reply \(ETIMEDOUT\) → compare COS_BUCKET/);
  });

  it('waits for no database that has gone silent after it let us in', async () => {
    const url = await startMuteDatabase(cloud.env.DATABASE_URL ?? '', 'current_user');
    const { of } = await examine({ timeoutMs: 1000, env: { DATABASE_URL: url } });
    expect(of('database')).toMatch(/^WRONG database: .* \(ETIMEDOUT\) → see what keeps it busy/);
  });

  it('tells of everything else when it cannot look at one thing', async () => {
    const clock = () => {
      throw new Error('the clock is broken');
    };
    const { lines, wrong } = await examine({ clock });
    expect(lines).toHaveLength(11);
    expect(wrong).toContainEqual(
      expect.stringMatching(/could not be looked at: the clock is broken → mend that first/),
    );
  });
});

describe('serverless diagnose', () => {
  const run = (endpoint: string, env: Record<string, string> = {}) =>
    serverless(['diagnose', '--stage', 'test', '--endpoint', endpoint], {
      env: { LOCAL_DATA_DIR: cloud.dataDir, DEPLOY_ROLE: role, ...outside, ...env },
    });

  it('examines the local cloud that runs, and exits with 1 when something is wrong', async () => {
    const well = await run(cloud.cloud);
    expect([well.exitCode, well.stdout.split('\n')]).toEqual([
      0,
      expect.arrayContaining([expect.stringMatching(/^ok {4}COS CORS/)]),
    ]);
    const ill = await run(cloud.cloud, { IM_API_URL: 'http://127.0.0.1:1' });
    expect([ill.exitCode, ill.stdout]).toEqual([1, expect.stringMatching(/^WRONG IM account: .* no reply/m)]);
  });

  it('says in a line that an endpoint is none', async () => {
    const { exitCode, stdout, stderr } = await run('nonsense');
    expect(exitCode).toBe(1);
    expect(stdout + stderr).toContain('--endpoint must be an origin such as http://127.0.0.1:8788.');
    expect(stdout + stderr).not.toMatch(/TypeError|^\s+at /m);
  });
});
