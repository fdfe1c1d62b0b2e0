/** JSON Schemas of what `serverless.ts` may say about this provider. They make the framework's readable errors. */
const text = { type: 'string', minLength: 1 };
/** Of what comes from `${param:…}` or `${env:…}`, and may not be set. */
const optionalText = { anyOf: [text, { type: 'null' }] };
const instances = { type: 'integer', minimum: 0, maximum: 1000 };
const group = (...names: string[]) => ({
  type: 'object',
  properties: Object.fromEntries(names.map((name) => [name, optionalText])),
  additionalProperties: false,
});

/** Nodejs20.19 and its like: a pattern, since a closed list would age. Source: https://cloud.tencent.com/document/product/583/11060 */
const runtime = { type: 'string', pattern: '^Nodejs\\d+\\.\\d+$' };
/** Megabytes. SCF also sells 64, too little for Node.js. Source: https://cloud.tencent.com/document/product/583/11637 */
const memorySize = { type: 'integer', minimum: 128, maximum: 3072, multipleOf: 128 };
const timeout = { type: 'integer', minimum: 1, maximum: 900 };
/** Names only: values come from the environment when they are needed, so that no secret passes through the configuration. */
const environment = {
  type: 'array',
  uniqueItems: true,
  items: { type: 'string', pattern: '^(?!TENCENTCLOUD_|SCF_|QCLOUD_)[A-Za-z][A-Za-z0-9_]*$' },
};

export const providerSchema = {
  properties: {
    runtime,
    memorySize,
    timeout,
    environment,
    region: text,
    namespace: text,
    stage: text,
    role: optionalText,
    vpc: group('vpcId', 'subnetId'),
    logs: group('logsetId', 'topicId'),
  },
};

export const functionSchema = {
  properties: {
    handler: { type: 'string', pattern: '^[\\w./-]+\\.\\w+$' },
    description: text,
    runtime,
    memorySize,
    timeout,
    environment,
    reservedConcurrency: instances,
    provisionedConcurrency: instances,
  },
  required: ['handler'],
};

export const customSchema = {
  type: 'object',
  properties: {
    domain: group('name', 'certificateId'),
    deploymentBucket: group('name', 'region', 'origin'),
  },
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
