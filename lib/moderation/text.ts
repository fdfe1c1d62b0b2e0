import type { Filter } from './filter.ts';
import { maskRanges } from './mask.ts';
import { type Action, createScanner } from './scanner.ts';

export type TextJudgement = { verdict: 'pass' | 'reject' | 'drop' } | { verdict: 'mask'; masked: string };

/** Judges one text as a message of it would be judged. `defaultAction` is for words that the list gives none. */
export const judgeText = (filter: Pick<Filter, 'scan'>, text: string, defaultAction: Action): TextJudgement => {
  const { scan, action } = createScanner(filter, defaultAction);
  const hits = scan(text);
  const verdict = action() ?? 'pass';
  return verdict === 'mask' ? { verdict, masked: maskRanges(text, hits) } : { verdict };
};
