import type { FilterOptions } from './filter-options.ts';
import * as data from './folding-data.ts';

/** A first and a last code point. */
export type Stretch = readonly [first: number, last: number];

/** How single characters are compared, as some options have it. All characters are code points. */
export interface Folding {
  /** What a character is compared as. */
  fold(codePoint: number): number;
  /** The same with its case kept; a letter that counts as either case is its negative lower case. */
  foldExactly(codePoint: number): number;
  /** Every character that is compared as another one, and which. */
  variants: ReadonlyMap<number, number>;
  /** The folded characters that do not matter inside a word, in order. */
  skipped: readonly Stretch[];
  isSkipped(folded: number): boolean;
  /** Styled letters count as either case and others do not: what matches by `fold` must match by `foldExactly` as well. */
  isCaseMixed: boolean;
}

const byObject = new WeakMap<FilterOptions, Folding>();
const byContent = new Map<string, Folding>();

/** The folding of these options, made once for all that say the same. An object that was given must not change afterwards. */
export const foldingOf = (options: FilterOptions): Folding => {
  const known = byObject.get(options);
  if (known) return known;
  const content = JSON.stringify(options);
  const folding = byContent.get(content) ?? createFolding(options);
  if (byContent.size >= mostKept) byContent.clear();
  byContent.set(content, folding);
  byObject.set(options, folding);
  return folding;
};

/** Who tries many options does not need them all again. */
const mostKept = 16;

/** Answers whether a letter, as `foldExactly` has it, goes on with a run of the same: what counts as either case does. */
export const continuesRun = (run: number, exactly: number): boolean => run === exactly || run < 0 || exactly < 0;

const createFolding = (options: FilterOptions): Folding => {
  const styledLetters = pairsOf(options.foldLetterStyle ? data.styledLetters : '');
  const isCaseMixed = options.foldLetterStyle === true && !options.caseInsensitive;
  const steps = [
    pairsOf(options.foldWidth ? data.width : ''),
    styledLetters,
    pairsOf(options.foldLetterStyle || options.foldDigits ? data.styledDigits : ''),
    pairsOf(options.foldTraditional ? data.traditional : ''),
    pairsOf(options.foldDigits ? data.otherDigits : ''),
  ];
  const variants = composed(options.caseInsensitive || isCaseMixed ? [...steps, pairsOf(data.cases)] : steps);
  const cased = isCaseMixed ? composed(steps) : variants;
  const fold = (codePoint: number) => variants.get(codePoint) ?? codePoint;
  const skipped = mergeStretches([
    ...(options.ignoreSymbols ? stretchesOf(data.symbols) : []),
    ...(options.ignoreInvisible ? [...stretchesOf(data.invisibles), surrogates] : []),
    ...Array.from(
      options.ignoreChars ?? '',
      (char): Stretch => [fold(codePointAt(char, 0)), fold(codePointAt(char, 0))],
    ),
  ]);
  return {
    fold,
    foldExactly: (codePoint) => (styledLetters.has(codePoint) ? -fold(codePoint) : (cased.get(codePoint) ?? codePoint)),
    variants,
    skipped,
    isSkipped: (folded) => isWithin(skipped, folded),
    isCaseMixed,
  };
};

/** Half of a pair without its other half: it shows as nothing that could be read. */
const surrogates: Stretch = [0xd800, 0xdfff];

/** One table of several: a character goes through all in turn, and again until nothing changes: what folds to the same folds to one. */
const composed = (steps: readonly ReadonlyMap<number, number>[]): Map<number, number> => {
  const variants = new Map<number, number>();
  for (const step of [...steps].reverse()) for (const [from, to] of step) variants.set(from, variants.get(to) ?? to);
  for (const [from, to] of variants) {
    let folded = to;
    for (let next = variants.get(folded); next !== undefined; next = variants.get(folded)) folded = next;
    variants.set(from, folded);
  }
  return variants;
};

const tables = new Map<string, ReadonlyMap<number, number>>();

/** A table of `folding-data.ts` as a map, read once. */
const pairsOf = (text: string): ReadonlyMap<number, number> => {
  const pairs = tables.get(text) ?? readPairs(text);
  tables.set(text, pairs);
  return pairs;
};

const readPairs = (text: string): ReadonlyMap<number, number> => {
  const pairs = new Map<number, number>();
  for (let at = 0; at < text.length; ) {
    const from = codePointAt(text, at);
    at += unitsOf(from);
    const to = codePointAt(text, at);
    at += unitsOf(to);
    pairs.set(from, to);
  }
  return pairs;
};

/** The code point there; half of a pair without its other half as it is. */
export const codePointAt = (text: string, at: number): number => text.codePointAt(at) ?? 0;

/** How many UTF-16 units a code point takes. */
export const unitsOf = (codePoint: number): 1 | 2 => (codePoint > 0xffff ? 2 : 1);

/** A flat list of firsts and lasts, as stretches. */
export const stretchesOf = (flat: readonly number[]): Stretch[] =>
  Array.from({ length: flat.length / 2 }, (_, index) => [flat[2 * index] ?? 0, flat[2 * index + 1] ?? 0]);

/** In order, and none touching another. */
const mergeStretches = (stretches: readonly Stretch[]): Stretch[] => {
  const result: Stretch[] = [];
  for (const [first, last] of [...stretches].sort((a, b) => a[0] - b[0])) {
    const before = result.at(-1);
    if (before && first <= before[1] + 1) result[result.length - 1] = [before[0], Math.max(before[1], last)];
    else result.push([first, last]);
  }
  return result;
};

const isWithin = (stretches: readonly Stretch[], codePoint: number): boolean => {
  let low = 0;
  let high = stretches.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const [first, last] = stretches[middle] as Stretch;
    if (codePoint < first) high = middle;
    else if (codePoint > last) low = middle + 1;
    else return true;
  }
  return false;
};
