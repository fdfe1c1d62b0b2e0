import * as z from 'zod/mini';
import { userIdField } from '../../lib/fields.ts';
import type { Description } from '../../lib/scf/description.ts';
import { issuedSigOutput } from '../../lib/usersig/issue.ts';

/** 180 days, the longest that the official SDKs sign by default. */
const maxTtlSeconds = 15_552_000;

export const issueSigInput = z.strictObject({
  userId: z.optional(userIdField),
  ttlSeconds: z.optional(z.int().check(z.minimum(60), z.maximum(maxTtlSeconds))),
});

export const issueSigOutput = issuedSigOutput;

export type IssueSigOutput = z.output<typeof issueSigOutput>;

export const issueSigDescription: Description<typeof issueSigInput> = {
  subject: 'sigs',
  text: 'Anybody signed in, for themselves; an admin for anyone.',
  fields: {
    userId: "Whose sig; the caller's own when absent.",
    ttlSeconds: 'How long it is good. The service has a default and a ceiling of its own.',
  },
  problems: {
    FORBIDDEN: "The caller asks for somebody else's sig and is no admin, or for one of a reserved user id.",
  },
};
