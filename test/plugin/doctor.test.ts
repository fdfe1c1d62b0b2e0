import { randomBytes } from 'node:crypto';
import postgres from 'postgres';
import { describe, expect, it, vi } from 'vitest';
import { deploy } from '../../plugin/deploy/deploy.ts';
import { zip } from '../../plugin/zip.ts';
import service from '../../serverless.ts';
import { newDatabaseUrl } from '../support/database.ts';
import {
  type Answers,
  closedOrigin,
  page,
  role,
  roleArn,
  startFront,
  startHealthyStage,
  startRefusingDatabase,
} from '../support/doctor.ts';

// Bundling takes a second of one core, more on a busy machine.
vi.setConfig({ testTimeout: 60_000 });

const { cloud, functions, examine } = await startHealthyStage();
const closed = await closedOrigin();

type Given = Parameters<typeof examine>[0];

const imThatSays =
  (reply: Response): typeof fetch =>
  async (url, init) =>
    String(url).includes('/v4/') ? reply : fetch(url, init);

const imRefusal = (ErrorCode: number, ErrorInfo?: string) =>
  imThatSays(Response.json({ ActionStatus: 'FAIL', ErrorCode, ErrorInfo }));

const imWithGroups = (GroupInfo: object[]) =>
  imThatSays(Response.json({ ActionStatus: 'OK', ErrorCode: 0, GroupInfo }));

/** A bucket with CORS rules, of which each request gets the first that fits it. */
const bucketWith =
  (...rules: { origin: string; methods: string[]; exposed?: string }[]): typeof fetch =>
  async (url, init) => {
    if (init?.method !== 'OPTIONS') return fetch(url, init);
    const asked = new Headers(init.headers);
    const rule = rules.find(({ origin, methods }) => {
      return origin === asked.get('origin') && methods.includes(asked.get('access-control-request-method') ?? '');
    });
    if (!rule) return new Response('<Error><Code>AccessForbidden</Code></Error>', { status: 403 });
    return new Response('', {
      headers: {
        'access-control-allow-origin': rule.origin,
        'access-control-allow-methods': rule.methods.join(', '),
        ...(rule.exposed !== undefined && { 'access-control-expose-headers': rule.exposed }),
      },
    });
  };

/** The API with these answers of its own. */
const apiWith = async (answers: Answers) => ({ endpoint: (await startFront(cloud.cloud, answers)).origin });

describe('a healthy stage', () => {
  it('has a line for everything, and exit code 0', async () => {
    const { exitCode, lines } = await examine(await apiWith({ GetRole: { RoleInfo: { RoleName: role } } }));
    expect(lines).toEqual([
      `ok    environment: ${functions.length} functions have all variables that they need`,
      "ok    clock: within 60 s of Tencent Cloud's",
      'ok    credentials: qcs::cam::uin/100000000001:uin/100000000001 signs the calls',
      `ok    execution role: ${role} is there`,
      `ok    AssumeRole: ${roleArn} is there and can be assumed; on SCF ${role} does it`,
      expect.stringMatching(/^ok {4}database: reachable, with all \d+ migrations$/),
      `ok    IM account: administrator of 1400000000 may call ${cloud.cloud}`,
      expect.stringMatching(
        /^\? {5}IM callback token: im-callback is not deployed yet → deploy it, and enter the same/,
      ),
      expect.stringMatching(/^\? {5}TRTC permission control: no API tells .* → TRTC console/),
      `ok    COS bucket: ${roleArn} may list classroom-1250000000`,
      `ok    COS CORS: pages of ${page} may use the bucket`,
    ]);
    expect(exitCode).toBe(0);
  });

  it('may have one CORS rule for reading and another for writing', async () => {
    const reading = { origin: page, methods: ['GET', 'HEAD'] };
    const writing = { origin: page, methods: ['PUT', 'POST', 'DELETE'], exposed: 'Content-Length, ETag' };
    const { of } = await examine({ fetch: bucketWith(reading, writing) });
    expect(of('COS CORS')).toBe(`ok    COS CORS: pages of ${page} may use the bucket`);
  });

  it('needs no CORS rule when no page may call the functions', async () => {
    const { of } = await examine({ env: { CORS_ALLOWED_ORIGINS: undefined }, fetch: bucketWith() });
    expect(of('COS CORS')).toMatch(/^ok {4}COS CORS: not needed/);
  });
});

