import { type AddressInfo, createServer } from 'node:net';
import { Client as ClsClient } from 'tencentcloud-sdk-nodejs/tencentcloud/services/cls/v20201016/cls_client.js';
import { Client } from 'tencentcloud-sdk-nodejs/tencentcloud/services/scf/v20180416/scf_client.js';
import { describe, expect, it } from 'vitest';
import { type ApiOptions, createApi, isNotFound, isWorthAnotherLook } from '../../plugin/deploy/api.ts';
import { createLooker } from '../../plugin/deploy/found.ts';
import { createUntil } from '../../plugin/deploy/until.ts';
import { inParallel } from '../../plugin/in-parallel.ts';

/** The API behind a client that answers every call in the same way, and how often it was asked and waited for. */
const createTestApi = (
  failure: { code?: string; message: string; requestId?: string },
  options: Partial<ApiOptions> = {},
) => {
  const pauses: number[] = [];
  let calls = 0;
  const client = {
    async request() {
      calls += 1;
      throw Object.assign(new Error(failure.message), failure);
    },
  };
  function ClientOf() {
    return client;
  }
  const api = createApi<Client>(ClientOf as never, {
    credentials: { secretId: 'AKID', secretKey: 'k' },
    region: 'ap-guangzhou',
    sleep: async (ms) => pauses.push(ms),
    random: () => 1,
    ...options,
  });
  return { api, pauses, calls: () => calls };
};

const named = { FunctionName: 'hello' };
const caught = (call: Promise<unknown>) =>
  call.then(
    () => undefined,
    (error: Error) => error,
  );

