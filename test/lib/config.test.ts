import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import {
  callbackSettings,
  classSettings,
  cosSettings,
  databaseSettings,
  environmentNames,
  httpSettings,
  imSettings,
  logSettings,
  moderationSettings,
  noticeSettings,
  readConfig,
  readCredentials,
  type Slice,
  signingSettings,
  userSigSettings,
  wordSyncSettings,
} from '../../lib/config.ts';

const jwtSecret = 'x'.repeat(32);
const pemOf = (namedCurve: string) =>
  generateKeyPairSync('ec', { namedCurve }).privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();

/** Everything that has no default. */
const least = {
  AUTH_JWT_SECRET: jwtSecret,
  IM_SDK_APP_ID: '1400000000',
  IM_SECRET_KEY: 'secret-key',
  DATABASE_URL: 'postgres://u:p@127.0.0.1/db',
  COS_BUCKET: 'board-1250000000',
  COS_REGION: 'ap-shanghai',
  IM_CALLBACK_TOKEN: 'token',
  TENCENTCLOUD_SECRETID: 'id',
  TENCENTCLOUD_SECRETKEY: 'key',
};
const all = [
  logSettings,
  httpSettings,
  signingSettings,
  userSigSettings,
  imSettings,
  databaseSettings,
  classSettings,
  cosSettings,
  callbackSettings,
  moderationSettings,
  noticeSettings,
] as const;

const problemsOf = (env: Record<string, string | undefined>, ...slices: readonly Slice<unknown>[]): string[] => {
  try {
    readConfig(env, ...slices);
    return [];
  } catch (error) {
    return String((error as Error).message)
      .split('\n')
      .slice(1)
      .map((line) => line.trim());
  }
};

