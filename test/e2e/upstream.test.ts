import { afterAll, describe, expect, it } from 'vitest';
import { json, type LocalReply, serve } from '../../local/http.ts';
import { startTestCloud, type TestCloud } from '../support/local-cloud.ts';

/** A service that answers everything so. */
const answering = async (reply: LocalReply): Promise<string> => {
  const server = await serve(0, async () => reply);
  afterAll(() => server.close());
  return server.origin;
};

const secretNames = [
  'IM_SECRET_KEY',
  'IM_CALLBACK_TOKEN',
  'TRTC_CALLBACK_KEY',
  'TENCENTCLOUD_SECRETKEY',
  'AUTH_JWT_SECRET',
  'DATABASE_URL',
];
const passcode = 'open sesame';

/** Calls both functions that need another service, and checks that no secret is in a reply or in the log. */
const callBoth = async (cloud: TestCloud, classId: string) => {
  const teacher = await cloud.signIn('t1', 'teacher');
  const [created, vended] = await Promise.all([
    cloud.post('create-class', { classId, name: 'Class', passcode }, teacher),
    cloud.post('vend-cos-credentials', { classId: 'ready' }, teacher),
  ]);
  const said = created.text + vended.text + cloud.output();
  const secrets = [...secretNames.map((name) => cloud.env[name]), passcode, teacher.replace('Bearer ', '')];
  for (const secret of secrets) {
    expect(secret).toBeTruthy();
    expect(said).not.toContain(secret);
  }
  // UserSigs and signed queries, whosever they are.
  expect(said).not.toMatch(/eJ[\w*-]{40}|usersig=|Signature=/);
  return { created, vended };
};

const failures = (cloud: TestCloud, functionName: string) =>
  cloud.log().filter((line) => line.level === 'error' && String(line.function).endsWith(functionName));

const healthy = await startTestCloud();
const { DATABASE_URL } = healthy.env;
await healthy.post('create-class', { classId: 'ready', name: 'Ready' }, await healthy.signIn('t1', 'teacher'));

/** Clouds of the same database, whose functions are told that IM and STS are elsewhere. */
const broken = await Promise.all(
  [
    { state: 'are down', origin: 'http://127.0.0.1:1' },
    { state: 'answer 502', origin: await answering({ status: 502, body: 'Bad Gateway' }) },
    { state: 'answer nonsense', origin: await answering({ status: 200, body: '<html>hello</html>' }) },
    { state: 'answer JSON of another kind', origin: await answering(json({ hello: [] })) },
    { state: 'hang up', origin: await answering('hang up') },
  ].map(async ({ state, origin }) => ({
    state,
    cloud: await startTestCloud({
      outside: { DATABASE_URL: DATABASE_URL ?? '', IM_API_URL: origin, STS_API_URL: origin },
    }),
  })),
);
const withoutDatabase = await startTestCloud();

describe('IM and STS', () => {
  it.each(broken)('$state: the replies are 502, and the log says who failed', async ({ state, cloud }) => {
    const { created, vended } = await callBoth(cloud, state.replaceAll(/\W/g, '-'));
    for (const { status, body } of [created, vended])
      expect([status, body]).toMatchObject([
        502,
        { code: 'UPSTREAM_FAILED', detail: expect.stringMatching(/Try again/) },
      ]);
    expect(failures(cloud, 'create-class')).toMatchObject([
      { event: 'invocation', code: 'UPSTREAM_FAILED', vendor: 'im', target: 'im_open_login_svc/account_import' },
    ]);
    expect(failures(cloud, 'vend-cos-credentials')).toMatchObject([{ code: 'UPSTREAM_FAILED', vendor: 'sts' }]);
  });

  it('refuse: the replies are 502, and the log has their codes', async () => {
    await healthy.orderFault({ command: 'create_group', errorCode: 10004 });
    await healthy.orderFault({ command: 'GetFederationToken', errorCode: 'InternalError.DbError' });
    const { created, vended } = await callBoth(healthy, 'refused');
    expect([created.status, vended.status]).toEqual([502, 502]);
    expect(failures(healthy, 'create-class').at(-1)).toMatchObject({
      vendor: 'im',
      target: 'group_open_http_svc/create_group',
      vendorCode: 10004,
      vendorText: expect.any(String),
    });
    expect(failures(healthy, 'vend-cos-credentials').at(-1)).toMatchObject({
      vendor: 'sts',
      vendorCode: 'InternalError.DbError',
      vendorRequestId: expect.any(String),
    });
  });

  it('are over a limit: the replies are 429 and say when to come back', async () => {
    await healthy.orderFault({ command: 'create_group', errorCode: 60011 });
    await healthy.orderFault({ command: 'GetFederationToken', errorCode: 'RequestLimitExceeded' });
    const { created, vended } = await callBoth(healthy, 'limited');
    for (const { status, body, headers } of [created, vended])
      expect([status, body.code, headers.get('retry-after')]).toEqual([429, 'RATE_LIMITED', '1']);
  });

  it('hold their replies back: the replies are 504', async () => {
    const heldMs = 600_000;
    await healthy.orderFault({ command: 'account_import', times: 2, delayMs: heldMs });
    await healthy.orderFault({ command: 'GetFederationToken', delayMs: heldMs });
    const { created, vended } = await callBoth(healthy, 'slow');
    for (const { status, body } of [created, vended]) expect([status, body.code]).toEqual([504, 'UPSTREAM_TIMEOUT']);
    expect(failures(healthy, 'create-class').at(-1)).toMatchObject({ code: 'UPSTREAM_TIMEOUT', vendor: 'im' });
    expect(failures(healthy, 'vend-cos-credentials').at(-1)).toMatchObject({ code: 'UPSTREAM_TIMEOUT', vendor: 'sts' });
  });

  it('are back: what had failed is made', async () => {
    const { created, vended } = await callBoth(healthy, 'refused');
    expect([created.status, vended.status]).toEqual([201, 200]);
  });
});

describe('the database', () => {
  it('is down: the reply is 502, and the log says so without its password', async () => {
    const cloud = withoutDatabase;
    const teacher = await cloud.signIn('t1', 'teacher');
    // No function is loaded yet: each reads its environment when it is.
    const url = new URL(cloud.env.DATABASE_URL ?? '');
    url.port = '1';
    cloud.env.DATABASE_URL = url.href;
    const { status, body } = await cloud.post('get-class', { classId: 'x' }, teacher);
    expect([status, body.code]).toEqual([502, 'UPSTREAM_FAILED']);
    expect(failures(cloud, 'get-class')).toMatchObject([{ code: 'UPSTREAM_FAILED', vendor: 'postgresql' }]);
    expect(cloud.output() + JSON.stringify(body)).not.toContain(`:${url.password}@`);
  });
});