describe('what is wrong', () => {
  it.each<[string, Given, RegExp]>([
    [
      'a variable that functions miss',
      { env: { TRTC_CALLBACK_KEY: undefined } },
      /^WRONG environment: TRTC_CALLBACK_KEY is missing → mend it in the environment or in \.env\.test$/,
    ],
    [
      'more variables than SCF takes',
      { env: { AUTH_ISSUER: 'x'.repeat(4096) } },
      /^WRONG environment: [\w-]+: its variables take more than the 4096 bytes .* → mend it in the environment or/,
    ],
    ['no execution role', { role: undefined }, /^WRONG environment: provider\.role \(DEPLOY_ROLE\) is missing/],
    [
      'a callback token that is none',
      { env: { IM_CALLBACK_TOKEN: ' , ' } },
      /^WRONG environment: IM_CALLBACK_TOKEN must hold an entry/,
    ],
    [
      'a clock that is ten minutes fast',
      { clock: () => Date.now() + 600_000 },
      /^WRONG clock: it is \d+ s fast, .* → let/,
    ],
    ['a clock that is ten minutes slow', { clock: () => Date.now() - 600_000 }, /^WRONG clock: it is \d+ s slow/],
    [
      'credentials that nobody knows',
      { env: { TENCENTCLOUD_SECRETKEY: 'somebody-else' } },
      /^WRONG credentials: GetCallerIdentity: AuthFailure\.SignatureFailure: .*RequestId .* → make an API key/,
    ],
    ['no credentials', { env: { TENCENTCLOUD_SECRETID: undefined } }, /^WRONG credentials: .* are missing → set them/],
    [
      'an STS that keys must not be sent to',
      { endpoint: undefined, env: { STS_API_URL: 'http://sts.example.com' } },
      /^WRONG credentials: could not be looked at: STS_API_URL must be https, or on this machine/,
    ],
    [
      'no role to assume',
      { env: { COS_ROLE_ARN: undefined } },
      /^WRONG AssumeRole: COS_ROLE_ARN is missing → make a role/,
    ],
    [
      'a database that lets nobody in',
      { env: { DATABASE_URL: 'postgres://nobody:wrong-password@127.0.0.1:1/none' } },
      /^WRONG database: the database does not let us in \(ECONNREFUSED\) → compare DATABASE_URL/,
    ],
    [
      'a key of another app',
      { env: { IM_SECRET_KEY: 'the key of another app' } },
      /^WRONG IM account: IM answers 70009: .* → compare IM_SDK_APP_ID and its key/,
    ],
    [
      'an app that this data centre does not know',
      { env: { IM_SDK_APP_ID: '1400000001' } },
      /^WRONG IM account: IM answers 60006: .* → compare IM_SDK_APP_ID .*, and IM_API_URL with the data centre/,
    ],
    [
      'somebody who is no administrator',
      { env: { IM_ADMIN_USER_ID: 's1' } },
      /^WRONG IM account: IM answers 60010: .* → make IM_ADMIN_USER_ID an administrator/,
    ],
    [
      'a sig that is too old when it is made',
      { fetch: imRefusal(70001, 'expired') },
      /^WRONG IM account: IM answers 70001: expired → let the machine set its clock/,
    ],
    [
      'a group that IM does not show, in no words',
      { fetch: imWithGroups([{ GroupId: 'doctor', ErrorCode: 10007 }]) },
      /^WRONG IM account: IM answers 10007 → look the code up: https/,
    ],
    [
      'an IM that is not there',
      { env: { IM_API_URL: closed } },
      /^WRONG IM account: http\S+ does not answer as IM does: no reply \(ECONNREFUSED\) → see whether/,
    ],
    [
      'a gateway before an IM that is down',
      { fetch: imThatSays(new Response('bad gateway', { status: 502 })) },
      /^WRONG IM account: .* does not answer as IM does: HTTP status 502 → /,
    ],
    [
      'a web site where IM should be',
      { fetch: imThatSays(new Response('<html>')) },
      /^WRONG IM account: .* does not answer as IM does: the reply is not what IM answers → /,
    ],
    [
      'an IM that leaves out what it was asked for',
      { fetch: imWithGroups([]) },
      /^WRONG IM account: .* does not answer as IM does: the reply leaves groups out → /,
    ],
    [
      'an IM that quotes the key',
      { fetch: imRefusal(70003, `no good: ${cloud.env.IM_SECRET_KEY}`) },
      /^WRONG IM account: IM answers 70003: no good: «…» → compare .* see the clock$/,
    ],
    [
      'a bucket of another account',
      { env: { COS_BUCKET: 'classroom-1260000000' } },
      /^WRONG COS bucket: classroom-1260000000 in ap-shanghai: AccessDenied → .* another account, correct COS_BUCKET/,
    ],
    [
      'a bucket that does not answer',
      { env: { COS_URL: closed } },
      /^WRONG COS bucket: .*: no reply \(ECONNREFUSED\) → compare COS_BUCKET/,
    ],
    [
      'a bucket without rules',
      { fetch: bucketWith() },
      /^WRONG COS CORS: https:\/\/class\.example\.com may not GET, HEAD, PUT, POST, DELETE with authorization, .* → COS/,
    ],
    [
      'a rule for other pages',
      { fetch: bucketWith({ origin: 'https://www.example.org', methods: ['GET', 'PUT'], exposed: 'ETag' }) },
      /^WRONG COS CORS: https:\/\/class\.example\.com may not GET/,
    ],
    [
      'a rule that lets pages only read',
      { fetch: bucketWith({ origin: page, methods: ['GET', 'HEAD'] }) },
      /^WRONG COS CORS: https:\/\/class\.example\.com may not PUT, POST, DELETE with authorization, .* → COS/,
    ],
    [
      'a rule that hides what completes an upload',
      { fetch: bucketWith({ origin: page, methods: ['GET', 'HEAD', 'PUT', 'POST', 'DELETE'], exposed: 'X-ETag' }) },
      /^WRONG COS CORS: https:\/\/class\.example\.com may not read ETag → COS/,
    ],
  ])('is told with the fix: %s', async (_, given, line) => {
    const { exitCode, wrong } = await examine(given);
    expect(wrong).toContainEqual(expect.stringMatching(line));
    expect(exitCode).toBe(1);
  });

  it('is a role that is not there, to assume or to run as', async () => {
    await cloud.orderFault({ command: 'AssumeRole', errorCode: 'ResourceNotFound.RoleNotFound' });
    const absent = { Error: { Code: 'InvalidParameter.RoleNotExist', Message: 'no such role' } };
    expect((await examine(await apiWith({ GetRole: absent }))).wrong).toEqual([
      expect.stringMatching(
        /^WRONG execution role: GetRole: .*RoleNotExist: .* → make the role .* or correct DEPLOY_ROLE/,
      ),
      expect.stringMatching(/^WRONG AssumeRole: AssumeRole: ResourceNotFound\.RoleNotFound: .* → make the role/),
    ]);
  });

  it.each([
    ['AccessDenied', /AccessDenied → let the role of COS_ROLE_ARN use the bucket/],
    ['NoSuchBucket', /NoSuchBucket → make the bucket, or correct COS_BUCKET/],
  ])('is a bucket that the role cannot list: %s', async (errorCode, line) => {
    await cloud.orderFault({ command: 'GetBucket', errorCode });
    expect((await examine()).wrong).toEqual([expect.stringMatching(line)]);
  });

  it('is a database that lacks migrations, each by its name, or all', async () => {
    const url = await newDatabaseUrl();
    const sql = postgres(url, { max: 1, onnotice: () => {} });
    await sql`delete from migrations where name = '0003_notice_windows'`;
    const some = await examine({ env: { DATABASE_URL: url } });
    await sql`drop table migrations`;
    const all = await examine({ env: { DATABASE_URL: url } });
    await sql.end();
    expect(some.wrong).toEqual([
      'WRONG database: these migrations are pending: 0003_notice_windows → npm run migrate, with the DATABASE_URL of this stage',
    ]);
    expect(all.wrong).toEqual([expect.stringMatching(/pending: 0001_core, .*0004_compiled_words/)]);
  });

  it('is what the user of the database may not do', async () => {
    const owner = await newDatabaseUrl();
    const sql = postgres(owner, { max: 1 });
    const user = `app_${randomBytes(8).toString('hex')}`;
    await sql.unsafe(`create role ${user} login password 'of-the-app'`);
    const url = Object.assign(new URL(owner), { username: user, password: 'of-the-app' }).href;
    const told = async () => (await examine({ env: { DATABASE_URL: url } })).of('database');

    expect(await told()).toBe(
      `WRONG database: ${user} may not read the table migrations → grant select on migrations to ${user}`,
    );
    await sql.unsafe(`grant select on migrations to ${user}`);
    expect(await told()).toMatch(
      /^WRONG database: \w+ lacks delete, insert, select, update on budgets, classes, .* → grant/,
    );
    await sql.unsafe(`grant select, insert, update, delete on all tables in schema public to ${user};
      revoke insert, update, delete on migrations from ${user};
      revoke delete on rooms, members from ${user};
      revoke update on outbox from ${user}`);
    expect(await told()).toBe(
      `WRONG database: ${user} lacks delete on members, rooms; update on outbox → grant these to ${user}`,
    );
    await sql.unsafe(`grant update, delete on rooms, members, outbox to ${user}`);
    expect(await told()).toMatch(/^ok {4}database: reachable/);
    await sql.end();
  });

  it('is a database that is too old for what the functions ask of it', async () => {
    const url = await startRefusingDatabase(await newDatabaseUrl(), '42704');
    expect((await examine({ env: { DATABASE_URL: url } })).of('database')).toBe(
      'WRONG database: the database does not know statement_timeout or idle_session_timeout (42704) → take PostgreSQL 14 or later, and no pooler that refuses such settings',
    );
  });

  it('is a database in which somebody holds what we must read', async () => {
    const url = await newDatabaseUrl();
    const sql = postgres(url, { max: 1 });
    const told = await sql.begin(async (transaction) => {
      await transaction`lock table migrations in access exclusive mode`;
      return (await examine({ timeoutMs: 1000, env: { DATABASE_URL: url } })).of('database');
    });
    await sql.end();
    expect(told).toMatch(/^WRONG database: the database lets us wait \(57014\) → see what keeps it busy/);
  });
});

