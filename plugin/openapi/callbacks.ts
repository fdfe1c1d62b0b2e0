import type { oas31, ZodOpenApiSecuritySchemeObject } from 'zod-openapi';

/** How the services that call back prove themselves. */
export const callbackSecuritySchemes: Record<string, ZodOpenApiSecuritySchemeObject> = {
  imSign: {
    type: 'apiKey',
    in: 'query',
    name: 'Sign',
    description: 'Lower-case hex SHA-256 of the callback token followed by `RequestTime`.',
  },
  trtcSign: {
    type: 'apiKey',
    in: 'header',
    name: 'Sign',
    description: 'Base64 HMAC-SHA256 of the body with the callback key.',
  },
};

interface CallbackSender {
  security: oas31.SecurityRequirementObject[];
  parameters: oas31.ParameterObject[];
}

const parameter = (
  where: 'query' | 'header',
  name: string,
  description: string,
  schema: oas31.SchemaObject = { type: 'string' },
): oas31.ParameterObject => ({ in: where, name, required: true, description, schema });

/** What the senders add to a request: IM to the query, TRTC to the headers. */
export const callbackSenders: Readonly<Record<string, CallbackSender>> = {
  'im-callback': {
    security: [{ imSign: [] }],
    parameters: [
      parameter('query', 'SdkAppid', 'Ours, or the answer is 401.'),
      parameter('query', 'CallbackCommand', 'The same as in the body.'),
      parameter('query', 'RequestTime', 'Unix seconds; signed.'),
    ],
  },
  'trtc-callback': {
    security: [{ trtcSign: [] }],
    parameters: [parameter('header', 'SdkAppId', 'Ours, or the answer is 401.')],
  },
};
