import * as z from 'zod/mini';

// Pure: a bundle leaves out the fields that its function does not have.

/** IM's and TRTC's rule for ids that both take. Source: https://cloud.tencent.com/document/product/269/9346 */
const idPattern = /^[A-Za-z0-9_-]{1,32}$/;
const idMessage = 'must be 1 to 32 of A-Z, a-z, 0-9, _ and -';

export const userIdField = /* @__PURE__ */ z.string().check(z.regex(idPattern, idMessage));
export const classIdField = /* @__PURE__ */ z.string().check(z.regex(idPattern, idMessage));

/** Text of so many code points that PostgreSQL and UTF-8 can hold: no NUL, no half of a surrogate pair. */
export const textField = (minimum: number, maximum: number) =>
  z.string().check(
    z.refine((value) => value.isWellFormed() && !value.includes('\0'), 'must be well-formed text without NUL'),
    z.refine(
      (value) => {
        const length = [...value].length;
        return length >= minimum && length <= maximum;
      },
      { error: `must be ${minimum} to ${maximum} characters long`, params: { minLength: minimum, maxLength: maximum } },
    ),
  );

/** Unix seconds, up to the year 9999. */
export const timeField = /* @__PURE__ */ z.int().check(z.minimum(0), z.maximum(253_402_300_799));

/** A list's page size. */
export const limitField = /* @__PURE__ */ z._default(/* @__PURE__ */ z.int().check(z.minimum(1), z.maximum(200)), 50);
