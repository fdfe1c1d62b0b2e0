import * as z from 'zod/mini';
import { TencentApiError } from '../api/action.ts';
import { type ScfActions, scfAction } from './action.ts';
import { description } from './configuration.ts';
import type { ScfContext } from './context.ts';
import { latest, latestOf, named, requireFunction, requireVersion } from './lookup.ts';
import { pageInput, pageOf } from './page.ts';
import type { FunctionVersion, ScfFunction } from './state.ts';
import { assertStatus, settledStatuses, statusOf, timeText } from './status.ts';

const publishInput = z.strictObject({ ...named, Description: z.optional(description) });
const deleteInput = z.strictObject({ ...named, Qualifier: z.string(), ForceDelete: z.optional(z.string()) });
const listInput = z.strictObject({
  ...named,
  Order: z._default(z.enum(['ASC', 'DESC']), 'DESC'),
  OrderBy: z._default(z.enum(['AddTime', 'ModTime']), 'AddTime'),
  ...pageInput,
});

/** What publishes, lists and removes versions. Source: https://cloud.tencent.com/document/api/583/37357 */
export const createVersionActions = (context: ScfContext): ScfActions => {
  const { state, clock, startTransition } = context;
  return {
    /** The version is Publishing for a while; `$LATEST` stays as it is meanwhile, which is not documented. */
    PublishVersion: scfAction(publishInput, (input, region) => {
      const fn = requireFunction(state, region, input);
      const source = latestOf(fn);
      assertStatus(source, clock(), ['Active'], 'FailedOperation.PublishVersion');
      fn.published += 1;
      const version = publish(source, String(fn.published), input.Description, context);
      fn.versions.push({ ...version, transition: startTransition('Publishing') });
      return {
        FunctionVersion: version.name,
        CodeSize: version.code.size,
        MemorySize: version.configuration.MemorySize,
        Description: version.configuration.Description,
        Handler: version.Handler,
        Timeout: version.configuration.Timeout,
        Runtime: version.Runtime,
        Namespace: fn.namespace,
      };
    }),

    ListVersionByFunction: scfAction(listInput, (input, region) => {
      const { versions } = requireFunction(state, region, input);
      const by = input.OrderBy === 'AddTime' ? 'added' : 'modified';
      const sorted = versions.toSorted((a, b) => a[by] - b[by]);
      const page = pageOf(input.Order === 'DESC' ? sorted.reverse() : sorted, input);
      return {
        TotalCount: versions.length,
        FunctionVersion: page.map(({ name }) => name),
        Versions: page.map((version) => ({
          Version: version.name,
          Description: version.configuration.Description,
          Status: statusOf(version, clock()),
          AddTime: timeText(version.added),
          ModTime: timeText(version.modified),
        })),
      };
    }),

    DeleteFunctionVersion: scfAction(deleteInput, (input, region) =>
      deleteVersion(requireFunction(state, region, input), input.Qualifier, context),
    ),
  };
};

const publish = (
  source: FunctionVersion,
  name: string,
  description: string | undefined,
  { clock }: ScfContext,
): FunctionVersion => {
  const now = clock();
  return {
    ...source,
    name,
    revision: `${source.revision}/${name}`,
    configuration: { ...source.configuration, ...(description !== undefined && { Description: description }) },
    added: now,
    modified: now,
  };
};

/** Throws `FailedOperation.ProvisionedInProgress` while a function, or one version of it, has instances that are kept warm. */
export const assertUnprovisioned = ({ name, provisioned }: ScfFunction, version?: string): void => {
  if (provisioned.some(({ Qualifier }) => version === undefined || Qualifier === version))
    throw new TencentApiError('FailedOperation.ProvisionedInProgress', `Instances of ${name} are kept warm.`);
};

/** Removes a published version that no alias stands for. */
export const deleteVersion = (fn: ScfFunction, name: string, { clock }: Pick<ScfContext, 'clock'>): object => {
  if (name === latest)
    throw new TencentApiError('InvalidParameterValue.Qualifier', '$LATEST goes with its function only.');
  const version = requireVersion(fn, name, 'ResourceNotFound.Qualifier');
  assertStatus(version, clock(), settledStatuses, 'FailedOperation.DeleteFunction');
  const aliased = fn.aliases.flatMap(({ FunctionVersion, weights }) => [
    FunctionVersion,
    ...weights.map(({ Version }) => Version),
  ]);
  if (aliased.includes(name))
    throw new TencentApiError('UnsupportedOperation.AliasBind', `An alias stands for the version ${name}.`);
  assertUnprovisioned(fn, name);
  fn.versions.splice(fn.versions.indexOf(version), 1);
  fn.triggers = fn.triggers.filter(({ Qualifier }) => Qualifier !== name);
  return {};
};
