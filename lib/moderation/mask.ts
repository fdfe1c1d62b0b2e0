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
