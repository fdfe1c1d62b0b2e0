import { describeError, type Log } from '../log.ts';
import { compileFilter, type Filter } from '../moderation/filter.ts';
import type { WordList } from './word-list.ts';

export interface CurrentFilter {
  filter: Filter;
  /** Of the word list that it was made from. */
  version: number;
}

/** A warm instance looks for a newer list no more often. */
const checkEveryMs = 10_000;

/**
 * The filter of the word list as it stands, kept while the instance is warm. When the list cannot be read, the last good
 * one stays in force; with none, the database's failure is thrown.
 */
export const createCurrentFilter = (wordList: Pick<WordList, 'version' | 'all'>, log: Log, clock: () => number) => {
  let current: CurrentFilter | undefined;
  let checkedAt = 0;

  const refresh = async (): Promise<CurrentFilter> => {
    if (current && (await wordList.version()) === current.version) return current;
    const { version, words } = await wordList.all();
    current = { version, filter: compileFilter(words) };
    return current;
  };

  return async (): Promise<CurrentFilter> => {
    if (current && clock() - checkedAt < checkEveryMs) return current;
    checkedAt = clock();
    return refresh().catch((error: unknown) => {
      if (!current) throw error;
      log.warn('word list not read', { version: current.version, ...describeError(error) });
      return current;
    });
  };
};
