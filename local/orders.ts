import type * as z from 'zod/mini';
import { fieldErrors } from '../lib/field-errors.ts';
import { json, type LocalReply } from './http.ts';

/** Reads what the developer orders as JSON; a refusal says what is wrong with it. */
export const parseOrder = <T extends z.ZodMiniType>(
  schema: T,
  body: Buffer,
): { order: z.output<T>; refusal?: undefined } | { order?: undefined; refusal: LocalReply } => {
  const { data, error } = schema.safeParse(parseJson(body));
  return error ? { refusal: json({ errors: fieldErrors(error.issues) }, 400) } : { order: data };
};

const parseJson = (body: Buffer): unknown => {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    // The schema refuses it.
    return undefined;
  }
};
