import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createHandler } from '../../functions/edit-dirty-words/handler.ts';
import { createCurrentFilter } from '../../lib/classroom/words/current-filter.ts';
import { createWordEditing, type WordEditing } from '../../lib/classroom/words/word-editing.ts';
import { createWordList, type WordList } from '../../lib/classroom/words/word-list.ts';
import type { Database } from '../../lib/db/database.ts';
import { AppError } from '../../lib/errors.ts';
import { createClock } from '../support/clock.ts';
import { newDatabaseUrl, openDatabase } from '../support/database.ts';
import { call, createHttp, eventOf, tokenOf } from '../support/http.ts';
import { describeRefusals } from '../support/refusals.ts';

const clock = createClock();
let database: Database;
let wordList: WordList;
let wordEditing: WordEditing;
beforeAll(async () => {
  database = openDatabase(await newDatabaseUrl());
  wordList = createWordList(database);
  wordEditing = createWordEditing(database);
});
beforeEach(async () => {
  await database.run((sql) => sql`delete from dirty_words`);
});

const setUpWith = (editing: Pick<WordEditing, 'edit'>) => {
  const { http, logText } = createHttp(clock);
  return { handler: createHandler({ http, wordEditing: editing, wordSync: undefined }), logText };
};
const setUp = () => setUpWith({ edit: (edit) => wordEditing.edit(edit) });
const edit = async (body: object | string) =>
  call(setUp().handler, eventOf(body, await tokenOf(clock, 'admin1', 'admin')));
const listed = async () => (await wordList.all()).words;

describe('edit-dirty-words', () => {
  it('adds words, with their actions and tags and without', async () => {
    const { version } = await wordList.all();
    const add = [{ word: '微信', action: 'reject', tags: ['ad', 'contact'] }, { word: 'x' }];
    expect(await edit({ add })).toMatchObject({ status: 200, body: { version: version + 1, size: 2 } });
    expect(await listed()).toEqual([
      { word: 'x', tags: [] },
      { word: '微信', action: 'reject', tags: ['ad', 'contact'] },
    ]);
  });

  it('puts what it adds in the place of what was said of the word before', async () => {
    await edit({ add: [{ word: 'x', action: 'drop', tags: ['a'] }] });
    expect((await edit({ add: [{ word: 'x', tags: ['b'] }] })).body.size).toBe(1);
    expect(await listed()).toEqual([{ word: 'x', tags: ['b'] }]);
  });

  it('makes one entry of a word that comes several times, the strictest', async () => {
    const add = [
      { word: 'x', tags: ['a'] },
      { word: 'x', action: 'drop' },
      { word: 'x', action: 'mask', tags: ['b'] },
    ];
    expect((await edit({ add })).body.size).toBe(1);
    expect(await listed()).toEqual([{ word: 'x', action: 'drop', tags: ['a', 'b'] }]);
  });

  it('removes words, and is content with those that are not there', async () => {
    await edit({ add: [{ word: 'a' }, { word: "b'; --" }, { word: 'c' }] });
    expect((await edit({ remove: ["b'; --", 'nothing'] })).body.size).toBe(2);
    expect((await listed()).map(({ word }) => word)).toEqual(['a', 'c']);
  });

  it('removes every word that matches the same texts as one that it is told', async () => {
    await edit({ add: ['WeChat', 'wechat', 'ＷeＣhat', '發', '发', '微信', 'we'].map((word) => ({ word })) });
    expect((await edit({ remove: ['WECHAT', '發'] })).body.size).toBe(2);
    expect((await listed()).map(({ word }) => word)).toEqual(['we', '微信']);
  });

  it('removes first and adds then, in one edit', async () => {
    await edit({ add: [{ word: 'a', action: 'drop' }] });
    expect((await edit({ remove: ['a'], add: [{ word: 'a' }, { word: 'b' }] })).body.size).toBe(2);
    expect(await listed()).toEqual([
      { word: 'a', tags: [] },
      { word: 'b', tags: [] },
    ]);
  });

  it('replaces the whole list, by an empty one too', async () => {
    await edit({ add: [{ word: 'a' }, { word: 'b' }] });
    expect((await edit({ replaceAll: [{ word: 'c' }, { word: 'b', action: 'allow' }] })).body.size).toBe(2);
    expect((await listed()).map(({ word }) => word)).toEqual(['b', 'c']);
    expect((await edit({ replaceAll: [] })).body.size).toBe(0);
  });

  it('keeps case, spaces and characters of several code units', async () => {
    await edit({ add: [{ word: 'Ab c' }, { word: 'ab c' }, { word: '𠮷' }] });
    expect((await listed()).map(({ word }) => word)).toEqual(['Ab c', 'ab c', '𠮷']);
  });

  it('raises the version by one for each edit, however many come at once', async () => {
    const { version } = await wordList.all();
    const replies = await Promise.all(Array.from({ length: 10 }, (_, n) => edit({ add: [{ word: `w${n}` }] })));
    const versions = replies.map(({ body }) => body.version).sort((a, b) => a - b);
    expect(versions).toEqual(Array.from({ length: 10 }, (_, n) => version + n + 1));
    expect((await wordList.all()).words).toHaveLength(10);
  });

  it('takes a list of nearly 5 MiB', async () => {
    const replaceAll = Array.from({ length: 120_000 }, (_, n) => ({ word: `敏感词条目${n}`, tags: [] }));
    const body = JSON.stringify({ replaceAll });
    expect(Buffer.byteLength(body)).toBeGreaterThan(4.5 * 1024 * 1024);
    expect(await edit(body)).toMatchObject({ status: 200, body: { size: 120_000 } });
  });

  it('grows the list to 200000 words and not beyond, wholly or not at all', async () => {
    await database.run(
      (sql) => sql`insert into dirty_words select 'w' || n, null, '[]' from generate_series(1, 199999) n`,
    );
    expect(await edit({ add: [{ word: 'one more' }] })).toMatchObject({ status: 200, body: { size: 200_000 } });
    expect(await edit({ remove: ['w1'], add: [{ word: 'a' }, { word: 'b' }] })).toMatchObject({
      status: 429,
      body: { code: 'QUOTA_EXCEEDED' },
    });
    const [row] = await database.run(
      (sql) =>
        sql`select count(*)::int as count, bool_or(word = 'w1') as kept, bool_or(word = 'a') as added from dirty_words`,
    );
    expect(row).toEqual({ count: 200_000, kept: true, added: false });
  });

  it.each([
    ['UPSTREAM_FAILED', 502],
    ['UPSTREAM_TIMEOUT', 504],
  ] as const)('passes the failure %s of the database on as %i', async (code, status) => {
    const { handler } = setUpWith({
      edit: async () => {
        throw new AppError(code, 'The database cannot be reached. Try again.');
      },
    });
    const reply = await call(handler, eventOf({ add: [{ word: 'x' }] }, await tokenOf(clock, 'admin1', 'admin')));
    expect(reply).toMatchObject({ status, body: { code } });
  });

  it('is in force for whoever asks after it', async () => {
    await edit({ add: [{ word: 'darn' }] });
    const { http } = createHttp(clock);
    const { filter, version } = await createCurrentFilter(wordList, { log: http.log, clock })();
    expect(version).toBe(await wordList.version());
    expect(filter.mask('Darn!')).toBe('****!');
  });

  it('is told to IM for two seconds at most, once it is stored', async () => {
    const told: unknown[] = [];
    const { http } = createHttp(clock);
    const tellIm = async (maxMs: number) => told.push({ maxMs, listed: await listed() });
    const handler = createHandler({ http, wordEditing, wordSync: { tellIm } });
    const reply = await call(handler, eventOf({ add: [{ word: 'x' }] }, await tokenOf(clock, 'admin1', 'admin')));
    expect(reply).toMatchObject({ status: 200, body: { size: 1 } });
    expect(told).toEqual([{ maxMs: 2000, listed: [{ word: 'x', tags: [] }] }]);
  });

  it('tells no word to the log', async () => {
    const { handler, logText } = setUp();
    const token = await tokenOf(clock, 'admin1', 'admin');
    await call(handler, eventOf({ add: [{ word: 'unspeakable' }] }, token));
    await call(handler, eventOf({ add: [{ word: 'unspeakable', action: 'no' }] }, token));
    expect(logText().split('\n')).toHaveLength(2);
    expect(logText()).not.toContain('unspeakable');
  });
});

