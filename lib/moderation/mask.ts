import { mergeRanges, type Range } from './ranges.ts';

/** Replaces every code point inside the ranges by `maskChar`. */
export const maskRanges = (text: string, ranges: readonly Range[], maskChar = '*'): string => {
  let masked = '';
  let at = 0;
  for (const range of mergeRanges(ranges)) {
    masked += text.slice(at, range.start) + maskChar.repeat(codePointsIn(text, range));
    at = range.end;
  }
  return masked + text.slice(at);
};

export const codePointsIn = (text: string, { start, end }: Range): number => [...text.slice(start, end)].length;
