/**
 * Runs every function's example event through `npx serverless invoke local`: first with nothing running, then with the
 * local cloud of `npm start` running. Prints a line for each and the count; exits with 1 when one failed.
 */
import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { createInterface } from 'node:readline';
import service from '../../serverless.ts';
import { makeDirectory } from '../support/directory.ts';
import { childEnvironment, projectDir, run } from '../support/run.ts';
import { type Example, examples } from './examples.ts';

const startWithinMs = 60_000;
const ports = { LOCAL_PORT: '0', LOCAL_CLOUD_PORT: '0', LOCAL_COS_PORT: '0' };
const outcomes: boolean[] = [];

const report = (passed: boolean, text: string) => {
  outcomes.push(passed);
  console.log(`${passed ? 'ok    ' : 'FAILED'}  ${text}`);
};

/** What the function answered, as far as it is compared. */
const parseResult = (stdout: string, expected: Example['expected']): unknown => {
  try {
    const result = JSON.parse(stdout);
    return typeof expected === 'number' ? result.statusCode : result;
  } catch {
    return `no JSON: ${stdout}`;
  }
};

const invoke = async ({ name, as, sign, expected }: Example, setting: string, dataDir: string): Promise<void> => {
  const path = `test/fixtures/events/${name}.json`;
  const options = [...(as === undefined ? [] : ['--as', as]), ...(sign ? ['--sign'] : [])];
  const { exitCode, stdout, stderr } = await run(
    'npx',
    ['serverless', 'invoke', 'local', '--function', name, '--path', path, ...options],
    { env: { ...ports, LOCAL_DATA_DIR: dataDir } },
  );
  const result = parseResult(stdout, expected);
  const passed = exitCode === 0 && JSON.stringify(result) === JSON.stringify(expected);
  report(passed, `${name}, ${setting}: ${JSON.stringify(result)}`);
  if (!passed) console.log(`        instead of ${JSON.stringify(expected)}; exit code ${exitCode}\n${stdout}${stderr}`);
};

const invokeAll = async (setting: string, dataDir: string): Promise<void> => {
  for (const example of examples) await invoke(example, setting, dataDir);
};

/** What `npm start` runs, in a process group of its own; resolves once it is up. */
const startDev = (dataDir: string): Promise<{ gateway: string; stop(): Promise<unknown> }> =>
  new Promise((resolve, reject) => {
    const env = childEnvironment({ ...ports, LOCAL_DATA_DIR: dataDir });
    const child = spawn('npx', ['serverless', 'dev'], { cwd: projectDir, env, detached: true, stdio: 'pipe' });
    const said: string[] = [];
    const exited = new Promise((done) => child.once('close', done));
    const stop = () => {
      if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGTERM');
      return exited;
    };
    const fail = (reason: string) => {
      void stop();
      reject(new Error(`npx serverless dev ${reason}:\n${said.join('\n')}`));
    };
    const timer = setTimeout(() => fail('did not start in time'), startWithinMs);
    let gateway = '';
    const read = (line: string) => {
      said.push(line);
      gateway ||= /^ *Gateway +(\S+)/.exec(line)?.[1] ?? '';
      if (!line.includes('Ctrl+C')) return;
      clearTimeout(timer);
      resolve({ gateway, stop });
    };
    for (const stream of [child.stdout, child.stderr]) createInterface(stream).on('line', read);
    child.once('error', reject);
    child.once('close', () => {
      clearTimeout(timer);
      fail('ended');
    });
  });

/** The invocations have used the cloud that runs, not one of their own: its gateway knows the example's class. */
const checkShared = async (gateway: string): Promise<void> => {
  const post = (path: string, body: object, headers: Record<string, string> = {}) =>
    fetch(`${gateway}/${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
  const reply = await post('local/token', { userId: 't1', role: 'teacher' });
  const { token } = (await reply.json()) as { token: string };
  const { status } = await post('get-class', { classId: 'example' }, { authorization: `Bearer ${token}` });
  report(status === 200, `the running local cloud has the example's class: ${status}`);
};

const withDataDir = async (work: (dataDir: string) => Promise<void>): Promise<void> => {
  const dataDir = makeDirectory();
  try {
    await work(dataDir);
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
};

for (const name of Object.keys(service.functions))
  if (!examples.some((example) => example.name === name)) report(false, `${name} has no example event here`);

await withDataDir((dataDir) => invokeAll('with nothing running', dataDir));
await withDataDir(async (dataDir) => {
  const dev = await startDev(dataDir);
  try {
    await invokeAll('with npm start running', dataDir);
    await checkShared(dev.gateway);
  } finally {
    await dev.stop();
  }
});

const failed = outcomes.filter((passed) => !passed).length;
console.log(`${outcomes.length - failed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
