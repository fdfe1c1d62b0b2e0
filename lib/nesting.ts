/**
 * Answers whether a value is nested deeper than so many levels. V8 reads JSON nested some thousand levels deep, and
 * overflows when it writes it again.
 */
export const isDeeperThan = (value: unknown, levels: number): boolean => {
  let level = [value];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > levels) return true;
    level = level.flatMap((each) => (typeof each === 'object' && each !== null ? Object.values(each) : []));
  }
  return false;
};
