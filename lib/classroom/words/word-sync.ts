import type { Database } from '../../db/database.ts';
import { type ImClient, maxDirtyWordsPerCall } from '../../im/client.ts';
import { ImError } from '../../im/error.ts';
import type { Log } from '../../log.ts';
import { createRepairLog } from '../repair-log.ts';

export interface WordSyncOptions {
  database: Database;
  im: Pick<ImClient, 'addDirtyWords' | 'deleteDirtyWords'>;
  log: Log;
  /** Milliseconds since 1970. */
  clock(): number;
}

/** What IM's own list may hold: so many words, of so many characters each. Source: https://cloud.tencent.com/document/product/269/2396 */
const maxWordsAtIm = 5000;
const maxCharactersAtIm = 10;
/** IM refuses what is in the call, and so might take the next one. Source: https://cloud.tencent.com/document/product/269/1671 */
const badParameter = 10004;

/**
 * Makes IM's own list of dirty words follow ours, as far as it goes: the first words of at most 10 characters, in code-point
 * order, without those that are allowed. Our table remembers what IM has been told, and may have: whatever was lost on the
 * way is told again.
 */
export const createWordSync = ({ database, im, log, clock }: WordSyncOptions) => {
  /** Where IM's list differs from what it shall be, or may differ. */
  const readDifferences = () =>
    database.run(
      (sql) => sql<{ word: string; isWanted: boolean }[]>`
        with wanted as (
          select word from dirty_words where action is distinct from 'allow' and char_length(word) <= ${maxCharactersAtIm}
          order by word limit ${maxWordsAtIm}
        )
        select word, wanted.word is not null as "isWanted" from wanted full join im_dirty_words as told using (word)
        where wanted.word is null or told.added is not true
        order by word`,
    );

  /** From here on nobody knows whether IM has the words, until it has answered. */
  const remember = (words: readonly string[]) =>
    database.run(
      (sql) => sql`
        insert into im_dirty_words (word, added) select word, false from jsonb_array_elements_text(${sql.json([...words])}) as word
        on conflict (word) do update set added = false`,
    );

  const add = async (words: readonly string[]) => {
    await remember(words);
    await im.addDirtyWords(words);
    await database.run((sql) => sql`update im_dirty_words set added = true where word in ${sql(words)}`);
  };

  const remove = async (words: readonly string[]) => {
    await remember(words);
    await im.deleteDirtyWords(words);
    await database.run((sql) => sql`delete from im_dirty_words where word in ${sql(words)}`);
  };

  const repairLog = createRepairLog(log, { repair: 'untold words' });

  /** Begins no call after `until`, and says why words are left. Answers how many it told. */
  const tellDifferences = async (until: number, leave: (why: unknown) => void): Promise<number> => {
    const differences = await readDifferences();
    const wordsOf = (wanted: boolean) =>
      differences.filter(({ isWanted }) => isWanted === wanted).map(({ word }) => word);
    const calls = [
      // First, so that IM's list never grows too long.
      ...inBatches(wordsOf(false)).map((words) => ({ words, call: remove })),
      ...inBatches(wordsOf(true)).map((words) => ({ words, call: add })),
    ];
    let told = 0;
    for (const { words, call } of calls) {
      if (clock() >= until) {
        leave('the time was up');
        break;
      }
      try {
        await call(words);
        told += words.length;
      } catch (error) {
        leave(error);
        if (!(error instanceof ImError && error.imCode === badParameter)) break;
      }
    }
    return told;
  };

  const tell = async (maxMs: number, leave: (why: unknown) => void): Promise<number> => {
    const until = clock() + maxMs;
    try {
      return (await database.tryExclusively('dirty words at IM', () => tellDifferences(until, leave))) ?? 0;
    } catch (error) {
      leave(error);
      return 0;
    }
  };

  return {
    /**
     * Tells IM what it has not been told, for so long at most and one call more. Answers how many words that were. It never
     * throws: what fails or is left over is the sweep's, and whoever comes second leaves it to the first.
     */
    tellIm: (maxMs: number): Promise<number> => tell(maxMs, repairLog.due),

    /** The same for the sweep. */
    async tellLeft(maxMs: number): Promise<number> {
      let isLeft = false;
      const told = await tell(maxMs, (why) => {
        isLeft = true;
        repairLog.failed(why);
      });
      if (told > 0 && !isLeft) repairLog.done(told);
      return told;
    },
  };
};

export type WordSync = ReturnType<typeof createWordSync>;

const inBatches = (words: readonly string[]): string[][] =>
  Array.from({ length: Math.ceil(words.length / maxDirtyWordsPerCall) }, (_, index) =>
    words.slice(index * maxDirtyWordsPerCall, (index + 1) * maxDirtyWordsPerCall),
  );
