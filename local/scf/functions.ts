import { randomBytes, randomUUID } from 'node:crypto';
import * as z from 'zod/mini';
import { TencentApiError } from '../api/action.ts';
import { type ScfActions, scfAction } from './action.ts';
import { codeFields, readCode } from './code-input.ts';
import { assertReserved } from './concurrency.ts';
import { configurationInput, configure } from './configuration.ts';
import type { ScfContext } from './context.ts';
import { describeFunction, listFunctions, listInput } from './function-views.ts';
import {
  defaultAlias,
  type FunctionName,
  findFunction,
  latest,
  latestOf,
  named,
  requireFunction,
  requireNamespace,
  requireVersion,
} from './lookup.ts';
import { type FunctionVersion, type ScfFunction, tagSchema } from './state.ts';
import { assertStatus, type Status, settledStatuses } from './status.ts';
import { assertUnprovisioned, deleteVersion } from './versions.ts';

/** 2 to 60 characters. Source: https://cloud.tencent.com/document/api/583/18586 */
const functionName = z.string().check(z.regex(/^[A-Za-z][\w-]{0,58}[A-Za-z0-9]$/));
const handler = z.string().check(z.regex(/^[A-Za-z][\w-]{0,58}[A-Za-z]\.[A-Za-z][\w-]{0,58}[A-Za-z]$/));

/** Those of Node.js; the last is not in the API's list, and taken by SCF. Other languages do not run here. */
const runtime = z.enum([
  'Nodejs6.10',
  'Nodejs8.9',
  'Nodejs10.15',
  'Nodejs12.16',
  'Nodejs14.18',
  'Nodejs16.13',
  'Nodejs18.15',
  'Nodejs20.19',
]);

const createInput = z.strictObject({
  ...named,
  FunctionName: functionName,
  Code: z.strictObject(codeFields),
  CodeSource: z.optional(z.enum(['ZipFile', 'Cos'])),
  Handler: z._default(handler, 'index.main_handler'),
  Runtime: runtime,
  Type: z.optional(z.literal('Event')),
  Tags: z._default(z.array(tagSchema), []),
  ...configurationInput,
});

const updateCodeInput = z.strictObject({
  ...named,
  ...codeFields,
  Code: z.optional(z.strictObject(codeFields)),
  CodeSource: z.optional(z.enum(['ZipFile', 'Cos'])),
  Handler: z.optional(handler),
  InstallDependency: z.optional(z.literal('FALSE')),
  Publish: z.optional(z.literal('FALSE')),
});

const updateConfigurationInput = z.strictObject({
  ...named,
  ...configurationInput,
  Runtime: z.optional(z.string()),
  Publish: z.optional(z.literal('FALSE')),
});

const getInput = z.strictObject({
  ...named,
  Qualifier: z._default(z.string(), latest),
  ShowCode: z.optional(z.string()),
});
const deleteInput = z.strictObject({ ...named, Qualifier: z.optional(z.string()) });

/** Names and namespaces of functions. Source: https://cloud.tencent.com/document/product/583/11637 */
const maxNameLength = 118;

/** What failed to be created can only be removed. */
const updatable: readonly Status[] = ['Active', 'UpdateFailed'];

