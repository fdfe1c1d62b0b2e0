import { AlreadyRunning, type LocalCloud, startLocalCloud } from '../local/cloud.ts';
import { type Environment, localEnvironment, readOutside, readSecrets, withoutEmpty } from '../local/environment.ts';
import { findHolder } from '../local/running.ts';
import { type LocalFunction, loadFunction } from '../local/runtime.ts';
import { readEvent, signCallback, signIn } from './event.ts';
import type { CliOptions, Utils } from './framework.ts';
import { localSettings } from './local-settings.ts';

export interface InvokeLocalOptions {
  options: CliOptions;
  fn: LocalFunction;
  functions: readonly LocalFunction[];
  serviceDir: string;
  utils: Utils;
}

/** What a function says itself goes to standard error: standard output is for the result. */
const output = { log: console.error, error: console.error };

/**
 * `invoke local`: runs one function with one event against the running local cloud, or against one of its own.
 * Answers the exit code: 1 when the function threw.
 */
export const invokeLocal = async ({
  options,
  fn,
  functions,
  serviceDir,
  utils,
}: InvokeLocalOptions): Promise<number> => {
  const outside = withoutEmpty({ ...readOutside(process.env, serviceDir), ...overrides(options.env) });
  const given = await readEvent(options, serviceDir);
  const { env, stop } = await enterLocalCloud(outside, functions, serviceDir);
  try {
    const signedIn = options.as === undefined ? given : await signIn(given, options.as, env);
    const event = options.sign ? signCallback(signedIn, env) : signedIn;
    const invoke = await loadFunction(fn, env, output);
    const result = await invoke(event).then(
      (value) => ({ text: JSON.stringify(value ?? null, null, 2), exitCode: 0 }),
      (error: unknown) => ({ text: JSON.stringify(describe(error), null, 2), exitCode: 1 }),
    );
    utils.writeText(result.text);
    return result.exitCode;
  } finally {
    await stop();
  }
};

/** As SCF answers for a function that threw. Source: https://cloud.tencent.com/document/product/583/42611 */
const describe = (error: unknown) => ({
  errorCode: 1,
  errorMessage: error instanceof Error ? error.message : String(error),
  statusCode: 430,
  ...(error instanceof Error && { stackTrace: error.stack }),
});

const overrides = (given: string | string[] = []): Environment =>
  Object.fromEntries(
    [given].flat().map((pair) => {
      const at = pair.indexOf('=');
      if (at < 1) throw new Error(`--env takes NAME=value, not "${pair}".`);
      return [pair.slice(0, at), pair.slice(at + 1)];
    }),
  );

/** The environment inside a local cloud: the one that runs for this data directory, else one that lives for this call. */
const enterLocalCloud = async (
  outside: Environment,
  functions: readonly LocalFunction[],
  serviceDir: string,
): Promise<{ env: Environment; stop(): Promise<void> }> => {
  const { dataDir, ports } = localSettings(outside, serviceDir);
  const joinRunning = async () => {
    const addresses = (await findHolder(dataDir))?.addresses;
    return addresses && { env: localEnvironment(outside, readSecrets(dataDir), addresses), stop: async () => {} };
  };
  const running = await joinRunning();
  if (running) return running;
  const start = (chosen: typeof ports): Promise<LocalCloud> =>
    startLocalCloud({ dataDir, ports: chosen, outside, functions, output, stays: false });
  try {
    return await start(ports).catch((error: unknown) => {
      // The usual ports are somebody else's: for one call any will do.
      if (error instanceof Error && error.message.startsWith('Port ')) return start({ gateway: 0, cloud: 0, cos: 0 });
      throw error;
    });
  } catch (error) {
    const started = error instanceof AlreadyRunning ? await joinRunning() : undefined;
    if (started) return started;
    throw error;
  }
};
