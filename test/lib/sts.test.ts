import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { uploadPolicy } from '../../lib/cos/policy.ts';
import { createSts, type StsOptions } from '../../lib/cos/sts.ts';
import { AppError } from '../../lib/errors.ts';
import { createTencentApi } from '../../local/api/server.ts';
import { createSts as createLocalSts } from '../../local/api/sts.ts';
import { createTemporaryKeys } from '../../local/api/temporary-keys.ts';
import { createFaults, type Faults } from '../../local/faults.ts';
import { json, type LocalReply, type LocalServer, serve } from '../../local/http.ts';
import { holdDeadlines } from '../support/deadlines.ts';

const permanent = { secretId: 'AKIDpermanent', secretKey: 'permanent-secret-key' };
const roleArn = 'qcs::cam::uin/100000000001:roleName/classroom';
const bucket = { name: 'board-1250000000', region: 'ap-shanghai', origin: 'http://127.0.0.1' };
const policy = uploadPolicy(bucket, ['课/u/s1/']);
const temporaryKeys = createTemporaryKeys('local-secret');

let server: LocalServer;
let faults: Faults;
let actions: string[];
/** What the server answers instead of STS. */
let instead: (() => Promise<LocalReply>) | undefined;

beforeEach(async () => {
  faults = createFaults();
  actions = [];
  instead = undefined;
  const api = createTencentApi({
    clock: Date.now,
    faults,
    permanentKey: () => permanent,
    temporaryKeys,
    services: createLocalSts({ clock: Date.now, temporaryKeys, roleArns: [roleArn] }),
  });
  server = await serve(0, (request) => {
    actions.push(String(request.headers['x-tc-action']));
    return instead ? instead() : api.handle(request);
  });
});
afterEach(() => server.close());

const stsOf = (options: Partial<StsOptions> = {}) =>
  createSts({ apiUrl: server.origin, region: 'ap-shanghai', roleArn: undefined, credentials: () => permanent, ...options });

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
    const before = Math.floor(Date.now() / 1000);
    const vended = await stsOf(options).vend(policy, 900);
    expect(actions).toEqual([action]);
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
    let current = { ...permanent, secretKey: 'no longer good' };
    const sts = stsOf({ credentials: () => current });
    expect(await failureOf(sts.vend(policy, 900))).toMatchObject({ code: 'UPSTREAM_FAILED' });
    current = permanent;
    await expect(sts.vend(policy, 900)).resolves.toHaveProperty('credentials');
  });

  it('fails where temporary keys come without a role, with the code of STS for the log', async () => {
    expect(await failureOf(stsOf({ credentials: roleCredentials }).vend(policy, 900))).toMatchObject({
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
    faults.order({ command: 'GetFederationToken', times: 1, errorCode });
    expect(await failureOf(stsOf().vend(policy, 900))).toMatchObject({ code: 'RATE_LIMITED', retryAfterSeconds: 1 });
  });

  it.each(['InternalError.SystemError', 'UnauthorizedOperation', 'AuthFailure.SignatureFailure'])(
    'fails after %s, and is not tried again',
    async (errorCode) => {
      faults.order({ command: 'AssumeRole', times: 1, errorCode });
      expect(await failureOf(stsOf({ roleArn }).vend(policy, 900))).toMatchObject({
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
    instead = async () => reply;
    expect(await failureOf(stsOf().vend(policy, 900))).toMatchObject({ code: 'UPSTREAM_FAILED' });
  });

  it('fails when nobody listens', async () => {
    await server.close();
    expect(await failureOf(stsOf().vend(policy, 900))).toMatchObject({ code: 'UPSTREAM_FAILED' });
  });

  it('times out when STS says nothing for 5 seconds', async () => {
    const deadlines = holdDeadlines();
    instead = () => {
      deadlines.pass();
      return new Promise(() => {});
    };
    expect(await failureOf(stsOf().vend(policy, 900))).toMatchObject({
      code: 'UPSTREAM_TIMEOUT',
      details: { vendor: 'sts' },
    });
    expect(deadlines.set).toEqual([5000]);
  });

  it('keeps the secret key out of its errors', async () => {
    instead = async () => 'hang up';
    const error = await failureOf(stsOf().vend(policy, 900));
    expect(`${error.message} ${error.stack} ${JSON.stringify(error)} ${error.cause}`).not.toContain(permanent.secretKey);
  });
});
