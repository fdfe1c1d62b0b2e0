import { createHash, createHmac } from 'node:crypto';
import { rmSync } from 'node:fs';
import { jwtVerify } from 'jose';
import { describe, expect, it, vi } from 'vitest';
import { newDatabaseUrl } from '../support/database.ts';
import { makeDirectory } from '../support/directory.ts';
import { startTestCloud } from '../support/local-cloud.ts';
import { projectDir, type RunOptions, serverless } from '../support/run.ts';
import { makeService, smallService } from '../support/service.ts';

// Each run of the command line takes a second of one core, more on a busy machine.
vi.setConfig({ testTimeout: 60_000 });

const names = ['DATABASE_URL', 'GREETING', 'FROM_FILE', 'FROM_BOTH'];
const functionOf = (source: string) => ({ handler: `${source}.main`, events: [], environment: names });
const directory = makeService({
  'serverless.yml': smallService(
    {
      echo: { ...functionOf('echo'), memorySize: 256, timeout: 7 },
      talk: functionOf('talk'),
      fail: functionOf('fail'),
      linger: functionOf('linger'),
      nothing: { ...functionOf('echo'), handler: 'echo.missing' },
    },
    { namespace: 'school' },
  ),
  '.env': 'FROM_FILE=file\nFROM_BOTH=file\n',
  'echo.ts': 'export const main = async (event, context) => ({ event, context, env: process.env });',
  'talk.ts': 'export const main = async () => { console.log("a line of the log"); console.error("a complaint"); };',
  'fail.ts': 'export const main = async () => { throw new Error("broken on purpose"); };',
  'linger.ts': 'export const main = async () => { setInterval(() => {}, 1000); return "done"; };',
  'event.json': '{"from":"a file"}',
  'broken.json': '{"from":',
});

/** A local cloud that runs already: most calls use it, as they would use that of `npm start`. */
const cloud = await startTestCloud({ stays: true, functions: [] });

const invoke = (name: string, args: readonly string[] = [], options: RunOptions = {}) =>
  serverless(['invoke', 'local', '--function', name, ...args], {
    cwd: directory,
    ...options,
    env: { LOCAL_DATA_DIR: cloud.dataDir, ...options.env },
  });

const echo = async (args: readonly string[], options?: RunOptions) => {
  const { exitCode, stdout, stderr } = await invoke('echo', args, options);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  return JSON.parse(stdout);
};

/** A call that does not come to the function: its complaint, which is one line. */
const complaint = async (args: readonly string[], options?: RunOptions): Promise<string> => {
  const { exitCode, stdout } = await invoke('echo', args, options);
  expect(exitCode).toBe(1);
  const [title, line, ...rest] = stdout.trim().split('\n');
  expect([title, rest]).toEqual(['Error:', []]);
  return line ?? '';
};

describe('the event', () => {
  it('comes from a file', async () => {
    expect((await echo(['--path', 'event.json'])).event).toEqual({ from: 'a file' });
  });

  it('comes from the command line, as JSON or as text', async () => {
    expect((await echo(['--data', '{"from":"data"}'])).event).toEqual({ from: 'data' });
    expect((await echo(['--data', 'no JSON'])).event).toBe('no JSON');
  });

  it('comes from standard input, and is an empty object without any', async () => {
    expect((await echo([], { input: '{"from":"a pipe"}\n' })).event).toEqual({ from: 'a pipe' });
    expect((await echo([])).event).toEqual({});
  });

  it('is refused in a line when its file is no JSON or is not there', async () => {
    expect(await complaint(['--path', 'broken.json'])).toBe('broken.json is not JSON.');
    expect(await complaint(['--path', 'nowhere.json'])).toMatch(/^ENOENT: no such file or directory/);
  });
});

