import type { Slice } from '../../lib/config.ts';
import type { Environment } from '../../local/environment.ts';
import type { LocalFunction } from '../../local/runtime.ts';
import { type Finding, unknown } from './finding.ts';

/** A stage of the service, with what is needed to examine it. */
export interface Patient {
  functions: readonly LocalFunction[];
  stage: string;
  region: string;
  env: Environment;
  /** As in `serverless.ts`: the execution role, and whether the functions run in a network of their own. */
  role: string | undefined;
  hasVpc: boolean;
  /** Origin of Tencent Cloud's API, when it is another one. */
  endpoint: string | undefined;
  fetch: typeof fetch;
  /** How long anybody who is asked may take to answer. */
  timeoutMs: number;
  /** Milliseconds since 1970. */
  clock: () => number;
  sleep: (ms: number) => Promise<unknown>;
}

/** Looks with the settings of a slice, or says that they are not there: what is wrong with them is the environment's line. */
export const withSettings = async <Settings, Found>(
  slice: Slice<Settings>,
  { env }: Patient,
  look: (settings: Settings) => Promise<Found>,
): Promise<Found | Finding> => {
  const { settings, problems } = slice.read(env);
  if (settings === undefined || problems.length > 0)
    return unknown('its settings are not complete', 'mend the environment first');
  return look(settings);
};

/** `fetch` for as long as a patient's time allows. Rejects with an `Error` that says why there is no reply. */
export const fetchInTime =
  ({ fetch, timeoutMs }: Patient): typeof fetch =>
  async (url, init) => {
    const signal = AbortSignal.timeout(timeoutMs);
    try {
      return await fetch(url, { ...init, signal });
    } catch (error) {
      const { cause } = error as { cause?: { code?: string } };
      const code = signal.aborted ? 'ETIMEDOUT' : (cause?.code ?? 'no code');
      throw Object.assign(new Error(`no reply (${code})`), { code });
    }
  };
