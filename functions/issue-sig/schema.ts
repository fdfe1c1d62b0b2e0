import * as z from 'zod/mini';
import { userIdField } from '../../lib/fields.ts';

/** 180 days, the longest that the official SDKs sign by default. */
const maxTtlSeconds = 15_552_000;

export const issueSigInput = z.strictObject({
  userId: z.optional(userIdField),
  ttlSeconds: z.optional(z.int().check(z.minimum(60), z.maximum(maxTtlSeconds))),
});