describe('a call of an API', () => {
  it('that is refused is told in one line with its code and RequestId, and without the secrets that it sent', async () => {
    const secret = 'a-"secret"\nof lines';
    const { api } = createTestApi({
      code: 'InvalidParameterValue.Environment',
      message: `IM_PRIVATE_KEY=${secret},\n ${JSON.stringify({ secret })} LOG_LEVEL=info`,
      requestId: 'r',
    });
    const Variables = [
      { Key: 'IM_PRIVATE_KEY', Value: secret },
      { Key: 'IM_SECRET_KEY', Value: 'a-' },
      { Key: 'LOG_LEVEL', Value: 'info' },
    ];
    const error = await caught(api('UpdateFunctionConfiguration', { ...named, Environment: { Variables } }));
    expect(error?.message).toBe(
      'UpdateFunctionConfiguration hello: InvalidParameterValue.Environment: IM_PRIVATE_KEY=«…», {"secret":"«…»"} LOG_LEVEL=info (RequestId r)',
    );
  });

  it('over the rate limit is tried again, a few times and ever later', async () => {
    const { api, pauses, calls } = createTestApi({
      code: 'RequestLimitExceeded',
      message: 'Slow down.',
      requestId: 'r',
    });
    await caught(api('PublishVersion', named));
    expect([calls(), pauses]).toEqual([5, [500, 1000, 2000, 4000]]);
  });

  it('that was refused with others comes back at its own time, as often as it is told to', async () => {
    const failure = { code: 'RequestLimitExceeded', message: 'Slow down.', requestId: 'r' };
    const { api, pauses } = createTestApi(failure, { random: () => 0, attempts: 2 });
    await caught(api('PublishVersion', named));
    expect(pauses).toEqual([250]);
  });

  it('whose connection breaks within the reply is known to have none', async () => {
    const server = createServer((socket) => {
      socket.once('data', () => {
        socket.write('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{"Resp');
        // The client has begun to read by then.
        setTimeout(() => socket.resetAndDestroy(), 50);
      });
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    const { port } = server.address() as AddressInfo;
    let looks = 0;
    const api = createApi(Client, {
      credentials: { secretId: 'AKID', secretKey: 'k' },
      region: 'ap-guangzhou',
      endpoint: `http://127.0.0.1:${port}`,
      timeoutSeconds: 5,
      sleep: async () => (looks += 1),
    });
    const error = await caught(api('GetFunction', named));
    server.close();
    expect(error).toMatchObject({ code: undefined });
    expect(error?.message).toMatch(/^GetFunction hello: no reply from Tencent Cloud: /);
    expect([looks, isWorthAnotherLook(error)]).toEqual([4, true]);
  });

  it('goes to the host that its API has at another endpoint of Tencent', async () => {
    const hosts: string[] = [];
    class Recorder extends ClsClient {
      override async request() {
        hosts.push(this.endpoint);
      }
    }
    const endpoint = 'https://scf.internal.tencentcloudapi.com';
    const credentials = { secretId: 'AKID', secretKey: 'k' };
    const api = createApi(Recorder, { credentials, region: 'ap-guangzhou', endpoint, sleep: async () => {} });
    await api('SearchLog', { From: 0, To: 1 });
    expect(hosts).toEqual(['cls.internal.tencentcloudapi.com']);
  });

  it('without a reply is tried again when it only reads', async () => {
    const { api, calls } = createTestApi({ message: 'socket hang up' });
    const error = await caught(api('PublishVersion', named));
    expect(calls()).toBe(1);
    expect(isWorthAnotherLook(error)).toBe(true);
    await caught(api('GetFunction', named));
    expect(calls()).toBe(1 + 5);
  });

  it.each([
    ['ResourceNotFound.Function', true, false],
    ['ResourceInUse.Alias', false, true],
    ['FailedOperation.FunctionStatusError', false, true],
    ['FailedOperation.UpdateFunctionCode', false, true],
    ['FailedOperation.ProvisionedInProgress', false, true],
    ['FailedOperation.OperationConflict', false, true],
    ['FailedOperation.InsufficientBalance', false, false],
    ['InvalidParameterValue.Runtime', false, false],
  ])('that is refused with %s is known for what it is', async (code, notFound, worthAnotherLook) => {
    const { api } = createTestApi({ code, message: 'No.', requestId: 'r' });
    const error = await caught(api('UpdateFunctionCode', named));
    expect([isNotFound(error), isWorthAnotherLook(error)]).toEqual([notFound, worthAnotherLook]);
  });
});

describe('what is looked at', () => {
  const sleep = async () => {};

  it('may be null where there is none', async () => {
    const scf = (async () => ({ Domains: null, Total: 0, Functions: null, TotalCount: 0 })) as never;
    const until = createUntil({ sleep, report: () => {} });
    const looker = createLooker({ scf, namespace: 'default', until });
    expect([[...(await looker.domains())], [...(await looker.list('small-'))]]).toEqual([[], []]);
  });

  it('is every trigger that is wanted, also when the function shows some of its triggers alone', async () => {
    const trigger = (TriggerName: string) => ({
      TriggerName,
      Type: 'timer',
      TriggerDesc: '0 * * * * * *',
      Qualifier: 'live',
    });
    const replies: Readonly<Record<string, object>> = {
      GetFunction: { Status: 'Active', Triggers: [trigger('theirs')] },
      GetAlias: { FunctionVersion: '1', Description: 'version 1, release r' },
      ListTriggers: { Triggers: [trigger('theirs'), trigger('timer')] },
    };
    const scf = (async (action: string) => replies[action]) as never;
    const looker = createLooker({ scf, namespace: 'default', until: createUntil({ sleep, report: () => {} }) });
    const sought = { deployedName: 'hello', release: 'r', reservedMb: 0, provisioned: 0 };
    const triggers = [{ name: 'timer', type: 'timer', description: '0 * * * * * *' } as const];
    const found = await looker.look({ ...sought, triggers }, {} as never);
    expect(found?.triggers.map(({ name }) => name)).toEqual(['theirs', 'timer']);
  });

  it('is waited for with a word now and then, and not for ever', async () => {
    const told: string[] = [];
    const until = createUntil({ sleep, report: (line) => told.push(line) });
    let looks = 0;
    await until(
      async () => (looks += 1),
      (look) => (look < 6 ? 'hello is Updating' : undefined),
    );
    expect([looks, told]).toEqual([6, ['waiting: hello is Updating']]);
    await expect(
      until(
        async () => {},
        () => 'hello is Updating',
      ),
    ).rejects.toThrow('hello is Updating still, after five minutes');
  });

  it('is told of all that failed at the same time, and nothing is begun after that', async () => {
    const begun: number[] = [];
    const work = inParallel([...Array(20).keys()], async (item) => {
      begun.push(item);
      if (item < 2) throw new Error(`${item} failed`);
    });
    await expect(work).rejects.toThrow('0 failed\n1 failed');
    expect(begun.length).toBeLessThan(20);
  });
});
