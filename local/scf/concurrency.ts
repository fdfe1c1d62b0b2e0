import * as z from 'zod/mini';
import { TencentApiError } from '../api/action.ts';
import { type ScfActions, scfAction } from './action.ts';
import type { ScfContext } from './context.ts';
import { latest, latestOf, named, requireFunction, requireVersion } from './lookup.ts';
import type { FunctionVersion, ScfFunction, ScfState } from './state.ts';
import { assertStatus } from './status.ts';

const nameInput = z.strictObject(named);
const putReservedInput = z.strictObject({ ...named, ReservedConcurrencyMem: z.int().check(z.minimum(0)) });
const putProvisionedInput = z.strictObject({
  ...named,
  Qualifier: z.string(),
  VersionProvisionedConcurrencyNum: z.int().check(z.minimum(1)),
  ProvisionedType: z.optional(z.literal('Default')),
});
const getProvisionedInput = z.strictObject({ ...named, Qualifier: z.optional(z.string()) });
const deleteProvisionedInput = z.strictObject({ ...named, Qualifier: z.string() });

/** Memory that nobody may reserve, and instances of a function that cannot be provisioned. */
const unreservableMemory = 12_800;
const unprovisionable = 100;

type Provisioned = ScfFunction['provisioned'];

/** Memory that functions of a region have reserved: MB. */
export const reservedMemory = ({ functions }: ScfState, region: string): number =>
  functions.reduce((sum, fn) => sum + (fn.region === region ? (fn.reservedMemory ?? 0) : 0), 0);

/** Memory of the instances that are kept warm, each as large as its own version says: MB. */
export const provisionedMemory = (fn: ScfFunction, provisioned: Provisioned = fn.provisioned): number =>
  provisioned.reduce(
    (sum, { Qualifier, instances }) =>
      sum + instances * memoryOf(requireVersion(fn, Qualifier, 'ResourceNotFound.Version')),
    0,
  );

/** Throws `FailedOperation.ReservedInProgress`. */
export const assertReserved = ({ name, reservedAt = 0 }: ScfFunction, now: number): void => {
  if (now < reservedAt)
    throw new TencentApiError('FailedOperation.ReservedInProgress', `The concurrency of ${name} is being reserved.`);
};

/**
 * What reserves and provisions concurrency. Provisioned instances are recorded and not started.
 * Source: https://cloud.tencent.com/document/product/583/51247
 */
