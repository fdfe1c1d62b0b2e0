import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { readLocalEnvironment } from '../../plugin/deploy/environment.ts';
import { takeCalls, writesOf } from '../support/deployment.ts';
import { startTestCloud } from '../support/local-cloud.ts';
import { serverless } from '../support/run.ts';
import { makeService, smallService } from '../support/service.ts';

// Each run of the command line takes a second of one core, more on a busy machine.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const cloud = await startTestCloud({ functions: [], scfSettings: { settleMs: 5 } });

/** One that says where it is. */
const stays = await startTestCloud({ functions: [], stays: true });

const secret = 'value-of-a-secret';
const fileSecret = 'value-from-a-file';

const cwd = makeService({
  'serverless.yml': smallService(
    {
      hello: {
        handler: 'hello.main',
        environment: ['GREETING', 'FILE_GREETING'],
        events: [{ http: { path: '/hello' } }],
      },
    },
    { role: '$' + '{stageEnv:DEPLOY_ROLE, null}' },
  ),
  'hello.ts': `export const main = async (event: { who: string }) => {
    console.log('greeting ' + event.who);
    if (event.who === 'nobody') throw new Error('There is nobody.');
    return { hello: event.who, known: [process.env.GREETING, process.env.FILE_GREETING].map((text) => text?.length) };
  };`,
  '.env.test': `FILE_GREETING=${fileSecret}\nDEPLOY_ROLE=greeter\nGREETING=overridden\n`,
  '.env': 'GREETING=local\nDEPLOY_ROLE=local\n',
});

const { TENCENTCLOUD_SECRETID = '', TENCENTCLOUD_SECRETKEY = '' } = cloud.env;
const command = (args: readonly string[], env: Record<string, string> = {}) =>
  serverless([...args, '--stage', 'test', '--endpoint', cloud.cloud], {
    cwd,
    env: { TENCENTCLOUD_SECRETID, TENCENTCLOUD_SECRETKEY, GREETING: secret, ...env },
  });

/** All that is told and written must be without what nobody may see. */
const told: string[] = [];
const run = async (...args: string[]) => {
  const result = await command(args);
  told.push(result.stdout, result.stderr);
  return result;
};

