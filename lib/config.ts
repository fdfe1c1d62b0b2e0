import { createPrivateKey } from 'node:crypto';
import * as z from 'zod/mini';
import { logLevels } from './log.ts';

// zod compiles each object schema at its first parse, which pays only after more parses than most instances see.
z.config({ jitless: true });

type Environment = Readonly<Record<string, string | undefined>>;

/** A part of the environment that some functions need: its names, how each is checked, and what is made of them. */
export interface Slice<Settings> {
  readonly names: readonly string[];
  read(env: Environment): { settings: Settings | undefined; problems: string[] };
}

type SettingsOf<Slices> = Slices extends readonly Slice<infer Settings>[] ? Intersect<Settings> : never;
type Intersect<Union> = (Union extends unknown ? (part: Union) => void : never) extends (whole: infer Whole) => void
  ? Whole
  : never;

/**
 * Reads the slices that a function needs. Throws one `Error` that lists every bad name and shows no value.
 * An empty string counts as unset.
 */
export const readConfig = <const Slices extends readonly Slice<unknown>[]>(
  env: Environment,
  ...slices: Slices
): SettingsOf<Slices> => {
  const { settings, problems } = readSlices(env, slices);
  if (problems.length > 0) throw new Error(`Bad environment:\n${problems.map((problem) => `  ${problem}`).join('\n')}`);
  return settings;
};

const readSlices = <Slices extends readonly Slice<unknown>[]>(env: Environment, slices: Slices) => {
  const parts = slices.map((slice) => slice.read(env));
  return {
    settings: Object.assign({}, ...parts.map(({ settings }) => settings)) as SettingsOf<Slices>,
    problems: [...new Set(parts.flatMap(({ problems }) => problems))],
  };
};

/** The names that slices read, for `serverless.ts`. */
export const environmentNames = (...slices: readonly Slice<unknown>[]): string[] => [
  ...new Set(slices.flatMap((slice) => slice.names)),
];

/** What a variable's text must be, and what is made of it. */
interface Rule<T> {
  test?: RegExp | ((text: string) => boolean);
  /** Said of a text that is not: «must be …». */
  message?: string;
  map(text: string): T;
}

/** A rule, and what an unset variable is: a problem, nothing, or a default. */
type Variable<T> = { rule: Rule<T>; unset: { problem: string } | { value: T } };
type Values<V> = { [Name in keyof V]: V[Name] extends Variable<infer T> ? T : never };
type Problem = string | false | undefined;

const required = <T>(rule: Rule<T>): Variable<T> => ({ rule, unset: { problem: 'is missing' } });
const optional = <T>(rule: Rule<T>): Variable<T | undefined> => ({ rule, unset: { value: undefined } });
const defaulted = <T>(rule: Rule<T>, value: T): Variable<T> => ({ rule, unset: { value } });

/**
 * What it is given are functions, and calling it has no side effects: a bundle leaves out the slices that its function
 * does not use. A slice is one schema, not one for each variable: all are built in every cold start.
 * @__NO_SIDE_EFFECTS__
 */
function slice<const V extends Readonly<Record<string, Variable<unknown>>>, Settings>(
  variables: () => V,
  settings: (values: Values<V>) => Settings,
  /** What the variables must be together, from their texts. */
  check: (env: Environment) => Problem[] = () => [],
): Slice<Settings> {
  const schema = () =>
    z.transform((env: Environment, { issues }): Settings => {
      const refuse = (message: string) => void issues.push({ code: 'custom', message, input: undefined });
      const values = Object.entries(variables()).map(([name, { rule, unset }]) => {
        const text = env[name];
        if (text && isMet(rule, text)) return [name, rule.map(text)];
        if (text) refuse(`${name} ${rule.message}`);
        else if ('problem' in unset) refuse(`${name} ${unset.problem}`);
        return [name, 'value' in unset ? unset.value : rule.map('')];
      });
      for (const problem of check(env)) if (problem) refuse(problem);
      return settings(Object.fromEntries(values));
    });
  return {
    get names() {
      return Object.keys(variables());
    },
    read(env) {
      const { data, error } = schema().safeParse(env);
      return { settings: data, problems: error?.issues.map(({ message }) => message) ?? [] };
    },
  };
}

const isMet = ({ test }: Rule<unknown>, text: string): boolean =>
  test instanceof RegExp ? test.test(text) : (test?.(text) ?? true);