describe('what cannot be known from here is not said to be wrong', () => {
  it('a database within the VPC', async () => {
    const { exitCode, of } = await examine({
      hasVpc: true,
      env: { DATABASE_URL: 'postgres://a:bbbb@127.0.0.1:1/c' },
    });
    expect(of('database')).toMatch(/^\? {5}database: not reachable from here \(ECONNREFUSED\) → run/);
    expect(exitCode).toBe(0);
  });

  it('roles that these credentials have no rights on, and what only they could tell', async () => {
    await cloud.orderFault({ command: 'AssumeRole', errorCode: 'UnauthorizedOperation' });
    const denied = { Error: { Code: 'UnauthorizedOperation', Message: 'not you' } };
    const { exitCode, of } = await examine(await apiWith({ GetRole: denied, ListTriggers: denied }));
    const cannot = 'cannot be checked with these credentials';
    expect(of('execution role')).toMatch(new RegExp(`^\\? {5}.*: ${cannot}: GetRole: .* → see in the CAM console`));
    expect(of('AssumeRole')).toMatch(new RegExp(`^\\? {5}.*: ${cannot}: AssumeRole: .* → see in the CAM console`));
    expect(of('IM callback token')).toMatch(
      new RegExp(`^\\? {5}.*: ${cannot}: ListTriggers .*: .* → enter the same token`),
    );
    expect(of('COS bucket')).toMatch(
      /^\? {5}COS bucket: only the role of COS_ROLE_ARN may look at it → see AssumeRole/,
    );
    expect(exitCode).toBe(0);
  });

  it('anything that takes credentials, without credentials', async () => {
    const { of } = await examine({ env: { TENCENTCLOUD_SECRETKEY: undefined } });
    for (const name of ['execution role', 'AssumeRole', 'IM callback token', 'COS bucket', 'COS CORS'])
      expect(of(name)).toMatch(/^\? {5}.* → mend the (credentials|environment) first$/);
  });
});

