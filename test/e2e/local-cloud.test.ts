import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { sts } from 'tencentcloud-sdk-nodejs/tencentcloud/services/sts/index.js';
import { Api } from 'tls-sig-api-v2/TLSSigAPIv2.js';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { startLocalCloud } from '../../local/cloud.ts';
import { openImSession, refusedLogin } from '../support/im-session.ts';
import { startTestCloud } from '../support/local-cloud.ts';

const cloud = await startTestCloud();
const ownSecret = 'the secret of a login service of the app';
const withLogin = await startTestCloud({ outside: { AUTH_JWT_SECRET: ownSecret } });
const teacher = await cloud.signIn('t1', 'teacher');
const sdkAppId = Number(cloud.env.IM_SDK_APP_ID);

describe("STS, through Tencent's own SDK", () => {
  const policy = encodeURIComponent(
    JSON.stringify({
      version: '2.0',
      statement: [{ effect: 'allow', action: ['name/sts:AssumeRole'], resource: ['*'] }],
    }),
  );
  const roleArn = 'qcs::cam::uin/100000000001:roleName/classroom';
  const clientOf = (secretId = '', secretKey = '', token?: string) =>
    new sts.v20180813.Client({
      credential: { secretId, secretKey, ...(token !== undefined && { token }) },
      region: 'ap-shanghai',
      profile: { httpProfile: { endpoint: new URL(cloud.cloud).host, protocol: 'http://' } },
    });
  const { TENCENTCLOUD_SECRETID: secretId, TENCENTCLOUD_SECRETKEY: secretKey } = cloud.env;
  const federate = (client = clientOf(secretId, secretKey)) =>
    client.GetFederationToken({ Name: 'classroom', Policy: policy, DurationSeconds: 600 });

  it('gives permanent keys a federation token, with which a role can be assumed', async () => {
    const { Credentials, ExpiredTime } = await federate();
    expect(Math.abs((ExpiredTime ?? 0) - Date.now() / 1000 - 600)).toBeLessThan(30);
    const { TmpSecretId, TmpSecretKey, Token } = Credentials ?? {};
    const assumed = await clientOf(TmpSecretId, TmpSecretKey, Token).AssumeRole({
      RoleArn: roleArn,
      RoleSessionName: 'classroom',
    });
    expect(assumed.Credentials?.Token).toEqual(expect.any(String));
    await expect(federate(clientOf(TmpSecretId, TmpSecretKey, Token))).rejects.toMatchObject({
      code: 'InvalidParameter.TempCodeNotAvaliable',
    });
  });

  it('refuses a wrong key and an unknown id with the codes of the real one', async () => {
    await expect(federate(clientOf(secretId, 'wrong'))).rejects.toMatchObject({
      code: 'AuthFailure.SignatureFailure',
      requestId: expect.any(String),
    });
    await expect(federate(clientOf('AKIDunknown', secretKey))).rejects.toMatchObject({
      code: 'AuthFailure.SecretIdNotFound',
    });
  });
});

describe("a UserSig of Tencent's own signer", () => {
  const sigOf = (key = '', userId = 's1') => new Api(sdkAppId, key).genUserSig(userId, 3600);

  /** Tencent's signer reads the clock itself. */
  const sigOfYesterday = (): string => {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() - 86_400_000 });
    const userSig = sigOf(cloud.env.IM_SECRET_KEY);
    vi.useRealTimers();
    return userSig;
  };

  it('logs in to the local IM, and our verifier agrees', async () => {
    const userSig = sigOf(cloud.env.IM_SECRET_KEY);
    const session = await openImSession(cloud.cloud, { sdkAppId, userId: 's1', userSig });
    expect(await session.ask({ op: 'quit', groupId: 'none' })).toMatchObject({ ErrorCode: 10010 });
    const { body } = await cloud.post('verify-sig', { userSig, userId: 's1' }, await cloud.signIn('a1', 'admin'));
    expect(body).toMatchObject({ valid: true, userId: 's1', sdkAppId });
  });

  it.each([
    ['of another key', sigOf('another key'), 's1', '70009'],
    ['that has expired', sigOfYesterday(), 's1', '70001'],
    ['of somebody else', sigOf(cloud.env.IM_SECRET_KEY, 's2'), 's1', '70013'],
    ['that is none', 'nonsense', 's1', '70003'],
  ])('%s is refused with the code of the real one', async (_, userSig, userId, code) => {
    expect(await refusedLogin(cloud.cloud, { sdkAppId, userId, userSig })).toContain(`4001 ${code}`);
  });
});

