import { compileFilter, type Filter, productionOptions } from '../../moderation/filter.ts';
import { wordProblem } from '../../moderation/matching/compile.ts';
import type { WordEntry } from '../../moderation/word-entry.ts';

/** The filter of listed words. What an older version took and this one would refuse is left out: it matches nothing any more. */
export const compileWords = (words: readonly WordEntry[]): Filter =>
  compileFilter(
    words.filter(({ word }) => wordProblem(word, productionOptions) === undefined),
    productionOptions,
  );
