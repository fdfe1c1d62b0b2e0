import type * as z from 'zod/mini';
import { createDocument, createSchema, type ZodOpenApiOverride } from 'zod-openapi';
import type { Subject } from '../../lib/scf/description.ts';
import { callbackSecuritySchemes } from './callbacks.ts';
import { describeFields, describeOperationFields } from './field-descriptions.ts';
import { type DescribedFunction, describeOperation } from './operation.ts';

export interface ServiceOptions {
  title: string;
  version: string;
  functions: readonly DescribedFunction[];
  timers: readonly DescribedTimer[];
}

/** A function that nobody can call. */
export interface DescribedTimer {
  name: string;
  summary: string;
  schedules: readonly string[];
  timeoutSeconds: number | undefined;
  output: z.core.$ZodType;
}

const subjects: Readonly<Record<Subject, string>> = {
  sigs: 'Who somebody is at IM and TRTC.',
  classes: 'From creating a class to its end.',
  members: 'What its teacher decides on those in a class.',
  messages: 'For senders without an IM SDK.',
  'replay and attendance': 'What stays of a class.',
  files: 'Courseware and homework in COS.',
  words: 'The word list of the filter.',
  callbacks: 'For the IM service and TRTC alone.',
};

const introduction = `The business backend of an interactive classroom and live chat room on Tencent Cloud.

Every function is one path, \`POST /<function>\`, with JSON in and out. Unknown fields are refused. Times are Unix seconds unless the name says otherwise.

Callers sign in with a JWT of the app's own login: \`sub\` is the user id, \`role\` is \`student\`, \`teacher\` or \`admin\`, \`name\` a nickname. Failures are problems of RFC 9457: switch on their \`code\`.`;

/** The API description of these functions. */
export const describeService = ({ title, version, functions, timers }: ServiceOptions) => {
  const document = createDocument(
    {
      openapi: '3.1.1',
      info: { title, version, description: introduction, license: { name: 'MIT', identifier: 'MIT' } },
      servers: [{ url: 'http://127.0.0.1:8787', description: 'The local gateway of `npm start`' }],
      tags: Object.entries(subjects).map(([name, description]) => ({ name, description })),
      security: [{ bearer: [] }],
      paths: Object.fromEntries(functions.map((fn) => [`/${fn.name}`, { post: describeOperation(fn) }])),
      components: {
        securitySchemes: {
          bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT', description: "Of the app's own login." },
          ...callbackSecuritySchemes,
        },
      },
      'x-timers': Object.fromEntries(timers.map(describeTimer)),
    },
    { override: refine },
  );
  for (const { name, description } of functions)
    describeOperationFields(document.paths?.[`/${name}`]?.post, description.fields);
  for (const schema of Object.values(document.components?.schemas ?? {})) describeFields(schema);
  return document;
};

const describeTimer = ({ name, summary, schedules, timeoutSeconds, output }: DescribedTimer) => [
  name,
  { summary, schedules, timeoutSeconds, reply: createSchema(output, { opts: { override: refine } }).schema },
];

/** What zod does not say of a schema, and what it says that nobody needs. */
const refine: ZodOpenApiOverride = ({ jsonSchema, zodSchema }) => {
  for (const check of zodSchema._zod.def.checks ?? []) {
    const { def } = check._zod;
    // A check of our own names its limits as JSON Schema does.
    if (def.check === 'custom' && 'params' in def) Object.assign(jsonSchema, def.params);
  }
  if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
  if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
  // In OpenAPI it is something else: a field that is in replies only.
  delete jsonSchema.readOnly;
};
