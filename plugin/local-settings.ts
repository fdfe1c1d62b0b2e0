import { resolve } from 'node:path';
import type { Ports } from '../local/cloud.ts';
import type { Environment } from '../local/environment.ts';

/** Where the local cloud of this checkout keeps its data and listens. Throws an `Error` for a port that is none. */
export const localSettings = (env: Environment, serviceDir: string): { dataDir: string; ports: Ports } => ({
  dataDir: resolve(serviceDir, env.LOCAL_DATA_DIR ?? '.local'),
  ports: {
    gateway: port(env, 'LOCAL_PORT', 8787),
    cloud: port(env, 'LOCAL_CLOUD_PORT', 8788),
    cos: port(env, 'LOCAL_COS_PORT', 8789),
  },
});

const port = (env: Environment, name: string, byDefault: number): number => {
  const value = env[name] ?? String(byDefault);
  if (!/^\d{1,5}$/.test(value) || Number(value) > 65_535) throw new Error(`${name} must be a port from 0 to 65535.`);
  return Number(value);
};
