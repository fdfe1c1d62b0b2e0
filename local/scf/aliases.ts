import * as z from 'zod/mini';
import { TencentApiError } from '../api/action.ts';
import { type ScfActions, scfAction } from './action.ts';
import { description } from './configuration.ts';
import type { ScfContext } from './context.ts';
import { defaultAlias, named, requireFunction, requireVersion } from './lookup.ts';
import { pageOf } from './page.ts';
import { type ScfFunction, weightSchema } from './state.ts';
import { assertStatus, timeText } from './status.ts';

type Alias = ScfFunction['aliases'][number];

/** A letter, then letters, digits, `_` and `-`: 64 at most. Source: https://cloud.tencent.com/document/api/583/36325 */
const aliasName = z.string().check(z.regex(/^[A-Za-z][\w-]{0,63}$/));

const target = {
  FunctionVersion: z.string(),
  Description: z.optional(description),
  RoutingConfig: z.optional(
    z.strictObject({
      AdditionalVersionWeights: z.optional(z.array(weightSchema).check(z.maxLength(1))),
      AddtionVersionMatchs: z.optional(z.array(z.unknown()).check(z.maxLength(0))),
    }),
  ),
};

const createInput = z.strictObject({ ...named, ...target, Name: aliasName });
const updateInput = z.strictObject({ ...named, ...target, Name: z.string() });
const nameInput = z.strictObject({ ...named, Name: z.string() });

/** The only numbers of the API that are texts. */
const numeric = (byDefault: string) =>
  z.pipe(z._default(z.string().check(z.regex(/^\d{1,4}$/)), byDefault), z.transform(Number));

const listInput = z.strictObject({
  ...named,
  FunctionVersion: z.optional(z.string()),
  Offset: numeric('0'),
  Limit: numeric('20'),
});

/**
 * What makes aliases, moves and removes them. The share of a second version is kept and shown; all calls go to the first.
 * Source: https://cloud.tencent.com/document/api/583/36324
 */
export const createAliasActions = ({ state, clock }: ScfContext): ScfActions => {
  /** An alias may stand for what is Active only: no call must find nothing behind it. */
  const assertTarget = (
    fn: ScfFunction,
    { FunctionVersion, weights }: Pick<Alias, 'FunctionVersion' | 'weights'>,
    code: `FailedOperation.${'Create' | 'Update'}Alias`,
  ) => {
    for (const name of [FunctionVersion, ...weights.map(({ Version }) => Version)])
      assertStatus(requireVersion(fn, name, 'ResourceNotFound.FunctionVersion'), clock(), ['Active'], code);
    if (weights.some(({ Version }) => Version === FunctionVersion))
      throw new TencentApiError(
        'InvalidParameterValue.AdditionalVersionWeights',
        `The version ${FunctionVersion} cannot be the second version, too.`,
      );
  };

  return {
    CreateAlias: scfAction(createInput, (input, region) => {
      const fn = requireFunction(state, region, input);
      if (fn.aliases.some(({ Name }) => Name === input.Name))
        throw new TencentApiError('ResourceInUse.Alias', `The alias ${input.Name} exists already.`);
      const { Name, FunctionVersion, Description = '', RoutingConfig } = input;
      const weights = RoutingConfig?.AdditionalVersionWeights ?? [];
      assertTarget(fn, { FunctionVersion, weights }, 'FailedOperation.CreateAlias');
      fn.aliases.push({ Name, FunctionVersion, Description, weights, added: clock(), modified: clock() });
      return {};
    }),

    UpdateAlias: scfAction(updateInput, (input, region) => {
      const fn = requireFunction(state, region, input);
      const alias = requireAlias(fn, input.Name);
      const { FunctionVersion, Description = alias.Description, RoutingConfig } = input;
      const weights = RoutingConfig?.AdditionalVersionWeights ?? alias.weights;
      assertTarget(fn, { FunctionVersion, weights }, 'FailedOperation.UpdateAlias');
      Object.assign(alias, { FunctionVersion, Description, weights, modified: clock() });
      return {};
    }),

    GetAlias: scfAction(nameInput, (input, region) =>
      describeAlias(requireAlias(requireFunction(state, region, input), input.Name)),
    ),

    ListAliases: scfAction(listInput, (input, region) => {
      const { aliases } = requireFunction(state, region, input);
      const { FunctionVersion: version } = input;
      const found = aliases.filter(({ FunctionVersion }) => version === undefined || FunctionVersion === version);
      return { TotalCount: found.length, Aliases: pageOf(found, input).map(describeAlias) };
    }),

    DeleteAlias: scfAction(nameInput, (input, region) => {
      if (input.Name === defaultAlias)
        throw new TencentApiError('InvalidParameterValue.Alias', 'The default alias cannot be deleted.');
      const fn = requireFunction(state, region, input);
      const alias = requireAlias(fn, input.Name);
      fn.aliases.splice(fn.aliases.indexOf(alias), 1);
      fn.triggers = fn.triggers.filter(({ Qualifier }) => Qualifier !== input.Name);
      return {};
    }),
  };
};

const requireAlias = ({ aliases, name }: ScfFunction, alias: string): Alias => {
  const found = aliases.find(({ Name }) => Name === alias);
  if (!found) throw new TencentApiError('ResourceNotFound.Alias', `The function ${name} has no alias ${alias}.`);
  return found;
};

const describeAlias = ({ Name, FunctionVersion, Description, weights, added, modified }: Alias) => ({
  Name,
  FunctionVersion,
  Description,
  RoutingConfig: { AdditionalVersionWeights: weights, AddtionVersionMatchs: [] },
  AddTime: timeText(added),
  ModTime: timeText(modified),
});
