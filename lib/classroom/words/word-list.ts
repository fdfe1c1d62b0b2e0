import { readBinaryRow } from '../../db/binary-row.ts';
import type { Database, Transaction } from '../../db/database.ts';
import { maxWords, type WordAction, type WordEntry } from '../../moderation/word-entry.ts';

interface Listed {
  word: string;
  action: WordAction | null;
  tags: string[];
}

const toEntry = ({ word, action, tags }: Listed): ListedWord => ({ word, ...(action && { action }), tags });

/** An entry as the list keeps it. */
export type ListedWord = WordEntry & Required<Pick<WordEntry, 'tags'>>;

/** All listed words, in no order. */
export const readWords = async (sql: Transaction): Promise<WordEntry[]> =>
  (await sql<Listed[]>`select word, action, tags from dirty_words`).map(toEntry);

/** The dirty words as they stand, with a version that every edit raises. */
export const createWordList = (database: Database) => {
  const page = async (after: string, limit: number): Promise<{ version: number; words: ListedWord[] }> => {
    // One statement sees one state of the database, and waits for no edit.
    const rows = await database.run(
      (sql) => sql<({ version: number } & (Listed | { word: null }))[]>`
        select version, word, action, tags from dirty_word_list left join
          (select * from dirty_words where word > ${after} order by word limit ${limit}) as page on true
        order by word`,
    );
    const listed = rows.filter((row): row is Extract<typeof row, Listed> => row.word !== null);
    return { version: rows[0]?.version ?? 0, words: listed.map(toEntry) };
  };

  return {
    async version(): Promise<number> {
      const [row] = await database.run((sql) => sql<{ version: number }[]>`select version from dirty_word_list`);
      return row?.version ?? 0;
    },

    /** The words after `after`, in code-point order, at most `limit`. */
    page,

    /** The whole list, of one version. */
    all: (): Promise<{ version: number; words: WordEntry[] }> => page('', maxWords),

    /** The list as the last edit has compiled it: several megabytes. Without `bytes` nothing has compiled it yet. */
    async compiled(): Promise<{ version: number; bytes?: Buffer }> {
      const [version, bytes] = await database.run((sql) =>
        readBinaryRow(sql, sql`select version, compiled from dirty_word_list`),
      );
      return { version: version?.readInt32BE() ?? 0, ...(bytes && { bytes }) };
    },
  };
};

export type WordList = ReturnType<typeof createWordList>;
