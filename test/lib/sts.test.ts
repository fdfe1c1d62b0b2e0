import { describe, expect, it } from 'vitest';
import { uploadPolicy } from '../../lib/cos/policy.ts';
import { AppError } from '../../lib/errors.ts';
import { json } from '../../local/http.ts';
import { holdDeadlines } from '../support/deadlines.ts';
import { permanentKey, roleArn, startSts, temporaryKeys } from '../support/sts.ts';

const bucket = { name: 'board-1250000000', region: 'ap-shanghai', origin: 'http://127.0.0.1' };
const policy = uploadPolicy(bucket, ['课/u/s1/']);

/** Temporary API credentials as an execution role gives them. */
const roleCredentials = () => {
  const expiresAt = Math.floor(Date.now() / 1000) + 600;
  const { tmpSecretId, tmpSecretKey, token } = temporaryKeys.issue({ policy: undefined, expiresAt });
  return { secretId: tmpSecretId, secretKey: tmpSecretKey, sessionToken: token };
};

const failureOf = async (work: Promise<unknown>): Promise<AppError> => {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof AppError)) throw new Error(`no AppError but ${error}`);
  return error;
};

describe('vending temporary credentials', () => {
  it.each([
    ['permanent keys', 'GetFederationToken', {}],
    ['a role and permanent keys', 'AssumeRole', { roleArn }],
    ['a role and the temporary keys of SCF', 'AssumeRole', { roleArn, credentials: roleCredentials }],
  ])('with %s calls %s for exactly this policy and lifetime', async (_what, action, options) => {
    const sts = await startSts();
    const before = Math.floor(Date.now() / 1000);
    const vended = await sts.client(options).vend(policy, 900);
    expect(sts.actions).toEqual([action]);
    const { credentials, startTime, expiredTime } = vended;
    expect(temporaryKeys.open(credentials.sessionToken)).toEqual({
      tmpSecretId: credentials.tmpSecretId,
      tmpSecretKey: credentials.tmpSecretKey,
      policy: JSON.stringify(policy),
      expiresAt: expiredTime,
    });
    expect(expiredTime - startTime).toBe(900);
    expect(startTime).toBeGreaterThanOrEqual(before);
    expect(startTime).toBeLessThanOrEqual(Math.floor(Date.now() / 1000));
  });

  it('reads the API credentials anew for each call', async () => {
    let current = { ...permanentKey, secretKey: 'no longer good' };
    const client = (await startSts()).client({ credentials: () => current });
    expect(await failureOf(client.vend(policy, 900))).toMatchObject({ code: 'UPSTREAM_FAILED' });
    current = permanentKey;
    await expect(client.vend(policy, 900)).resolves.toHaveProperty('credentials');
  });

  it('fails where temporary keys come without a role, with the code of STS for the log', async () => {
    const client = (await startSts()).client({ credentials: roleCredentials });
    expect(await failureOf(client.vend(policy, 900))).toMatchObject({
      code: 'UPSTREAM_FAILED',
      details: {
        vendor: 'sts',
        vendorCode: 'InvalidParameter.TempCodeNotAvaliable',
        vendorText: expect.any(String),
        vendorRequestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      },
    });
  });

  it.each(['RequestLimitExceeded', 'InvalidParameter.OverLimit'])('is RATE_LIMITED after %s', async (errorCode) => {
    const { client, faults } = await startSts();
    faults.order({ command: 'GetFederationToken', times: 1, errorCode });
    expect(await failureOf(client().vend(policy, 900))).toMatchObject({ code: 'RATE_LIMITED', retryAfterSeconds: 1 });
  });

  it.each(['InternalError.SystemError', 'UnauthorizedOperation', 'AuthFailure.SignatureFailure'])(
    'fails after %s, and is not tried again',
    async (errorCode) => {
      const { client, faults, actions } = await startSts();
      faults.order({ command: 'AssumeRole', times: 1, errorCode });
      expect(await failureOf(client({ roleArn }).vend(policy, 900))).toMatchObject({
        code: 'UPSTREAM_FAILED',
        details: { vendorCode: errorCode },
      });
      expect(actions).toHaveLength(1);
    },
  );

  it.each([
    ['a page', { status: 200, body: '<html>' }],
    ['a failing gateway', { status: 502, body: 'Bad Gateway' }],
    ['nothing', { status: 200, body: '' }],
    ['no credentials', json({ Response: { RequestId: 'r' } })],
    ['half the credentials', json({ Response: { Credentials: { Token: 't' }, ExpiredTime: 1, RequestId: 'r' } })],
    ['a hang-up', 'hang up' as const],
  ])('fails when STS answers %s', async (_what, reply) => {
    const { client, answerWith } = await startSts();
    answerWith(async () => reply);
    expect(await failureOf(client().vend(policy, 900))).toMatchObject({ code: 'UPSTREAM_FAILED' });
  });

  it('fails when nobody listens', async () => {
    const { client, stop } = await startSts();
    await stop();
    expect(await failureOf(client().vend(policy, 900))).toMatchObject({ code: 'UPSTREAM_FAILED' });
  });

  it('times out when STS says nothing for 5 seconds', async () => {
    const { client, answerWith } = await startSts();
    const deadlines = holdDeadlines();
    answerWith(() => {
      deadlines.pass();
      return new Promise(() => {});
    });
    expect(await failureOf(client().vend(policy, 900))).toMatchObject({
      code: 'UPSTREAM_TIMEOUT',
      details: { vendor: 'sts' },
    });
    expect(deadlines.set).toEqual([5000]);
  });

  it('keeps the secret key out of its errors', async () => {
    const { client, answerWith } = await startSts();
    answerWith(async () => 'hang up');
    const error = await failureOf(client().vend(policy, 900));
    const told = `${error.message} ${error.stack} ${JSON.stringify(error)} ${error.cause}`;
    expect(told).not.toContain(permanentKey.secretKey);
  });
});
