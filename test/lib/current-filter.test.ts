import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { setImmediate, setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { createCurrentFilter } from '../../lib/classroom/words/current-filter.ts';
import { createWordEditing } from '../../lib/classroom/words/word-editing.ts';
import { createWordList, type WordList } from '../../lib/classroom/words/word-list.ts';
import { createDatabase } from '../../lib/db/database.ts';
import { AppError } from '../../lib/errors.ts';
import { compileFilter, productionOptions } from '../../lib/moderation/filter.ts';
import { createClock } from '../support/clock.ts';
import { newDatabaseUrl, openDatabase } from '../support/database.ts';
import { createTestLog } from '../support/log.ts';

/** A list in memory; what was asked of it, and whether it answers. */
const createList = (...first: string[]) => {
  let version = 0;
  let words: { word: string }[] = [];
  let bytes: Buffer | undefined;
  let gate: Promise<void> = Promise.resolve();
  const asked: string[] = [];
  const answer = async <T>(what: string, read: () => T): Promise<T> => {
    asked.push(what);
    await gate;
    return read();
  };
  const list: Pick<WordList, 'version' | 'compiled' | 'all'> = {
    version: () => answer('version', () => version),
    compiled: () => answer('compiled', () => ({ version, ...(bytes && { bytes }) })),
    all: () => answer('all', () => ({ version, words })),
  };
  const set = (...next: string[]) => {
    version += 1;
    words = next.map((word) => ({ word }));
    bytes = Buffer.from(compileFilter(words, productionOptions).toBuffer());
  };
  set(...first);
  return {
    list,
    set,
    setBytes: (other: Buffer | undefined) => {
      bytes = other;
    },
    /** Until it is told to go on, it does not answer. */
    stall: () => {
      let goOn = () => {};
      gate = new Promise((resolve) => {
        goOn = resolve;
      });
      return () => goOn();
    },
    goDown: () => {
      gate = Promise.reject(new AppError('UPSTREAM_FAILED', 'The database cannot be reached.'));
      gate.catch(() => {});
    },
    comeUp: () => {
      gate = Promise.resolve();
    },
    takeAsked: () => asked.splice(0),
  };
};

const setUp = () => {
  const clock = createClock();
  const test = createTestLog();
  const source = createList('甲');
  const filter = createCurrentFilter(source.list, { log: test.log, clock });
  const words = async (text: string) => (await filter()).filter.scan(text).map(({ word }) => word);
  return { ...source, clock, test, filter, words };
};

describe('the current filter of a cold instance', () => {
  it('is the one that the last edit compiled', async () => {
    const { filter, takeAsked, test } = setUp();
    const { filter: words, version } = await filter();
    expect(version).toBe(1);
    expect(words.scan('你甲你').map(({ word }) => word)).toEqual(['甲']);
    expect(takeAsked()).toEqual(['compiled']);
    expect(test.lines).toEqual([]);
  });

  it('is loaded once for all who wait for it', async () => {
    const { filter, takeAsked } = setUp();
    const [one, other] = await Promise.all([filter(), filter()]);
    expect(other).toBe(one);
    expect(takeAsked()).toEqual(['compiled']);
  });

  it('is tried again by the next call after a failure, which everybody gets who waited', async () => {
    const { filter, words, goDown, comeUp, test } = setUp();
    goDown();
    const failures = await Promise.allSettled([filter(), filter()]);
    expect(failures).toEqual(
      Array(2).fill({ status: 'rejected', reason: expect.objectContaining({ code: 'UPSTREAM_FAILED' }) }),
    );
    expect(test.lines).toEqual([expect.objectContaining({ level: 'warn', event: 'word list not read' })]);
    comeUp();
    expect(await words('甲乙')).toEqual(['甲']);
  });

  it('may fail when nobody waits for it', async () => {
    const { filter, goDown, test } = setUp();
    goDown();
    filter();
    await setImmediate();
    expect(test.lines).toHaveLength(1);
  });

  it('is compiled from the words where nothing has compiled them yet', async () => {
    const { words, setBytes, takeAsked, test } = setUp();
    setBytes(undefined);
    expect(await words('甲乙')).toEqual(['甲']);
    expect(takeAsked()).toEqual(['compiled', 'all']);
    expect(test.lines).toEqual([]);
  });

  it.each([
    ['foreign', () => Buffer.from('what is this?')],
    ['truncated', (bytes: Buffer) => bytes.subarray(0, -1)],
    ['altered', (bytes: Buffer) => bytes.map((byte, index) => (index === bytes.length - 9 ? byte ^ 1 : byte))],
  ])('is compiled from the words when the bytes are %s, and the log says so', async (_what, change) => {
    const { words, setBytes, test } = setUp();
    setBytes(Buffer.from(change(Buffer.from(compileFilter([{ word: '甲' }], productionOptions).toBuffer()))));
    expect(await words('甲乙')).toEqual(['甲']);
    expect(test.lines).toEqual([
      expect.objectContaining({ level: 'warn', event: 'compiled word list not usable', version: 1 }),
    ]);
  });
});

describe('the current filter of a warm instance', () => {
  const setUpWarm = async () => {
    const all = setUp();
    await all.filter();
    all.takeAsked();
    return all;
  };

  it('is looked after by the first call after 10 seconds, and taken by the next', async () => {
    const { clock, set, words, filter, takeAsked } = await setUpWarm();
    set('乙');
    clock.advance(9.9);
    expect(await words('甲乙')).toEqual(['甲']);
    await setImmediate();
    expect(takeAsked()).toEqual([]);
    clock.advance(0.1);
    expect(await words('甲乙')).toEqual(['甲']);
    await setImmediate();
    expect(takeAsked()).toEqual(['version', 'compiled']);
    expect(await words('甲乙')).toEqual(['乙']);
    expect((await filter()).version).toBe(2);
  });

  it('is not read again while its version stands', async () => {
    const { clock, filter, takeAsked } = await setUpWarm();
    for (let times = 0; times < 3; times += 1) {
      clock.advance(10);
      await filter();
      await setImmediate();
    }
    expect(takeAsked()).toEqual(['version', 'version', 'version']);
  });

  it('answers at once while a newer one does not come, and asks once', async () => {
    const { clock, set, stall, words, takeAsked } = await setUpWarm();
    set('乙');
    const goOn = stall();
    for (let times = 0; times < 3; times += 1) {
      clock.advance(10);
      expect(await words('甲乙')).toEqual(['甲']);
    }
    expect(takeAsked()).toEqual(['version']);
    goOn();
    await setImmediate();
    expect(await words('甲乙')).toEqual(['乙']);
  });

  it('stays the last good one while the list cannot be read, with a word in the log, and is looked after again', async () => {
    const { clock, set, goDown, comeUp, words, test } = await setUpWarm();
    set('乙');
    goDown();
    clock.advance(10);
    await words('');
    await setImmediate();
    expect(test.lines).toEqual([
      expect.objectContaining({ level: 'warn', event: 'word list not read', version: 1, error: expect.any(String) }),
    ]);
    comeUp();
    expect(await words('甲乙')).toEqual(['甲']);
    clock.advance(10);
    await words('');
    await setImmediate();
    expect(await words('甲乙')).toEqual(['乙']);
  });
});

it('the current filter outlives its database', async () => {
  const url = await newDatabaseUrl();
  const sockets: Socket[] = [];
  const { hostname, port } = new URL(url);
  const tunnel = createServer((near) => {
    const far = connect(Number(port), hostname);
    near.pipe(far).pipe(near);
    sockets.push(near, far);
    for (const socket of [near, far]) socket.on('error', () => {});
  });
  await new Promise<void>((resolve) => tunnel.listen(0, '127.0.0.1', resolve));
  const through = Object.assign(new URL(url), { port: String((tunnel.address() as AddressInfo).port) });
  const clock = createClock();
  const test = createTestLog();
  const database = createDatabase({ url: through.href, clock, sleep });
  onTestFinished(() => database.close());
  await createWordEditing(openDatabase(url)).edit({ add: [{ word: 'darn' }], remove: [] });
  const filter = createCurrentFilter(createWordList(database), { log: test.log, clock });
  const { version } = await filter();

  for (const socket of sockets) socket.destroy();
  await new Promise((resolve) => tunnel.close(resolve));
  clock.advance(10);

  const { filter: words, ...still } = await filter();
  expect(still).toEqual({ version });
  expect(words.mask('oh d-a-r-n it')).toBe('oh ******* it');
  await vi.waitFor(() =>
    expect(test.lines).toEqual([expect.objectContaining({ event: 'word list not read', vendor: 'postgresql' })]),
  );
});
