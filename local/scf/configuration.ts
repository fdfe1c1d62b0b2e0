import * as z from 'zod/mini';
import { TencentApiError } from '../api/action.ts';
import type { ScfSettings } from './settings.ts';
import { type Configuration, variableSchema } from './state.ts';

/**
 * A thousand letters, digits, spaces, commas and full stops, or Chinese; line breaks too, but only when a function is
 * created. Nothing else is documented: no hyphen, no colon, no apostrophe.
 * Source: https://cloud.tencent.com/document/api/583/18580
 */
export const description = z.string().check(z.maxLength(1000), z.regex(/^[\p{Script=Han}A-Za-z0-9 ,.，。、]*$/u));

const onOff = z.enum(['ENABLE', 'DISABLE']);
const vpcPattern = /^(vpc-[a-z0-9]+)?$/;
const subnetPattern = /^(subnet-[a-z0-9]+)?$/;

/** What CreateFunction and UpdateFunctionConfiguration have in common. */
export const configurationInput = {
  Description: z.optional(description),
  MemorySize: z.optional(z.int()),
  Timeout: z.optional(z.int()),
  Environment: z.optional(z.strictObject({ Variables: z.optional(z.array(variableSchema)) })),
  VpcConfig: z.optional(z.strictObject({ VpcId: z.string(), SubnetId: z.string() })),
  PublicNetConfig: z.optional(
    z.strictObject({
      PublicNetStatus: onOff,
      EipConfig: z.optional(z.strictObject({ EipStatus: onOff })),
    }),
  ),
  Role: z.optional(z.string()),
  InitTimeout: z.optional(z.int().check(z.minimum(3), z.maximum(300))),
  ClsLogsetId: z.optional(z.string()),
  ClsTopicId: z.optional(z.string()),
  InstallDependency: z.optional(z.literal('FALSE')),
};

const configurationFields = z.object(configurationInput);

type Variables = Configuration['Environment']['Variables'];

/** The topic that takes the lines of functions that name none. */
export const defaultTopicId = '5cf10000-0000-4000-8000-000000000001';

const defaults: Configuration = {
  Description: '',
  MemorySize: 128,
  Timeout: 3,
  Environment: { Variables: [] },
  VpcConfig: { VpcId: '', SubnetId: '' },
  PublicNetConfig: { PublicNetStatus: 'ENABLE', EipConfig: { EipStatus: 'DISABLE' } },
  Role: '',
  InitTimeout: 65,
  ClsLogsetId: '5cf10000-0000-4000-8000-000000000000',
  ClsTopicId: defaultTopicId,
};

/**
 * The configuration after a call: what it leaves out stays, and what it says besides is not looked at. Throws a
 * `TencentApiError` for what SCF does not take.
 */
export const configure = (
  input: z.output<typeof configurationFields>,
  { roles }: Pick<ScfSettings, 'roles'>,
  before: Configuration = defaults,
): Configuration => {
  const { Environment, PublicNetConfig, InstallDependency: _, ...rest } = configurationFields.parse(input);
  const after: Configuration = {
    ...before,
    ...rest,
    Environment: { Variables: readVariables(Environment?.Variables) ?? before.Environment.Variables },
    PublicNetConfig: { ...before.PublicNetConfig, ...PublicNetConfig },
  };
  assertMemory(after.MemorySize);
  assertTimeout(after.Timeout);
  assertEnvironment(after.Environment.Variables);
  assertVpc(after.VpcConfig);
  if (after.Role !== '' && roles && !roles.includes(after.Role))
    throw new TencentApiError('ResourceNotFound.Role', `The role ${after.Role} does not exist.`);
  return after;
};

/** An empty list is as good as none; one variable without a name and a value, as Tencent's own tools send it, clears them. */
const readVariables = (given: Variables = []): Variables | undefined => {
  if (given.length === 0) return undefined;
  return given.every(({ Key, Value }) => Key === '' && Value === '') ? [] : given;
};

/** 64, or a multiple of 128 up to 3072. Source: https://cloud.tencent.com/document/product/583/11637 */
const assertMemory = (megabytes: number) => {
  if (megabytes > 3072) throw new TencentApiError('LimitExceeded.Memory', 'MemorySize is at most 3072.');
  if (megabytes !== 64 && (megabytes < 128 || megabytes % 128 !== 0))
    throw new TencentApiError('InvalidParameterValue.MemorySize', 'MemorySize is 64 or a multiple of 128.');
};

/** Source: as above. No code is documented for a time of nothing. */
const assertTimeout = (seconds: number) => {
  if (seconds > 900) throw new TencentApiError('LimitExceeded.Timeout', 'Timeout is at most 900 seconds.');
  if (seconds < 1) throw new TencentApiError('InvalidParameterValue', 'Timeout is at least 1 second.');
};

const maxEnvironmentBytes = 4096;

/** Source: https://cloud.tencent.com/document/product/583/30228. How the 4 KB are counted is not documented: names and values here. */
const assertEnvironment = (variables: Variables) => {
  const names = variables.map(({ Key }) => Key);
  if (names.some((name) => /^(SCF|QCLOUD|TENCENTCLOUD)_/.test(name)))
    throw new TencentApiError(
      'InvalidParameterValue.EnvironmentSystemProtect',
      'Names that begin with SCF_, QCLOUD_ or TENCENTCLOUD_ are reserved.',
    );
  const isValid =
    variables.every(({ Key, Value }) => /^[A-Za-z]\w*$/.test(Key) && Value !== '') &&
    new Set(names).size === names.length;
  if (!isValid) throw new TencentApiError('InvalidParameterValue.Environment', 'A variable is malformed or empty.');
  const bytes = variables.reduce((sum, { Key, Value }) => sum + Buffer.byteLength(Key) + Buffer.byteLength(Value), 0);
  if (bytes > maxEnvironmentBytes)
    throw new TencentApiError('InvalidParameterValue.EnvironmentExceededLimit', 'The variables exceed 4 KB.');
};

const assertVpc = ({ VpcId, SubnetId }: Configuration['VpcConfig']) => {
  if (!vpcPattern.test(VpcId) || !subnetPattern.test(SubnetId) || (VpcId === '') !== (SubnetId === ''))
    throw new TencentApiError('ResourceNotFound.Vpc', 'The VPC or its subnet does not exist.');
};
