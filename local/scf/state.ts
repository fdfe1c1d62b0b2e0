import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import * as z from 'zod/mini';

// What the API echoes has its names; what is ours has ours. Times are milliseconds since 1970.

const variableSchema = z.strictObject({ Key: z.string(), Value: z.string() });

const failureSchema = z.object({ ErrorCode: z.string(), ErrorMessage: z.string() });

const transitionSchema = z.object({
  status: z.enum(['Creating', 'Updating', 'Publishing', 'Deleting']),
  until: z.number(),
  /** It ends in failure. */
  failure: z.optional(failureSchema),
});

const configurationSchema = z.object({
  Description: z.string(),
  MemorySize: z.int(),
  Timeout: z.int(),
  Environment: z.object({ Variables: z.array(variableSchema) }),
  VpcConfig: z.object({ VpcId: z.string(), SubnetId: z.string() }),
  PublicNetConfig: z.object({ PublicNetStatus: z.string(), EipConfig: z.object({ EipStatus: z.string() }) }),
  Role: z.string(),
  InitTimeout: z.int(),
  ClsLogsetId: z.string(),
  ClsTopicId: z.string(),
});

const versionSchema = z.object({
  /** `$LATEST`, or a number that never comes again. */
  name: z.string(),
  Handler: z.string(),
  Runtime: z.string(),
  configuration: configurationSchema,
  code: z.object({ sha256: z.string(), size: z.int() }),
  /** Changes with code and configuration: an instance serves one revision. */
  revision: z.string(),
  transition: z.optional(transitionSchema),
  added: z.number(),
  modified: z.number(),
});

const weightSchema = z.strictObject({
  Version: z.string(),
  /** Of the calls, from 0 to 1. */
  Weight: z.number().check(z.minimum(0), z.maximum(1)),
});

const aliasSchema = z.object({
  Name: z.string(),
  FunctionVersion: z.string(),
  Description: z.string(),
  /** The share of a second version. */
  weights: z._default(z.array(weightSchema), []),
  added: z.number(),
  modified: z.number(),
});

const triggerSchema = z.object({
  Type: z.enum(['http', 'timer']),
  TriggerName: z.string(),
  Qualifier: z.string(),
  TriggerDesc: z.string(),
  CustomArgument: z.string(),
  Description: z.string(),
  isOpen: z.boolean(),
  /** Of a function URL. */
  urlId: z.optional(z.string()),
  added: z.number(),
  modified: z.number(),
});

const provisionedSchema = z.object({
  Qualifier: z.string(),
  /** None of them while they are being given up. */
  instances: z.int(),
  doneAt: z.number(),
  failure: z.optional(failureSchema),
});

const tagSchema = z.strictObject({ Key: z.string(), Value: z.string() });

const functionSchema = z.object({
  region: z.string(),
  namespace: z.string(),
  name: z.string(),
  id: z.string(),
  tags: z.array(tagSchema),
  versions: z.array(versionSchema),
  /** How many versions have been published. */
  published: z.int(),
  aliases: z.array(aliasSchema),
  triggers: z.array(triggerSchema),
  /** MB; absent when it shares what is left. */
  reservedMemory: z.optional(z.number()),
  /** When the last change of it is done. */
  reservedAt: z.optional(z.number()),
  provisioned: z.array(provisionedSchema),
});

/** A route of a custom domain, as it is given and echoed. */
export const endpointSchema = z.strictObject({
  Namespace: z.string(),
  FunctionName: z.string(),
  Qualifier: z.string(),
  PathMatch: z.string(),
  PathRewrite: z.optional(
    z.array(z.strictObject({ Path: z.string(), Type: z.enum(['WildcardRules', 'ExactRules']), Rewrite: z.string() })),
  ),
});

const domainSchema = z.object({
  region: z.string(),
  Domain: z.string(),
  Protocol: z.string(),
  EndpointsConfig: z.array(endpointSchema),
  CertConfig: z.optional(z.object({ CertificateId: z.string() })),
  Tags: z.array(tagSchema),
});

const savedSchema = z.object({
  format: z.literal(1),
  namespaces: z.array(z.object({ region: z.string(), name: z.string() })),
  functions: z.array(functionSchema),
  domains: z.array(domainSchema),
});

export type Configuration = z.output<typeof configurationSchema>;
export type FunctionVersion = z.output<typeof versionSchema>;
export type Trigger = z.output<typeof triggerSchema>;
export type ScfFunction = z.output<typeof functionSchema>;
export type Endpoint = z.output<typeof endpointSchema>;
export type CustomDomain = z.output<typeof domainSchema>;
export { tagSchema, variableSchema, weightSchema };

/** All that SCF keeps besides the code. */
export interface ScfState extends Omit<z.output<typeof savedSchema>, 'format'> {
  save(): void;
}

/** SCF's state out of a file, or a new one. Throws zod's error when the file holds something else. */
export const openScfState = (file: string): ScfState => {
  const { namespaces, functions, domains } = existsSync(file)
    ? savedSchema.parse(JSON.parse(readFileSync(file, 'utf8')))
    : { namespaces: [], functions: [], domains: [] };
  return {
    namespaces,
    functions,
    domains,
    save() {
      mkdirSync(dirname(file), { recursive: true });
      // Renamed into place, so that a kill leaves the old state or the new one. It holds the functions' secrets.
      writeFileSync(`${file}.new`, JSON.stringify({ format: 1, namespaces, functions, domains }), { mode: 0o600 });
      renameSync(`${file}.new`, file);
    },
  };
};
