/** Runs what has one key in the order in which it came. */
export interface Turns {
  take<T>(key: string, run: () => Promise<T>): Promise<T>;
}

export const createTurns = (): Turns => {
  const last = new Map<string, Promise<unknown>>();
  return {
    take(key, run) {
      const mine = (last.get(key) ?? Promise.resolve()).then(run);
      // The next one starts when this one is over, however it ends; its failure is its caller's.
      const over: Promise<void> = mine
        .then(
          () => undefined,
          () => undefined,
        )
        .then(() => {
          if (last.get(key) === over) last.delete(key);
        });
      last.set(key, over);
      return mine;
    },
  };
};
