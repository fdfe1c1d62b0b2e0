import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createWordEditing, type WordEditing } from '../../lib/classroom/words/word-editing.ts';
import { createWordSync, type WordSyncOptions } from '../../lib/classroom/words/word-sync.ts';
import type { Database } from '../../lib/db/database.ts';
import type { WordEntry } from '../../lib/moderation/word-entry.ts';
import { createClock, type TestClock } from '../support/clock.ts';
import { newDatabaseUrl, openDatabase } from '../support/database.ts';
import { createTestIm, type TestIm } from '../support/im.ts';
import { createTestLog } from '../support/log.ts';

let url: string;
let database: Database;
let wordEditing: WordEditing;
let clock: TestClock;
let im: TestIm;
let test: ReturnType<typeof createTestLog>;
beforeAll(async () => {
  url = await newDatabaseUrl();
  database = openDatabase(url);
  wordEditing = createWordEditing(database);
});
beforeEach(async () => {
  await database.run((sql) => sql`truncate dirty_words, im_dirty_words`);
  clock = createClock();
  im = createTestIm({ clock });
  test = createTestLog();
});

const list = (...entries: (string | WordEntry)[]) =>
  wordEditing.edit({
    add: [],
    remove: [],
    replaceAll: entries.map((entry) => (typeof entry === 'string' ? { word: entry } : entry)),
  });
const numbered = (count: number, first = 0) =>
  Array.from({ length: count }, (_, n) => `w${String(first + n).padStart(5, '0')}`);

const sync = (options: Partial<WordSyncOptions> = {}) =>
  createWordSync({ database, im: im.client, log: test.log, clock, ...options });
const tellIm = (maxMs = 10_000, options: Partial<WordSyncOptions> = {}) => sync(options).tellIm(maxMs);
const atIm = () => [...im.im.state.dirtyWords].sort();
const calls = () => im.calls.splice(0).map(({ command, body }) => [command, (body.DirtyWordsList as string[]).length]);
const warnings = () => test.lines.map(({ event, repair, vendorCode }) => [event, repair, vendorCode]);

