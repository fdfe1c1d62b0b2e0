import { createPrivateKey } from 'node:crypto';
import * as z from 'zod/mini';
import { fieldErrors } from './field-errors.ts';
import { userIdField } from './fields.ts';
import { logLevels } from './log.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** A part of the environment that some functions need: its names, how each is checked, and what is made of them. */
export interface Slice<Settings> {
  readonly names: readonly string[];
  read(env: Environment): { settings: Settings } | { problems: string[] };
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
  const parts = slices.map((slice) => slice.read(env));
  const problems = parts.flatMap((part) => ('problems' in part ? part.problems : []));
  if (problems.length > 0) throw new Error(`Bad environment:\n${problems.map((problem) => `  ${problem}`).join('\n')}`);
  return Object.assign({}, ...parts.map((part) => ('settings' in part ? part.settings : {})));
};

/** The names that slices read, for `serverless.ts`. */
export const environmentNames = (...slices: readonly Slice<unknown>[]): string[] => [
  ...new Set(slices.flatMap((slice) => slice.names)),
];

type Shape = Readonly<Record<string, z.core.$ZodType>>;
type Values<S extends Shape> = z.output<z.ZodMiniObject<{ -readonly [K in keyof S]: S[K] }, z.core.$strip>>;
type Problem = string | false | undefined;

const slice = <const S extends Shape, Settings>(
  shape: S,
  settings: (values: Values<S>) => Settings,
  /** What the names must be together. */
  check: (values: Values<S>, env: Environment) => Problem[] = () => [],
): Slice<Settings> => {
  const names = Object.keys(shape);
  const schema = z.object({ ...shape });
  return {
    names,
    read(env) {
      const present = Object.fromEntries(names.filter((name) => env[name]).map((name) => [name, env[name]]));
      const result = schema.safeParse(present);
      if (!result.success) {
        return {
          problems: fieldErrors(result.error.issues).map(
            ({ path, message }) => `${path.slice(1)} ${path.slice(1) in present ? message : 'is missing'}`,
          ),
        };
      }
      const values = result.data as Values<S>;
      const problems = check(values, env).filter((problem) => typeof problem === 'string');
      return problems.length > 0 ? { problems } : { settings: settings(values) };
    },
  };
};

const text = z.string();
const integer = (minimum: number, maximum: number) =>
  z.pipe(
    z.string().check(z.regex(/^\d{1,15}$/, `must be an integer from ${minimum} to ${maximum}`)),
    z.pipe(
      z.transform(Number),
      z
        .number()
        .check(
          z.refine((value) => value >= minimum && value <= maximum, `must be an integer from ${minimum} to ${maximum}`),
        ),
    ),
  );