export const createConcurrencyActions = ({ state, clock, settings, startTransition }: ScfContext): ScfActions => {
  const reserve = (fn: ScfFunction, memory: number | undefined) => {
    if (memory === undefined) delete fn.reservedMemory;
    else fn.reservedMemory = memory;
    fn.reservedAt = startTransition('Reserving').until;
    return {};
  };

  /** What the version has of others, once nothing is being done to its own. */
  const othersOf = (fn: ScfFunction, qualifier: string): Provisioned => {
    const { doneAt = 0 } = fn.provisioned.find(({ Qualifier }) => Qualifier === qualifier) ?? {};
    if (clock() < doneAt)
      throw new TencentApiError('FailedOperation.ProvisionedInProgress', 'The version is being provisioned.');
    return fn.provisioned.filter(({ Qualifier }) => Qualifier !== qualifier);
  };

  const assertProvisionable = (fn: ScfFunction, region: string, wanted: Provisioned, unit: number) => {
    const memory = provisionedMemory(fn, wanted);
    const rest = settings.concurrencyMemory - reservedMemory(state, region);
    if (fn.reservedMemory !== undefined && memory > fn.reservedMemory)
      throw new TencentApiError('FailedOperation.ProvisionedExceedReserved', 'That is more than is reserved.');
    if (fn.reservedMemory === undefined && memory > rest - unprovisionable * unit)
      throw new TencentApiError(
        'LimitExceeded.FunctionTotalProvisionedConcurrencyNum',
        'That is more than can be provisioned.',
      );
  };

  const describeProvisioned = ({ Qualifier, instances, doneAt, failure }: Provisioned[number]) => {
    // What is given up is listed until it has gone.
    const isDone = instances > 0 && clock() >= doneAt;
    return {
      Qualifier,
      AllocatedProvisionedConcurrencyNum: instances,
      AvailableProvisionedConcurrencyNum: isDone && !failure ? instances : 0,
      Status: !isDone ? 'InProgress' : failure ? 'Failed' : 'Done',
      StatusReason: isDone && failure ? `${failure.ErrorCode}: ${failure.ErrorMessage}` : '',
      TriggerActions: null,
    };
  };

  return {
    PutReservedConcurrencyConfig: scfAction(putReservedInput, (input, region) => {
      const fn = requireFunction(state, region, input);
      assertStatus(latestOf(fn), clock(), ['Active'], 'FailedOperation.FunctionVersionStatusNotActive');
      assertReserved(fn, clock());
      const others = reservedMemory(state, region) - (fn.reservedMemory ?? 0);
      if (others + input.ReservedConcurrencyMem > settings.concurrencyMemory - unreservableMemory)
        throw new TencentApiError(
          'LimitExceeded.FunctionReservedConcurrencyMemory',
          `${unreservableMemory} MB must stay unreserved.`,
        );
      if (provisionedMemory(fn) > input.ReservedConcurrencyMem)
        throw new TencentApiError('FailedOperation.ProvisionedExceedReserved', 'More than that is provisioned.');
      return reserve(fn, input.ReservedConcurrencyMem);
    }),

    GetReservedConcurrencyConfig: scfAction(nameInput, (input, region) => ({
      ReservedMem: requireFunction(state, region, input).reservedMemory ?? null,
    })),

    DeleteReservedConcurrencyConfig: scfAction(nameInput, (input, region) => {
      const fn = requireFunction(state, region, input);
      assertReserved(fn, clock());
      return reserve(fn, undefined);
    }),

    PutProvisionedConcurrencyConfig: scfAction(putProvisionedInput, (input, region) => {
      const { Qualifier, VersionProvisionedConcurrencyNum: instances } = input;
      const fn = requireFunction(state, region, input);
      if (Qualifier === latest)
        throw new TencentApiError('InvalidParameterValue.Qualifier', '$LATEST cannot be provisioned.');
      const version = requireVersion(fn, Qualifier, 'ResourceNotFound.FunctionVersion');
      assertStatus(version, clock(), ['Active'], 'FailedOperation.FunctionVersionStatusNotActive');
      const others = othersOf(fn, Qualifier);
      assertProvisionable(fn, region, [...others, { Qualifier, instances, doneAt: 0 }], memoryOf(version));
      const { until: doneAt, failure } = startTransition('Provisioning');
      fn.provisioned = [...others, { Qualifier, instances, doneAt, ...(failure && { failure }) }];
      return {};
    }),

    GetProvisionedConcurrencyConfig: scfAction(getProvisionedInput, (input, region) => {
      const fn = requireFunction(state, region, input);
      const rest = fn.reservedMemory ?? settings.concurrencyMemory - reservedMemory(state, region);
      const found = fn.provisioned.filter((each) => (input.Qualifier ?? each.Qualifier) === each.Qualifier);
      return {
        UnallocatedConcurrencyNum: Math.floor((rest - provisionedMemory(fn)) / memoryOf(latestOf(fn))),
        Allocated: found.map(describeProvisioned),
      };
    }),

    DeleteProvisionedConcurrencyConfig: scfAction(deleteProvisionedInput, (input, region) => {
      const { Qualifier } = input;
      const fn = requireFunction(state, region, input);
      requireVersion(fn, Qualifier, 'ResourceNotFound.FunctionVersion');
      const others = othersOf(fn, Qualifier);
      if (others.length < fn.provisioned.length)
        fn.provisioned = [...others, { Qualifier, instances: 0, doneAt: startTransition('Provisioning').until }];
      return {};
    }),
  };
};

const memoryOf = ({ configuration }: FunctionVersion): number => configuration.MemorySize;
