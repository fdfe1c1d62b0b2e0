import type { TemporaryKeys } from '../api/temporary-keys.ts';
import { reservedMemory } from './concurrency.ts';
import type { ScfContext } from './context.ts';
import { type Ended, type Instance, startInstance } from './instance.ts';
import { account } from './settings.ts';
import type { FunctionVersion, ScfFunction } from './state.ts';

export interface Task {
  fn: ScfFunction;
  version: FunctionVersion;
  requestId: string;
  /** JSON. */
  event: string;
  /** Who calls: `http`, `timer`, `invoke`. */
  source: string;
}

export interface Instances {
  run(task: Task): Promise<Ended>;
  /** Ends all of them, whatever they do, and starts no more. */
  close(): void;
}

interface Slot {
  readonly instance: Instance;
  readonly fn: ScfFunction;
  readonly revision: string;
  readonly memory: number;
  isBusy: boolean;
  idle?: NodeJS.Timeout;
}

/** How long the keys of a role hold: seconds. */
const roleSeconds = 7200;

/**
 * The instances of all functions: each serves one event at a time and is kept for the next one. More are started until
 * what is reserved, or what is left of the region's memory, is in use; then SCF answers 432.
 * Source: https://cloud.tencent.com/document/product/583/45757
 */
export const createInstances = (
  { state, codes, settings, clock }: ScfContext,
  temporaryKeys: Pick<TemporaryKeys, 'issue'>,
): Instances => {
  const slots = new Set<Slot>();
  let isClosed = false;

  const end = (slot: Slot) => {
    clearTimeout(slot.idle);
    slots.delete(slot);
    slot.instance.kill();
  };

  /** Memory that this function may have: its own, or what others leave. */
  const hasRoom = ({ fn, version }: Task): boolean => {
    const isReserved = fn.reservedMemory !== undefined;
    const limit = fn.reservedMemory ?? settings.concurrencyMemory - reservedMemory(state, fn.region);
    const shares = (other: ScfFunction) =>
      isReserved ? other === fn : other.region === fn.region && other.reservedMemory === undefined;
    const used = [...slots]
      .filter((slot) => slot.isBusy && shares(slot.fn))
      .reduce((sum, { memory }) => sum + memory, 0);
    return used + version.configuration.MemorySize <= limit;
  };

  const findIdle = (revision: string): Slot | undefined =>
    [...slots].find((slot) => slot.revision === revision && !slot.isBusy && slot.instance.isAlive());

  const start = (task: Task, directory: string): Slot => {
    const { fn, version } = task;
    const memory = version.configuration.MemorySize;
    const env = environmentOf(task, directory);
    const instance = startInstance({ directory, handler: version.Handler, env, memory });
    const slot: Slot = { instance, fn, revision: version.revision, memory, isBusy: true };
    slots.add(slot);
    return slot;
  };

  /** Takes an instance in the same tick in which there is room for it. */
  const take = (task: Task, directory: string): Slot | undefined => {
    if (!hasRoom(task)) return undefined;
    const slot = findIdle(task.version.revision) ?? start(task, directory);
    clearTimeout(slot.idle);
    slot.isBusy = true;
    return slot;
  };

  const giveBack = (slot: Slot) => {
    slot.isBusy = false;
    slot.idle = setTimeout(() => end(slot), settings.idleMs).unref();
  };

  /** Keys of the role that the function runs in, anew for each event. */
  const credentialsOf = ({ version }: Task): Record<string, string> => {
    if (version.configuration.Role === '') return {};
    const expiresAt = Math.floor(clock() / 1000) + roleSeconds;
    const { tmpSecretId, tmpSecretKey, token } = temporaryKeys.issue({ policy: undefined, expiresAt });
    return {
      TENCENTCLOUD_SECRETID: tmpSecretId,
      TENCENTCLOUD_SECRETKEY: tmpSecretKey,
      TENCENTCLOUD_SESSIONTOKEN: token,
    };
  };

  return {
    async run(task) {
      const directory = await codes.unpack(task.version.code.sha256);
      if (isClosed) return closed;
      const slot = take(task, directory);
      if (!slot) return tooMany;
      const ended = await slot.instance.run({
        event: task.event,
        context: contextOf(task),
        credentials: { ...credentialsOf(task), TRIGGER_SRC: task.source },
        timeoutSeconds: task.version.configuration.Timeout,
      });
      giveBack(slot);
      return ended;
    },
    close() {
      isClosed = true;
      for (const slot of slots) end(slot);
    },
  };
};

const unstarted = (statusCode: number, message: string): Ended => ({
  failure: { statusCode, message, stack: '' },
  written: '',
  memory: 0,
});

const tooMany = unstarted(432, 'ResourceLimitReached: the concurrency limit is reached');
const closed = unstarted(500, 'InternalError: the local SCF is being stopped');

const variablesOf = ({ configuration }: FunctionVersion): Record<string, string> =>
  Object.fromEntries(configuration.Environment.Variables.map(({ Key, Value }) => [Key, Value]));

/** Source: https://cloud.tencent.com/document/product/583/30228 */
const environmentOf = ({ fn, version }: Task, directory: string): Record<string, string> => ({
  PATH: '/usr/local/bin:/usr/bin:/bin',
  TZ: 'UTC',
  ...variablesOf(version),
  USER_CODE_ROOT: `${directory}/`,
  SCF_RUNTIME: version.Runtime,
  SCF_NAMESPACE: fn.namespace,
  SCF_FUNCTIONNAME: fn.name,
  SCF_FUNCTIONVERSION: version.name,
  TENCENTCLOUD_RUNENV: 'SCF',
  TENCENTCLOUD_REGION: fn.region,
  TENCENTCLOUD_APPID: account.appId,
  TENCENTCLOUD_UIN: account.uin,
  TENCENTCLOUD_TZ: 'UTC',
});

/** Source: https://cloud.tencent.com/document/product/583/9210 */
const contextOf = ({ fn, version, requestId }: Task) => {
  const variables = variablesOf(version);
  return {
    callbackWaitsForEmptyEventLoop: true,
    memory_limit_in_mb: version.configuration.MemorySize,
    time_limit_in_ms: version.configuration.Timeout * 1000,
    request_id: requestId,
    environment: JSON.stringify(variables),
    environ: Object.entries(variables)
      .map(([name, value]) => `${name}=${value}`)
      .join(';'),
    function_version: version.name,
    function_name: fn.name,
    namespace: fn.namespace,
    tencentcloud_region: fn.region,
    tencentcloud_appid: account.appId,
    tencentcloud_uin: account.uin,
  };
};
