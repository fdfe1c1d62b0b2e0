import { describe, expect, it, vi } from 'vitest';
import { serverless } from '../support/run.ts';
import { copyService, makeService, smallService } from '../support/service.ts';

// Each run of the command line takes a second of one core, more on a busy machine.
vi.setConfig({ testTimeout: 60_000 });

const fine = { handler: 'functions/a/index.main', events: [] };

const print = (functions: object, provider?: object) =>
  serverless(['print'], { cwd: makeService({ 'serverless.yml': smallService(functions, provider) }) });

/** One service with every mistake: the framework lists them all. */
const listed = await print(
  {
    slow: { ...fine, timeout: 901 },
    odd: { ...fine, memorySize: 192 },
    lost: { events: [] },
    platform: { ...fine, environment: ['TENCENTCLOUD_SECRETID'] },
    secret: { ...fine, environment: { IM_SECRET_KEY: 'value-of-a-secret' } },
    cron: { ...fine, events: [{ timer: { cron: '* * * * *' } }] },
    path: { ...fine, events: [{ http: { path: '/a/{id}' } }] },
    method: { ...fine, events: [{ http: { path: '/a', method: 'GET' } }] },
    trigger: { ...fine, events: [{ sqs: 'queue' }] },
  },
  { runtime: 'nodejs20.x', timeout: 0 },
);

describe('a mistake in the service', () => {
  it.each([
    ['a time limit over 900 s', "'functions.slow.timeout': must be <= 900"],
    ['a memory size that SCF does not sell', "'functions.odd.memorySize': must be multiple of 128"],
    ['a function without a handler', "'functions.lost': must have required property 'handler'"],
    ['a variable of the platform', "'functions.platform.environment.0': must match pattern"],
    ['a variable with its value', "'functions.secret.environment': must be array"],
    ['a cron of five fields', "'functions.cron.events.0.timer.cron': must match pattern"],
    ['a path with a parameter', "'functions.path.events.0.http.path': must match pattern"],
    ['a method', "'functions.method.events.0.http': unrecognized property 'method'"],
    ['a trigger that we do not have', "'functions.trigger.events.0': unsupported function event"],
    ['a runtime of another cloud', "'provider.runtime': must match pattern"],
    ['no time at all', "'provider.timeout': must be >= 1"],
  ])('is told by its place: %s', (_, complaint) => {
    expect(listed.stdout).toContain(` at ${complaint}`);
  });

  it('fails the command, without a stack or a value', () => {
    expect(listed.exitCode).toBe(1);
    expect(listed.stdout + listed.stderr).not.toMatch(/^ +at .+:\d+:\d+|value-of-a-secret/m);
  });

  it('is the only thing that is told', async () => {
    const { exitCode, stdout } = await print({ a: { ...fine, timeout: 901 } });
    expect([exitCode, stdout.match(/ at '/g)]).toEqual([1, [" at '"]]);
    expect((await print({ a: { ...fine, timeout: 900 } })).exitCode).toBe(0);
  });
});

describe('serverless print', () => {
  it('shows the names of the variables and none of their values', async () => {
    const secret = 'value-of-a-secret';
    const { exitCode, stdout, stderr } = await serverless(['print'], {
      cwd: copyService(),
      env: { IM_SECRET_KEY: secret, AUTH_JWT_SECRET: secret, DATABASE_URL: secret },
    });
    expect(exitCode).toBe(0);
    expect(stdout).toContain('- IM_SECRET_KEY');
    expect(stdout).toContain('name: classroom-dev-issue-sig');
    expect(stdout + stderr).not.toContain(secret);
  });
});
