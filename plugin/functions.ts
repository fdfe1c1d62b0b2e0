import { join } from 'node:path';
import type { LocalFunction } from '../local/runtime.ts';
import { bundle, splitHandler } from './bundle.ts';
import type { TencentFunction, TencentProvider } from './service.ts';

const defaults = { memorySize: 128, timeout: 3, namespace: 'default' };

/** A function's settings, with the provider's for what it does not say itself. Throws an `Error` for a path that is not its name. */
export const describeFunction = (
  name: string,
  fn: TencentFunction & { name?: string },
  provider: TencentProvider,
  serviceDir: string,
): LocalFunction => {
  for (const event of fn.events) if ('http' in event) requireOwnPath(name, event.http.path);
  return {
    name,
    deployedName: fn.name ?? name,
    exportName: splitHandler(fn.handler).exportName,
    environment: [...names(provider.environment), ...names(fn.environment)],
    memoryMb: fn.memorySize ?? provider.memorySize ?? defaults.memorySize,
    timeoutSeconds: fn.timeout ?? provider.timeout ?? defaults.timeout,
    region: provider.region,
    namespace: provider.namespace ?? defaults.namespace,
    isRouted: fn.events.some((event) => 'http' in event),
    cron: fn.events.flatMap((event) => ('timer' in event ? [event.timer.cron] : [])),
    bundle: () => bundle(serviceDir, fn.handler, outDir(serviceDir, name)),
  };
};

/** One function, one path: the gateway and a custom domain route by nothing else. */
const requireOwnPath = (name: string, path: string): void => {
  if (path !== `/${name}`) throw new Error(`The function "${name}" has the http path ${path}: it must be /${name}.`);
};

/** Of a service that names none, the framework's `invoke` makes an object. */
const names = (environment: readonly string[] | undefined): readonly string[] =>
  Array.isArray(environment) ? environment : [];

export const outDir = (serviceDir: string, name: string): string => join(serviceDir, '.serverless', name);