describe('readConfig', () => {
  it('fills in what the contract names as defaults', () => {
    expect(readConfig(least, ...all)).toEqual({
      logLevel: 'info',
      auth: { key: { secret: jwtSecret }, userIdClaim: 'sub', roleClaim: 'role' },
      allowedOrigins: [],
      adminUserId: 'administrator',
      sdkAppId: 1400000000,
      signingKey: { secretKey: 'secret-key' },
      userSigTtlSeconds: 86_400,
      imApiUrl: 'https://console.tim.qq.com',
      databaseUrl: 'postgres://u:p@127.0.0.1/db',
      classesPerTeacherPerDay: 50,
      bucket: {
        name: 'board-1250000000',
        region: 'ap-shanghai',
        origin: 'https://board-1250000000.cos.ap-shanghai.myqcloud.com',
      },
      cosRoleArn: undefined,
      cosCredentialsTtlSeconds: 1800,
      stsApiUrl: 'https://sts.tencentcloudapi.com',
      callbackTokens: ['token'],
      moderation: { action: 'mask', onFailure: 'deliver', deadlineMs: 800 },
      noticeLanguage: 'zh',
      noticeWindowMs: 1000,
    });
  });

  it('takes every variable that is set', () => {
    const env = {
      LOG_LEVEL: 'debug',
      AUTH_JWKS_URL: 'https://login.example.com/keys',
      AUTH_ISSUER: 'https://login.example.com',
      AUTH_AUDIENCE: 'classroom',
      AUTH_USER_ID_CLAIM: 'uid',
      AUTH_ROLE_CLAIM: 'kind',
      CORS_ALLOWED_ORIGINS: 'https://a.example.com, https://b.example.com,',
      IM_ADMIN_USER_ID: 'robot',
      USER_SIG_TTL_SECONDS: '15552000',
      IM_API_URL: 'http://127.0.0.1:8788/',
      CLASSES_PER_TEACHER_PER_DAY: '3',
      COS_BUCKET: 'board-1250000000',
      COS_REGION: 'ap-shanghai',
      COS_URL: 'http://127.0.0.1:8789',
      COS_ROLE_ARN: 'qcs::cam::uin/100000000001:roleName/classroom',
      COS_CREDENTIALS_TTL_SECONDS: '900',
      STS_API_URL: 'http://127.0.0.1:8788',
      IM_CALLBACK_TOKEN: 'old, new',
      IM_SDK_APP_ID: '4294967295',
      MODERATION_ACTION: 'drop',
      MODERATION_ON_FAILURE: 'reject',
      MODERATION_DEADLINE_MS: '1500',
      NOTICE_LANGUAGE: 'en',
      NOTICE_WINDOW_MS: '1200',
      TENCENTCLOUD_SECRETID: 'id',
      TENCENTCLOUD_SECRETKEY: 'key',
    };
    const slices = all.filter((slice) => slice !== signingSettings && slice !== databaseSettings);
    expect(readConfig(env, ...slices)).toEqual({
      logLevel: 'debug',
      auth: {
        key: { jwksUrl: 'https://login.example.com/keys' },
        issuer: 'https://login.example.com',
        audience: 'classroom',
        userIdClaim: 'uid',
        roleClaim: 'kind',
      },
      allowedOrigins: ['https://a.example.com', 'https://b.example.com'],
      adminUserId: 'robot',
      userSigTtlSeconds: 15_552_000,
      imApiUrl: 'http://127.0.0.1:8788',
      classesPerTeacherPerDay: 3,
      bucket: { name: 'board-1250000000', region: 'ap-shanghai', origin: 'http://127.0.0.1:8789' },
      cosRoleArn: 'qcs::cam::uin/100000000001:roleName/classroom',
      cosCredentialsTtlSeconds: 900,
      stsApiUrl: 'http://127.0.0.1:8788',
      callbackTokens: ['old', 'new'],
      sdkAppId: 4_294_967_295,
      moderation: { action: 'drop', onFailure: 'reject', deadlineMs: 1500 },
      noticeLanguage: 'en',
      noticeWindowMs: 1200,
    });
  });

  it('counts an empty string as unset', () => {
    const empty = Object.fromEntries(environmentNames(...all).map((name) => [name, '']));
    expect(readConfig({ ...empty, ...least }, ...all)).toEqual(readConfig(least, ...all));
    expect(problemsOf({ ...least, COS_BUCKET: '' }, cosSettings)).toEqual(['COS_BUCKET is missing']);
  });

  it('reads no name outside the slices that are asked for', () => {
    expect(readConfig({ ...least, COS_BUCKET: '!' }, logSettings)).toEqual({ logLevel: 'info' });
    expect(environmentNames(noticeSettings, logSettings, logSettings)).toEqual([
      'NOTICE_LANGUAGE',
      'NOTICE_WINDOW_MS',
      'LOG_LEVEL',
    ]);
  });

  it('lists every bad name of every slice in one message, each once', () => {
    const env = { IM_SDK_APP_ID: 'x', LOG_LEVEL: 'loud', COS_REGION: 'Shanghai', IM_API_URL: 'ftp://x', COS_URL: 'x' };
    const problems = problemsOf(env, ...all);
    expect(problems.map((problem) => problem.split(' ')[0])).toEqual([
      'LOG_LEVEL',
      'AUTH_JWT_SECRET',
      'IM_SDK_APP_ID',
      'IM_SECRET_KEY',
      'IM_API_URL',
      'DATABASE_URL',
      'COS_BUCKET',
      'COS_REGION',
      'COS_URL',
      'TENCENTCLOUD_SECRETID',
      'TENCENTCLOUD_SECRETKEY',
      'IM_CALLBACK_TOKEN',
    ]);
  });

  it.each([
    [logSettings, { LOG_LEVEL: 'trace-me' }],
    [httpSettings, { AUTH_JWT_SECRET: 'thirty-one-bytes-are-not-enough' }],
    [httpSettings, { AUTH_JWT_SECRET: undefined, AUTH_JWKS_URL: 'http://login.example.com/keys' }],
    [httpSettings, { AUTH_JWT_SECRET: undefined, AUTH_JWKS_URL: 'http://127.0.0.1@login.example.com/keys' }],
    [httpSettings, { AUTH_JWT_SECRET: undefined, AUTH_JWKS_URL: 'login.example.com' }],
    [httpSettings, { IM_ADMIN_USER_ID: 'no spaces' }],
    [signingSettings, { IM_SDK_APP_ID: '0' }],
    [signingSettings, { IM_SDK_APP_ID: '4294967296' }],
    [signingSettings, { IM_SDK_APP_ID: '1.4e9' }],
    [signingSettings, { IM_SECRET_KEY: undefined, IM_PRIVATE_KEY: 'no-pem' }],
    [userSigSettings, { USER_SIG_TTL_SECONDS: '59' }],
    [userSigSettings, { USER_SIG_TTL_SECONDS: '15552001' }],
    [imSettings, { IM_API_URL: 'https://im.example.com/v4' }],
    [databaseSettings, { DATABASE_URL: 'mysql://u:p@host/db' }],
    [classSettings, { CLASSES_PER_TEACHER_PER_DAY: 'many' }],
    [cosSettings, { COS_BUCKET: 'no_appid' }],
    [cosSettings, { COS_REGION: 'Shanghai' }],
    [cosSettings, { COS_URL: 'cos.example.com' }],
    [cosSettings, { COS_ROLE_ARN: 'my-role' }],
    [cosSettings, { COS_CREDENTIALS_TTL_SECONDS: '59' }],
    [cosSettings, { STS_API_URL: 'https://sts.example.com/?x' }],
    [callbackSettings, { IM_CALLBACK_TOKEN: ' , ' }],
    [moderationSettings, { MODERATION_ACTION: 'allow' }],
    [moderationSettings, { MODERATION_ON_FAILURE: 'pass' }],
    [moderationSettings, { MODERATION_DEADLINE_MS: '1901' }],
    [noticeSettings, { NOTICE_LANGUAGE: 'klingon' }],
    [noticeSettings, { NOTICE_WINDOW_MS: '-3' }],
    [noticeSettings, { NOTICE_WINDOW_MS: '1201' }],
  ] as const)(
    'names what is bad and does not show it (%#: $1)',
    (slice, change: Record<string, string | undefined>) => {
      const [name = '', value = ''] = Object.entries(change).find(([, given]) => given !== undefined) ?? [];
      const problems = problemsOf({ ...least, ...change }, slice);
      expect(problems).toHaveLength(1);
      expect(problems[0]).toMatch(new RegExp(`^${name} must `));
      expect(problems[0]).not.toContain(value);
    },
  );

  it.each([
    ['AUTH_JWT_SECRET', 'AUTH_JWKS_URL', httpSettings, { AUTH_JWT_SECRET: jwtSecret, AUTH_JWKS_URL: 'https://a.b/c' }],
    ['IM_SECRET_KEY', 'IM_PRIVATE_KEY', signingSettings, { IM_SECRET_KEY: 'k', IM_PRIVATE_KEY: pemOf('secp256k1') }],
  ] as const)('takes exactly one of %s and %s', (a, b, slice, both) => {
    const none = { ...least, [a]: undefined, [b]: undefined };
    expect(problemsOf({ ...none, ...both }, slice)).toEqual([`${a} and ${b} are both set: set exactly one`]);
    expect(problemsOf(none, slice)).toEqual([`${a} or ${b} is missing: set exactly one`]);
    expect(problemsOf({ ...none, ...both, [a]: '' }, slice)).toEqual([]);
    expect(problemsOf({ ...none, ...both, [b]: '' }, slice)).toEqual([]);
  });

  it('allows plain HTTP for a JWKS on loopback', () => {
    const env = { AUTH_JWKS_URL: 'http://localhost:9000/keys' };
    expect(readConfig(env, httpSettings).auth.key).toEqual({ jwksUrl: 'http://localhost:9000/keys' });
  });

  it('takes a private key on the two curves of UserSig v1, its line ends written as \\n too', () => {
    const pem = pemOf('prime256v1');
    const env = { IM_SDK_APP_ID: '1', IM_PRIVATE_KEY: pem.replaceAll('\n', '\\n') };
    expect(readConfig(env, signingSettings).signingKey).toEqual({ privateKey: pem });
    expect(problemsOf({ ...env, IM_PRIVATE_KEY: pemOf('secp384r1') }, signingSettings)).toEqual([
      'IM_PRIVATE_KEY must be a PEM of an EC key on secp256k1 or prime256v1',
    ]);
  });

  it('needs what IM is called with only while its own list of dirty words is kept', () => {
    const { IM_SDK_APP_ID, IM_SECRET_KEY } = least;
    const im = { IM_SDK_APP_ID, IM_SECRET_KEY, IM_API_URL: 'http://127.0.0.1:8788' };
    expect(readConfig({}, wordSyncSettings)).toEqual({ wordSync: undefined });
    expect(readConfig({ ...im, IM_DIRTY_WORDS_SYNC: 'off' }, wordSyncSettings)).toEqual({ wordSync: undefined });
    expect(readConfig({ ...im, IM_DIRTY_WORDS_SYNC: 'legacy' }, wordSyncSettings)).toEqual({
      wordSync: {
        sdkAppId: 1400000000,
        signingKey: { secretKey: 'secret-key' },
        imApiUrl: 'http://127.0.0.1:8788',
        adminUserId: 'administrator',
      },
    });
    expect(problemsOf({ IM_DIRTY_WORDS_SYNC: 'legacy' }, wordSyncSettings)).toEqual([
      'IM_SDK_APP_ID is missing',
      'IM_SECRET_KEY or IM_PRIVATE_KEY is missing: set exactly one',
    ]);
    expect(problemsOf({ IM_DIRTY_WORDS_SYNC: 'on' }, wordSyncSettings)).toEqual([
      'IM_DIRTY_WORDS_SYNC must be off or legacy',
    ]);
  });

  it('asks for API credentials where there are none', () => {
    const problems = problemsOf(
      { ...least, TENCENTCLOUD_SECRETID: '', TENCENTCLOUD_SECRETKEY: undefined },
      cosSettings,
    );
    expect(problems.map((problem) => problem.split(' ')[0])).toEqual([
      'TENCENTCLOUD_SECRETID',
      'TENCENTCLOUD_SECRETKEY',
    ]);
  });

  it.each(['*', 'https://x.example/', 'nonsense', 'https://a.example,x'])(
    'refuses %s as the origins of CORS',
    (origins) => {
      expect(problemsOf({ ...least, CORS_ALLOWED_ORIGINS: origins }, httpSettings)).toEqual([
        'CORS_ALLOWED_ORIGINS must be origins such as https://example.com',
      ]);
    },
  );

  it('asks for a role when the API credentials are temporary, as on SCF', () => {
    const env = { ...least, TENCENTCLOUD_SESSIONTOKEN: 'session-token' };
    expect(problemsOf(env, cosSettings)).toEqual([
      'COS_ROLE_ARN is missing: temporary API credentials can only assume a role',
    ]);
    expect(problemsOf({ ...env, COS_ROLE_ARN: 'qcs::cam::uin/1:role/7' }, cosSettings)).toEqual([]);
    expect(problemsOf({ ...env, TENCENTCLOUD_SESSIONTOKEN: '' }, cosSettings)).toEqual([]);
  });
});

describe('readCredentials', () => {
  it('reads what the platform has put there last', () => {
    const env: Record<string, string> = { TENCENTCLOUD_SECRETID: 'id', TENCENTCLOUD_SECRETKEY: 'key' };
    expect(readCredentials(env)).toEqual({ secretId: 'id', secretKey: 'key' });
    env.TENCENTCLOUD_SESSIONTOKEN = 'token';
    expect(readCredentials(env)).toEqual({ secretId: 'id', secretKey: 'key', sessionToken: 'token' });
  });

  it('throws without credentials, and shows none', () => {
    expect(() => readCredentials({ TENCENTCLOUD_SECRETID: 'AKIDx' })).toThrow(/TENCENTCLOUD_SECRETKEY are missing/);
    expect(() => readCredentials({ TENCENTCLOUD_SECRETKEY: 'hidden' })).not.toThrow(/hidden/);
  });
});
