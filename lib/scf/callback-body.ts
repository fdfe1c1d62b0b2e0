import { isUtf8 } from 'node:buffer';
import type * as z from 'zod/mini';
import { AppError } from '../errors.ts';

/** `undefined` for what is no JSON in UTF-8: the schema finds that to be no callback. */
export const parseJson = (bytes: Buffer): unknown => {
  try {
    return isUtf8(bytes) ? JSON.parse(bytes.toString('utf8')) : undefined;
  } catch {
    return undefined;
  }
};

/** A callback's body as its schema has it. Throws `BAD_REQUEST`. */
export const readBody = <T>(schema: z.ZodMiniType<T>, body: unknown): T => {
  const parsed = schema.safeParse(body);
  if (!parsed.success) throw unreadable();
  return parsed.data;
};

/** For a body that is not what its command promises. */
export const unreadable = () => new AppError('BAD_REQUEST', 'The body is no callback.');
