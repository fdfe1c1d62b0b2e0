import { join } from 'node:path';
import { type TencentAction, TencentApiError } from '../api/action.ts';
import type { TemporaryKeys } from '../api/temporary-keys.ts';
import type { Faults } from '../faults.ts';
import type { LocalReply, LocalRequest } from '../http.ts';
import { createSecondCounts } from '../im/second-counts.ts';
import { createAliasActions } from './aliases.ts';
import { createClsActions } from './cls.ts';
import type { ReadObject } from './code-input.ts';
import { createCodeStore } from './code-store.ts';
import { createConcurrencyActions } from './concurrency.ts';
import type { ScfContext } from './context.ts';
import { createDomainActions } from './domains.ts';
import { createFront } from './front.ts';
import { createFunctionActions } from './functions.ts';
import { createInstances } from './instances.ts';
import { createInvocationActions } from './invocations.ts';
import { createInvoker } from './invoker.ts';
import { createLogStore } from './log-store.ts';
import { createNamespaceActions } from './namespaces.ts';
import { defaultSettings, type ScfSettings } from './settings.ts';
import { openScfState } from './state.ts';
import { createTransitions, removeGone } from './status.ts';
import { createTimers } from './timers.ts';
import { createTriggerActions } from './triggers.ts';
import { createVersionActions } from './versions.ts';

export interface ScfOptions {
  /** Where functions and their code outlive the process. */
  directory: string;
  /** Milliseconds since 1970. */
  clock(): number;
  /** By action, and by what takes its time: `Creating`, `Updating`, `Publishing`, `Deleting`, `Reserving`, `Provisioning`. */
  faults: Faults;
  /** Roles' keys are made from it. */
  temporaryKeys: Pick<TemporaryKeys, 'issue'>;
  readObject: ReadObject;
  /** Where `serve` is reached. */
  origin(): string;
  settings?: Partial<ScfSettings> | undefined;
  /** Is given every line that a function writes. */
  onLine?: ((line: string) => void) | undefined;
}

export interface Scf {
  /** What the API does for SCF, and for CLS as far as SCF's logs go, by `X-TC-Action`. */
  readonly actions: Readonly<Record<string, TencentAction>>;
  /** Answers below `/scf/`: function URLs and custom domains. */
  serve(request: LocalRequest): Promise<LocalReply>;
  /** Lets timers tick from now on. */
  startTimers(): void;
  /** Stops the timers, ends all instances, and takes nothing more. */
  close(): Promise<void>;
}

/** Tencent's SCF on this machine: functions, versions, aliases, triggers, domains, and instances that run what was uploaded. */
export const createScf = ({
  directory,
  clock,
  faults,
  temporaryKeys,
  readObject,
  origin,
  onLine,
  ...options
}: ScfOptions): Scf => {
  const settings = { ...defaultSettings, ...options.settings };
  const state = openScfState(join(directory, 'scf.json'));
  const codes = createCodeStore(join(directory, 'code'));
  const startTransition = createTransitions({ faults, clock, settings });
  const context: ScfContext = { state, codes, clock, faults, settings, readObject, origin, startTransition };
  const logs = createLogStore({ clock, onLine });
  const instances = createInstances(context, temporaryKeys);
  const invoker = createInvoker(context, instances, logs);
  const timers = createTimers(context, invoker);
  const front = createFront(context, invoker);
  const calls = createSecondCounts(clock);

  const assertTaken = (name: string, region: string | undefined) => {
    if (region !== undefined && !settings.regions.includes(region))
      throw new TencentApiError('UnsupportedRegion', `There is no region ${region}.`);
    calls.add(name);
    if (calls.of(name) > (settings.callsPerSecond ?? Number.POSITIVE_INFINITY))
      throw new TencentApiError('RequestLimitExceeded', `${name} is called too often.`);
  };

  /** What an action has changed is kept, and ticks. */
  const prepare = (name: string, action: TencentAction): TencentAction => ({
    ...action,
    async run(body, caller) {
      assertTaken(name, caller.region);
      removeGone(state, clock());
      const response = await action.run(body, caller);
      if (isReading(name)) return response;
      removeGone(state, clock());
      state.save();
      timers.sync();
      return response;
    },
  });
  const actions: Scf['actions'] = {
    ...createNamespaceActions(context),
    ...createFunctionActions(context),
    ...createVersionActions(context),
    ...createAliasActions(context),
    ...createTriggerActions(context),
    ...createConcurrencyActions(context),
    ...createDomainActions(context),
    ...createInvocationActions(context, { invoker, logs }),
    ...createClsActions(state, logs),
  };

  return {
    actions: Object.fromEntries(Object.entries(actions).map(([name, action]) => [name, prepare(name, action)])),
    async serve(request) {
      removeGone(state, clock());
      return front(request);
    },
    startTimers: timers.start,
    async close() {
      timers.stop();
      instances.close();
      await codes.close();
    },
  };
};

const isReading = (action: string): boolean => /^(Get|List|Search|Invoke)/.test(action);
