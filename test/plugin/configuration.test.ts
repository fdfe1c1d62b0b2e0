import { describe, expect, it } from 'vitest';
import { serverless } from '../support/run.ts';
import { copyService, makeService, smallService } from '../support/service.ts';

const fine = { handler: 'functions/a/index.main', events: [] };

/** What `print` says of a service: the lines of its complaint. */
const complaintAbout = async (functions: object, provider?: object): Promise<string> => {
  const directory = makeService({ 'serverless.yml': smallService(functions, provider) });
  const { exitCode, stdout, stderr } = await serverless(['print'], { cwd: directory });
  expect(exitCode).toBe(1);
  expect(stdout + stderr).not.toMatch(/^ +at .+:\d+:\d+/m);
  return stdout;
};

describe.concurrent('a mistake in the service is told by its place', () => {
  it.for<[string, object, object | undefined, string]>([
    ['a time limit over 900 s', { a: { ...fine, timeout: 901 } }, undefined, "'functions.a.timeout': must be <= 900"],
    ['a time limit of the provider', { a: fine }, { timeout: 0 }, "'provider.timeout': must be >= 1"],
    [
      'a cron of five fields',
      { a: { ...fine, events: [{ timer: { cron: '* * * * *' } }] } },
      undefined,
      "'functions.a.events.0.timer.cron': must match pattern",
    ],
    [
      'a function without a handler',
      { a: { events: [] } },
      undefined,
      "'functions.a': must have required property 'handler'",
    ],
    [
      'a variable of the platform',
      { a: { ...fine, environment: ['TENCENTCLOUD_SECRETID'] } },
      undefined,
      "'functions.a.environment.0': must match pattern",
    ],
    [
      'a variable with its value',
      { a: { ...fine, environment: { IM_SECRET_KEY: 'secret' } } },
      undefined,
      "'functions.a.environment': must be array",
    ],
    [
      'a path with a parameter',
      { a: { ...fine, events: [{ http: { path: '/a/{id}' } }] } },
      undefined,
      "'functions.a.events.0.http.path': must match pattern",
    ],
    [
      'a method',
      { a: { ...fine, events: [{ http: { path: '/a', method: 'GET' } }] } },
      undefined,
      "'functions.a.events.0.http': unrecognized property 'method'",
    ],
    [
      'a memory size that SCF does not sell',
      { a: { ...fine, memorySize: 100 } },
      undefined,
      "'functions.a.memorySize': must be equal to one of the allowed values",
    ],
    ['a runtime of another cloud', { a: fine }, { runtime: 'nodejs20.x' }, "'provider.runtime': must match pattern"],
    [
      'a trigger that we do not have',
      { a: { ...fine, events: [{ sqs: 'queue' }] } },
      undefined,
      "'functions.a.events.0': unsupported function event",
    ],
  ])('%s', async ([, functions, provider, complaint], { expect }) => {
    expect(await complaintAbout(functions, provider)).toContain(`Configuration error at ${complaint}`);
  });
});

describe('serverless print', () => {
  it('shows the names of the variables and none of their values', async () => {
    const { exitCode, stdout, stderr } = await serverless(['print'], {
      cwd: copyService(),
      env: {
        IM_SECRET_KEY: 'value-of-a-secret',
        AUTH_JWT_SECRET: 'value-of-a-secret',
        DATABASE_URL: 'value-of-a-secret',
      },
    });
    expect(exitCode).toBe(0);
    expect(stdout).toContain('- IM_SECRET_KEY');
    expect(stdout).toContain('name: classroom-dev-issue-sig');
    expect(stdout + stderr).not.toContain('value-of-a-secret');
  });
});
