import { beforeAll, describe, expect, it } from 'vitest';
import { createHandler } from '../../functions/list-dirty-words/handler.ts';
import { createWordEditing, type WordEditing } from '../../lib/classroom/words/word-editing.ts';
import { createWordList, type WordList } from '../../lib/classroom/words/word-list.ts';
import { AppError } from '../../lib/errors.ts';
import { createClock } from '../support/clock.ts';
import { newDatabaseUrl, openDatabase } from '../support/database.ts';
import { call, createHttp, eventOf, tokenOf } from '../support/http.ts';
import { describeRefusals } from '../support/refusals.ts';

const clock = createClock();
/** In the order of their code points, which is neither a dictionary's nor that of UTF-16. */
const words = ['A', 'a', 'ab', 'b', '\ue000', '微信', '\uff21', '😀'].sort((a, b) =>
  Buffer.compare(Buffer.from(a), Buffer.from(b)),
);
let wordList: WordList;
let wordEditing: WordEditing;
let version: number;
beforeAll(async () => {
  const database = openDatabase(await newDatabaseUrl());
  wordList = createWordList(database);
  wordEditing = createWordEditing(database);
  const add = words.map((word) => ({ word, tags: [] }));
  ({ version } = await wordEditing.edit({ add: [], remove: [], replaceAll: add.toReversed() }));
  ({ version } = await wordEditing.edit({ add: [{ word: 'ab', action: 'drop', tags: ['x'] }], remove: [] }));
});

const setUpWith = (list: Pick<WordList, 'page'>) => {
  const { http, logText } = createHttp(clock);
  return { handler: createHandler({ http, wordList: list }), logText };
};
const setUp = () => setUpWith({ page: (after, limit) => wordList.page(after, limit) });
const list = async (body: object = {}) => call(setUp().handler, eventOf(body, await tokenOf(clock, 'admin1', 'admin')));

describe('list-dirty-words', () => {
  it('answers words with what is said of them, and the version', async () => {
    const { status, body } = await list();
    expect(status).toBe(200);
    expect(body.version).toBe(version);
    expect(body.words.slice(0, 3)).toEqual([
      { word: 'A', tags: [] },
      { word: 'a', tags: [] },
      { word: 'ab', action: 'drop', tags: ['x'] },
    ]);
    expect(body).not.toHaveProperty('nextCursor');
  });

  it.each([1, 3, 8, 200])('goes through all of them in the order of code points, %i at a time', async (limit) => {
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const { body } = await list({ limit, ...(cursor !== undefined && { cursor }) });
      expect(body.words.length).toBeLessThanOrEqual(limit);
      seen.push(...body.words.map(({ word }: { word: string }) => word));
      cursor = body.nextCursor;
    } while (cursor !== undefined);
    expect(seen).toEqual(words);
  });

  it('answers 50 when no limit is given', async () => {
    const asked: number[] = [];
    const { handler } = setUpWith({
      page: async (_after, limit) => {
        asked.push(limit);
        return { version: 1, words: [] };
      },
    });
    const reply = await call(handler, eventOf('', await tokenOf(clock, 'admin1', 'admin')));
    expect(reply).toMatchObject({ status: 200, body: { version: 1, words: [] } });
    expect(asked).toEqual([50]);
  });

  it('goes on after a word that has been removed meanwhile', async () => {
    const { body } = await list({ limit: 2 });
    const cursor = body.nextCursor;
    await wordEditing.edit({ add: [], remove: ['a'] });
    expect((await list({ limit: 1, cursor })).body.words[0].word).toBe('ab');
    await wordEditing.edit({ add: [{ word: 'a', tags: [] }], remove: [] });
  });

  it.each([
    ['UPSTREAM_FAILED', 502],
    ['UPSTREAM_TIMEOUT', 504],
  ] as const)('passes the failure %s of the database on as %i', async (code, status) => {
    const { handler } = setUpWith({
      page: async () => {
        throw new AppError(code, 'The database cannot be reached. Try again.');
      },
    });
    const reply = await call(handler, eventOf({}, await tokenOf(clock, 'admin1', 'admin')));
    expect(reply).toMatchObject({ status, body: { code } });
  });

  it('tells no word to the log', async () => {
    const { handler, logText } = setUp();
    await call(handler, eventOf({}, await tokenOf(clock, 'admin1', 'admin')));
    expect(logText()).toContain('"userId":"admin1"');
    expect(logText()).not.toContain('微信');
  });
});

describeRefusals('list-dirty-words', {
  clock,
  setUp,
  input: { limit: 1 },
  as: { userId: 'admin1', role: 'admin' },
  otherRoles: ['student', 'teacher'],
  badInputs: [
    ['a limit of 0', { limit: 0 }, '/limit'],
    ['a limit of 201', { limit: 201 }, '/limit'],
    ['a limit in words', { limit: 'all' }, '/limit'],
    ['an empty cursor', { cursor: '' }, '/cursor'],
    ['a cursor with a blank', { cursor: 'a b' }, '/cursor'],
    ['a cursor that is no text of ours', { cursor: '_w' }, '/cursor'],
    ['a cursor that says NUL', { cursor: 'AA' }, '/cursor'],
    ['a cursor that is a number', { cursor: 7 }, '/cursor'],
  ],
});