describe('telling IM of dirty words', () => {
  it('adds what is listed and deletes what is not any more, and then has nothing to say', async () => {
    await list('甲', '乙');
    expect(await tellIm()).toBe(2);
    expect(atIm()).toEqual(['乙', '甲']);
    await list('乙', '丙');
    expect(await tellIm()).toBe(2);
    expect(atIm()).toEqual(['丙', '乙']);
    expect(calls()).toEqual([
      ['add', 2],
      ['delete', 1],
      ['add', 1],
    ]);
    expect(await tellIm()).toBe(0);
    expect(calls()).toEqual([]);
  });

  it('leaves out words of more than 10 characters, and those that are allowed', async () => {
    await list(
      '一二三四五六七八九十',
      '一二三四五六七八九十百',
      { word: '甲', action: 'allow' },
      { word: '乙', action: 'drop' },
    );
    await tellIm();
    expect(atIm()).toEqual(['一二三四五六七八九十', '乙']);
    await list({ word: '乙', action: 'allow' });
    await tellIm();
    expect(atIm()).toEqual([]);
  });

  it('counts characters as people do, however many code units they take', async () => {
    await list('𠮷'.repeat(10), '𠮷'.repeat(11));
    await tellIm();
    expect(atIm()).toEqual(['𠮷'.repeat(10)]);
  });

  it('takes the first 5000 words, 50 a call, and deletes before it adds', async () => {
    await list(...numbered(5001));
    expect(await tellIm()).toBe(5000);
    expect(calls()).toEqual(Array(100).fill(['add', 50]));
    expect(im.im.state.dirtyWords.has('w05000')).toBe(false);
    await list(...numbered(4990, 11));
    expect(await tellIm()).toBe(12);
    expect(calls()).toEqual([
      ['delete', 11],
      ['add', 1],
    ]);
    expect(atIm()).toEqual(numbered(4990, 11));
  });

  it.each([
    ['refused', { errorCode: 10007 }],
    ['not heard of', { dropReply: true }],
  ])(
    'makes good an addition that was %s, also when the word has gone from the list meanwhile',
    async (_what, fault) => {
      await list('甲', '乙');
      im.faults.order({ command: 'add', times: 1, ...fault });
      expect(await tellIm()).toBe(0);
      await list('乙');
      expect(await tellIm()).toBe(2);
      expect(atIm()).toEqual(['乙']);
    },
  );

  it.each([
    ['refused', { errorCode: 10007 }],
    ['not heard of', { dropReply: true }],
  ])('makes good a deletion that was %s, also when the word is listed again meanwhile', async (_what, fault) => {
    await list('甲', '乙');
    await tellIm();
    await list();
    im.faults.order({ command: 'delete', times: 1, ...fault });
    expect(await tellIm()).toBe(0);
    await list('乙');
    expect(await tellIm()).toBe(2);
    expect(atIm()).toEqual(['乙']);
  });

  it('ends with the first call that is over the quota, and goes on the next time', async () => {
    await list(...numbered(120));
    im.faults.order({ command: 'add', times: 1, errorCode: 10006 });
    expect(await tellIm()).toBe(0);
    expect(calls()).toEqual([['add', 50]]);
    expect(warnings()).toEqual([['repair due', 'untold words', 10006]]);
    expect(await tellIm()).toBe(120);
  });

  it('goes past a call whose words IM refuses', async () => {
    await list(...numbered(120));
    im.faults.order({ command: 'add', times: 1, errorCode: 10004 });
    expect(await tellIm()).toBe(70);
    expect(atIm()).toEqual(numbered(70, 50));
    expect(warnings()).toEqual([['repair due', 'untold words', 10004]]);
  });

  it('begins no call after its time', async () => {
    await list(...numbered(120));
    const slow = {
      addDirtyWords: async (words: readonly string[]) => {
        await im.client.addDirtyWords(words);
        clock.advance(1.5);
      },
      deleteDirtyWords: im.client.deleteDirtyWords,
    };
    expect(await tellIm(2000, { im: slow })).toBe(100);
    expect(test.lines).toMatchObject([{ event: 'repair due', repair: 'untold words', reason: 'the time was up' }]);
    expect(await tellIm()).toBe(20);
  });

  it('is left to whoever is at it', async () => {
    await list('甲');
    const other = openDatabase(url);
    const added: string[] = [];
    const busy = {
      addDirtyWords: async (words: readonly string[]) => {
        added.push(...words);
        expect(await tellIm(10_000, { database: other })).toBe(0);
      },
      deleteDirtyWords: im.client.deleteDirtyWords,
    };
    expect(await tellIm(10_000, { im: busy })).toBe(1);
    expect(added).toEqual(['甲']);
    expect(calls()).toEqual([]);
  });

  it('throws nothing when the database fails, and says so in the log', async () => {
    const down = { ...database, tryExclusively: () => Promise.reject(new Error('boom')) };
    expect(await tellIm(10_000, { database: down })).toBe(0);
    expect(warnings()).toEqual([['repair due', 'untold words', undefined]]);
  });

  it('is a repair for the sweep, made good once nothing is left', async () => {
    await list(...numbered(120));
    im.faults.order({ command: 'add', times: 1, errorCode: 10004 });
    expect(await sync().tellLeft(10_000)).toBe(70);
    expect(await sync().tellLeft(10_000)).toBe(50);
    expect(await sync().tellLeft(10_000)).toBe(0);
    expect(warnings()).toEqual([
      ['repair failed', 'untold words', 10004],
      ['repair', 'untold words', undefined],
    ]);
    expect(test.lines[1]).toMatchObject({ count: 50 });
  });

  it('tells no word to the log', async () => {
    await list('unsayable');
    im.faults.order({ command: 'add', times: 1, errorCode: 10007 });
    await tellIm();
    expect(test.lines).toHaveLength(1);
    expect(test.text()).not.toContain('unsayable');
  });
});
