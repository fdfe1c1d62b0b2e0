import type * as z from 'zod/mini';
import { TencentApiError } from './action.ts';

/** How a service calls a parameter, by its name, that is missing or not valid. */
export interface ParameterCodes {
  missing(name: string): string;
  invalid(name: string): string;
}

/** Reads an action's parameters. Throws a `TencentApiError`: `UnknownParameter` or one of the service's own codes. */
export const parseInput = <T>(schema: z.ZodMiniType<T>, body: unknown, codes: ParameterCodes): T => {
  const { data, error } = schema.safeParse(body, { reportInput: true });
  if (!error) return data;
  const [issue] = error.issues;
  const name = issue?.path.join('.') ?? '';
  if (issue?.code === 'unrecognized_keys')
    throw new TencentApiError('UnknownParameter', `The parameter ${issue.keys.join(', ')} is not recognized.`);
  const parameter = String(issue?.path[0] ?? '');
  if (issue && issue.input === undefined)
    throw new TencentApiError(codes.missing(parameter), `The request is missing a required parameter: ${name}.`);
  throw new TencentApiError(codes.invalid(parameter), `The parameter ${name} is not valid.`);
};