describe('the callback token, once the function is deployed', () => {
  it('is right when the function goes by it, and wrong when it does not', async () => {
    const gate = functions.find(({ name }) => name === 'im-callback');
    const source = service.functions['im-callback'];
    if (!gate || !source) throw new Error('im-callback is not in serverless.ts.');
    await deploy({
      service: 'classroom',
      stage: 'test',
      provider: { ...service.provider, role, vpc: {} },
      options: { endpoint: cloud.cloud },
      utils: { log: { notice: () => {}, warning: () => {} }, writeText: () => {} },
      env: cloud.env,
      clock: Date.now,
      sleep: (ms) => new Promise((resolve) => setTimeout(resolve, Math.min(ms, 10))),
      packed: [{ fn: gate, source, archive: await zip({ 'index.js': (await gate.bundle()).code }) }],
      names: [gate.name],
      domain: undefined,
      bucket: undefined,
    });

    expect((await examine()).of('IM callback token')).toMatch(
      /^ok {4}IM callback token: http\S+\/im-callback goes by it; the IM console must have the same$/,
    );
    const { exitCode, wrong } = await examine({ env: { IM_CALLBACK_TOKEN: 'another-token' } });
    expect(wrong).toEqual([
      expect.stringMatching(/^WRONG IM callback token: http\S+ does not go by it → deploy, so that/),
    ]);
    expect(exitCode).toBe(1);
  });
});
