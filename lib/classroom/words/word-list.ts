import type { Database, Transaction } from '../../db/database.ts';
import { AppError } from '../../errors.ts';
import type { WordAction, WordEntry } from '../../moderation/filter.ts';

export interface WordListEdit {
  add: readonly WordEntry[];
  remove: readonly string[];
  replaceAll?: readonly WordEntry[];
}

interface Listed {
  word: string;
  action: WordAction | null;
  tags: string[];
}

const maxWords = 200_000;

const toEntry = ({ word, action, tags }: Listed): WordEntry => ({ word, ...(action && { action }), tags });

/** The dirty words, with a version that every edit raises. */
export const createWordList = (database: Database) => ({
  /** One edit, wholly or not at all. Throws `QUOTA_EXCEEDED` when the list would grow too long. */
  edit({ add, remove, replaceAll }: WordListEdit): Promise<{ version: number; size: number }> {
    return database.transaction(async (sql) => {
      // Edits queue on the one row, so that versions and contents go in step.
      await sql`select 1 from dirty_word_list for update`;
      if (replaceAll) await sql`delete from dirty_words`;
      if (remove.length > 0)
        await sql`delete from dirty_words where word in (select jsonb_array_elements_text(${sql.json([...remove])}))`;
      await upsert(sql, replaceAll ?? add);
      const [row] = await sql<{ version: number; size: number }[]>`
        update dirty_word_list set version = version + 1, size = (select count(*) from dirty_words) returning version, size`;
      if (!row) throw new Error('the word list has no row');
      if (row.size > maxWords) throw new AppError('QUOTA_EXCEEDED', `The list may hold ${maxWords} words.`);
      return row;
    });
  },

  async version(): Promise<number> {
    const [row] = await database.run((sql) => sql<{ version: number }[]>`select version from dirty_word_list`);
    return row?.version ?? 0;
  },

  /** The words after `after`, in code-point order, at most `limit`. */
  async page(after: string, limit: number): Promise<{ version: number; words: WordEntry[] }> {
    return database.transaction(async (sql) => {
      const [row] = await sql<{ version: number }[]>`select version from dirty_word_list for share`;
      const words = await sql<
        Listed[]
      >`select word, action, tags from dirty_words where word > ${after} order by word limit ${limit}`;
      return { version: row?.version ?? 0, words: words.map(toEntry) };
    });
  },

  /** The whole list, of one version. */
  async all(): Promise<{ version: number; words: WordEntry[] }> {
    return this.page('', maxWords);
  },
});

export type WordList = ReturnType<typeof createWordList>;

const upsert = async (sql: Transaction, entries: readonly WordEntry[]): Promise<void> => {
  if (entries.length === 0) return;
  const rows = entries.map(({ word, action, tags }) => ({ word, action: action ?? null, tags: tags ?? [] }));
  await sql`
    insert into dirty_words (word, action, tags)
    select word, action, tags from jsonb_to_recordset(${sql.json(rows)}) as row (word text, action text, tags jsonb)
    on conflict (word) do update set action = excluded.action, tags = excluded.tags`;
};