describe('the command line', () => {
  let deployed: Awaited<ReturnType<typeof run>>;

  beforeAll(async () => {
    deployed = await run('deploy');
  });

  it('deploys with values of the environment and of .env.<stage>, and none of .env', async () => {
    expect(deployed).toMatchObject({ exitCode: 0, stdout: 'Deployed: 1 of 1 changed.\n' });
    expect(deployed.stderr).toContain('small-test-hello: create\n');
    const { exitCode, stdout } = await run('invoke', '--function', 'hello', '--data', '{"who":"Ming"}');
    expect([exitCode, JSON.parse(stdout)]).toEqual([0, { hello: 'Ming', known: [secret.length, fileSecret.length] }]);
  });

  it('deploys nothing twice, all or one function', async () => {
    await takeCalls(cloud.cloud);
    expect((await run('deploy')).stdout).toBe('Nothing to do: everything is as it shall be.\n');
    expect((await run('deploy', '--function', 'hello', '--dry-run')).stdout).toMatch(/^Nothing to do/);
    expect(writesOf(await takeCalls(cloud.cloud))).toEqual([]);
  });

  it('shows in info where the functions are, and what to switch on in the consoles', async () => {
    const { exitCode, stdout } = await run('info');
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^small-test-hello +1 +Active +http:\/\/127\.0\.0\.1:\d+\/scf\/url\/\w+$/m);
    expect(stdout).toMatch(/^ {2}Group\.CallbackBeforeSendMsg$/m);
  });

  it('exits with 1 when the function that it invokes throws', async () => {
    const { exitCode, stdout } = await run('invoke', '--function', 'hello', '--data', '{"who":"nobody"}');
    expect(exitCode).toBe(1);
    expect(stdout).toContain('There is nobody.');
  });

  it('shows what a function wrote, and with --filter only some of it', async () => {
    await run('invoke', '--function', 'hello', '--data', '{"who":"Hua"}');
    expect((await run('logs', '--function', 'hello')).stdout).toMatch(/^\S+Z {2}\S{36} {2}greeting Hua$/m);
    const { stdout } = await run('logs', '--function', 'hello', '--filter', 'greeting Hua', '--startTime', '1h');
    expect(stdout.trim().split('\n')).toHaveLength(1);
  });

  it('rolls back, and says in a line that there is nothing before the first deployment', async () => {
    const { exitCode, stdout, stderr } = await run('rollback');
    expect([exitCode, stdout]).toEqual([
      1,
      'Error:\nThere is no version to go back to: what is live was deployed first, or not from here.\n',
    ]);
    expect(stdout + stderr).not.toMatch(/^ +at /m);
  });

  it('refuses a function that there is none of, before anything is bundled or asked', async () => {
    await takeCalls(cloud.cloud);
    const { exitCode, stdout, stderr } = await run('deploy', '--function', 'helo');
    expect(exitCode).toBe(1);
    expect(stdout + stderr).toMatch(/"?helo"? doesn't exist/);
    expect(stdout + stderr).not.toContain('bundled');
    expect(await takeCalls(cloud.cloud)).toEqual([]);
  });

  it('tells a refusal of the cloud in a line with code and RequestId, and exits with 1', async () => {
    await cloud.orderFault({ command: 'ListFunctions', errorCode: 'AuthFailure.UnauthorizedOperation' });
    const { exitCode, stdout, stderr } = await run('deploy');
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(
      /^Error:\nListFunctions: AuthFailure\.UnauthorizedOperation: Ordered by a fault\. \(RequestId [\w-]{36}\)\n$/,
    );
    expect(stdout + stderr).not.toMatch(/^ +at /m);
  });

  it('takes the values of a local cloud for itself alone', async () => {
    const environment = { LOCAL_DATA_DIR: stays.dataDir };
    const env = await readLocalEnvironment(environment, cwd, `${stays.cloud}/`);
    expect(env).toMatchObject({ IM_API_URL: stays.cloud, DATABASE_URL: stays.env.DATABASE_URL, GREETING: 'local' });
    expect(await readLocalEnvironment(environment, cwd, cloud.cloud)).toBeUndefined();
    expect(await readLocalEnvironment(environment, cwd, undefined)).toBeUndefined();
  });

  it('names everything that is missing, and makes no call', async () => {
    await takeCalls(cloud.cloud);
    const { exitCode, stdout } = await command(['deploy'], { TENCENTCLOUD_SECRETID: '' });
    expect(exitCode).toBe(1);
    expect(stdout).toContain('TENCENTCLOUD_SECRETID is missing');
    expect(await takeCalls(cloud.cloud)).toEqual([]);
  });

  it('sends secrets over plain HTTP to this machine alone', async () => {
    const { exitCode, stdout } = await serverless(['info', '--endpoint', 'http://scf.example.com'], {
      cwd,
      env: { TENCENTCLOUD_SECRETID, TENCENTCLOUD_SECRETKEY },
    });
    expect([exitCode, stdout]).toEqual([
      1,
      'Error:\n--endpoint must be https, or on this machine: secrets are sent there.\n',
    ]);
  });

  it('removes nothing without being asked to, and all with --yes', async () => {
    expect((await run('remove')).exitCode).toBe(1);
    expect(await run('remove', '--yes')).toMatchObject({ exitCode: 0, stdout: 'Removed.\n' });
    expect((await run('info')).stdout).toBe('Nothing is deployed in the stage test.\n');
  });

  it('has told and written no secret', () => {
    const files = readdirSync(join(cwd, '.serverless'), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'));
    expect(files.length).toBeGreaterThan(0);
    const all = [...told, ...files].join('\n');
    for (const value of [secret, fileSecret, TENCENTCLOUD_SECRETKEY]) expect(all).not.toContain(value);
  });
});
