import * as z from 'zod/mini';
import { TencentApiError } from '../api/action.ts';
import type { FunctionVersion, ScfFunction, ScfState } from './state.ts';

export const latest = '$LATEST';
/** The alias that every function has from the start. */
export const defaultAlias = '$DEFAULT';

/** How a call names a function. */
export const named = { FunctionName: z.string(), Namespace: z._default(z.string(), 'default') };

export interface FunctionName {
  Namespace: string;
  FunctionName: string;
}

export const findFunction = (
  { functions }: ScfState,
  region: string,
  { Namespace, FunctionName }: FunctionName,
): ScfFunction | undefined =>
  functions.find((fn) => fn.region === region && fn.namespace === Namespace && fn.name === FunctionName);

/** Throws `ResourceNotFound.Namespace`. */
export const requireNamespace = ({ namespaces }: ScfState, region: string, name: string): void => {
  if (name !== 'default' && !namespaces.some((each) => each.region === region && each.name === name))
    throw new TencentApiError('ResourceNotFound.Namespace', `The namespace ${name} does not exist.`);
};

/** Throws `ResourceNotFound.Namespace` or `ResourceNotFound.Function`. */
export const requireFunction = (state: ScfState, region: string, name: FunctionName): ScfFunction => {
  requireNamespace(state, region, name.Namespace);
  const fn = findFunction(state, region, name);
  if (!fn) throw new TencentApiError('ResourceNotFound.Function', `The function ${name.FunctionName} does not exist.`);
  return fn;
};

export const findVersion = ({ versions }: ScfFunction, name: string): FunctionVersion | undefined =>
  versions.find((version) => version.name === name);

/** Throws with the code that the action has for a version that does not exist. */
export const requireVersion = (
  fn: ScfFunction,
  name: string,
  code: `ResourceNotFound.${'Version' | 'FunctionVersion' | 'Qualifier'}`,
): FunctionVersion => {
  const version = findVersion(fn, name);
  if (!version) throw new TencentApiError(code, `The version ${name} of ${fn.name} does not exist.`);
  return version;
};

export const latestOf = (fn: ScfFunction): FunctionVersion => requireVersion(fn, latest, 'ResourceNotFound.Version');

/** The version that a qualifier stands for: a version's name or an alias. */
export const findQualified = (fn: ScfFunction, qualifier: string): FunctionVersion | undefined => {
  const alias = fn.aliases.find(({ Name }) => Name === qualifier);
  return findVersion(fn, alias?.FunctionVersion ?? qualifier);
};

/** The same. Throws `ResourceNotFound.Qualifier`. */
export const resolveQualifier = (fn: ScfFunction, qualifier: string): FunctionVersion => {
  const version = findQualified(fn, qualifier);
  if (!version) throw new TencentApiError('ResourceNotFound.Qualifier', `${fn.name} has no ${qualifier}.`);
  return version;
};
