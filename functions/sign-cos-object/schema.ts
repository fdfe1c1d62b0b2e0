import * as z from 'zod/mini';
import { isObjectPath, maxKeyBytes, objectPathMessage } from '../../lib/cos/object-path.ts';
import { classIdField, timeField } from '../../lib/fields.ts';
import type { Description } from '../../lib/scf/description.ts';

export const signCosObjectInput = z.strictObject({
  classId: classIdField,
  path: z
    .string()
    .check(z.refine(isObjectPath, { error: objectPathMessage, params: { minLength: 1, maxLength: maxKeyBytes } })),
  area: z._default(z.enum(['own', 'courseware']), 'own'),
  method: z.enum(['PUT', 'GET', 'HEAD']),
  mode: z.enum(['once', 'reusable']),
  format: z._default(z.enum(['xml', 'v4']), 'xml'),
});

export const signCosObjectOutput = /* @__PURE__ */ z.lazy(() =>
  z.strictObject({
    key: z.string().check(z.describe('Of the object in its bucket.')),
    authorization: z.string().check(z.describe('Value of the `authorization` header of the signed request.')),
    url: z.optional(z.string().check(z.describe('Pre-signed: needs no header. Only of format xml.'))),
    securityToken: z.optional(
      z.string().check(z.describe('To send as `x-cos-security-token`, beside `authorization`. Only of format xml.')),
    ),
    expiredTime: timeField,
  }),
);

export type SignCosObjectOutput = z.output<typeof signCosObjectOutput>;

export const signCosObjectDescription: Description<typeof signCosObjectInput> = {
  subject: 'files',
  text: 'Members of the class; the courseware is written by its teacher and assistants.',
  fields: {
    path: "Relative to the area's prefix.",
    mode: 'Good for one request or for several.',
    format: 'xml signs one method; v4, of the JSON API, signs none, so it takes the right to write.',
  },
  problems: {
    FORBIDDEN: 'The caller is not in this class, or may not write its courseware.',
    NOT_FOUND: 'There is no such class.',
    GONE: 'The class is over, or, for reading, was 30 days ago.',
    RATE_LIMITED: 'The credential service is at its rate limit.',
  },
};
