import type { AWS } from '@serverless/typescript';

/** One of a function's triggers. */
export type TencentEvent = { http: { path: string } } | { timer: { cron: string } };

interface Settings {
  runtime?: string;
  /** Megabytes. */
  memorySize?: number;
  /** Seconds. */
  timeout?: number;
  /** Names of variables; their values are read when the function runs or is deployed. */
  environment?: readonly string[];
}

export interface TencentProvider extends Settings {
  name: 'tencent';
  runtime: string;
  region: string;
  namespace?: string;
  stage?: string;
  /** Name of the role that the functions call Tencent Cloud as. As of all that may be `null`: it was not set. */
  role?: string | null;
  /** A network to run in, next to the database; with public access. */
  vpc?: { vpcId?: string | null; subnetId?: string | null };
  /** Where the functions' logs go in CLS, both or none: without them, to a topic of SCF's own choice. */
  logs?: { logsetId?: string | null; topicId?: string | null };
}

export interface TencentFunction extends Settings {
  /** File without its ending, and the exported name: `functions/issue-sig/index.main`. */
  handler: string;
  description?: string;
  /** How many instances it may have at a time, which no other function can take from it. */
  reservedConcurrency?: number;
  /** How many instances of the live version are kept warm. */
  provisionedConcurrency?: number;
  events: readonly TencentEvent[];
}

export interface TencentCustom {
  /** One domain in front of all functions, which leads by their names; with a certificate, HTTPS. */
  domain?: { name?: string | null; certificateId?: string | null };
  /** Where archives go that are too large for a call; with its APPID. By default in the provider's region. */
  deploymentBucket?: { name?: string | null; region?: string | null; origin?: string | null };
}

/** `serverless.ts`, typed: the framework's own types know one provider only. */
export type TencentService = Omit<AWS, 'provider' | 'functions' | 'custom'> & {
  custom?: TencentCustom;
  provider: TencentProvider;
  functions: Record<string, TencentFunction>;
};
