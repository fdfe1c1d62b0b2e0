import { sts } from 'tencentcloud-sdk-nodejs/tencentcloud/services/sts/index.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createTencentApi } from '../../local/api/server.ts';
import { createSts } from '../../local/api/sts.ts';
import { createTemporaryKeys } from '../../local/api/temporary-keys.ts';
import { createFaults, type Faults } from '../../local/faults.ts';
import { type LocalServer, serve } from '../../local/http.ts';

const permanent = { secretId: 'AKIDpermanent', secretKey: 'permanent-secret-key' };
const policyText = JSON.stringify({
  version: '2.0',
  statement: [
    {
      effect: 'allow',
      action: ['name/cos:PutObject'],
      resource: ['qcs::cos:ap-shanghai:uid/1250000000:board-1250000000/class/42/*'],
    },
  ],
});
const policy = encodeURIComponent(policyText);
const roleArn = 'qcs::cam::uin/100000000001:roleName/classroom';
const session = { RoleArn: roleArn, RoleSessionName: 'class-42' };

const temporaryKeys = createTemporaryKeys('local-secret');
let server: LocalServer;
let faults: Faults;
let aheadMs: number;

beforeEach(async () => {
  aheadMs = 0;
  faults = createFaults();
  const clock = () => Date.now() + aheadMs;
  const api = createTencentApi({
    clock,
    faults,
    permanentKey: () => permanent,
    temporaryKeys,
    services: createSts({ clock, temporaryKeys, roleArns: [roleArn] }),
  });
  server = await serve(0, api.handle);
});
afterEach(() => server.close());

const clientOf = (credential: { secretId: string; secretKey: string; token?: string } = permanent) =>
  new sts.v20180813.Client({
    credential,
    region: 'ap-shanghai',
    profile: { httpProfile: { endpoint: `127.0.0.1:${server.port}`, protocol: 'http://' } },
  });

const issued = (grant: { policy?: string; seconds?: number } = {}) => {
  const expiresAt = Math.floor(Date.now() / 1000) + (grant.seconds ?? 600);
  const { token, tmpSecretId, tmpSecretKey } = temporaryKeys.issue({ policy: grant.policy, expiresAt });
  return { secretId: tmpSecretId, secretKey: tmpSecretKey, token };
};

describe('GetFederationToken', () => {
  it('answers the real SDK with temporary keys of the decoded policy', async () => {
    const before = Math.floor(Date.now() / 1000);
    const reply = await clientOf().GetFederationToken({ Name: 'classroom', Policy: policy });
    const { Token = '', TmpSecretId, TmpSecretKey } = reply.Credentials ?? {};
    expect(temporaryKeys.open(Token)).toEqual({
      tmpSecretId: TmpSecretId,
      tmpSecretKey: TmpSecretKey,
      policy: policyText,
      expiresAt: reply.ExpiredTime,
    });
    expect(reply.ExpiredTime).toBeGreaterThanOrEqual(before + 1800);
    expect(reply.ExpiredTime).toBeLessThanOrEqual(before + 1810);
    expect(Date.parse(reply.Expiration ?? '')).toBe(Number(reply.ExpiredTime) * 1000);
    expect(reply.Expiration).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    expect(reply.RequestId).toMatch(/^[0-9a-f-]{36}$/);
    expect(Token).not.toContain(TmpSecretKey);
  });

  it.each([
    ['a name that is not letters', { Name: 'class-42', Policy: policy }, 'InvalidParameter.ParamError'],
    ['no policy', { Name: 'classroom' }, 'MissingParameter'],
    ['an unknown parameter', { Name: 'classroom', Policy: policy, Duration: 1 }, 'UnknownParameter'],
    ['a policy that is no JSON', { Name: 'c', Policy: '%7B' }, 'InvalidParameter.StrategyFormatError'],
    [
      'a policy encoded twice',
      { Name: 'c', Policy: encodeURIComponent(policy) },
      'InvalidParameter.StrategyFormatError',
    ],
    ['a broken percent-encoding', { Name: 'c', Policy: '%E4%' }, 'InvalidParameter.StrategyFormatError'],
    [
      'a principal in the policy',
      { Name: 'c', Policy: policy.replace('%22action', '%22principal%22%3A%7B%7D%2C%22action') },
      'InvalidParameter.StrategyFormatError',
    ],
    ['a second too many', { Name: 'c', Policy: policy, DurationSeconds: 129_601 }, 'InvalidParameter.OverTimeError'],
    ['no duration at all', { Name: 'c', Policy: policy, DurationSeconds: 0 }, 'InvalidParameter.ParamError'],
    [
      'a policy too long for a token',
      { Name: 'c', Policy: policy.replace('42', '4'.repeat(4000)) },
      'InvalidParameter.PolicyTooLong',
    ],
  ])('refuses %s', async (_what, input, code) => {
    await expect(clientOf().request('GetFederationToken', input)).rejects.toMatchObject({ code });
  });

  it('takes the longest duration', async () => {
    await expect(
      clientOf().GetFederationToken({ Name: 'c', Policy: policy, DurationSeconds: 129_600 }),
    ).resolves.toHaveProperty('Credentials.Token');
  });

  it('refuses temporary keys', async () => {
    await expect(clientOf(issued()).GetFederationToken({ Name: 'c', Policy: policy })).rejects.toMatchObject({
      code: 'InvalidParameter.TempCodeNotAvaliable',
    });
  });
});

