import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'dotenv';
import * as z from 'zod/mini';

export type Environment = Record<string, string>;

/** Made once for a data directory, so that what was signed yesterday still holds. */
const secretsSchema = z.object({
  imSecretKey: z.string(),
  imCallbackToken: z.string(),
  trtcCallbackKey: z.string(),
  cloudSecretId: z.string(),
  cloudSecretKey: z.string(),
  jwtSecret: z.string(),
  databasePassword: z.string(),
  temporaryKeysSecret: z.string(),
});

export type Secrets = z.output<typeof secretsSchema>;

/** Where the parts of the local cloud are. */
export interface Addresses {
  cloud: string;
  cos: string;
  databaseUrl: string;
}

const sdkAppId = '1400000000';

export const readSecrets = (dataDir: string): Secrets => {
  const file = join(dataDir, 'secrets.json');
  if (existsSync(file)) return secretsSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  const hex = (bytes: number) => randomBytes(bytes).toString('hex');
  const secrets: Secrets = {
    imSecretKey: hex(32),
    imCallbackToken: hex(16),
    trtcCallbackKey: hex(16),
    cloudSecretId: `AKID${hex(16)}`,
    cloudSecretKey: hex(16),
    jwtSecret: hex(32),
    databasePassword: hex(16),
    temporaryKeysSecret: hex(32),
  };
  mkdirSync(dataDir, { recursive: true });
  writeFileSync(file, JSON.stringify(secrets, null, 2), { mode: 0o600 });
  return secrets;
};

/** What the developer set: the environment first, then `.env`. An empty string counts as unset. */
export const readOutside = (environment: NodeJS.ProcessEnv, serviceDir: string): Environment => {
  const file = join(serviceDir, '.env');
  const fromFile = existsSync(file) ? parse(readFileSync(file)) : {};
  return withoutEmpty({ ...fromFile, ...withoutEmpty(environment) });
};

export const withoutEmpty = (environment: NodeJS.ProcessEnv): Environment =>
  Object.fromEntries(Object.entries(environment).filter((entry): entry is [string, string] => Boolean(entry[1])));

/** Of these, one excludes the others: a local default must not join what the developer chose. */
const alternatives = [
  ['IM_SECRET_KEY', 'IM_PRIVATE_KEY'],
  ['AUTH_JWT_SECRET', 'AUTH_JWKS_URL'],
];

/** What the functions see: what the developer set, and local defaults for the rest. */
export const localEnvironment = (outside: Environment, secrets: Secrets, addresses: Addresses): Environment => {
  const defaults: Environment = {
    IM_SDK_APP_ID: sdkAppId,
    IM_SECRET_KEY: secrets.imSecretKey,
    IM_API_URL: addresses.cloud,
    IM_CALLBACK_TOKEN: secrets.imCallbackToken,
    TRTC_CALLBACK_KEY: secrets.trtcCallbackKey,
    TRTC_API_URL: addresses.cloud,
    STS_API_URL: addresses.cloud,
    COS_BUCKET: 'classroom-1250000000',
    COS_REGION: 'ap-shanghai',
    COS_URL: addresses.cos,
    AUTH_JWT_SECRET: secrets.jwtSecret,
    DATABASE_URL: addresses.databaseUrl,
    // As a pair: the local secret fits no other id.
    ...(!outside.TENCENTCLOUD_SECRETID && {
      TENCENTCLOUD_SECRETID: secrets.cloudSecretId,
      TENCENTCLOUD_SECRETKEY: secrets.cloudSecretKey,
    }),
  };
  for (const names of alternatives)
    if (names.some((name) => outside[name])) for (const name of names) delete defaults[name];
  return { ...defaults, ...outside };
};
