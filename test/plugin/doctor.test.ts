import postgres from 'postgres';
import { expect, it, describe as suite, vi } from 'vitest';
import { diagnose } from '../../plugin/doctor/doctor.ts';
import type { Patient } from '../../plugin/doctor/patient.ts';
import { secretVariables } from '../../plugin/secret-variables.ts';
import { newDatabaseUrl } from '../support/database.ts';
import { functions, startTestCloud } from '../support/local-cloud.ts';
import { serverless } from '../support/run.ts';

// The command line takes a second of one core, more on a busy machine.
vi.setConfig({ testTimeout: 60_000 });

const roleArn = 'qcs::cam::uin/100000000001:roleName/classroom';
const page = 'https://class.example.com';
const outside = { COS_ROLE_ARN: roleArn, CORS_ALLOWED_ORIGINS: page };

const cloud = await startTestCloud({ functions: [], outside, stays: true });

const healthy: Patient = {
  functions,
  stage: 'test',
  region: 'ap-guangzhou',
  env: cloud.env,
  role: 'classroom-functions',
  hasVpc: false,
  endpoint: cloud.cloud,
  fetch,
  clock: Date.now,
  sleep: async () => {},
};

/** What is told of a patient who differs from the healthy one; a variable that is `undefined` is not set. */
const examine = async (
  difference: Partial<Omit<Patient, 'env'>> & { env?: Record<string, string | undefined> } = {},
) => {
  const written: string[] = [];
  const set = Object.entries({ ...cloud.env, ...difference.env });
  const env = Object.fromEntries(set.filter((entry): entry is [string, string] => entry[1] !== undefined));
  const exitCode = await diagnose({ ...healthy, ...difference, env }, { writeText: (text) => void written.push(text) });
  const text = written.join('\n');
  for (const name of secretVariables)
    for (const value of [cloud.env[name], env[name]]) if (value) expect(text).not.toContain(value);
  return { exitCode, lines: text.split('\n'), wrong: text.split('\n').filter((line) => line.startsWith('WRONG')) };
};

/** Answers CORS as this bucket would, and lets everything else through. */
const bucketWith =
  (xml: string, status = 200): typeof fetch =>
  async (url, init) =>
    String(url).endsWith('?cors') ? new Response(xml, { status }) : fetch(url, init);

const imThatSays =
  (ErrorInfo: string): typeof fetch =>
  async (url, init) =>
    String(url).includes('/v4/')
      ? Response.json({ ActionStatus: 'FAIL', ErrorCode: 70003, ErrorInfo })
      : fetch(url, init);

const corsXml = (rule: string) => `<CORSConfiguration><CORSRule>${rule}</CORSRule></CORSConfiguration>`;
const allMethods = ['GET', 'HEAD', 'PUT', 'POST', 'DELETE']
  .map((name) => `<AllowedMethod>${name}</AllowedMethod>`)
  .join('');

suite('a healthy stage', () => {
  it('has a line for everything, and exit code 0', async () => {
    const { exitCode, lines } = await examine();
    expect(lines).toEqual([
      `ok    environment: ${functions.length} functions have all variables that they need`,
      "ok    clock: within 60 s of Tencent Cloud's",
      'ok    credentials: qcs::cam::uin/100000000001:uin/100000000001 signs the calls',
      `ok    AssumeRole: ${roleArn} is there and can be assumed; on SCF classroom-functions does it`,
      expect.stringMatching(/^ok {4}database: reachable, with all \d+ migrations$/),
      `ok    IM account: administrator of 1400000000 may call ${cloud.cloud}`,
      expect.stringMatching(/^ok {4}IM callback token: IM_CALLBACK_TOKEN is set;/),
      expect.stringMatching(/^\? {5}TRTC permission control: no API tells .* → TRTC console/),
      'ok    COS bucket: classroom-1250000000 is there',
      `ok    COS CORS: pages of ${page} may use the bucket`,
    ]);
    expect(exitCode).toBe(0);
  });
});

