import * as z from 'zod/mini';

const message = 'must be a nextCursor of an earlier reply';

/** Writes a place in a list as the `nextCursor` that callers give back without looking into it. */
export const cursorOf = (place: string): string => Buffer.from(place).toString('base64url');

/** The field for it: its value is what `read` makes of the place, which is `undefined` for one that cannot be ours. */
export const cursorField = <Place>(read: (place: string) => Place | undefined) =>
  z.pipe(
    z.string().check(z.regex(/^[A-Za-z0-9_-]{1,1200}$/, message)),
    z.transform((cursor: string, { issues }): Place => {
      const place = Buffer.from(cursor, 'base64url').toString('utf8');
      const found = cursorOf(place) === cursor ? read(place) : undefined;
      if (found !== undefined) return found;
      issues.push({ code: 'custom', message, input: cursor });
      return z.NEVER;
    }),
  );

/** The field of a reply for it: absent on the last page. */
export const nextCursorOutput = /* @__PURE__ */ z.lazy(() =>
  z.string().check(z.describe('Asks for the next page when sent as `cursor`. Absent on the last page.')),
);
