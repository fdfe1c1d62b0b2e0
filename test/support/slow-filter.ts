import type { FilterOptions } from '../../lib/moderation/matching/filter-options.ts';
import { foldingOf } from '../../lib/moderation/matching/folding.ts';
import type { WordEntry } from '../../lib/moderation/word-entry.ts';

/** A stretch of a text that counts as one character: `exactly` is its letter with its case, or negative for either case. */
interface Run {
  /** Where each of its characters begins and ends. */
  places: { start: number; end: number }[];
  folded: number;
  exactly: number;
}

const runsOf = (text: string, options: FilterOptions): Run[] => {
  const { fold, foldExactly, isSkipped } = foldingOf(options);
  const isEitherCase = options.foldLetterStyle && !options.caseInsensitive;
  const runs: Run[] = [];
  let at = 0;
  for (const char of text) {
    const codePoint = char.codePointAt(0) ?? 0;
    const start = at;
    at += char.length;
    const place = { start, end: at };
    const folded = fold(codePoint);
    if (isSkipped(folded)) continue;
    const exactly = isEitherCase ? foldExactly(codePoint) : folded;
    const last = runs.at(-1);
    if (options.collapseRepeats && last?.folded === folded && isSameCase(last.exactly, exactly))
      Object.assign(last, { places: [...last.places, place], exactly: Math.max(last.exactly, exactly) });
    else runs.push({ places: [place], folded, exactly });
  }
  return runs;
};

const isSameCase = (a: number, b: number): boolean => a < 0 || b < 0 || a === b;

const isWhole = (
  text: string,
  word: string,
  { start, end }: { start: number; end: number },
  options: FilterOptions,
) => {
  const { fold } = foldingOf(options);
  const plain = (part: string) => [...part].map((char) => String.fromCodePoint(fold(char.codePointAt(0) ?? 0)));
  const readable = plain(word).filter((char) => /[\p{L}\p{N}]/u.test(char));
  const kind = [options.latinWholeWord && /^\p{Script=Latin}$/u, options.digitWholeWord && /^\p{Nd}$/u].find(
    (each) => each && readable.length > 0 && readable.every((char) => each.test(char)),
  );
  if (!kind) return true;
  const [before, first] = [plain(text.slice(0, start)).at(-1) ?? '', plain(text.slice(start))[0] ?? ''];
  const [last, after] = [plain(text.slice(0, end)).at(-1) ?? '', plain(text.slice(end))[0] ?? ''];
  return !(kind.test(before) && kind.test(first)) && !(kind.test(last) && kind.test(after));
};

/** The longest stretch from a character of the first run to one of the last that fits and leaves them long enough. */
const widest = (
  there: readonly Run[],
  wanted: readonly Run[],
  fits: (range: { start: number; end: number }) => boolean,
): { start: number; end: number } | undefined => {
  const [first = [], last = []] = [there[0]?.places, there.at(-1)?.places];
  const [firstCount, lastCount] = [wanted[0]?.places.length ?? 0, wanted.at(-1)?.places.length ?? 0];
  const ranges = first.flatMap(({ start }, from) =>
    last.flatMap(({ end }, to) => {
      const isLongEnough =
        there.length === 1 ? to - from + 1 >= firstCount : first.length - from >= firstCount && to + 1 >= lastCount;
      return isLongEnough ? [{ start, end }] : [];
    }),
  );
  return ranges.filter(fits).sort((a, b) => a.start - b.start || b.end - a.end)[0];
};

/** What a filter finds, found by trying each word at each place; `start end word` each, sorted. */
export const slowScan = (entries: readonly WordEntry[], options: FilterOptions, text: string): string[] => {
  const runs = runsOf(text, options);
  const found = entries.flatMap(({ word, action }) => {
    const wanted = runsOf(word, options);
    return runs.flatMap((_, index) => {
      const there = runs.slice(index, index + wanted.length);
      const isThere =
        there.length === wanted.length &&
        wanted.every((run, at) => {
          const other = there[at];
          const isRepeated = (other?.places.length ?? 0) >= run.places.length;
          return other?.folded === run.folded && isSameCase(other.exactly, run.exactly) && isRepeated;
        });
      if (!isThere) return [];
      const range = widest(there, wanted, (each) => isWhole(text, word, each, options));
      return range ? [{ ...range, word, action }] : [];
    });
  });
  const allowed = found.filter(({ action }) => action === 'allow');
  return found
    .filter(({ action }) => action !== 'allow')
    .filter((hit) => !allowed.some(({ start, end }) => start <= hit.start && hit.end <= end))
    .map(({ start, end, word }) => `${start} ${end} ${word}`)
    .sort();
};