const list = z.pipe(
  text,
  z.transform((value: string) =>
    value
      .split(',')
      .map((entry) => entry.trim())
      .filter(Boolean),
  ),
);
const origin = text.check(
  z.refine(
    (value) => /^https?:\/\/[^/?#]+\/?$/.test(value) && URL.canParse(value),
    'must be an origin such as https://example.com',
  ),
);
const withoutSlash = (value: string) => value.replace(/\/$/, '');
const isLoopback = (url: string) => ['127.0.0.1', 'localhost', '[::1]'].includes(new URL(url).hostname);
/** `.env` files hold a PEM in one line, and `openssl ecparam` writes the curve in a block of its own before the key. */
const pem = z.pipe(
  text,
  z.transform((value: string) =>
    value.replaceAll('\\n', '\n').replace(/-----BEGIN EC PARAMETERS-----[^-]*-----END EC PARAMETERS-----\s*/, ''),
  ),
);

/** The app administrator, whose calls IM takes and whose id nobody else may use. */
const administrator = z._default(userIdField, 'administrator');

export const logSettings = slice({ LOG_LEVEL: z._default(z.enum(logLevels), 'info') }, ({ LOG_LEVEL }) => ({
  logLevel: LOG_LEVEL,
}));

/** Cross-origin callers and their tokens: what every HTTP function needs. */
export const httpSettings = slice(
  {
    AUTH_JWT_SECRET: z.optional(
      text.check(z.refine((value) => Buffer.byteLength(value) >= 32, 'must be at least 32 bytes long')),
    ),
    AUTH_JWKS_URL: z.optional(
      text.check(
        z.refine(
          (value) =>
            URL.canParse(value) && (value.startsWith('https://') || (value.startsWith('http://') && isLoopback(value))),
          'must be an https URL (http only on loopback)',
        ),
      ),
    ),
    AUTH_ISSUER: z.optional(text),
    AUTH_AUDIENCE: z.optional(text),
    AUTH_USER_ID_CLAIM: z._default(text, 'sub'),
    AUTH_ROLE_CLAIM: z._default(text, 'role'),
    CORS_ALLOWED_ORIGINS: z._default(list, []),
    IM_ADMIN_USER_ID: administrator,
  },
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
  (env) => [exactlyOne('AUTH_JWT_SECRET', env.AUTH_JWT_SECRET, 'AUTH_JWKS_URL', env.AUTH_JWKS_URL)],
);

/** The key that signs UserSigs. */
export const signingSettings = slice(
  { IM_SDK_APP_ID: integer(1, 4_294_967_295), IM_SECRET_KEY: z.optional(text), IM_PRIVATE_KEY: z.optional(pem) },
  (env) => ({
    sdkAppId: env.IM_SDK_APP_ID,
    signingKey:
      env.IM_SECRET_KEY !== undefined ? { secretKey: env.IM_SECRET_KEY } : { privateKey: env.IM_PRIVATE_KEY ?? '' },
  }),
  (env) => [
    exactlyOne('IM_SECRET_KEY', env.IM_SECRET_KEY, 'IM_PRIVATE_KEY', env.IM_PRIVATE_KEY),
    env.IM_PRIVATE_KEY !== undefined &&
      !isSigningKey(env.IM_PRIVATE_KEY) &&
      'IM_PRIVATE_KEY must be a PEM of an EC key on secp256k1 or prime256v1',
  ],
);

const isSigningKey = (privateKey: string): boolean => {
  try {
    const { asymmetricKeyType, asymmetricKeyDetails } = createPrivateKey(privateKey);
    return asymmetricKeyType === 'ec' && ['secp256k1', 'prime256v1'].includes(asymmetricKeyDetails?.namedCurve ?? '');
  } catch {
    // Not a key at all: the caller's sentence fits that too.
    return false;
  }
};

/** The default and the ceiling of a UserSig's lifetime. 180 days is the official SDKs' own default. */
export const userSigSettings = slice({ USER_SIG_TTL_SECONDS: z._default(integer(60, 15_552_000), 86_400) }, (env) => ({
  userSigTtlSeconds: env.USER_SIG_TTL_SECONDS,
}));

/** IM's REST API, called as the app's administrator. */
export const imSettings = slice(
  { IM_API_URL: z._default(origin, 'https://console.tim.qq.com'), IM_ADMIN_USER_ID: administrator },
  (env) => ({ imApiUrl: withoutSlash(env.IM_API_URL), adminUserId: env.IM_ADMIN_USER_ID }),
);

export const databaseSettings = slice(
  {
    DATABASE_URL: text.check(
      z.refine((value) => /^postgres(ql)?:\/\/./.test(value) && URL.canParse(value), 'must be a postgres:// URL'),
    ),
  },
  (env) => ({ databaseUrl: env.DATABASE_URL }),
);

export const classSettings = slice({ CLASSES_PER_TEACHER_PER_DAY: z._default(integer(1, 1_000_000), 50) }, (env) => ({
  classesPerTeacherPerDay: env.CLASSES_PER_TEACHER_PER_DAY,
}));

/** The class's bucket and how its temporary credentials are got. */
export const cosSettings = slice(
  {
    COS_BUCKET: text.check(
      z.regex(/^[a-z0-9][a-z0-9-]*-\d{5,}$/, 'must be a bucket name with its APPID, such as board-1250000000'),
    ),
    COS_REGION: text.check(z.regex(/^[a-z]{2,}(-[a-z0-9]+)+$/, 'must be a region such as ap-shanghai')),
    COS_URL: z.optional(origin),
    COS_ROLE_ARN: z.optional(
      text.check(
        z.regex(/^qcs::cam::uin\/\d+:role(Name)?\/.+$/, 'must look like qcs::cam::uin/100000000001:roleName/classroom'),
      ),
    ),
    COS_CREDENTIALS_TTL_SECONDS: z._default(integer(60, 43_200), 1800),
    STS_API_URL: z._default(origin, 'https://sts.tencentcloudapi.com'),
  },
  (env) => ({
    bucket: {
      name: env.COS_BUCKET,
      region: env.COS_REGION,
      origin: withoutSlash(env.COS_URL ?? `https://${env.COS_BUCKET}.cos.${env.COS_REGION}.myqcloud.com`),
    },
    cosRoleArn: env.COS_ROLE_ARN,
    cosCredentialsTtlSeconds: env.COS_CREDENTIALS_TTL_SECONDS,
    stsApiUrl: withoutSlash(env.STS_API_URL),
  }),
  ({ COS_ROLE_ARN }, { TENCENTCLOUD_SESSIONTOKEN }) => [
    // GetFederationToken takes permanent keys only. Source: https://cloud.tencent.com/document/api/1312/48195
    Boolean(TENCENTCLOUD_SESSIONTOKEN) &&
      COS_ROLE_ARN === undefined &&
      'COS_ROLE_ARN is missing: temporary API credentials can only assume a role',
  ],
);

export const callbackSettings = slice(
  {
    IM_CALLBACK_TOKEN: list.check(z.refine((tokens) => tokens.length > 0, 'must hold a token')),
    IM_SDK_APP_ID: integer(1, 4_294_967_295),
  },
  (env) => ({ callbackTokens: env.IM_CALLBACK_TOKEN, sdkAppId: env.IM_SDK_APP_ID }),
);

export const moderationSettings = slice(
  {
    MODERATION_ACTION: z._default(z.enum(['mask', 'reject', 'drop']), 'mask'),
    MODERATION_ON_FAILURE: z._default(z.enum(['deliver', 'reject']), 'deliver'),
    MODERATION_DEADLINE_MS: z._default(integer(50, 1800), 800),
  },
  (env) => ({
    moderation: {
      action: env.MODERATION_ACTION,
      onFailure: env.MODERATION_ON_FAILURE,
      deadlineMs: env.MODERATION_DEADLINE_MS,
    },
  }),
);

export const noticeSettings = slice({ NOTICE_LANGUAGE: z._default(z.enum(['zh', 'en']), 'zh') }, (env) => ({
  noticeLanguage: env.NOTICE_LANGUAGE,
}));

const exactlyOne = (nameA: string, a: unknown, nameB: string, b: unknown): Problem => {
  if (a === undefined && b === undefined) return `${nameA} or ${nameB} is missing: set exactly one`;
  return a !== undefined && b !== undefined && `${nameA} and ${nameB} are both set: set exactly one`;
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
