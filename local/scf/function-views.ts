import * as z from 'zod/mini';
import { TencentApiError } from '../api/action.ts';
import { provisionedMemory } from './concurrency.ts';
import type { ScfContext } from './context.ts';
import { latestOf } from './lookup.ts';
import { pageInput, pageOf } from './page.ts';
import type { FunctionVersion, ScfFunction } from './state.ts';
import { statusOf, timeText } from './status.ts';
import { describeTrigger } from './trigger-views.ts';

/** A version, as GetFunction answers. Which triggers it lists is not documented: all of the function's here, each with its qualifier. */
export const describeFunction = (fn: ScfFunction, version: FunctionVersion, { clock, origin }: ScfContext) => ({
  ...version.configuration,
  ...describeStatus(version, clock()),
  FunctionName: fn.name,
  FunctionId: fn.id,
  Namespace: fn.namespace,
  FunctionVersion: version.name,
  Qualifier: version.name,
  Handler: version.Handler,
  Runtime: version.Runtime,
  Type: 'Event',
  CodeSize: version.code.size,
  CodeInfo: '',
  CodeResult: 'success',
  CodeError: '',
  ErrNo: 0,
  UseGpu: 'FALSE',
  InstallDependency: 'FALSE',
  AvailableStatus: 'Available',
  Tags: fn.tags,
  Layers: [],
  AddTime: timeText(version.added),
  ModTime: timeText(version.modified),
  Triggers: fn.triggers.map((trigger) => describeTrigger(trigger, origin())),
});

const describeStatus = (version: FunctionVersion, now: number) => {
  const status = statusOf(version, now);
  const failure = status.endsWith('Failed') ? version.transition?.failure : undefined;
  return { Status: status, StatusDesc: failure?.ErrorMessage ?? '', StatusReasons: failure ? [failure] : [] };
};

export const listInput = z.strictObject({
  Namespace: z._default(z.string(), 'default'),
  SearchKey: z._default(z.string(), ''),
  Description: z._default(z.string(), ''),
  Order: z._default(z.enum(['ASC', 'DESC']), 'DESC'),
  Orderby: z._default(z.enum(['AddTime', 'ModTime', 'FunctionName']), 'ModTime'),
  Filters: z._default(
    z.array(z.strictObject({ Name: z.string(), Values: z.array(z.string()) })).check(z.maxLength(10)),
    [],
  ),
  ...pageInput,
});

/** A page of a namespace's functions, each with what `$LATEST` is. */
export const listFunctions = (input: z.output<typeof listInput>, region: string, { state, clock }: ScfContext) => {
  const now = clock();
  const found = state.functions
    .filter((fn) => fn.region === region && fn.namespace === input.Namespace && fn.name.includes(input.SearchKey))
    .filter((fn) => latestOf(fn).configuration.Description.includes(input.Description))
    .filter((fn) => input.Filters.every((filter) => matches(fn, filter, now)))
    .sort((a, b) => compare(sortKey(a, input.Orderby), sortKey(b, input.Orderby)));
  if (input.Order === 'DESC') found.reverse();
  return { TotalCount: found.length, Functions: pageOf(found, input).map((fn) => summarize(fn, now)) };
};

const summarize = (fn: ScfFunction, now: number) => {
  const version = latestOf(fn);
  return {
    ...describeStatus(version, now),
    FunctionName: fn.name,
    FunctionId: fn.id,
    Namespace: fn.namespace,
    Runtime: version.Runtime,
    Description: version.configuration.Description,
    Tags: fn.tags,
    Type: 'Event',
    AddTime: timeText(version.added),
    ModTime: timeText(version.modified),
    ReservedConcurrencyMem: fn.reservedMemory ?? null,
    TotalProvisionedConcurrencyMem: provisionedMemory(fn),
  };
};

const sortKey = (fn: ScfFunction, by: 'AddTime' | 'ModTime' | 'FunctionName'): string | number =>
  ({ AddTime: latestOf(fn).added, ModTime: latestOf(fn).modified, FunctionName: fn.name })[by];

const compare = <T extends string | number>(a: T, b: T): number => (a < b ? -1 : Number(a > b));

/** Source: https://cloud.tencent.com/document/api/583/18582 */
const matches = (fn: ScfFunction, { Name, Values }: { Name: string; Values: string[] }, now: number): boolean => {
  const version = latestOf(fn);
  if (Name.startsWith('tag-')) return fn.tags.some(({ Key, Value }) => `tag-${Key}` === Name && Values.includes(Value));
  if (Name === 'Status') return Values.includes(statusOf(version, now));
  if (Name === 'Runtime') return Values.includes(version.Runtime);
  if (Name === 'Role') return Values.includes(version.configuration.Role);
  throw new TencentApiError('InvalidParameterValue.Filters', `The filter ${Name} is not served here.`);
};