describe('AssumeRole', () => {
  it.each([
    ['permanent keys', () => permanent],
    ['temporary keys', () => issued()],
  ])('answers %s, with no policy when none is given', async (_what, credential) => {
    const reply = await clientOf(credential()).AssumeRole(session);
    expect(temporaryKeys.open(reply.Credentials?.Token ?? '')).toMatchObject({
      policy: undefined,
      expiresAt: reply.ExpiredTime,
    });
    expect(Math.abs(Number(reply.ExpiredTime) - Date.now() / 1000 - 7200)).toBeLessThan(10);
  });

  it('narrows the keys to the policy that is given', async () => {
    const reply = await clientOf().AssumeRole({ ...session, Policy: policy });
    expect(temporaryKeys.open(reply.Credentials?.Token ?? '')?.policy).toBe(policyText);
  });

  it('refuses temporary keys whose policy does not allow it, so that nobody widens his own', async () => {
    await expect(clientOf(issued({ policy: policyText })).AssumeRole(session)).rejects.toMatchObject({
      code: 'UnauthorizedOperation',
    });
  });

  it('takes temporary keys whose policy allows it', async () => {
    const statement = [{ effect: 'allow', action: 'name/sts:AssumeRole', resource: roleArn }];
    const credential = issued({ policy: JSON.stringify({ version: '2.0', statement }) });
    await expect(clientOf(credential).AssumeRole(session)).resolves.toHaveProperty('Credentials.Token');
  });

  it.each([
    ['a malformed RoleArn', { RoleArn: 'classroom' }, 'InvalidParameter.ParamError'],
    ['a role that does not exist', { RoleArn: `${roleArn}2` }, 'ResourceNotFound.RoleNotFound'],
    ['a session name of one character', { RoleSessionName: 'c' }, 'InvalidParameter.ParamError'],
    ['a session name with a space', { RoleSessionName: 'class 42' }, 'InvalidParameter.ParamError'],
    ['a second too many', { DurationSeconds: 43_201 }, 'InvalidParameter.OverTimeError'],
    ['a malformed policy', { Policy: '{}' }, 'InvalidParameter.StrategyFormatError'],
  ])('refuses %s', async (_what, input, code) => {
    await expect(clientOf().AssumeRole({ ...session, ...input })).rejects.toMatchObject({ code });
  });
});

