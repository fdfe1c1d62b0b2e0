import type { Client } from 'tencentcloud-sdk-nodejs/tencentcloud/services/scf/v20180416/scf_client.js';
import { describe, expect, it } from 'vitest';
import { createApi, isNotFound, isWorthAnotherLook } from '../../plugin/deploy/api.ts';

/** The API behind a client that answers every call in the same way, and how often it was asked and waited for. */
const createTestApi = (failure: { code?: string; message: string; requestId?: string }) => {
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
  it('that is refused is told with its code and RequestId, and without the values that it sent', async () => {
    const { api } = createTestApi({
      code: 'InvalidParameterValue.Environment',
      message: 'TOKEN=a-secret',
      requestId: 'r',
    });
    const Environment = { Variables: [{ Key: 'TOKEN', Value: 'a-secret' }] };
    const error = await caught(api('UpdateFunctionConfiguration', { ...named, Environment }));
    expect(error?.message).toBe(
      'UpdateFunctionConfiguration hello: InvalidParameterValue.Environment: TOKEN=«…» (RequestId r)',
    );
  });

  it('over the rate limit is tried again, a few times and ever later', async () => {
    const { api, pauses, calls } = createTestApi({ code: 'RequestLimitExceeded', message: 'Slow down.' });
    await caught(api('PublishVersion', named));
    expect([calls(), pauses]).toEqual([5, [500, 1000, 2000, 4000]]);
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
    ['FailedOperation.UpdateFunctionCode', false, false],
    ['InvalidParameterValue.Runtime', false, false],
  ])('that is refused with %s is known for what it is', async (code, notFound, worthAnotherLook) => {
    const { api } = createTestApi({ code, message: 'No.' });
    const error = await caught(api('UpdateFunctionCode', named));
    expect([isNotFound(error), isWorthAnotherLook(error)]).toEqual([notFound, worthAnotherLook]);
  });
});
