/** Counts by key within the running second. */
export interface SecondCounts {
  of(key: string): number;
  add(key: string): void;
}

export const createSecondCounts = (clock: () => number): SecondCounts => {
  let second = Number.NaN;
  const counts = new Map<string, number>();
  const roll = () => {
    const now = Math.floor(clock() / 1000);
    if (now !== second) counts.clear();
    second = now;
  };
  const of = (key: string) => {
    roll();
    return counts.get(key) ?? 0;
  };
  return { of, add: (key) => void counts.set(key, of(key) + 1) };
};
