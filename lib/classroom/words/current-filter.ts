import { describeError, type Log } from '../../log.ts';
import { type Filter, loadFilter } from '../../moderation/filter.ts';
import { compileWords } from './compile-words.ts';
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
}

/** A warm instance looks for a newer list no more often. */
const checkEveryMs = 10_000;

/**
 * The filter of the word list, kept while the instance is warm. Only an instance without any waits for it, and throws the
 * database's failure. Then what is at hand is answered at once, and a newer list is fetched behind that: until it has
 * arrived, and when it cannot be read, the last good one stays in force.
 */
export const createCurrentFilter = (
  wordList: Pick<WordList, 'version' | 'compiled' | 'all'>,
  { log, clock }: CurrentFilterOptions,
): (() => Promise<CurrentFilter>) => {
  let current: CurrentFilter | undefined;
  let fetching: Promise<CurrentFilter> | undefined;
  let checkedAt = 0;

  const load = async (): Promise<CurrentFilter> => {
    const { version, bytes } = await wordList.compiled();
    try {
      if (bytes) return { version, filter: loadFilter(bytes) };
    } catch (error) {
      log.warn('compiled word list not usable', { version, ...describeError(error) });
    }
    const all = await wordList.all();
    return { version: all.version, filter: compileWords(all.words) };
  };

  const fetchNewer = async (): Promise<CurrentFilter> => {
    if (!current || (await wordList.version()) !== current.version) current = await load();
    return current;
  };

  const startFetching = (): Promise<CurrentFilter> => {
    checkedAt = clock();
    fetching = fetchNewer().finally(() => {
      fetching = undefined;
    });
    // Often nobody waits for it.
    fetching.catch((error: unknown) =>
      log.warn('word list not read', { version: current?.version, ...describeError(error) }),
    );
    return fetching;
  };

  return () => {
    if (!current) return fetching ?? startFetching();
    if (!fetching && clock() - checkedAt >= checkEveryMs) startFetching();
    return Promise.resolve(current);
  };
};