describeRefusals('edit-dirty-words', {
  clock,
  setUp,
  input: { add: [{ word: 'x' }] },
  as: { userId: 'admin1', role: 'admin' },
  otherRoles: ['student', 'teacher'],
  maxBodyBytes: 5 * 1024 * 1024,
  badInputs: [
    ['nothing to do', {}, ''],
    ['empty lists', { add: [], remove: [] }, ''],
    ['a replacement beside an edit', { add: [{ word: 'a' }], replaceAll: [] }, '/replaceAll'],
    [
      'every bad word by its place',
      {
        add: [
          { word: 'good' },
          { word: '' },
          { word: '***' },
          { word: 'x'.repeat(65) },
          { word: 'a\0b' },
          { word: '\ud83d' },
        ],
      },
      '/add/1/word',
      '/add/2/word',
      '/add/3/word',
      '/add/4/word',
      '/add/5/word',
    ],
    ['an unknown action', { add: [{ word: 'a', action: 'hide' }] }, '/add/0/action'],
    ['an unknown field of a word', { add: [{ word: 'a', weight: 1 }] }, '/add/0/weight'],
    ['an empty tag', { add: [{ word: 'a', tags: [''] }] }, '/add/0/tags/0'],
    ['eleven tags', { add: [{ word: 'a', tags: Array(11).fill('t') }] }, '/add/0/tags'],
    ['a text for a list', { add: 'a' }, '/add'],
    ['a word without its object', { add: ['a'] }, '/add/0'],
    ['an empty word to remove', { remove: [''] }, '/remove/0'],
    ['a bad word of a replacement', { replaceAll: [{ word: '' }] }, '/replaceAll/0/word'],
  ],
});