/** What makes, changes, shows and removes functions. Source: https://cloud.tencent.com/document/api/583/17235 */
export const createFunctionActions = (context: ScfContext): ScfActions => {
  const { state, clock, settings, codes, readObject, startTransition, origin } = context;

  /** Before the code is read, and again after it: somebody else may have been faster. */
  const assertNew = (region: string, name: FunctionName) => {
    const { Namespace, FunctionName } = name;
    requireNamespace(state, region, Namespace);
    if (Namespace.length + FunctionName.length > maxNameLength)
      throw new TencentApiError('InvalidParameterValue.FunctionName', 'The name is too long for its namespace.');
    if (findFunction(state, region, name))
      throw new TencentApiError('ResourceInUse.Function', `The function ${FunctionName} exists already.`);
    const there = state.functions.filter((fn) => fn.region === region && fn.namespace === Namespace);
    if (there.length >= settings.functionsPerNamespace)
      throw new TencentApiError('LimitExceeded.Function', 'The namespace is full.');
  };

  /** What an update changes, unless it was ordered to fail: then the function stays as it was. */
  const change = (version: FunctionVersion, update: Partial<FunctionVersion>) => {
    const transition = startTransition('Updating');
    const revision = randomUUID();
    Object.assign(version, transition.failure ? {} : { ...update, revision }, { transition, modified: clock() });
  };

  return {
    CreateFunction: scfAction(createInput, async (input, region) => {
      assertNew(region, input);
      const configuration = configure(input, settings);
      const code = await codes.put(await readCode(input.Code, region, readObject));
      assertNew(region, input);
      state.functions.push(newFunction(input, { region, configuration, code, context }));
      return {};
    }),

    UpdateFunctionCode: scfAction(updateCodeInput, async (input, region) => {
      // As above.
      const requireUpdatable = () => {
        const version = latestOf(requireFunction(state, region, input));
        assertStatus(version, clock(), updatable, 'FailedOperation.UpdateFunctionCode');
        return version;
      };
      requireUpdatable();
      const code = await codes.put(await readCode(input.Code ?? input, region, readObject));
      change(requireUpdatable(), { code, ...(input.Handler !== undefined && { Handler: input.Handler }) });
      return {};
    }),

    UpdateFunctionConfiguration: scfAction(updateConfigurationInput, (input, region) => {
      const fn = requireFunction(state, region, input);
      const version = latestOf(fn);
      assertStatus(version, clock(), updatable, 'FailedOperation.UpdateFunctionConfiguration');
      assertReserved(fn, clock());
      if (input.Runtime !== undefined && input.Runtime !== version.Runtime)
        throw new TencentApiError('InvalidParameterValue.Runtime', 'The runtime of a function cannot be changed.');
      change(version, { configuration: configure(input, settings, version.configuration) });
      return {};
    }),

    GetFunction: scfAction(getInput, (input, region) => {
      const fn = requireFunction(state, region, input);
      return describeFunction(fn, requireVersion(fn, input.Qualifier, 'ResourceNotFound.Version'), context);
    }),

    GetFunctionAddress: scfAction(z.omit(getInput, { ShowCode: true }), (input, region) => {
      const fn = requireFunction(state, region, input);
      const { sha256 } = requireVersion(fn, input.Qualifier, 'ResourceNotFound.Version').code;
      return { Url: `${origin()}/scf/code/${sha256}.zip`, CodeSha256: sha256 };
    }),

    ListFunctions: scfAction(listInput, (input, region) => {
      requireNamespace(state, region, input.Namespace);
      return listFunctions(input, region, context);
    }),

    DeleteFunction: scfAction(deleteInput, (input, region) => {
      const fn = requireFunction(state, region, input);
      if (input.Qualifier !== undefined) return deleteVersion(fn, input.Qualifier, context);
      assertStatus(latestOf(fn), clock(), settledStatuses, 'FailedOperation.DeleteFunction');
      assertUnprovisioned(fn);
      const transition = startTransition('Deleting');
      for (const version of fn.versions) version.transition = transition;
      return {};
    }),
  };
};

const newFunction = (
  input: z.output<typeof createInput>,
  {
    region,
    configuration,
    code,
    context,
  }: Pick<FunctionVersion, 'configuration' | 'code'> & { region: string; context: ScfContext },
): ScfFunction => {
  const now = context.clock();
  return {
    region,
    namespace: input.Namespace,
    name: input.FunctionName,
    id: `lam-${randomBytes(4).toString('hex')}`,
    tags: input.Tags,
    versions: [
      {
        name: latest,
        Handler: input.Handler,
        Runtime: input.Runtime,
        configuration,
        code,
        revision: randomUUID(),
        transition: context.startTransition('Creating'),
        added: now,
        modified: now,
      },
    ],
    published: 0,
    aliases: [{ Name: defaultAlias, FunctionVersion: latest, Description: '', weights: [], added: now, modified: now }],
    triggers: [],
    provisioned: [],
  };
};