describe('--as', () => {
  const claimsOf = async (args: readonly string[]) => {
    const { event } = await echo(args);
    const token = event.headers.authorization.replace(/^Bearer /, '');
    const { payload } = await jwtVerify(token, new TextEncoder().encode(cloud.env.AUTH_JWT_SECRET));
    return { event, payload };
  };

  it('signs the event in with a token of the running local cloud', async () => {
    const { event, payload } = await claimsOf(['--as', 'teacher:t1', '--data', '{"headers":{"x":"y"},"body":"{}"}']);
    expect(payload).toMatchObject({ sub: 't1', role: 'teacher', exp: expect.any(Number) });
    expect(event).toMatchObject({ headers: { x: 'y' }, body: '{}' });
  });

  it('takes a name after the user, and makes an event of nothing', async () => {
    const { payload } = await claimsOf(['--as', 'student:s1:Ming: the second']);
    expect(payload).toMatchObject({ sub: 's1', role: 'student', name: 'Ming: the second' });
  });

  it.each(['t1', 'boss:t1'])('refuses %s', async (as) => {
    expect(await complaint(['--as', as])).toBe(
      '--as takes role:userId, such as teacher:t1; the role is student, teacher or admin.',
    );
  });

  it('refuses an event that has no room for a header', async () => {
    expect(await complaint(['--as', 'teacher:t1', '--data', '[]'])).toBe(
      '--as and --sign need an event that is a JSON object.',
    );
  });

  it('makes no tokens in the name of a login service', async () => {
    const env = { AUTH_JWKS_URL: 'https://login.example.com/jwks' };
    expect(await complaint(['--as', 'teacher:t1'], { env })).toBe(
      'AUTH_JWKS_URL is set: only that login service can make tokens.',
    );
  });
});

describe('--sign', () => {
  it('signs the query as IM does, now and with the first of the tokens', async () => {
    const data = JSON.stringify({ path: '/im-callback', queryString: { SdkAppid: '1', Sign: 'old' } });
    const { event } = await echo(['--sign', '--data', data, '--env', 'IM_CALLBACK_TOKEN=new token, old token']);
    const { SdkAppid, Sign, RequestTime } = event.queryString;
    expect(SdkAppid).toBe('1');
    expect(Math.abs(Date.now() / 1000 - Number(RequestTime))).toBeLessThan(30);
    expect(Sign).toBe(createHash('sha256').update(`new token${RequestTime}`).digest('hex'));
  });

  it('signs the body as TRTC does', async () => {
    const body = '{"EventType":101}';
    const { event } = await echo(['--sign', '--data', JSON.stringify({ path: '/trtc-callback', body })]);
    const sign = createHmac('sha256', cloud.env.TRTC_CALLBACK_KEY ?? '')
      .update(body)
      .digest('base64');
    expect(event.headers).toEqual({ sign, sdkappid: '1400000000' });
  });
});

