import * as z from 'zod/mini';
import { textField } from '../../lib/fields.ts';
import { productionOptions } from '../../lib/moderation/filter.ts';
import { maxWordCodePoints, wordProblem } from '../../lib/moderation/matching/compile.ts';
import { maxWords } from '../../lib/moderation/word-entry.ts';
import type { Description } from '../../lib/scf/description.ts';

const maxTags = 10;

const wordField = z.string().check(
  z.check<string>(
    ({ value, issues }) => {
      // PostgreSQL takes no NUL in a text.
      const problem = value.includes('\0') ? 'must not hold NUL' : wordProblem(value, productionOptions);
      if (problem) issues.push({ code: 'custom', message: problem, input: value });
    },
    { params: { minLength: 1, maxLength: maxWordCodePoints } },
  ),
);

const entries = z
  .array(
    z.strictObject({
      word: wordField,
      action: z.optional(z.enum(['mask', 'reject', 'drop', 'allow'])),
      tags: z._default(z.array(textField(1, 32)).check(z.maxLength(maxTags)), []),
    }),
  )
  .check(z.maxLength(maxWords));

export const editDirtyWordsInput = z
  .strictObject({
    add: z._default(entries, []),
    remove: z._default(z.array(textField(1, 64)).check(z.maxLength(maxWords)), []),
    replaceAll: z.optional(entries),
  })
  .check(({ value: { add, remove, replaceAll }, issues }) => {
    const edits = add.length + remove.length > 0;
    if (replaceAll && edits)
      issues.push({ code: 'custom', path: ['replaceAll'], message: 'excludes add and remove', input: undefined });
    if (!replaceAll && !edits)
      issues.push({ code: 'custom', message: 'must hold add, remove or replaceAll', input: undefined });
  });

export const editDirtyWordsOutput = /* @__PURE__ */ z.lazy(() =>
  z.strictObject({
    version: z.int().check(z.describe('Of the list: every edit raises it.')),
    size: z.int().check(z.minimum(0), z.describe('How many words are in the list now.')),
  }),
);

export type EditDirtyWordsOutput = z.output<typeof editDirtyWordsOutput>;

export const editDirtyWordsDescription: Description<typeof editDirtyWordsInput> = {
  subject: 'words',
  text: 'Admins. One edit, wholly or not at all: it removes first and adds then. Either `replaceAll` or the others.',
  fields: {
    add: 'A word that is listed already gets what is said here.',
    remove: 'Words that fold to the same as one of these.',
    replaceAll: 'The whole new list.',
  },
  problems: {
    FORBIDDEN: 'The caller is no admin.',
    PAYLOAD_TOO_LARGE: 'The body is larger than 5 MiB.',
    QUOTA_EXCEEDED: 'The list would hold more than 200,000 words, or more than 4,000,000 characters.',
  },
};
