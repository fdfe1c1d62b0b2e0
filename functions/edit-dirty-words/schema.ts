import * as z from 'zod/mini';
import { textField } from '../../lib/fields.ts';
import { wordProblem } from '../../lib/moderation/filter.ts';

const maxWords = 200_000;
const maxTags = 10;

const wordField = textField(0, Number.POSITIVE_INFINITY).check(({ value, issues }) => {
  const problem = wordProblem(value);
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
