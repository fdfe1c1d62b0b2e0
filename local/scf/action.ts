import type * as z from 'zod/mini';
import { type TencentAction, TencentApiError } from '../api/action.ts';
import { type ParameterCodes, parseInput } from '../api/input.ts';
import { tellable } from './tellable.ts';

/** SCF's actions by their `X-TC-Action`. */
export type ScfActions = Readonly<Record<string, TencentAction>>;

/** Parameters that have a code of their own. Source: the error codes of https://cloud.tencent.com/document/api/583/17244 */
const named: ReadonlySet<string> = new Set([
  'Code',
  'CosBucketName',
  'CosBucketRegion',
  'CosObjectName',
  'CustomArgument',
  'Description',
  'Enable',
  'Environment',
  'Filters',
  'FunctionName',
  'Handler',
  'Limit',
  'MemorySize',
  'Name',
  'Namespace',
  'Offset',
  'Order',
  'OrderBy',
  'Orderby',
  'PublicNetConfig',
  'Qualifier',
  'RoutingConfig',
  'Runtime',
  'TriggerDesc',
  'TriggerName',
  'Type',
  'ZipFile',
]);

const codes: ParameterCodes = {
  missing: (name) => (name === 'Code' || name === 'Runtime' ? `MissingParameter.${name}` : 'MissingParameter'),
  invalid: (name) => (named.has(name) ? `InvalidParameterValue.${name}` : 'InvalidParameterValue'),
};

/** An action of SCF, whose calls all name a region. */
export const scfAction = <T>(
  schema: z.ZodMiniType<T>,
  run: (input: T, region: string) => object | Promise<object>,
): TencentAction => ({
  service: 'scf',
  version: '2018-04-16',
  run(body, { region }) {
    if (region === undefined) throw new TencentApiError('MissingParameter', 'The header X-TC-Region is missing.');
    return run(parseInput(schema, body, codes), region);
  },
  tellable,
});