describe('the API', () => {
  it.each([
    ['another SecretKey', () => ({ ...permanent, secretKey: 'other' }), 'AuthFailure.SignatureFailure'],
    ['another SecretId', () => ({ ...permanent, secretId: 'AKIDother' }), 'AuthFailure.SecretIdNotFound'],
    ['temporary keys without their token', () => ({ ...issued(), token: undefined }), 'AuthFailure.SecretIdNotFound'],
    ['the token of other keys', () => ({ ...issued(), token: issued().token }), 'AuthFailure.TokenFailure'],
    ['a token with a changed end', () => ({ ...issued(), token: `${issued().token}x` }), 'AuthFailure.TokenFailure'],
    ['temporary keys that have expired', () => issued({ seconds: -1 }), 'AuthFailure.TokenFailure'],
  ])('refuses %s', async (_what, credential, code) => {
    await expect(clientOf(credential()).AssumeRole(session)).rejects.toMatchObject({ code });
  });

  it('refuses a call six minutes old', async () => {
    aheadMs = 6 * 60_000;
    await expect(clientOf().AssumeRole(session)).rejects.toMatchObject({ code: 'AuthFailure.SignatureExpire' });
  });

  it('refuses an action that it does not have, and one of every object', async () => {
    await expect(clientOf().request('DismissRoom', {})).rejects.toMatchObject({ code: 'InvalidAction' });
    await expect(clientOf().request('toString', {})).rejects.toMatchObject({ code: 'InvalidAction' });
  });

  it('refuses another version', async () => {
    const client = clientOf();
    client.apiVersion = '2017-01-01';
    await expect(client.AssumeRole(session)).rejects.toMatchObject({ code: 'NoSuchVersion' });
  });

  it('answers a refusal with status 200 and a request id', async () => {
    const reply = await fetch(server.origin, { method: 'POST', headers: { 'x-tc-action': 'Nothing' }, body: '{}' });
    expect(reply.status).toBe(200);
    expect(await reply.json()).toEqual({
      Response: {
        Error: { Code: 'InvalidAction', Message: expect.any(String) },
        RequestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      },
    });
  });

  it('refuses with the code of an ordered fault, as often as ordered', async () => {
    faults.order({ command: 'AssumeRole', times: 1, errorCode: 'RequestLimitExceeded' });
    await expect(clientOf().AssumeRole(session)).rejects.toMatchObject({ code: 'RequestLimitExceeded' });
    await expect(clientOf().AssumeRole(session)).resolves.toHaveProperty('Credentials');
  });

  it('loses a reply when that is ordered', async () => {
    faults.order({ command: 'AssumeRole', times: 1, dropReply: true });
    await expect(clientOf().AssumeRole(session)).rejects.toThrow(/socket hang up|ECONNRESET/);
  });

  it('holds a reply back for as long as ordered', async () => {
    faults.order({ command: 'AssumeRole', times: 1, delayMs: 40 });
    const before = performance.now();
    await clientOf().AssumeRole(session);
    expect(performance.now() - before).toBeGreaterThanOrEqual(39);
  });

  it('keeps an ordered fault for calls that it authenticates', async () => {
    faults.order({ command: 'AssumeRole', times: 1, errorCode: 'InternalError' });
    const stranger = clientOf({ ...permanent, secretKey: 'other' });
    await expect(stranger.AssumeRole(session)).rejects.toMatchObject({ code: 'AuthFailure.SignatureFailure' });
    expect(faults.pending()).toHaveLength(1);
  });
});

describe('temporary keys', () => {
  it('open in another process with the same secret, and in none with another', () => {
    const keys = temporaryKeys.issue({ policy: policyText, expiresAt: 1_700_000_000 });
    expect(createTemporaryKeys('local-secret').open(keys.token)).toEqual({
      tmpSecretId: keys.tmpSecretId,
      tmpSecretKey: keys.tmpSecretKey,
      policy: policyText,
      expiresAt: 1_700_000_000,
    });
    expect(createTemporaryKeys('another-secret').open(keys.token)).toBeUndefined();
  });

  it.each(['', '.', 'e30.', 'not a token'])('do not open for %j', (token) => {
    expect(temporaryKeys.open(token)).toBeUndefined();
  });
});
