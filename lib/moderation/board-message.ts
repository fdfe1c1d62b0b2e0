import type { Filter, Hit } from './filter.ts';

/**
 * What people can read of a board message: the string values under a key `text`, wherever it stands, and all below it.
 * Everything else is drawing data, where a word is an accident. A board message is never rewritten, so any hit refuses it.
 * The hits' offsets are those of the single texts.
 */
export const scanBoardText = (filter: Pick<Filter, 'scan'>, data: unknown): Hit[] => {
  const hits: Hit[] = [];
  // A list of what is left to visit, not a recursion: a sender may nest deeper than the stack reaches.
  const left = [{ value: data, isText: false }];
  for (let next = left.pop(); next; next = left.pop()) {
    const { value, isText } = next;
    if (typeof value === 'string' && isText) for (const hit of filter.scan(value)) hits.push(hit);
    if (typeof value !== 'object' || value === null) continue;
    for (const [key, inner] of Object.entries(value)) left.push({ value: inner, isText: isText || key === 'text' });
  }
  return hits;
};
