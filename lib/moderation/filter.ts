/** What happens to a message with a listed word, from the mildest to the strictest; `allow` takes other words' hits back. */
export type WordAction = 'mask' | 'reject' | 'drop' | 'allow';

export interface WordEntry {
  word: string;
  /** Absent: the function's setting decides. */
  action?: WordAction;
  tags?: readonly string[];
}

/** One occurrence: UTF-16 offsets into the scanned text, `end` exclusive; `word` and `action` as the list has them. */
export interface Hit {
  start: number;
  end: number;
  word: string;
  action?: Exclude<WordAction, 'allow'>;
  tags: readonly string[];
}

export interface Filter {
  /** Every occurrence of every listed word, overlaps and inner words included. */
  scan(text: string): Hit[];
  /** Replaces every code point of every hit, one for one. */
  mask(text: string, maskChar?: string): string;
}

const maxWordCodePoints = 64;

/** Says what is wrong with a word for a list; `undefined` when nothing is. */
export const wordProblem = (word: string): string | undefined => {
  const length = [...word].length;
  if (length === 0) return 'must not be empty';
  if (length > maxWordCodePoints) return `must be at most ${maxWordCodePoints} characters long`;
  return word.trim() === '' ? 'must not be blank' : undefined;
};

/** Makes the filter of a list: an exact matcher. Throws an `Error` that names a bad word. */
export const compileFilter = (entries: readonly WordEntry[]): Filter => {
  const byFirstUnit = new Map<number, WordEntry[]>();
  for (const entry of entries) {
    const problem = wordProblem(entry.word);
    if (problem) throw new Error(`bad word ${JSON.stringify(entry.word)}: ${problem}`);
    const unit = entry.word.charCodeAt(0);
    const bucket = byFirstUnit.get(unit);
    if (bucket) bucket.push(entry);
    else byFirstUnit.set(unit, [entry]);
  }

  const scan = (text: string): Hit[] => {
    const hits: Hit[] = [];
    const allowed: { start: number; end: number }[] = [];
    for (let start = 0; start < text.length; start += 1) {
      for (const { word, action, tags = [] } of byFirstUnit.get(text.charCodeAt(start)) ?? []) {
        if (!text.startsWith(word, start)) continue;
        const end = start + word.length;
        if (action === 'allow') allowed.push({ start, end });
        else hits.push({ start, end, word, ...(action && { action }), tags });
      }
    }
    return allowed.length === 0
      ? hits
      : hits.filter((hit) => !allowed.some(({ start, end }) => start <= hit.start && hit.end <= end));
  };

  return { scan, mask: (text, maskChar = '*') => maskRanges(text, scan(text), maskChar) };
};

/** Replaces every code point inside the ranges by `maskChar`. */
export const maskRanges = (text: string, ranges: readonly { start: number; end: number }[], maskChar = '*'): string => {
  if (ranges.length === 0) return text;
  const sorted = [...ranges].sort((a, b) => a.start - b.start);
  let masked = '';
  let at = 0;
  for (const { start, end } of sorted) {
    const from = Math.max(start, at);
    if (from >= end) continue;
    masked += text.slice(at, from) + maskChar.repeat([...text.slice(from, end)].length);
    at = end;
  }
  return masked + text.slice(at);
};
