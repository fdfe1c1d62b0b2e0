import * as z from 'zod/mini';
import { type Caller, type TencentAction, TencentApiError } from './action.ts';
import { type ParameterCodes, parseInput } from './input.ts';
import { isAllowed, parsePolicy } from './policy.ts';
import { maxTokenLength, type TemporaryKeys } from './temporary-keys.ts';

export interface StsOptions {
  /** Unix milliseconds. */
  clock: () => number;
  temporaryKeys: TemporaryKeys;
  /** The roles that exist. Left out: every well-formed RoleArn does. */
  roleArns?: readonly string[];
}

const federationTokenInput = z.strictObject({
  Name: z.string().check(z.regex(/^[A-Za-z]+$/)),
  Policy: z.string(),
  DurationSeconds: z._default(z.int().check(z.minimum(1)), 1800),
});

const assumeRoleInput = z.strictObject({
  RoleArn: z.string().check(z.regex(/^qcs::cam::uin\/\d+:(roleName\/[\w+=,.@-]+|role\/\w+)$/)),
  RoleSessionName: z.string().check(z.regex(/^[\w+=,.@-]{2,128}$/)),
  DurationSeconds: z._default(z.int().check(z.minimum(1)), 7200),
  Policy: z.optional(z.string()),
  ExternalId: z.optional(z.string()),
});

const callerIdentityInput = z.strictObject({});

const codes: ParameterCodes = {
  missing: () => 'MissingParameter',
  invalid: () => 'InvalidParameter.ParamError',
};

/** Of a sub-account; a root account's federation tokens end after 7200 seconds. */
const maxFederationSeconds = 129_600;
const maxRoleSeconds = 43_200;

/** Whose all keys are: the account of the roles in our examples. */
const accountId = '100000000001';

/**
 * STS as entries of the API's `services`: GetFederationToken, for permanent keys only, AssumeRole, for both kinds, and
 * GetCallerIdentity, as the official SDK types it.
 * Source: https://cloud.tencent.com/document/api/1312/48195 and https://cloud.tencent.com/document/api/1312/48197
 */
export const createSts = ({
  clock,
  temporaryKeys,
  roleArns,
}: StsOptions): Record<'GetFederationToken' | 'AssumeRole' | 'GetCallerIdentity', TencentAction> => {
  const issue = (policy: string | undefined, seconds: number, maxSeconds: number) => {
    if (seconds > maxSeconds)
      throw new TencentApiError('InvalidParameter.OverTimeError', `DurationSeconds is at most ${maxSeconds}.`);
    const expiresAt = Math.floor(clock() / 1000) + seconds;
    const { token, tmpSecretId, tmpSecretKey } = temporaryKeys.issue({ policy, expiresAt });
    if (token.length > maxTokenLength)
      throw new TencentApiError('InvalidParameter.PolicyTooLong', 'The policy does not fit into a session token.');
    return {
      Credentials: { Token: token, TmpSecretId: tmpSecretId, TmpSecretKey: tmpSecretKey },
      ExpiredTime: expiresAt,
      Expiration: new Date(expiresAt * 1000).toISOString().replace('.000Z', 'Z'),
    };
  };

  const assertMayAssume = (roleArn: string, { token }: Caller) => {
    const text = token === undefined ? undefined : temporaryKeys.open(token)?.policy;
    if (text === undefined) return;
    const policy = parsePolicy(text);
    if (!policy || !isAllowed(policy, 'name/sts:AssumeRole', roleArn))
      throw new TencentApiError('UnauthorizedOperation', 'The policy of these keys does not allow sts:AssumeRole.');
  };

  return {
    GetFederationToken: {
      service: 'sts',
      version: '2018-08-13',
      run(body, caller) {
        if (caller.token !== undefined)
          throw new TencentApiError('InvalidParameter.TempCodeNotAvaliable', 'Permanent keys only.');
        const input = parseInput(federationTokenInput, body, codes);
        return issue(decodePolicy(input.Policy), input.DurationSeconds, maxFederationSeconds);
      },
    },
    AssumeRole: {
      service: 'sts',
      version: '2018-08-13',
      run(body, caller) {
        const input = parseInput(assumeRoleInput, body, codes);
        if (roleArns && !roleArns.includes(input.RoleArn))
          throw new TencentApiError('ResourceNotFound.RoleNotFound', 'The role does not exist.');
        assertMayAssume(input.RoleArn, caller);
        const policy = input.Policy === undefined ? undefined : decodePolicy(input.Policy);
        return issue(policy, input.DurationSeconds, maxRoleSeconds);
      },
    },
    GetCallerIdentity: {
      service: 'sts',
      version: '2018-08-13',
      run(body) {
        parseInput(callerIdentityInput, body, codes);
        return {
          Arn: `qcs::cam::uin/${accountId}:uin/${accountId}`,
          AccountId: accountId,
          UserId: accountId,
          PrincipalId: accountId,
          Type: 'CAMUser',
        };
      },
    },
  };
};

/** A policy arrives as percent-encoded JSON, whatever encoding the transport adds. */
const decodePolicy = (encoded: string) => {
  const text = decodeOnce(encoded);
  if (text === undefined || !parsePolicy(text))
    throw new TencentApiError('InvalidParameter.StrategyFormatError', 'The policy is malformed.');
  return text;
};

const decodeOnce = (encoded: string) => {
  try {
    return decodeURIComponent(encoded);
  } catch {
    return undefined;
  }
};
