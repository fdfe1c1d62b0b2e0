import { randomUUID } from 'node:crypto';
import { createRequire } from 'node:module';
import { compileFunction } from 'node:vm';
import type { Environment } from './environment.ts';

/** A function of the service, as the local cloud runs it. */
export interface LocalFunction {
  /** Its name and its path. */
  name: string;
  /** The name it has on SCF. */
  deployedName: string;
  exportName: string;
  /** The variables that it may see. */
  environment: readonly string[];
  memoryMb: number;
  timeoutSeconds: number;
  region: string;
  namespace: string;
  isRouted: boolean;
  cron: readonly string[];
  /** Bundles it and answers the bundle's file and code. */
  bundle(): Promise<{ file: string; code: string }>;
}

export type Invoke = (event: unknown) => Promise<unknown>;

/** What SCF itself puts into a function's environment. Source: https://cloud.tencent.com/document/product/583/30228 */
const platformNames = ['TENCENTCLOUD_SECRETID', 'TENCENTCLOUD_SECRETKEY', 'TENCENTCLOUD_SESSIONTOKEN', 'PATH', 'TZ'];

/**
 * Loads a function's bundle as SCF does: with only its own variables in `process.env`, its module kept between events,
 * and a time limit on each. What it writes to the console goes to `output`.
 */
export const loadFunction = async (
  fn: LocalFunction,
  env: Environment,
  output: Pick<Console, 'log' | 'error'>,
): Promise<Invoke> => {
  const { file, code } = await fn.bundle();
  const visible = pick(env, [...fn.environment, ...platformNames]);
  const functionEnv = {
    ...visible,
    TENCENTCLOUD_REGION: fn.region,
    SCF_RUNTIME: 'local',
    SCF_FUNCTIONNAME: fn.deployedName,
    SCF_NAMESPACE: fn.namespace,
  };
  const functionConsole = Object.create(console, {
    log: { value: output.log },
    info: { value: output.log },
    warn: { value: output.error },
    error: { value: output.error },
  });
  const module: { exports: Record<string, unknown> } = { exports: {} };
  const wrapper = compileFunction(code, ['exports', 'require', 'module', 'process', 'console'], { filename: file });
  wrapper(
    module.exports,
    createRequire(file),
    module,
    Object.create(process, { env: { value: functionEnv } }),
    functionConsole,
  );
  const handler = module.exports[fn.exportName];
  if (typeof handler !== 'function') throw new Error(`${fn.name} exports no function "${fn.exportName}".`);
  return (event) => withTimeLimit(Promise.resolve(handler(event, createContext(fn))), fn.timeoutSeconds);
};

/** Source: https://cloud.tencent.com/document/product/583/9210 */
const createContext = ({ deployedName, memoryMb, timeoutSeconds, region, namespace }: LocalFunction) => ({
  callbackWaitsForEmptyEventLoop: true,
  memory_limit_in_mb: memoryMb,
  time_limit_in_ms: timeoutSeconds * 1000,
  request_id: randomUUID(),
  environment: '{}',
  environ: '',
  function_version: '$LATEST',
  function_name: deployedName,
  namespace,
  tencentcloud_region: region,
  tencentcloud_appid: '1250000000',
  tencentcloud_uin: '100000000001',
});

const withTimeLimit = async <T>(work: Promise<T>, seconds: number): Promise<T> => {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`Invoking task timed out after ${seconds} seconds`)), seconds * 1000);
  });
  try {
    return await Promise.race([work, limit]);
  } finally {
    clearTimeout(timer);
  }
};

const pick = (env: Environment, names: readonly string[]): Environment =>
  Object.fromEntries(names.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]])));
