import { join } from 'node:path';
import type { TencentAction } from '../api/action.ts';
import type { TemporaryKeys } from '../api/temporary-keys.ts';
import type { Faults } from '../faults.ts';
import type { LocalReply, LocalRequest } from '../http.ts';
import type { ScfActions } from './action.ts';
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
import { createTransitions } from './status.ts';
import { createTimers } from './timers.ts';
import { createTriggerActions } from './triggers.ts';
import { createVersionActions } from './versions.ts';

export interface ScfOptions {
  /** Where functions and their code outlive the process. */
  directory: string;
  /** Milliseconds since 1970. */
  clock(): number;
  /** By action, and by the statuses `Creating`, `Updating` and `Publishing`. */
  faults: Faults;
  /** Roles' keys are made from it. */
  temporaryKeys: Pick<TemporaryKeys, 'issue'>;
  readObject: ReadObject;
  /** Where `serve` is reached. */
  origin(): string;
  settings?: Partial<ScfSettings> | undefined;
}

export interface Scf {
  /** What the API does for SCF, and for CLS as far as SCF's logs go, by `X-TC-Action`. */
  readonly actions: Readonly<Record<string, TencentAction>>;
  /** Answers below `/scf/`: function URLs and custom domains. */
  serve(request: LocalRequest): Promise<LocalReply>;
  /** Stops the timers and ends all instances. */
  close(): void;
}

/** Tencent's SCF on this machine: functions, versions, aliases, triggers, domains, and instances that run what was uploaded. */
export const createScf = ({
  directory,
  clock,
  faults,
  temporaryKeys,
  readObject,
  origin,
  ...options
}: ScfOptions): Scf => {
  const settings = { ...defaultSettings, ...options.settings };
  const state = openScfState(join(directory, 'scf.json'));
  const codes = createCodeStore(join(directory, 'code'));
  const startTransition = createTransitions({ faults, clock, settings });
  const context: ScfContext = { state, codes, clock, faults, settings, readObject, origin, startTransition };
  const logs = createLogStore(clock);
  const instances = createInstances(context, temporaryKeys);
  const invoker = createInvoker(context, instances, logs);
  const timers = createTimers(context, invoker);
  timers.sync();

  /** What an action has changed is kept, and ticks. */
  const keeping = (action: TencentAction): TencentAction => ({
    ...action,
    async run(body, caller) {
      const response = await action.run(body, caller);
      state.save();
      timers.sync();
      return response;
    },
  });
  const actions: ScfActions = {
    ...createNamespaceActions(context),
    ...createFunctionActions(context),
    ...createVersionActions(context),
    ...createAliasActions(context),
    ...createTriggerActions(context),
    ...createConcurrencyActions(context),
    ...createDomainActions(context),
    ...createInvocationActions(context, { invoker, logs }),
  };
  const kept = Object.entries(actions).map(([name, action]) => [name, isReading(name) ? action : keeping(action)]);

  return {
    actions: { ...Object.fromEntries(kept), ...createClsActions(logs) },
    serve: createFront(context, invoker),
    close() {
      timers.stop();
      instances.close();
      codes.close();
    },
  };
};

const isReading = (action: string): boolean => /^(Get|List|Invoke)/.test(action);
