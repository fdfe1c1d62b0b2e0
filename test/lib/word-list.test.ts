import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createWordEditing, type WordEditing } from '../../lib/classroom/words/word-editing.ts';
import { createWordList, type WordList } from '../../lib/classroom/words/word-list.ts';
import type { Database } from '../../lib/db/database.ts';
import { loadFilter } from '../../lib/moderation/filter.ts';
import { filterFormat } from '../../lib/moderation/matching/compiled-list.ts';
import { newDatabaseUrl, openDatabase } from '../support/database.ts';

let url: string;
let database: Database;
let wordList: WordList;
let wordEditing: WordEditing;
beforeAll(async () => {
  url = await newDatabaseUrl();
  database = openDatabase(url);
  wordList = createWordList(database);
  wordEditing = createWordEditing(database);
});
beforeEach(async () => {
  await database.run((sql) => sql`truncate dirty_words`);
  await database.run((sql) => sql`update dirty_word_list set size = 0, compiled = null, compiled_format = null`);
});

const add = (...words: string[]) => wordEditing.edit({ add: words.map((word) => ({ word })), remove: [] });
const found = async (text: string) => {
  const { bytes } = await wordList.compiled();
  return (
    bytes &&
    loadFilter(bytes)
      .scan(text)
      .map(({ word }) => word)
  );
};
const row = async () => {
  const [found] = await database.run(
    (sql) => sql`select version, size, md5(compiled) as hash, compiled_format as format from dirty_word_list`,
  );
  return found;
};

describe('the compiled word list', () => {
  it('is not there before the first edit', async () => {
    expect(await wordList.compiled()).toEqual({ version: expect.any(Number) });
  });

  it('goes with every edit, under its version', async () => {
    const { version } = await add('甲', '乙');
    expect(await found('甲乙丙')).toEqual(['甲', '乙']);
    await wordEditing.edit({ add: [{ word: '丙', action: 'drop', tags: ['x'] }], remove: ['甲'] });
    expect(await found('甲乙丙')).toEqual(['乙', '丙']);
    await wordEditing.edit({ add: [], remove: [], replaceAll: [{ word: '甲' }] });
    expect(await found('甲乙丙')).toEqual(['甲']);
    expect((await wordList.compiled()).version).toBe(version + 2);
    await wordEditing.edit({ add: [], remove: [], replaceAll: [] });
    expect(await found('甲乙丙')).toEqual([]);
  });

  it('stays as it was when an edit is refused', async () => {
    await add('甲');
    const before = await row();
    await database.run(
      (sql) => sql`insert into dirty_words select 'w' || n, null, '[]' from generate_series(1, 199999) n`,
    );
    await expect(add('乙')).rejects.toMatchObject({ code: 'QUOTA_EXCEEDED' });
    await database.run((sql) => sql`delete from dirty_words where word like 'w%'`);
    await database.run(
      (sql) => sql`insert into dirty_words select lpad(n::text, 64, 'w'), null, '[]' from generate_series(1, 62500) n`,
    );
    await expect(add('乙')).rejects.toMatchObject({ code: 'QUOTA_EXCEEDED' });
    expect(await row()).toEqual(before);
    expect(await found('甲乙')).toEqual(['甲']);
  });

  it.each([
    ['nothing has compiled it', { compiled: null, compiled_format: null }],
    [
      'another version of the filter has compiled it',
      { compiled: Buffer.from('old'), compiled_format: filterFormat + 1 },
    ],
  ])('is made anew when %s, under the same version', async (_what, other) => {
    await add('甲');
    const before = await row();
    await database.run((sql) => sql`update dirty_word_list set ${sql(other)}`);
    await wordEditing.recompile();
    expect(await row()).toEqual(before);
    expect(before).toMatchObject({ size: 1, format: filterFormat });
    expect(await found('甲')).toEqual(['甲']);
  });

  it('is left alone when this version of the filter has compiled it', async () => {
    await add('甲');
    await database.run((sql) => sql`update dirty_word_list set compiled = 'as it is'`);
    const before = await row();
    await wordEditing.recompile();
    expect(await row()).toEqual(before);
  });

  it('leaves words out that an older version took and this one would refuse', async () => {
    await database.run((sql) => sql`insert into dirty_words values ('***', null, '[]')`);
    await add('甲');
    expect(await found('甲***')).toEqual(['甲']);
    expect((await wordList.page('', 10)).words.map(({ word }) => word)).toEqual(['***', '甲']);
    await wordEditing.edit({ add: [], remove: ['***'] });
    expect((await wordList.all()).words).toEqual([{ word: '甲', tags: [] }]);
  });

  it('may be made shorter when it is longer than it may be', async () => {
    await database.run(
      (sql) => sql`insert into dirty_words select lpad(n::text, 64, 'w'), null, '[]' from generate_series(1, 62502) n`,
    );
    await expect(add('x')).rejects.toMatchObject({ code: 'QUOTA_EXCEEDED' });
    const remove = ['1'.padStart(64, 'w')];
    expect(await wordEditing.edit({ add: [], remove })).toMatchObject({ size: 62_501 });
  });
});

describe('a page of the word list', () => {
  it('does not wait for an edit', async () => {
    await add('甲', '乙');
    await openDatabase(url).transaction(async (sql) => {
      await sql`select 1 from dirty_word_list for update`;
      expect((await wordList.page('', 1)).words).toEqual([{ word: '乙', tags: [] }]);
    });
  });

  it('has the version when it is empty', async () => {
    const { version } = await add('甲');
    expect(await wordList.page('甲', 10)).toEqual({ version, words: [] });
  });
});
