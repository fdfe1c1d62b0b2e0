import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createBudget } from '../../lib/classroom/messages/budget.ts';
import type { Database } from '../../lib/db/database.ts';
import { createClock, type TestClock } from '../support/clock.ts';
import { newDatabaseUrl, openDatabase } from '../support/database.ts';

const instances = 5;

let databases: Database[];
let clock: TestClock;
beforeAll(async () => {
  const url = await newDatabaseUrl();
  databases = Array.from({ length: instances }, () => openDatabase(url));
});
beforeEach(async () => {
  clock = createClock();
  await databases[0]?.run((sql) => sql`truncate budgets`);
});

const open = () => {
  const [first, ...others] = databases.map((database) => createBudget({ database, clock }));
  if (!first) throw new Error('no database');
  return { first, all: [first, ...others] };
};

const usedOf = async (key: string) => {
  const rows = await databases[0]?.run((sql) => sql<{ used: number }[]>`select used from budgets where key = ${key}`);
  return rows?.[0]?.used;
};

const one = (key: string, limit: number) => [{ key, n: 1, limit }];

describe('a budget', () => {
  it('is there for a second, and anew in the next', async () => {
    const { first } = open();
    const takes = async () => [
      await first.take(one('a', 2)),
      await first.take(one('a', 2)),
      await first.take(one('a', 2)),
    ];

    expect(await takes()).toEqual([true, true, false]);
    clock.advance(0.999);
    expect(await first.take(one('a', 2))).toBe(false);
    clock.advance(0.001);
    expect(await takes()).toEqual([true, true, false]);
  });

  it('has for each what that one may use up of it', async () => {
    const { first } = open();
    for (let n = 0; n < 3; n += 1) await first.take(one('a', 3));

    expect(await first.take(one('a', 3))).toBe(false);
    expect(await first.take(one('a', 4))).toBe(true);
  });

  it('gives several at a time, of each key what is asked, or nothing at all', async () => {
    const { first } = open();
    const ask = (n: number) => first.take([{ key: 'im', n, limit: 5 }, ...one('chat', 40), ...one('replay', 40)]);

    expect([await ask(2), await ask(2), await ask(2), await ask(1)]).toEqual([true, true, false, true]);
    expect([await usedOf('im'), await usedOf('chat'), await usedOf('replay')]).toEqual([5, 3, 3]);
  });

  it('gives nothing to who asks for more than there is, were it the first', async () => {
    const { first } = open();

    expect(await first.take([{ key: 'a', n: 2, limit: 1 }, ...one('b', 1)])).toBe(false);
    expect([await usedOf('a'), await usedOf('b')]).toEqual([undefined, undefined]);
  });

  it('is shared by all instances: never more than it holds, and all of it', async () => {
    const { all } = open();
    for (let second = 0; second < 3; second += 1) {
      const asked = Array.from({ length: 150 }, (_, n) => all[n % instances]?.take(one('a', 40)));

      expect((await Promise.all(asked)).filter(Boolean)).toHaveLength(40);
      clock.advance(1);
    }
  });

  it('is taken from in whatever order the keys are named, without anybody waiting for ever', async () => {
    const { all } = open();
    const asked = Array.from({ length: 200 }, (_, n) => {
      const keys = [...one(`chat${n % 3}`, 1000), ...one('im', 1000), ...one(`replay${n % 2}`, 1000)];
      return all[n % instances]?.take(n % 2 ? keys : keys.reverse());
    });

    expect((await Promise.all(asked)).every(Boolean)).toBe(true);
    expect(await usedOf('im')).toBe(200);
  });

  it('is not given anew by an instance whose clock is late', async () => {
    const { first } = open();
    await first.take(one('a', 1));
    clock.advance(-1);

    expect(await first.take(one('a', 1))).toBe(false);
  });
});
