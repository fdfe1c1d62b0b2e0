import { maskRanges } from './mask.ts';
import { compileList } from './matching/compile.ts';
import { type CompiledList, fromBytes, ofWord, toBytes, wordOf } from './matching/compiled-list.ts';
import type { FilterOptions } from './matching/filter-options.ts';
import { createMatcher } from './matching/matcher.ts';
import { actionOf } from './matching/word-traits.ts';
import type { Range } from './ranges.ts';
import type { WordAction, WordEntry } from './word-entry.ts';

/** What the functions filter with. */
export const productionOptions: FilterOptions = {
  caseInsensitive: true,
  foldWidth: true,
  foldLetterStyle: true,
  foldDigits: true,
  foldTraditional: true,
  collapseRepeats: true,
  ignoreSymbols: true,
  ignoreInvisible: true,
  latinWholeWord: true,
};

/** One occurrence: UTF-16 offsets into the scanned text, `end` exclusive; `word` and `action` as the list has them. */
export interface Hit {
  start: number;
  end: number;
  word: string;
  action?: Exclude<WordAction, 'allow'>;
  tags: readonly string[];
}

export interface Filter {
  /** Every occurrence of every listed word, overlaps and inner words included, in the order of the text. */
  scan(text: string): Hit[];
  /** Replaces every code point of every hit, one for one. */
  mask(text: string, maskChar?: string): string;
  /** The compiled list as bytes, for `loadFilter`. */
  toBuffer(): Uint8Array;
}

/**
 * Makes the filter of a list. Of a word that is listed twice the strictest action counts, and `allow` cancels it. Throws an
 * `Error` that names a bad word: empty when folded, longer than 64 code points, or one too many.
 */
export const compileFilter = (entries: readonly WordEntry[], options: FilterOptions = {}): Filter =>
  filterOf(compileList(entries, options));

/** The filter whose `toBuffer` gave these bytes, wherever they begin. Throws an `Error` when they are not, or not all, of one. */
export const loadFilter = (buffer: Uint8Array): Filter => filterOf(fromBytes(buffer));

const filterOf = (list: CompiledList): Filter => {
  const match = createMatcher(list);
  const { words, tagSets } = list;
  const texts = new Map<number, string>();

  /** What the list says of a word; kept once it is found, since what people write they write again. */
  const textOf = (word: number): string => {
    const text = texts.get(word) ?? wordOf(list, word);
    texts.set(word, text);
    return text;
  };

  const hitOf = (word: number, start: number, end: number, action: Hit['action']): Hit => {
    const tags = tagSets[words[ofWord.size * word + ofWord.tagSet] as number] ?? [];
    return action ? { start, end, word: textOf(word), action, tags } : { start, end, word: textOf(word), tags };
  };

  const scan = (text: string): Hit[] => {
    const hits: Hit[] = [];
    const allowed: Range[] = [];
    match(text, (word, start, end) => {
      const action = actionOf(words[ofWord.size * word + ofWord.traits] as number);
      if (action === 'allow') allowed.push({ start, end });
      else hits.push(hitOf(word, start, end, action));
    });
    const left = allowed.length === 0 ? hits : withoutCovered(hits, allowed);
    return left.length < 2 ? left : left.sort((a, b) => a.start - b.start || a.end - b.end);
  };

  return {
    scan,
    mask: (text, maskChar = '*') => maskRanges(text, scan(text), maskChar),
    toBuffer: () => toBytes(list),
  };
};

/** The ranges that lie within none of the others. */
const withoutCovered = <R extends Range>(ranges: readonly R[], covers: readonly Range[]): R[] => {
  const sorted = [...covers].sort((a, b) => a.start - b.start);
  // How far any of them reaches that starts so early; then one search tells.
  const reach: number[] = [];
  for (const { end } of sorted) reach.push(Math.max(end, reach.at(-1) ?? 0));
  return ranges.filter(({ start, end }) => {
    let low = 0;
    let high = sorted.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((sorted[middle] as Range).start <= start) low = middle + 1;
      else high = middle;
    }
    return low === 0 || (reach[low - 1] as number) < end;
  });
};
