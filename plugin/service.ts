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
}

export interface TencentFunction extends Settings {
  /** File without its ending, and the exported name: `functions/issue-sig/index.main`. */
  handler: string;
  description?: string;
  events: readonly TencentEvent[];
}

/** `serverless.ts`, typed: the framework's own types know one provider only. */
export type TencentService = Omit<AWS, 'provider' | 'functions'> & {
  provider: TencentProvider;
  functions: Record<string, TencentFunction>;
};