describe('the function', () => {
  it('gets a context as SCF makes it', async () => {
    const { context } = await echo([]);
    expect(context).toEqual({
      callbackWaitsForEmptyEventLoop: true,
      memory_limit_in_mb: 256,
      time_limit_in_ms: 7000,
      request_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      environment: expect.any(String),
      environ: expect.any(String),
      function_version: '$LATEST',
      function_name: 'small-dev-echo',
      namespace: 'school',
      tencentcloud_region: 'ap-guangzhou',
      tencentcloud_appid: expect.stringMatching(/^\d+$/),
      tencentcloud_uin: expect.stringMatching(/^\d+$/),
    });
  });

  it('sees its own variables: those given, then the environment, then .env, then the local defaults', async ({
    expect,
  }) => {
    const env = { FROM_BOTH: 'environment', GREETING: 'environment', UNDECLARED: 'x', LOCAL_PORT: '0' };
    const seen = (await echo(['--env', 'GREETING=a=b', '--env', 'ALSO_UNDECLARED=x'], { env })).env;
    expect(seen).toMatchObject({
      GREETING: 'a=b',
      FROM_BOTH: 'environment',
      FROM_FILE: 'file',
      DATABASE_URL: cloud.env.DATABASE_URL,
      TENCENTCLOUD_SECRETID: cloud.env.TENCENTCLOUD_SECRETID,
      SCF_FUNCTIONNAME: 'small-dev-echo',
    });
    for (const name of ['UNDECLARED', 'ALSO_UNDECLARED', 'HOME', 'IM_SECRET_KEY', 'AUTH_JWT_SECRET', 'LOCAL_PORT'])
      expect(seen).not.toHaveProperty(name);
  });

  it('is refused an --env that is no pair', async () => {
    expect(await complaint(['--env', 'GREETING'])).toBe('--env takes NAME=value, not "GREETING".');
  });

  it('writes its log to standard error, so that standard output is the result alone', async () => {
    const { exitCode, stdout, stderr } = await invoke('talk');
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: 'null\n' });
    expect(stderr).toBe('a line of the log\na complaint\n');
  });

  it("fails the command when it throws, with SCF's error as the result", async () => {
    const { exitCode, stdout } = await invoke('fail');
    expect(exitCode).toBe(1);
    expect(JSON.parse(stdout)).toEqual({
      errorCode: 1,
      errorMessage: 'broken on purpose',
      statusCode: 430,
      stackTrace: expect.stringContaining('fail/index.js'),
    });
  });

  it('does not hold the command up with what it leaves running', async () => {
    expect(await invoke('linger')).toMatchObject({ exitCode: 0, stdout: '"done"\n' });
  });

  it('must be there, and export its handler', async () => {
    const { exitCode, stdout } = await invoke('nothing');
    expect([exitCode, stdout.trim()]).toEqual([1, 'Error:\nnothing exports no function "missing".']);
    const unknown = await invoke('unknown');
    expect([unknown.exitCode, unknown.stdout]).toEqual([1, expect.stringContaining('"unknown"')]);
  });
});

describe('a function of this service', () => {
  const invokeHere = (name: string, args: readonly string[]) => invoke(name, args, { cwd: projectDir });

  it('ends the command with 0 whatever the status of its reply', async () => {
    const { exitCode, stdout } = await invokeHere('issue-sig', ['--path', 'test/fixtures/events/issue-sig.json']);
    expect([exitCode, JSON.parse(stdout).statusCode]).toEqual([0, 401]);
  });

  it('is not started by a bad environment: one message names every bad variable and shows no value', async ({
    expect,
  }) => {
    const bad = ['AUTH_JWT_SECRET', 'AUTH_JWKS_URL', 'DATABASE_URL', 'COS_BUCKET', 'COS_CREDENTIALS_TTL_SECONDS'];
    const { exitCode, stdout, stderr } = await invokeHere(
      'vend-cos-credentials',
      bad.flatMap((name) => ['--env', `${name}=value-of-${name}`]),
    );
    expect(exitCode).toBe(1);
    expect(stdout.match(/Bad environment:/g)).toHaveLength(1);
    for (const name of bad) expect(stdout).toContain(`  ${name} `);
    expect(stdout + stderr).not.toContain('value-of-');
    expect(stdout).not.toMatch(/^ +at /m);
  });
});

describe('with nothing running', () => {
  it('several calls at once take turns with the data directory, and any free ports', async () => {
    const dataDir = makeDirectory();
    const taken = (origin: string) => new URL(origin).port;
    const env = {
      LOCAL_DATA_DIR: dataDir,
      DATABASE_URL: await newDatabaseUrl(),
      LOCAL_PORT: taken(cloud.gateway),
      LOCAL_CLOUD_PORT: taken(cloud.cloud),
      LOCAL_COS_PORT: taken(cloud.cos),
    };
    const results = await Promise.all(
      ['one', 'two'].map((name) => echo(['--data', `{"name":"${name}"}`, '--as', 'admin:a1'], { env })),
    );
    expect(results.map(({ event }) => event.name)).toEqual(['one', 'two']);
    rmSync(dataDir, { recursive: true });
  });

  it('a port that is none is told by its name', async () => {
    const env = { LOCAL_DATA_DIR: '/nowhere', LOCAL_COS_PORT: '99999' };
    expect(await complaint([], { env })).toBe('LOCAL_COS_PORT must be a port from 0 to 65535.');
  });
});
