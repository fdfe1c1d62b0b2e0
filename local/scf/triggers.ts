import { randomBytes } from 'node:crypto';
import { Cron } from 'croner';
import * as z from 'zod/mini';
import { TencentApiError } from '../api/action.ts';
import { type ScfActions, scfAction } from './action.ts';
import type { ScfContext } from './context.ts';
import { latest, latestOf, named, requireFunction, resolveQualifier } from './lookup.ts';
import { pageInput, pageOf } from './page.ts';
import type { ScfFunction, Trigger } from './state.ts';
import { assertStatus } from './status.ts';
import { describeTrigger } from './trigger-views.ts';

const type = z.enum(['http', 'timer']);
const enable = z.enum(['OPEN', 'CLOSE']);

const triggerName = {
  ...named,
  Qualifier: z._default(z.string(), latest),
  TriggerName: z.string().check(z.regex(/^[\w-]{1,100}$/)),
  Type: type,
};

const details = {
  CustomArgument: z.optional(z.string().check(z.maxLength(4096))),
  Description: z.optional(z.string()),
};

const createInput = z.strictObject({
  ...triggerName,
  ...details,
  TriggerDesc: z.string(),
  Enable: z._default(enable, 'OPEN'),
});
const updateInput = z.strictObject({
  ...triggerName,
  ...details,
  TriggerDesc: z.optional(z.string()),
  Enable: z.optional(enable),
});
const updateStatusInput = z.strictObject({ ...triggerName, TriggerDesc: z.optional(z.string()), Enable: enable });
const deleteInput = z.strictObject({ ...triggerName, TriggerDesc: z.optional(z.string()) });
const listInput = z.strictObject({
  ...named,
  OrderBy: z._default(z.enum(['add_time', 'mod_time']), 'mod_time'),
  Order: z._default(z.enum(['ASC', 'DESC']), 'DESC'),
  Filters: z._default(
    z.array(z.strictObject({ Name: z.enum(['Qualifier', 'TriggerName', 'Description']), Values: z.array(z.string()) })),
    [],
  ),
  ...pageInput,
});

/** Of one type. Source: https://cloud.tencent.com/document/product/583/11637 */
const maxTriggers = 10;

/** What binds function URLs and timers to versions and aliases. Source: https://cloud.tencent.com/document/api/583/18589 */
export const createTriggerActions = ({ state, clock, origin }: ScfContext): ScfActions => {
  const update = (trigger: Trigger, input: Partial<z.output<typeof updateInput>>) => {
    const { TriggerDesc, Enable } = input;
    if (TriggerDesc !== undefined) trigger.TriggerDesc = readDescription(trigger.Type, TriggerDesc);
    if (Enable !== undefined) trigger.isOpen = Enable === 'OPEN';
    trigger.CustomArgument = input.CustomArgument ?? trigger.CustomArgument;
    trigger.Description = input.Description ?? trigger.Description;
    trigger.modified = clock();
    return {};
  };

  return {
    CreateTrigger: scfAction(createInput, (input, region) => {
      const fn = requireFunction(state, region, input);
      assertStatus(latestOf(fn), clock(), ['Active'], 'FailedOperation.CreateTrigger');
      resolveQualifier(fn, input.Qualifier);
      const TriggerDesc = readDescription(input.Type, input.TriggerDesc);
      assertRoom(fn, input);
      const { Type, TriggerName, Qualifier, CustomArgument = '', Description = '' } = input;
      const trigger: Trigger = {
        ...{ Type, TriggerName, Qualifier, TriggerDesc, CustomArgument, Description },
        isOpen: input.Enable === 'OPEN',
        ...(Type === 'http' && { urlId: randomBytes(5).toString('hex') }),
        added: clock(),
        modified: clock(),
      };
      fn.triggers.push(trigger);
      return { TriggerInfo: describeTrigger(trigger, origin()) };
    }),

    UpdateTrigger: scfAction(updateInput, (input, region) =>
      update(requireTrigger(requireFunction(state, region, input), input), input),
    ),

    /** Of the triggers that there are here, timers only. */
    UpdateTriggerStatus: scfAction(updateStatusInput, (input, region) => {
      if (input.Type !== 'timer')
        throw new TencentApiError('InvalidParameterValue.Type', 'Only timers can be switched on and off.');
      const trigger = requireTrigger(requireFunction(state, region, input), input);
      return update(trigger, { Enable: input.Enable });
    }),

    ListTriggers: scfAction(listInput, (input, region) => {
      const fn = requireFunction(state, region, input);
      const by = input.OrderBy === 'add_time' ? 'added' : 'modified';
      const found = fn.triggers
        .filter((trigger) => input.Filters.every(({ Name, Values }) => Values.includes(trigger[Name])))
        .sort((a, b) => a[by] - b[by]);
      if (input.Order === 'DESC') found.reverse();
      const page = pageOf(found, input).map((trigger) => describeTrigger(trigger, origin()));
      return { TotalCount: found.length, Triggers: page };
    }),

    DeleteTrigger: scfAction(deleteInput, (input, region) => {
      const fn = requireFunction(state, region, input);
      fn.triggers.splice(fn.triggers.indexOf(requireTrigger(fn, input)), 1);
      return {};
    }),
  };
};