const text: Rule<string> = { map: (value) => value };
const matching = (test: RegExp | ((value: string) => boolean), message: string): Rule<string> => ({
  ...text,
  test,
  message,
});
const integer = (minimum: number, maximum: number): Rule<number> => ({
  test: (value) => /^\d{1,15}$/.test(value) && Number(value) >= minimum && Number(value) <= maximum,
  message: `must be an integer from ${minimum} to ${maximum}`,
  map: Number,
});
const oneOf = <const T extends string>(...values: readonly T[]): Rule<T> => ({
  test: (value) => values.includes(value as T),
  message: `must be ${values.join(' or ')}`,
  map: (value) => value as T,
});
const entries = (value: string) =>
  value
    .split(',')
    .map((entry) => entry.trim())
    .filter(Boolean);
const list: Rule<readonly string[]> = {
  test: (value) => entries(value).length > 0,
  message: 'must hold an entry',
  map: entries,
};
const isUrl = (value: string) => /^https?:\/\/[^/?#]/.test(value) && URL.canParse(value);
const isOrigin = (value: string) => URL.canParse(value) && new URL(value).origin === value;
const isLoopback = (url: string) => ['127.0.0.1', 'localhost', '[::1]'].includes(new URL(url).hostname);
const origin: Rule<string> = {
  test: (value) => isUrl(value) && /^[^/]+\/\/[^/?#]+\/?$/.test(value),
  message: 'must be an origin such as https://example.com',
  map: (value) => value.replace(/\/$/, ''),
};
/** `.env` files hold a PEM in one line. */
const readPem = (value: string) => value.replaceAll('\\n', '\n');

/** The app administrator, whose calls IM takes and whose id nobody else may use. */
const administrator = () =>
  defaulted(matching(/^[A-Za-z0-9_-]{1,32}$/, 'must be 1 to 32 of A-Z, a-z, 0-9, _ and -'), 'administrator');
const sdkAppId = () => required(integer(1, 4_294_967_295));

export const logSettings = slice(
  () => ({ LOG_LEVEL: defaulted(oneOf(...logLevels), 'info') }),
  (env) => ({ logLevel: env.LOG_LEVEL }),
);

/** Who may call, and from where: what every HTTP function needs. */
export const httpSettings = slice(
  () => ({
    AUTH_JWT_SECRET: optional(matching((value) => Buffer.byteLength(value) >= 32, 'must be at least 32 bytes long')),
    AUTH_JWKS_URL: optional(
      matching(
        (value) => isUrl(value) && (value.startsWith('https:') || isLoopback(value)),
        'must be an https URL (http only on loopback)',
      ),
    ),
    AUTH_ISSUER: optional(text),
    AUTH_AUDIENCE: optional(text),
    AUTH_USER_ID_CLAIM: defaulted(text, 'sub'),
    AUTH_ROLE_CLAIM: defaulted(text, 'role'),
    CORS_ALLOWED_ORIGINS: defaulted(
      {
        ...list,
        test: (value) => entries(value).every(isOrigin),
        message: 'must be origins such as https://example.com',
      },
      [],
    ),
    IM_ADMIN_USER_ID: administrator(),
  }),
  (env) => ({
    auth: {
      key: env.AUTH_JWT_SECRET !== undefined ? { secret: env.AUTH_JWT_SECRET } : { jwksUrl: env.AUTH_JWKS_URL ?? '' },
      ...(env.AUTH_ISSUER !== undefined && { issuer: env.AUTH_ISSUER }),
      ...(env.AUTH_AUDIENCE !== undefined && { audience: env.AUTH_AUDIENCE }),
      userIdClaim: env.AUTH_USER_ID_CLAIM,
      roleClaim: env.AUTH_ROLE_CLAIM,
    },
    allowedOrigins: env.CORS_ALLOWED_ORIGINS,
    adminUserId: env.IM_ADMIN_USER_ID,
  }),
  (env) => [exactlyOne(env, 'AUTH_JWT_SECRET', 'AUTH_JWKS_URL')],
);

/** The key that signs UserSigs. */
export const signingSettings = slice(
  () => ({
    IM_SDK_APP_ID: sdkAppId(),
    IM_SECRET_KEY: optional(text),
    IM_PRIVATE_KEY: optional({
      test: isSigningKey,
      message: 'must be a PEM of an EC key on secp256k1 or prime256v1',
      map: readPem,
    }),
  }),
  (env) => ({
    sdkAppId: env.IM_SDK_APP_ID,
    signingKey:
      env.IM_SECRET_KEY !== undefined ? { secretKey: env.IM_SECRET_KEY } : { privateKey: env.IM_PRIVATE_KEY ?? '' },
  }),
  (env) => [exactlyOne(env, 'IM_SECRET_KEY', 'IM_PRIVATE_KEY')],
);

function isSigningKey(pem: string): boolean {
  try {
    const { asymmetricKeyType, asymmetricKeyDetails } = createPrivateKey(readPem(pem));
    return asymmetricKeyType === 'ec' && ['secp256k1', 'prime256v1'].includes(asymmetricKeyDetails?.namedCurve ?? '');
  } catch {
    // Not a key at all: the variable's message fits that too.
    return false;
  }
}

/** How long a UserSig lives for which no lifetime is asked. 180 days is the official SDKs' own default. */
export const userSigSettings = slice(
  () => ({ USER_SIG_TTL_SECONDS: defaulted(integer(60, 15_552_000), 86_400) }),
  (env) => ({ userSigTtlSeconds: env.USER_SIG_TTL_SECONDS }),
);

/** IM's REST API, called as the app's administrator. */
export const imSettings = slice(
  () => ({ IM_API_URL: defaulted(origin, 'https://console.tim.qq.com'), IM_ADMIN_USER_ID: administrator() }),
  (env) => ({ imApiUrl: env.IM_API_URL, adminUserId: env.IM_ADMIN_USER_ID }),
);

export const databaseSettings = slice(
  () => ({
    DATABASE_URL: required(
      matching((value) => /^postgres(ql)?:\/\/./.test(value) && URL.canParse(value), 'must be a postgres:// URL'),
    ),
  }),
  (env) => ({ databaseUrl: env.DATABASE_URL }),
);

/** What a function needs that does something with a class at IM, and keeps it in the database. */
export const classroomSettings = [signingSettings, imSettings, databaseSettings] as const;

export const classSettings = slice(
  () => ({ CLASSES_PER_TEACHER_PER_DAY: defaulted(integer(1, 1_000_000), 50) }),
  (env) => ({ classesPerTeacherPerDay: env.CLASSES_PER_TEACHER_PER_DAY }),
);

/** How long a PrivateMapKey lives. */
export const roomSettings = slice(
  () => ({ PRIVATE_MAP_KEY_TTL_SECONDS: defaulted(integer(60, 86_400), 300) }),
  (env) => ({ privateMapKeyTtlSeconds: env.PRIVATE_MAP_KEY_TTL_SECONDS }),
);

/** How many members the app's IM plan allows a ReplayGroup; its owner counts. */
export const boardSettings = slice(
  () => ({ IM_PRIVATE_GROUP_MAX_MEMBERS: defaulted(integer(2, 6000), 200) }),
  (env) => ({ privateGroupMaxMembers: env.IM_PRIVATE_GROUP_MAX_MEMBERS }),
);

/** How many REST calls a second the app's IM plan allows us. */
export const messageSettings = slice(
  () => ({ IM_REST_PER_SECOND: defaulted(integer(1, 100_000), 150) }),
  (env) => ({ imRestPerSecond: env.IM_REST_PER_SECOND }),
);

/** TRTC's API, called with the API credentials. */
export const trtcSettings = slice(
  () => ({
    TRTC_API_URL: defaulted(origin, 'https://trtc.tencentcloudapi.com'),
    IM_SDK_APP_ID: sdkAppId(),
  }),
  (env) => ({ trtcApiUrl: env.TRTC_API_URL, sdkAppId: env.IM_SDK_APP_ID }),
  missingCredentials,
);

/** The class's bucket and how its temporary credentials are got. */
export const cosSettings = slice(
  () => ({
    COS_BUCKET: required(
      matching(/^[a-z0-9][a-z0-9-]*-\d{5,}$/, 'must be a bucket name with its APPID, such as board-1250000000'),
    ),
    COS_REGION: required(matching(/^[a-z]{2,}(-[a-z0-9]+)+$/, 'must be a region such as ap-shanghai')),
    COS_URL: optional(origin),
    COS_ROLE_ARN: optional(
      matching(/^qcs::cam::uin\/\d+:role(Name)?\/.+$/, 'must look like qcs::cam::uin/100000000001:roleName/classroom'),
    ),
    COS_CREDENTIALS_TTL_SECONDS: defaulted(integer(60, 43_200), 1800),
    STS_API_URL: defaulted(origin, 'https://sts.tencentcloudapi.com'),
  }),
  (env) => ({
    bucket: {
      name: env.COS_BUCKET,
      region: env.COS_REGION,
      origin: env.COS_URL ?? `https://${env.COS_BUCKET}.cos.${env.COS_REGION}.myqcloud.com`,
    },
    cosRoleArn: env.COS_ROLE_ARN,
    cosCredentialsTtlSeconds: env.COS_CREDENTIALS_TTL_SECONDS,
    stsApiUrl: env.STS_API_URL,
  }),
  (env) => [
    ...missingCredentials(env),
    // GetFederationToken takes permanent keys only. Source: https://cloud.tencent.com/document/api/1312/48195
    Boolean(env.TENCENTCLOUD_SESSIONTOKEN && !env.COS_ROLE_ARN) &&
      'COS_ROLE_ARN is missing: temporary API credentials can only assume a role',
  ],
);

/** What IM's callbacks are signed with. */
export const callbackSettings = slice(
  () => ({ IM_CALLBACK_TOKEN: required(list), IM_SDK_APP_ID: sdkAppId() }),
  (env) => ({ callbackTokens: env.IM_CALLBACK_TOKEN, sdkAppId: env.IM_SDK_APP_ID }),
);

/** What TRTC's callbacks are signed with. */
export const trtcCallbackSettings = slice(
  () => ({ TRTC_CALLBACK_KEY: required(text), IM_SDK_APP_ID: sdkAppId() }),
  (env) => ({ trtcCallbackKey: env.TRTC_CALLBACK_KEY, sdkAppId: env.IM_SDK_APP_ID }),
);

export const moderationSettings = slice(
  () => ({
    MODERATION_ACTION: defaulted(oneOf('mask', 'reject', 'drop'), 'mask'),
    MODERATION_ON_FAILURE: defaulted(oneOf('deliver', 'reject'), 'deliver'),
    MODERATION_DEADLINE_MS: defaulted(integer(1, 1900), 800),
  }),
  (env) => ({
    moderation: {
      action: env.MODERATION_ACTION,
      onFailure: env.MODERATION_ON_FAILURE,
      deadlineMs: env.MODERATION_DEADLINE_MS,
    },
  }),
);

const wordSyncSwitch = slice(
  () => ({ IM_DIRTY_WORDS_SYNC: defaulted(oneOf('off', 'legacy'), 'off') }),
  (env) => ({ isOn: env.IM_DIRTY_WORDS_SYNC === 'legacy' }),
);

/** What IM is called with to keep its own list of dirty words: `undefined`, and nothing of it needed, while that is off. */
export const wordSyncSettings: Slice<{
  wordSync: SettingsOf<[typeof signingSettings, typeof imSettings]> | undefined;
}> = {
  get names() {
    return environmentNames(wordSyncSwitch, signingSettings, imSettings);
  },
  read(env) {
    const { settings, problems } = wordSyncSwitch.read(env);
    const im = readSlices(env, [signingSettings, imSettings] as const);
    return settings?.isOn
      ? { settings: { wordSync: im.settings }, problems: [...problems, ...im.problems] }
      : { settings: { wordSync: undefined }, problems };
  },
};

export const noticeSettings = slice(
  () => ({
    NOTICE_LANGUAGE: defaulted(oneOf('zh', 'en'), 'zh'),
    // A longer one could not be waited for within the 2 s that IM gives a callback.
    NOTICE_WINDOW_MS: defaulted(integer(1, 1200), 1000),
  }),
  (env) => ({ noticeLanguage: env.NOTICE_LANGUAGE, noticeWindowMs: env.NOTICE_WINDOW_MS }),
);

function missingCredentials({ TENCENTCLOUD_SECRETID, TENCENTCLOUD_SECRETKEY }: Environment): Problem[] {
  return [
    !TENCENTCLOUD_SECRETID && 'TENCENTCLOUD_SECRETID is missing: give the function an execution role',
    !TENCENTCLOUD_SECRETKEY && 'TENCENTCLOUD_SECRETKEY is missing: give the function an execution role',
  ];
}

const exactlyOne = (env: Environment, a: string, b: string): Problem => {
  if (!env[a] && !env[b]) return `${a} or ${b} is missing: set exactly one`;
  return Boolean(env[a] && env[b]) && `${a} and ${b} are both set: set exactly one`;
};

/** API credentials. On SCF the platform renews them under a warm instance, so they are read at each use. */
export interface CloudCredentials {
  secretId: string;
  secretKey: string;
  sessionToken?: string;
}

/** Reads the API credentials of this moment. Throws an `Error` when there are none. */
export const readCredentials = (env: Environment): CloudCredentials => {
  const {
    TENCENTCLOUD_SECRETID: secretId,
    TENCENTCLOUD_SECRETKEY: secretKey,
    TENCENTCLOUD_SESSIONTOKEN: sessionToken,
  } = env;
  if (!secretId || !secretKey)
    throw new Error(
      'TENCENTCLOUD_SECRETID and TENCENTCLOUD_SECRETKEY are missing: give the function an execution role.',
    );
  return { secretId, secretKey, ...(sessionToken && { sessionToken }) };
};
