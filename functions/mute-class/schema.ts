import * as z from 'zod/mini';
import { classIdField } from '../../lib/fields.ts';
import type { Description } from '../../lib/scf/description.ts';

export const muteClassInput = z.strictObject({ classId: classIdField, muted: z.boolean() });

export const muteClassOutput = /* @__PURE__ */ z.lazy(() =>
  z.strictObject({ classId: classIdField, muted: z.boolean() }),
);

export type MuteClassOutput = z.output<typeof muteClassOutput>;

export const muteClassDescription: Description<typeof muteClassInput> = {
  subject: 'members',
  text: "The class's teacher and assistants, and admins.",
  fields: {
    muted: 'Whether only teacher and assistants may speak.',
  },
  problems: {
    FORBIDDEN: 'The caller does not lead the class.',
    NOT_FOUND: 'There is no such class.',
    GONE: 'The class is over.',
    RATE_LIMITED: 'The IM service is at its rate limit.',
  },
};
