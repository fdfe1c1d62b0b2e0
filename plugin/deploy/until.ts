/** Some five minutes together. */
const pausesMs = [200, 300, 500, ...Array<number>(15).fill(1000), ...Array<number>(95).fill(3000)];
/** Said after a second, and now and again. */
const isTold = (look: number) => look % 10 === 3;

/**
 * Reads again and again until there is nothing left to wait for, for which it asks what a reply says is still under way.
 * Throws an `Error` when that lasts.
 */
export type Until = <Reply>(
  read: () => Promise<Reply>,
  pending: (reply: Reply) => string | undefined,
) => Promise<Reply>;

export const createUntil =
  ({ sleep, report }: { sleep: (ms: number) => Promise<unknown>; report: (line: string) => void }): Until =>
  async (read, pending) => {
    for (let look = 0; ; look += 1) {
      const reply = await read();
      const what = pending(reply);
      if (what === undefined) return reply;
      const pauseMs = pausesMs[look];
      if (pauseMs === undefined)
        throw new Error(`${what} still, after five minutes. Look at it in the console, and run this again.`);
      if (isTold(look)) report(`waiting: ${what}`);
      await sleep(pauseMs);
    }
  };
