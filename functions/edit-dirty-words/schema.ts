import * as z from 'zod/mini';
import { textField } from '../../lib/fields.ts';
import { productionOptions } from '../../lib/moderation/filter.ts';
import { wordProblem } from '../../lib/moderation/matching/compile.ts';
import { maxWords } from '../../lib/moderation/word-entry.ts';

const maxTags = 10;

const wordField = z.string().check(({ value, issues }) => {
  // PostgreSQL takes no NUL in a text.
  const problem = value.includes('\0') ? 'must not hold NUL' : wordProblem(value, productionOptions);
  if (problem) issues.push({ code: 'custom', message: problem, input: value });
});

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
