import * as z from 'zod/mini';
import { classIdField, timeField } from '../../lib/fields.ts';
import type { Description } from '../../lib/scf/description.ts';

export const vendCosCredentialsInput = z.strictObject({
  classId: classIdField,
  purpose: z._default(z.enum(['upload', 'download']), 'upload'),
});

export const vendCosCredentialsOutput = /* @__PURE__ */ z.lazy(() =>
  z.strictObject({
    credentials: z.strictObject({ tmpSecretId: z.string(), tmpSecretKey: z.string(), sessionToken: z.string() }),
    startTime: timeField,
    expiredTime: timeField,
    bucket: z.string(),
    region: z.string(),
    origin: z.string().check(z.describe('Where the bucket is: an object is at `<origin>/<key>`.')),
    prefix: z.string().check(z.describe("What the keys of the caller's own files begin with.")),
    coursewarePrefix: z.optional(
      z
        .string()
        .check(z.describe('What the keys of the courseware begin with. Absent when the credentials do not reach it.')),
    ),
  }),
);

export type VendCosCredentialsOutput = z.output<typeof vendCosCredentialsOutput>;

export const vendCosCredentialsDescription: Description<typeof vendCosCredentialsInput> = {
  subject: 'files',
  text: 'Members of the class. The reply has the shape that the `getAuthorization` of `cos-js-sdk-v5` takes.',
  fields: {
    purpose: 'Uploads end with the class, downloads 30 days later.',
  },
  problems: {
    FORBIDDEN: 'The caller is not in this class.',
    NOT_FOUND: 'There is no such class.',
    GONE: 'The class is over, or, for downloads, was 30 days ago.',
    RATE_LIMITED: 'The credential service is at its rate limit.',
  },
};
