import * as z from 'zod/mini';
import type { ZodOpenApiOperationObject, ZodOpenApiResponsesObject } from 'zod-openapi';
import { callbackSenders } from './callbacks.ts';
import type { FunctionSchemas } from './function-schemas.ts';
import { problemResponses, type Reasons, refusals } from './problems.ts';

/** All that the description says of a function. */
export interface DescribedFunction extends FunctionSchemas {
  name: string;
  summary: string;
  timeoutSeconds: number | undefined;
  /** The names of its variables: they tell what it needs. */
  environment: readonly string[];
  /** Recorded in the fixtures of the tests. */
  examples: { request: unknown; reply: unknown };
}

/** The operation of one function. */
export const describeOperation = (fn: DescribedFunction): ZodOpenApiOperationObject => {
  const { name, summary, timeoutSeconds, input, description, examples } = fn;
  const sender = callbackSenders[name];
  return {
    operationId: name,
    tags: [description.subject],
    summary,
    description: description.text,
    'x-timeout-seconds': timeoutSeconds,
    ...(sender ?? headersOf(fn)),
    requestBody: {
      // An empty body is an empty object.
      required: !z.safeParse(input, {}).success,
      content: { 'application/json': { schema: input, ...example(examples.request) } },
    },
    responses: {
      ...goodResponses(fn),
      ...(sender ? refusals(callbackReasons(fn)) : problemResponses(httpReasons(fn))),
    },
  };
};

const example = (value: unknown) => ({ examples: { example: { value } } });

const headersOf = ({ description: { headers } }: DescribedFunction) =>
  headers && { requestParams: { header: z.object(headers) } };

const goodResponses = ({ description, output, examples }: DescribedFunction): ZodOpenApiResponsesObject =>
  Object.fromEntries(
    Object.entries(description.statuses ?? { 200: 'Done.' }).map(([status, text]) => [
      status,
      { description: text, content: { 'application/json': { schema: output, ...example(examples.reply) } } },
    ]),
  );

/** What any function may answer, whoever calls it. */
const usualReasons = {
  METHOD_NOT_ALLOWED: 'The method is not POST.',
  INTERNAL: 'The service has failed.',
};

/** A function's own reasons come last: they say more. */
const httpReasons = ({ description, environment }: DescribedFunction): Reasons => ({
  ...usualReasons,
  BAD_REQUEST: 'The body is no JSON, or has fields that are wrong, unknown or missing: `errors` names them.',
  UNAUTHENTICATED: 'The token is missing, has expired or is not valid.',
  FORBIDDEN: 'The token is of a role or a user id that may not be.',
  PAYLOAD_TOO_LARGE: 'The body is larger than 32 KiB.',
  UPSTREAM_FAILED: 'A service that this one needs has failed. Try again.',
  ...(environment.includes('DATABASE_URL') && {
    UPSTREAM_TIMEOUT: 'A service that this one needs did not answer in time. Try again.',
  }),
  ...description.problems,
});

const callbackReasons = ({ description }: DescribedFunction): Reasons => ({
  ...usualReasons,
  BAD_REQUEST: 'The body is no callback.',
  UNAUTHENTICATED: 'The signature does not hold, or the callback is for another app.',
  PAYLOAD_TOO_LARGE: 'The body is larger than any callback.',
  ...description.problems,
});