suite('what is wrong', () => {
  it.each<[string, Parameters<typeof examine>[0], RegExp]>([
    [
      'a variable that functions miss',
      { env: { TRTC_CALLBACK_KEY: undefined } },
      /^WRONG environment: TRTC_CALLBACK_KEY is missing → set it in the environment or in \.env\.test$/,
    ],
    ['no execution role', { role: undefined }, /^WRONG environment: provider\.role \(DEPLOY_ROLE\) is missing/],
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
      /^WRONG IM account: IM answers 70\d\d\d: .* → compare IM_SDK_APP_ID, the key/,
    ],
    [
      'somebody who is no administrator',
      { env: { IM_ADMIN_USER_ID: 's1' } },
      /^WRONG IM account: IM answers \d+: .* → /,
    ],
    [
      'an IM that is not there',
      { env: { IM_API_URL: 'http://127.0.0.1:1' } },
      /^WRONG IM account: IM does not answer → compare IM_API_URL/,
    ],
    [
      'an IM that quotes the key',
      { fetch: imThatSays(`no good: ${cloud.env.IM_SECRET_KEY}`) },
      /^WRONG IM account: IM answers 70003: no good: «…» → /,
    ],
    [
      'no callback token',
      { env: { IM_CALLBACK_TOKEN: undefined } },
      /^WRONG IM callback token: .* is missing → set it/,
    ],
    [
      'a bucket of another account',
      { env: { COS_BUCKET: 'classroom-1260000000', COS_URL: 'http://127.0.0.1:1' } },
      /^WRONG COS bucket: .* no reply → compare COS_BUCKET/,
    ],
    [
      'a bucket without rules',
      { fetch: bucketWith('<Error><Code>NoSuchCORSConfiguration</Code></Error>', 404) },
      /^WRONG COS CORS: no rule is for https:\/\/class\.example\.com → COS console/,
    ],
    [
      'a rule for other pages',
      { fetch: bucketWith(corsXml(`<AllowedOrigin>https://*.example.org</AllowedOrigin>${allMethods}`)) },
      /^WRONG COS CORS: no rule is for https:\/\/class\.example\.com/,
    ],
    [
      'a rule that lets pages only read',
      {
        fetch: bucketWith(
          corsXml(
            '<AllowedOrigin>https://*.example.com</AllowedOrigin><AllowedMethod>GET</AllowedMethod><AllowedHeader>x-cos-*</AllowedHeader>',
          ),
        ),
      },
      /may not HEAD, PUT, POST, DELETE; .* may not send authorization, content-type; .* may not read ETag → COS console/,
    ],
  ])('is told with the fix: %s', async (_, difference, line) => {
    const { exitCode, wrong } = await examine(difference);
    expect(wrong).toContainEqual(expect.stringMatching(line));
    expect(exitCode).toBe(1);
  });

  it('is a role that is not there', async () => {
    await cloud.orderFault({ command: 'AssumeRole', errorCode: 'ResourceNotFound.RoleNotFound' });
    expect((await examine()).wrong).toEqual([
      expect.stringMatching(/^WRONG AssumeRole: AssumeRole: ResourceNotFound\.RoleNotFound: .* → make the role/),
    ]);
  });

  it('is a bucket that these keys may not look at', async () => {
    await cloud.orderFault({ command: 'HeadBucket', errorCode: 'AccessDenied' });
    expect((await examine()).wrong).toEqual([
      expect.stringMatching(/^WRONG COS bucket: .* status 403 → let these keys do cos:HeadBucket/),
    ]);
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

  it('is not said of what cannot be known from here: a database within the VPC', async () => {
    const { exitCode, lines } = await examine({
      hasVpc: true,
      env: { DATABASE_URL: 'postgres://a:bbbb@127.0.0.1:1/c' },
    });
    expect(lines).toContainEqual(
      expect.stringMatching(/^\? {5}database: not reachable from here \(ECONNREFUSED\) → run/),
    );
    expect(exitCode).toBe(0);
  });
});

suite('serverless diagnose', () => {
  it('examines the local cloud that runs, and exits with 1 when something is wrong', async () => {
    const run = (env: Record<string, string>) =>
      serverless(['diagnose', '--stage', 'test', '--endpoint', cloud.cloud], {
        env: { LOCAL_DATA_DIR: cloud.dataDir, DEPLOY_ROLE: 'classroom-functions', ...outside, ...env },
      });
    const well = await run({});
    expect([well.exitCode, well.stdout.split('\n')]).toEqual([
      0,
      expect.arrayContaining([expect.stringMatching(/^ok {4}COS CORS/)]),
    ]);
    const ill = await run({ IM_API_URL: 'http://127.0.0.1:1' });
    expect([ill.exitCode, ill.stdout]).toEqual([1, expect.stringMatching(/^WRONG IM account: IM does not answer/m)]);
  });
});
