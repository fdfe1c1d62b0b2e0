import type { Database, Transaction } from '../../db/database.ts';
import { AppError } from '../../errors.ts';
import { productionOptions } from '../../moderation/filter.ts';
import { foldWord } from '../../moderation/matching/compile.ts';
import { filterFormat } from '../../moderation/matching/compiled-list.ts';
import { maxWords, type WordEntry } from '../../moderation/word-entry.ts';
import { compileWords } from './compile-words.ts';
import { readWords } from './word-list.ts';

/** Changes of the list, no word twice in `add` or `replaceAll`. */
export interface WordListEdit {
  add: readonly WordEntry[];
  /** Words that fold to the same as one of these. */
  remove: readonly string[];
  replaceAll?: readonly WordEntry[];
}

/** More, and compiling them would take more memory than the function has. */
const maxCharacters = 4_000_000;
/** 200,000 words take some seconds on a busy database. */
const deadlineMs = 20_000;

/** What changes the word list. Its words, its version and its compiled form change together. */
export const createWordEditing = (database: Database) => ({
  /**
   * One edit, wholly or not at all; it removes first and adds then, in the place of what was said of a word before.
   * Throws `QUOTA_EXCEEDED` when the list would grow too long.
   */
  edit({ add, remove, replaceAll }: WordListEdit): Promise<{ version: number; size: number }> {
    return database.transaction(async (sql) => {
      await lockList(sql);
      const listed = replaceAll ? [] : await readWords(sql);
      const added = replaceAll ?? add;
      const replaced = new Set(added.map(({ word }) => word));
      const removed = new Set(remove.map(fold));
      const isRemoved = ({ word }: WordEntry) => replaced.has(word) || (removed.size > 0 && removed.has(fold(word)));
      const words = [...listed.filter((entry) => !isRemoved(entry)), ...added];
      assertFits(words, listed);
      if (replaceAll) await sql`delete from dirty_words`;
      else await deleteWords(sql, listed.filter(isRemoved));
      await insertWords(sql, added);
      return store(sql, words, 1);
    }, deadlineMs);
  },

  /** Compiles the list anew when another version of the filter has compiled it, or none. */
  async recompile(): Promise<void> {
    const [row] = await database.run(
      (sql) => sql`select 1 from dirty_word_list where compiled_format is distinct from ${filterFormat}`,
    );
    if (!row) return;
    await database.transaction(async (sql) => {
      await lockList(sql);
      await store(sql, await readWords(sql), 0);
    }, deadlineMs);
  },
});

export type WordEditing = ReturnType<typeof createWordEditing>;

/** Throws `QUOTA_EXCEEDED`. A list that is too long already may be made shorter. */
const assertFits = (words: readonly WordEntry[], before: readonly WordEntry[]): void => {
  if (words.length > Math.max(maxWords, before.length))
    throw new AppError('QUOTA_EXCEEDED', `The list may hold ${maxWords} words.`);
  if (charactersOf(words) > Math.max(maxCharacters, charactersOf(before)))
    throw new AppError('QUOTA_EXCEEDED', `The list may hold ${maxCharacters} characters.`);
};

const charactersOf = (words: readonly WordEntry[]): number => words.reduce((sum, { word }) => sum + word.length, 0);

const fold = (word: string): string => foldWord(word, productionOptions);

/** Edits queue on the one row, so that versions and contents go in step. */
const lockList = (sql: Transaction) => sql`select 1 from dirty_word_list for update`;

const deleteWords = async (sql: Transaction, entries: readonly WordEntry[]): Promise<void> => {
  if (entries.length === 0) return;
  const words = sql.json(entries.map(({ word }) => word));
  await sql`delete from dirty_words where word in (select jsonb_array_elements_text(${words}))`;
};

const insertWords = async (sql: Transaction, entries: readonly WordEntry[]): Promise<void> => {
  if (entries.length === 0) return;
  const rows = entries.map(({ word, action, tags }) => ({ word, action: action ?? null, tags: tags ?? [] }));
  await sql`
    insert into dirty_words (word, action, tags)
    select word, action, tags from jsonb_to_recordset(${sql.json(rows)}) as row (word text, action text, tags jsonb)`;
};

const store = async (
  sql: Transaction,
  words: readonly WordEntry[],
  versions: 0 | 1,
): Promise<{ version: number; size: number }> => {
  const compiled = compileWords(words).toBuffer();
  // A third less to hold and to send than the hex text that bytes are sent as.
  const text = Buffer.from(compiled.buffer, compiled.byteOffset, compiled.length).toString('base64');
  const [row] = await sql<{ version: number; size: number }[]>`
    update dirty_word_list
    set version = version + ${versions}, size = ${words.length}, compiled = decode(${text}, 'base64'), compiled_format = ${filterFormat}
    returning version, size`;
  if (!row) throw new Error('the word list has no row');
  return row;
};
