import { describeError, type Log } from '../../log.ts';
import { compileFilter, type Filter } from '../../moderation/filter.ts';
import type { WordList } from './word-list.ts';

export interface CurrentFilter {
  filter: Filter;
  /** Of the word list that it was made from. */
  version: number;
}

export interface CurrentFilterOptions {
  log: Log;
  /** Milliseconds since 1970. */
  clock(): number;
  sleep(ms: number): Promise<unknown>;
}

/** A warm instance looks for a newer list no more often. */
const checkEveryMs = 1000;
/** And waits for it no longer: a message is judged by the list at hand rather than late. */
const patienceMs = 150;

/**
 * The filter of the word list as it stands, kept while the instance is warm. When the list cannot be read in time, the
 * last good one stays in force; with none, the database's failure is thrown.
 */
export const createCurrentFilter = (
  wordList: Pick<WordList, 'version' | 'all'>,
  { log, clock, sleep }: CurrentFilterOptions,
) => {
  let current: CurrentFilter | undefined;
  let checkedAt = 0;

  const load = async (): Promise<CurrentFilter> => {
    const { version, words } = await wordList.all();
    current = { version, filter: compileFilter(words) };
    return current;
  };

  const renew = async (held: CurrentFilter): Promise<CurrentFilter> => {
    try {
      return (await wordList.version()) === held.version ? held : await load();
    } catch (error) {
      log.warn('word list not read', { version: held.version, ...describeError(error) });
      return held;
    }
  };

  return async (): Promise<CurrentFilter> => {
    const held = current;
    if (held && clock() - checkedAt < checkEveryMs) return held;
    checkedAt = clock();
    return held ? Promise.race([renew(held), sleep(patienceMs).then(() => held)]) : load();
  };
};
