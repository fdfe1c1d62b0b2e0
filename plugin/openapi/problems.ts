import * as z from 'zod/mini';
import type { ZodOpenApiResponseObject, ZodOpenApiResponsesObject } from 'zod-openapi';
import { type ErrorCode, statusOfCode } from '../../lib/errors.ts';

/** Why a function answers with these codes, in words for its callers. */
export type Reasons = Partial<Record<ErrorCode, string>>;

/** One for each status that these codes have: the responses of a function behind HTTP. */
export const problemResponses = (reasons: Reasons): ZodOpenApiResponsesObject =>
  responses(reasons, (codes) => ({
    'application/problem+json': { schema: anyOf(codes.map((code) => problems[code])) },
  }));

/** The same for a callback: its sender learns nothing but the status. */
export const refusals = (reasons: Reasons): ZodOpenApiResponsesObject =>
  responses(reasons, () => ({ 'application/json': { schema: refusal } }));

/** `NOT_FOUND` → `NotFoundProblem`. */
const nameOf = (code: ErrorCode): string => {
  const words = code.split('_').map((word) => word.charAt(0) + word.slice(1).toLowerCase());
  return `${words.join('')}Problem`;
};

const problemOf = (code: ErrorCode) =>
  z
    .strictObject({
      type: z.literal('about:blank'),
      title: z.string(),
      status: z.literal(statusOfCode[code]),
      detail: z.string().check(z.describe('What is wrong, for people. Programs go by `code`.')),
      code: z.literal(code),
      requestId: z.string().check(z.describe("Finds the call in the service's log.")),
      errors: z.optional(z.array(fieldError).check(z.describe('Which fields are wrong, where it is the fields.'))),
    })
    .check(z.meta({ id: nameOf(code), description: 'RFC 9457.' }));

const fieldError = z
  .strictObject({
    path: z.string().check(z.describe('JSON Pointer into the body; empty for the whole of it.')),
    message: z.string(),
  })
  .check(z.meta({ id: 'FieldError' }));

const allCodes = Object.keys(statusOfCode) as ErrorCode[];
const problems = Object.fromEntries(allCodes.map((code) => [code, problemOf(code)])) as Record<
  ErrorCode,
  ReturnType<typeof problemOf>
>;

const refusal = z.strictObject({}).check(z.meta({ id: 'Refusal', description: 'Nothing.' }));

const retryAfter = z
  .optional(z.int().check(z.minimum(0)))
  .check(z.meta({ description: 'Seconds after which to try again, where known.', header: { id: 'RetryAfter' } }));
const allow = z
  .string()
  .check(z.meta({ description: 'The methods that are allowed: POST and OPTIONS.', header: { id: 'Allow' } }));

const headersOf: Partial<Record<number, ZodOpenApiResponseObject['headers']>> = {
  [statusOfCode.METHOD_NOT_ALLOWED]: z.object({ allow }),
  [statusOfCode.RATE_LIMITED]: z.object({ 'retry-after': retryAfter }),
};

const responses = (
  reasons: Reasons,
  contentOf: (codes: readonly ErrorCode[]) => ZodOpenApiResponseObject['content'],
): ZodOpenApiResponsesObject => {
  const given = allCodes.filter((code) => reasons[code] !== undefined);
  return Object.fromEntries(
    [...new Set(given.map((code) => statusOfCode[code]))].map((status) => {
      const codes = given.filter((code) => statusOfCode[code] === status);
      const content = contentOf(codes);
      const headers = headersOf[status];
      const description = codes.map((code) => `\`${code}\`: ${reasons[code]}`).join('\n\n');
      return [String(status), { description, ...(headers && { headers }), ...(content && { content }) }];
    }),
  );
};

const anyOf = <Schema extends z.core.$ZodType>([first, ...others]: readonly Schema[]) =>
  first && others.length > 0 ? z.union([first, ...others]) : first;
