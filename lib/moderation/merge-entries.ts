import type { WordAction, WordEntry } from './word-entry.ts';

/** `allow` of a word cancels it, whatever else is said of it; then the strictest counts, and saying nothing least. */
const precedence: Record<WordAction, number> = { mask: 1, reject: 2, drop: 3, allow: 4 };

/** Makes one entry of each word: its strictest action and all its tags. */
export const mergeEntries = (entries: readonly WordEntry[]): WordEntry[] => {
  const merged = new Map<string, WordEntry>();
  for (const entry of entries) {
    const known = merged.get(entry.word);
    merged.set(entry.word, known ? join(known, entry) : entry);
  }
  return [...merged.values()];
};

const join = (a: WordEntry, b: WordEntry): WordEntry => {
  const rank = ({ action }: WordEntry) => (action ? precedence[action] : 0);
  const { action } = rank(b) > rank(a) ? b : a;
  return { word: a.word, ...(action && { action }), tags: [...new Set([...(a.tags ?? []), ...(b.tags ?? [])])] };
};
