// biome-ignore lint/suspicious/noExplicitAny: each test says itself what it expects of a frame
export type Frame = any;

export interface Pushes {
  take(push: Frame): void;
  /** The oldest push not yet taken that fits, waited for if need be; those before it stay. */
  next(fits?: (push: Frame) => boolean): Promise<Frame>;
}

/** What a service has pushed to a client and no test has looked at yet. */
export const createPushes = (): Pushes => {
  const pushes: Frame[] = [];
  const waiting: { fits: (push: Frame) => boolean; take: (push: Frame) => void }[] = [];
  return {
    take(push) {
      const index = waiting.findIndex(({ fits }) => fits(push));
      if (index < 0) pushes.push(push);
      else waiting.splice(index, 1)[0]?.take(push);
    },
    next(fits = () => true) {
      const index = pushes.findIndex(fits);
      return index < 0
        ? new Promise((take) => waiting.push({ fits, take }))
        : Promise.resolve(pushes.splice(index, 1)[0]);
    },
  };
};
