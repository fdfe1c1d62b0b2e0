import * as z from 'zod/mini';
import { TencentApiError } from '../api/action.ts';
import { type ScfActions, scfAction } from './action.ts';
import type { ScfContext } from './context.ts';
import { latest, latestOf, requireFunction, requireVersion } from './lookup.ts';
import type { ScfFunction, ScfState } from './state.ts';
import { assertStatus } from './status.ts';

const named = { FunctionName: z.string(), Namespace: z._default(z.string(), 'default') };
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

/** Memory that functions of a region have reserved: MB. */
export const reservedMemory = ({ functions }: ScfState, region: string): number =>
  functions.reduce((sum, fn) => sum + (fn.region === region ? (fn.reservedMemory ?? 0) : 0), 0);

/**
 * What reserves and provisions concurrency. Provisioned instances are recorded and not started.
 * Source: https://cloud.tencent.com/document/product/583/51247
 */
export const createConcurrencyActions = ({ state, clock, settings }: ScfContext): ScfActions => {
  const assertDone = (fn: ScfFunction, qualifier: string) => {
    const { doneAt = 0 } = fn.provisioned.find(({ Qualifier }) => Qualifier === qualifier) ?? {};
    if (clock() < doneAt)
      throw new TencentApiError('FailedOperation.ProvisionedInProgress', 'The version is being provisioned.');
  };

  const assertProvisionable = (fn: ScfFunction, region: string, instances: number) => {
    const memory = latestOf(fn).configuration.MemorySize;
    const rest = settings.concurrencyMemory - reservedMemory(state, region);
    if (fn.reservedMemory !== undefined && instances * memory > fn.reservedMemory)
      throw new TencentApiError('FailedOperation.ProvisionedExceedReserved', 'That is more than is reserved.');
    if (fn.reservedMemory === undefined && instances > Math.floor(rest / memory) - unprovisionable)
      throw new TencentApiError(
        'LimitExceeded.FunctionTotalProvisionedConcurrencyNum',
        'That is more than can be provisioned.',
      );
  };

  return {
    PutReservedConcurrencyConfig: scfAction(putReservedInput, (input, region) => {
      const fn = requireFunction(state, region, input);
      const others = reservedMemory(state, region) - (fn.reservedMemory ?? 0);
      if (others + input.ReservedConcurrencyMem > settings.concurrencyMemory - unreservableMemory)
        throw new TencentApiError(
          'LimitExceeded.FunctionReservedConcurrencyMemory',
          `${unreservableMemory} MB must stay unreserved.`,
        );
      if (provisionedInstances(fn) * latestOf(fn).configuration.MemorySize > input.ReservedConcurrencyMem)
        throw new TencentApiError('FailedOperation.ProvisionedExceedReserved', 'More than that is provisioned.');
      fn.reservedMemory = input.ReservedConcurrencyMem;
      return {};
    }),

    GetReservedConcurrencyConfig: scfAction(nameInput, (input, region) => ({
      ReservedMem: requireFunction(state, region, input).reservedMemory ?? null,
    })),

    DeleteReservedConcurrencyConfig: scfAction(nameInput, (input, region) => {
      delete requireFunction(state, region, input).reservedMemory;
      return {};
    }),

    PutProvisionedConcurrencyConfig: scfAction(putProvisionedInput, (input, region) => {
      const { Qualifier, VersionProvisionedConcurrencyNum: instances } = input;
      const fn = requireFunction(state, region, input);
      if (Qualifier === latest)
        throw new TencentApiError('InvalidParameterValue.Qualifier', '$LATEST cannot be provisioned.');
      const version = requireVersion(fn, Qualifier, 'ResourceNotFound.FunctionVersion');
      assertStatus(version, clock(), ['Active'], 'FailedOperation.FunctionVersionStatusNotActive');
      assertDone(fn, Qualifier);
      const others = fn.provisioned.filter((each) => each.Qualifier !== Qualifier);
      assertProvisionable(fn, region, instances + sumOf(others));
      fn.provisioned = [...others, { Qualifier, instances, doneAt: clock() + settings.settleMs }];
      return {};
    }),

    GetProvisionedConcurrencyConfig: scfAction(getProvisionedInput, (input, region) => {
      const fn = requireFunction(state, region, input);
      const rest = fn.reservedMemory ?? settings.concurrencyMemory - reservedMemory(state, region);
      const found = fn.provisioned.filter((each) => (input.Qualifier ?? each.Qualifier) === each.Qualifier);
      return {
        UnallocatedConcurrencyNum: Math.floor(rest / latestOf(fn).configuration.MemorySize) - provisionedInstances(fn),
        Allocated: found.map(({ Qualifier, instances, doneAt }) => ({
          Qualifier,
          AllocatedProvisionedConcurrencyNum: instances,
          AvailableProvisionedConcurrencyNum: clock() < doneAt ? 0 : instances,
          Status: clock() < doneAt ? 'InProgress' : 'Done',
          StatusReason: '',
          TriggerActions: [],
        })),
      };
    }),

    DeleteProvisionedConcurrencyConfig: scfAction(deleteProvisionedInput, (input, region) => {
      const fn = requireFunction(state, region, input);
      requireVersion(fn, input.Qualifier, 'ResourceNotFound.FunctionVersion');
      assertDone(fn, input.Qualifier);
      fn.provisioned = fn.provisioned.filter(({ Qualifier }) => Qualifier !== input.Qualifier);
      return {};
    }),
  };
};

const sumOf = (provisioned: ScfFunction['provisioned']) =>
  provisioned.reduce((sum, { instances }) => sum + instances, 0);

const provisionedInstances = (fn: ScfFunction) => sumOf(fn.provisioned);
