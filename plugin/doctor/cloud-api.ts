import { readCredentials } from '../../lib/config.ts';
import { ApiError, type ApiOptions } from '../deploy/api.ts';
import { type Finding, unknown } from './finding.ts';
import type { Patient } from './patient.ts';

export const hasCredentials = ({ env }: Patient): boolean =>
  Boolean(env.TENCENTCLOUD_SECRETID && env.TENCENTCLOUD_SECRETKEY);

/** How Tencent Cloud's API is asked: once, and not for long. Throws an `Error` without credentials. */
export const apiOptionsOf = ({ env, region, endpoint, timeoutMs, sleep }: Patient): ApiOptions => ({
  credentials: readCredentials(env),
  region,
  endpoint,
  timeoutSeconds: timeoutMs / 1000,
  attempts: 1,
  sleep,
});

/** Looks by means of Tencent Cloud's API, or says that there are no keys for it. */
export const withCredentials = async (
  patient: Patient,
  look: (options: ApiOptions) => Promise<Finding>,
): Promise<Finding> =>
  hasCredentials(patient)
    ? look(apiOptionsOf(patient))
    : unknown('there are no credentials to ask with', 'mend the credentials first');

/** A call that failed over who asked, who need not have the rights that the functions have, or on the way there. */
export const cannotSay = (error: unknown, fix: string): Finding => {
  if (!(error instanceof ApiError)) throw error;
  const isRefused = error.code !== undefined;
  return unknown(`${isRefused ? 'cannot be checked with these credentials: ' : ''}${error.message}`, fix);
};