describe('ordered faults', () => {
  const pending = async (method = 'GET') => {
    const response = await fetch(`${cloud.cloud}/local/faults`, { method });
    return ((await response.json()) as { pending: object[] }).pending;
  };
  const create = async (classId: string) => {
    const { status, body } = await cloud.post('create-class', { classId, name: 'Class' }, teacher);
    return [status, body.code];
  };
  afterEach(() => pending('DELETE'));

  it('strike the next calls of their command in the order of their orders, and then no more', async () => {
    await cloud.post('create-class', { classId: 'faulty', name: 'Class' }, teacher);
    await cloud.orderFault({ command: 'GetFederationToken', errorCode: 'RequestLimitExceeded' });
    await cloud.orderFault({ command: 'GetFederationToken', errorCode: 'InternalError', times: 2 });
    expect(await pending()).toHaveLength(2);
    for (const status of [429, 502, 502, 200])
      expect((await cloud.post('vend-cos-credentials', { classId: 'faulty' }, teacher)).status).toBe(status);
    expect(await pending()).toEqual([]);
  });

  it('lose a reply, which the call is repeated for', async () => {
    await cloud.orderFault({ command: 'create_group', dropReply: true });
    expect(await create('lost')).toEqual([201, undefined]);
  });

  it('are forgotten on demand, and must be ones', async () => {
    await cloud.orderFault({ command: 'create_group', errorCode: 10004 });
    expect(await pending('DELETE')).toEqual([]);
    expect(await create('spared')).toEqual([201, undefined]);
    for (const order of [{}, { command: '' }, { command: 'x', times: 0 }, { command: 'x', surprise: 1 }, 'no JSON'])
      expect((await cloud.orderFault(order as object)).status).toBe(400);
    expect(await pending()).toEqual([]);
  });
});

describe('only this machine', () => {
  const ports = { gateway: cloud.gateway, 'Tencent Cloud': cloud.cloud, COS: cloud.cos };

  const ask = async (origin: string, path: string, headers: Record<string, string>): Promise<IncomingMessage> => {
    const asked = request(`${origin}${path}`, { headers });
    asked.end();
    const [response] = await Promise.race([once(asked, 'response'), once(asked, 'upgrade')]);
    return response;
  };

  it.each(Object.entries(ports))('is served by the %s, whatever name a page has for it', async (_, origin) => {
    const { port } = new URL(origin);
    const refusal = 'This server answers to 127.0.0.1 and localhost only.\n';
    const replyTo = async (host: string) => text(await ask(origin, '/', { host }));
    for (const host of ['evil.example', `evil.example:${port}`, '127.0.0.1.evil.example', '169.254.169.254', '[::1]'])
      expect(await replyTo(host)).toBe(refusal);
    for (const host of ['127.0.0.1', `localhost:${port}`]) expect(await replyTo(host)).not.toBe(refusal);
  });

  it("is served by IM's WebSocket", async () => {
    const userSig = new Api(sdkAppId, cloud.env.IM_SECRET_KEY ?? '').genUserSig('s1', 3600);
    const path = `/im?sdkappid=${sdkAppId}&identifier=s1&usersig=${userSig}`;
    const upgrade = {
      connection: 'Upgrade',
      upgrade: 'websocket',
      'sec-websocket-version': '13',
      'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
    };
    const statusFor = async (host: string) => {
      const response = await ask(cloud.cloud, path, { ...upgrade, host });
      response.socket.destroy();
      return response.statusCode;
    };
    expect(await statusFor('evil.example')).toBe(403);
    expect(await statusFor(new URL(cloud.cloud).host)).toBe(101);
  });

  it.each(['https://evil.example', 'http://localhost.evil.example', 'http://127.0.0.1@evil.example', 'null'])(
    'gets tokens and orders faults: not a page of %s',
    async (origin) => {
      // What a page can send without being asked back first.
      const post = (url: string, body: object) =>
        fetch(url, { method: 'POST', headers: { origin, 'content-type': 'text/plain' }, body: JSON.stringify(body) });
      expect((await post(`${cloud.gateway}/local/token`, { userId: 'a1', role: 'admin' })).status).toBe(403);
      expect((await post(`${cloud.cloud}/local/faults`, { command: 'create_group', errorCode: 1 })).status).toBe(403);
      const faults = await fetch(`${cloud.cloud}/local/faults`);
      expect(await faults.json()).toEqual({ pending: [] });
    },
  );

  it('gets tokens for its own pages, on any of its ports', async () => {
    for (const origin of [cloud.gateway, 'http://localhost:3000'])
      expect(
        await fetch(`${cloud.gateway}/local/token`, {
          method: 'POST',
          headers: { origin },
          body: JSON.stringify({ userId: 's1', role: 'student' }),
        }),
      ).toMatchObject({ status: 200 });
  });

  it('is not SCF', async () => {
    vi.stubEnv('TENCENTCLOUD_RUNENV', 'SCF');
    const { dataDir } = cloud;
    const ports = { gateway: 0, cloud: 0, cos: 0 };
    await expect(
      startLocalCloud({ dataDir, ports, outside: {}, functions: [], output: console, stays: false }),
    ).rejects.toThrow('The local cloud never runs on SCF.');
    vi.unstubAllEnvs();
  });
});

describe('the gateway', () => {
  it('tells its health, and serves a page that knows where IM is', async () => {
    expect(await (await fetch(`${cloud.gateway}/health`)).json()).toEqual({ status: 'ok' });
    const page = await (await fetch(cloud.gateway)).text();
    expect(page).toContain(`content="${cloud.cloud.replace('http', 'ws')}/im"`);
  });

  it('makes no tokens when the app has a login of its own', async () => {
    const reply = await withLogin.post('local/token', { userId: 'a1', role: 'admin' });
    expect([reply.status, reply.text]).toEqual([404, expect.not.stringContaining('token"')]);
    expect((await withLogin.post('issue-sig', {}, teacher)).status).toBe(401);
  });
});
