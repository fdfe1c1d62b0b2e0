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

const made = new WeakMap<FilterOptions, Folding>();

/** The folding of these options, made once for an object, which must not change afterwards. */
export const foldingOf = (options: FilterOptions): Folding => {
  const folding = made.get(options) ?? createFolding(options);
  made.set(options, folding);
  return folding;
};

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
  const withCase = composed(steps);
  const variants = options.caseInsensitive || isCaseMixed ? composed([...steps, pairsOf(data.cases)]) : withCase;
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
    foldExactly: (codePoint) =>
      styledLetters.has(codePoint) ? -fold(codePoint) : (withCase.get(codePoint) ?? codePoint),
    variants,
    skipped,
    isSkipped: (folded) => isWithin(skipped, folded),
    isCaseMixed,
  };
};

/** Half of a pair without its other half: it shows as nothing that could be read. */
const surrogates: Stretch = [0xd800, 0xdfff];

/** One table of several. */
const composed = (steps: readonly ReadonlyMap<number, number>[]): Map<number, number> => {
  const variants = new Map<number, number>();
  for (const step of steps) {
    for (const codePoint of step.keys()) {
      const folded = foldBy(steps, codePoint);
      if (folded !== codePoint) variants.set(codePoint, folded);
    }
  }
  return variants;
};

/** Through all tables, and again until nothing changes: what folds to the same must fold to one. */
const foldBy = (steps: readonly ReadonlyMap<number, number>[], codePoint: number): number => {
  const folded = steps.reduce((from, each) => each.get(from) ?? from, codePoint);
  return folded === codePoint ? folded : foldBy(steps, folded);
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
