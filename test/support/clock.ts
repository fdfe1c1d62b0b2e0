/** A clock that stands still until it is told otherwise. */
export interface TestClock {
  (): number;
  seconds(): number;
  advance(seconds: number): void;
}

/** 2026-01-01T00:00:00Z unless told otherwise. */
export const createClock = (startSeconds = 1_767_225_600): TestClock => {
  let ms = startSeconds * 1000;
  return Object.assign(() => ms, {
    seconds: () => Math.floor(ms / 1000),
    advance: (seconds: number) => {
      ms += seconds * 1000;
    },
  });
};
