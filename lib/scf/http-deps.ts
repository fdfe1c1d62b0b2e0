import { type AuthSettings, createAuthenticate } from '../auth/authenticate.ts';
import { createReservedUserIds, type ReservedUserIds } from '../auth/reserved-user-ids.ts';
import { callOutside } from '../calls.ts';
import type { Fetch } from '../http/fetch.ts';
import { createLog, type LogLevel } from '../log.ts';
import type { HttpDeps } from './http-endpoint.ts';

interface HttpConfig {
  auth: AuthSettings;
  adminUserId: string;
  allowedOrigins: readonly string[];
  logLevel: LogLevel;
}

interface Platform {
  fetch: Fetch;
  /** Milliseconds since 1970. */
  clock(): number;
  /** Writes one line. */
  write(line: string): void;
}

/** Builds what every HTTP function is given from its configuration. */
export const createHttpDeps = (
  config: HttpConfig,
  { fetch, clock, write }: Platform,
): HttpDeps & { reserved: ReservedUserIds } => {
  const reserved = createReservedUserIds(config.adminUserId);
  const fetchKeys: Fetch = (url, init) => callOutside('jwks', () => fetch(url, init));
  return {
    authenticate: createAuthenticate({ settings: config.auth, reserved, fetch: fetchKeys, clock }),
    log: createLog({ level: config.logLevel, write, clock }),
    clock,
    allowedOrigins: config.allowedOrigins,
    reserved,
  };
};