type TriggerName = Pick<Trigger, 'Type' | 'TriggerName' | 'Qualifier'>;

const isSame = (a: TriggerName, b: TriggerName) =>
  a.Type === b.Type && a.TriggerName === b.TriggerName && a.Qualifier === b.Qualifier;

const requireTrigger = (fn: ScfFunction, name: TriggerName): Trigger => {
  const trigger = fn.triggers.find((each) => isSame(each, name));
  if (!trigger)
    throw new TencentApiError(
      'ResourceNotFound.Trigger',
      `${fn.name} has no ${name.Type} trigger ${name.TriggerName} at ${name.Qualifier}.`,
    );
  return trigger;
};

/** Each version and each alias has one URL at most. Source: https://cloud.tencent.com/document/product/583/100227 */
const assertRoom = (fn: ScfFunction, name: TriggerName): void => {
  const others = fn.triggers.filter(({ Type }) => Type === name.Type);
  if (others.some((other) => isSame(other, name)))
    throw new TencentApiError('ResourceInUse.Trigger', `The trigger ${name.TriggerName} exists already.`);
  if (name.Type === 'http' && others.some(({ Qualifier }) => Qualifier === name.Qualifier))
    throw new TencentApiError('ResourceInUse.Trigger', `${name.Qualifier} has a URL already.`);
  if (others.length >= maxTriggers)
    throw new TencentApiError('LimitExceeded.Trigger', `${fn.name} has ${maxTriggers} triggers of this type.`);
};

/** Source: https://cloud.tencent.com/document/product/583/100227. Calls that CAM would have to authorize are not served here. */
const urlDescription = z.strictObject({
  AuthType: z.literal('NONE'),
  NetConfig: z.strictObject({ EnableIntranet: z.boolean(), EnableExtranet: z.boolean() }),
  CorsConfig: z.optional(z.strictObject({ Enable: z.literal(false) })),
});

const cronDescription = z.object({ cron: z.string() });

/** The settings of a URL as JSON, or a timer's bare pattern. Throws `InvalidParameterValue.TriggerDesc`. */
const readDescription = (triggerType: Trigger['Type'], text: string): string => {
  const parsed = parseJson(text);
  if (triggerType === 'timer') return requireCron(cronDescription.safeParse(parsed).data?.cron ?? text);
  const { data } = urlDescription.safeParse(parsed);
  if (!data) throw new TencentApiError('InvalidParameterValue.TriggerDesc', 'AuthType or NetConfig is not valid.');
  return JSON.stringify(data);
};

/** Five fields or seven, seconds first. Source: https://cloud.tencent.com/document/product/583/9708 */
const requireCron = (pattern: string): string => {
  try {
    if (![5, 7].includes(pattern.split(' ').length)) throw new Error('Five fields or seven.');
    new Cron(pattern, { paused: true });
    return pattern;
  } catch {
    throw new TencentApiError('InvalidParameterValue.TriggerDesc', 'The cron expression is not valid.');
  }
};

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    // A bare cron expression, or nothing of use.
    return undefined;
  }
};
