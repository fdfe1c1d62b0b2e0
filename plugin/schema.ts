/** JSON Schemas of what `serverless.ts` may say about this provider. They make the framework's readable errors. */
const text = { type: 'string', minLength: 1 };

/** Nodejs20.19 and its like: a pattern, since a closed list would age. Source: https://cloud.tencent.com/document/product/583/11060 */
const runtime = { type: 'string', pattern: '^Nodejs\\d+\\.\\d+$' };
/** Megabytes. Source: https://cloud.tencent.com/document/product/583/11637 */
const memorySize = { type: 'integer', minimum: 64, maximum: 3072, multipleOf: 64 };
const timeout = { type: 'integer', minimum: 1, maximum: 900 };
/** Names only: values come from the environment when they are needed, so that no secret passes through the configuration. */
const environment = {
  type: 'array',
  uniqueItems: true,
  items: { type: 'string', pattern: '^(?!TENCENTCLOUD_|SCF_|QCLOUD_)[A-Za-z][A-Za-z0-9_]*$' },
};

export const providerSchema = {
  properties: { runtime, memorySize, timeout, environment, region: text, namespace: text, stage: text },
};

export const functionSchema = {
  properties: {
    handler: { type: 'string', pattern: '^[\\w./-]+\\.\\w+$' },
    description: text,
    runtime,
    memorySize,
    timeout,
    environment,
  },
  required: ['handler'],
};

export const httpEventSchema = {
  type: 'object',
  properties: { path: { type: 'string', pattern: '^/[a-z0-9-]+$' } },
  required: ['path'],
  additionalProperties: false,
};

/** Seven fields, seconds first. Source: https://cloud.tencent.com/document/product/583/9708 */
export const timerEventSchema = {
  type: 'object',
  properties: { cron: { type: 'string', pattern: '^\\S+( \\S+){6}$' } },
  required: ['cron'],
  additionalProperties: false,
};
