import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { isObjectPath } from '../../../lib/cos/object-path.ts';
import { formatSize, groupFiles } from '../../../local/page/app/files/file-groups.ts';
import { freeName, safeName } from '../../../local/page/app/files/file-names.ts';
import { type Area, createUploads, type Sendable } from '../../../local/page/app/files/uploads.ts';

describe('the name of an uploaded file', () => {
  it.each([
    ['板书 1.txt', '板书 1.txt'],
    ['a&b (c).pdf', 'a&b (c).pdf'],
    ['100% sure.txt', '100% sure.txt'],
    ['a/b\\c*.txt', 'a_b_c_.txt'],
    ['%2e%2E.txt', '_2e_2E.txt'],
    ['..', 'file'],
    ['', 'file'],
  ])('of %j is %j', (fileName, name) => {
    expect(safeName(fileName)).toBe(name);
  });

  it('is one that the functions would sign, whatever the file is called', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 1000 }), (fileName) => isObjectPath(safeName(fileName))),
    );
    fc.assert(fc.property(fc.stringMatching(/^[%25efcEFC/.]{0,40}$/), (fileName) => isObjectPath(safeName(fileName))));
  });

  it('keeps its ending when it is cut', () => {
    const name = safeName(`${'课'.repeat(500)}.pdf`);
    expect(Buffer.byteLength(name)).toBeLessThanOrEqual(600);
    expect(name).toMatch(/课\.pdf$/);
  });

  it('is another one when that is taken', () => {
    expect(freeName('a.pdf', new Set())).toBe('a.pdf');
    expect(freeName('a.pdf', new Set(['a.pdf']))).toBe('a (2).pdf');
    expect(freeName('a.pdf', new Set(['a.pdf', 'a (2).pdf']))).toBe('a (3).pdf');
    expect(freeName('.profile', new Set(['.profile']))).toBe('.profile (2)');
  });
});

describe('the files of a class', () => {
  const file = (key: string) => ({ key, size: 1, lastModified: 0 });

  it('are the courseware and everybody’s own', () => {
    const keys = ['c1/courseware/1.pdf', 'c1/replay/x.json', 'c1/u/h1/a.txt', 'c1/u/h1/b/c.txt', 'c1/u/t1/plan.md'];
    const groups = groupFiles(keys.map(file));
    expect(groups.map(({ userId, files }) => [userId, files.map(({ name }) => name)])).toEqual([
      [undefined, ['1.pdf']],
      ['h1', ['a.txt', 'b/c.txt']],
      ['t1', ['plan.md']],
    ]);
  });

  it.each([
    [0, '0 B'],
    [1023, '1023 B'],
    [1024, '1.0 KB'],
    [1_500_000, '1.4 MB'],
    [20 * 1024 ** 2, '20 MB'],
    [3 * 1024 ** 4, '3072 GB'],
  ])('have a size that can be read (%i bytes: %s)', (bytes, text) => {
    expect(formatSize(bytes)).toBe(text);
  });
});

describe('uploads', () => {
  /** A COS that does as it is told, attempt by attempt. */
  const open = ({
    names = [],
    isFinal = () => false,
  }: {
    names?: string[];
    isFinal?: (error: unknown) => boolean;
  } = {}) => {
    const attempts: {
      place: string;
      progress: (loaded: number) => void;
      succeed: () => void;
      fail: (error: unknown) => void;
    }[] = [];
    const cancelled: string[] = [];
    const discarded: string[] = [];
    const slept: number[] = [];
    const placeOf = ({ area, name }: { area: Area; name: string }) => `${area}/${name}`;
    const uploads = createUploads<Sendable>({
      transfer: {
        send(place, _file, progress) {
          const done = new Promise<void>((succeed, fail) =>
            attempts.push({ place: placeOf(place), progress, succeed, fail }),
          );
          return { done, cancel: () => cancelled.push(placeOf(place)) };
        },
        discard: async (place) => discarded.push(placeOf(place)),
      },
      namesIn: async () => names,
      isFinal,
      sleep: async (ms) => void slept.push(ms),
    });
    const attempt = (number: number) =>
      vi.waitFor(() => {
        const found = attempts[number - 1];
        if (!found) throw new Error(`Attempt ${number} has not begun.`);
        return found;
      });
    const states = () => uploads.list.value.map(({ name, state, loaded }) => [name, state, loaded]);
    return { uploads, attempts, attempt, states, cancelled, discarded, slept };
  };

  const a = { name: 'a.pdf', size: 100 };
  const b = { name: 'b.pdf', size: 10 };

  it('go one after the other, and tell how far they are', async () => {
    const { uploads, attempt, attempts, states } = open();
    uploads.add('courseware', [a, b]);
    const first = await attempt(1);
    expect(first.place).toBe('courseware/a.pdf');
    first.progress(43);
    expect(states()).toEqual([
      ['a.pdf', 'sending', 43],
      ['b.pdf', 'waiting', 0],
    ]);
    expect(attempts).toHaveLength(1);
    first.succeed();
    (await attempt(2)).succeed();
    await vi.waitFor(() => expect(uploads.arrived.value).toBe(2));
    expect(states()).toEqual([
      ['a.pdf', 'done', 100],
      ['b.pdf', 'done', 10],
    ]);
    uploads.clearDone();
    expect(states()).toEqual([]);
  });

  it('never take a name that is taken, in COS or by one before', async () => {
    const { uploads, attempt } = open({ names: ['a.pdf'] });
    uploads.add('own', [a, a]);
    const first = await attempt(1);
    expect(first.place).toBe('own/a (2).pdf');
    first.succeed();
    expect((await attempt(2)).place).toBe('own/a (3).pdf');
  });

  it('try again by themselves, and keep what they had', async () => {
    const { uploads, attempt, states, slept } = open();
    uploads.add('own', [a]);
    const first = await attempt(1);
    first.progress(43);
    first.fail(new Error('the network'));
    const second = await attempt(2);
    expect(slept).toEqual([500]);
    second.progress(0);
    expect(states()).toEqual([['a.pdf', 'retrying', 43]]);
    second.progress(50);
    expect(states()).toEqual([['a.pdf', 'sending', 50]]);
  });

  it('say that they were interrupted, and go on under the same name when they are resumed', async () => {
    const { uploads, attempt, states } = open();
    uploads.add('own', [a]);
    const broken = new Error('the network');
    (await attempt(1)).progress(43);
    for (const number of [1, 2, 3, 4]) (await attempt(number)).fail(broken);
    await vi.waitFor(() => expect(states()).toEqual([['a.pdf', 'interrupted', 43]]));
    const [upload] = uploads.list.value;
    expect(upload?.error).toBe(broken);
    uploads.resume(upload?.id ?? 0);
    const resumed = await attempt(5);
    expect(resumed.place).toBe('own/a.pdf');
    expect(uploads.list.value[0]?.error).toBeUndefined();
    resumed.succeed();
    await vi.waitFor(() => expect(states()).toEqual([['a.pdf', 'done', 100]]));
  });

  it('do not hold up the next one when they are interrupted', async () => {
    const { uploads, attempt } = open();
    uploads.add('own', [a, b]);
    for (const number of [1, 2, 3, 4]) (await attempt(number)).fail(new Error('the network'));
    expect((await attempt(5)).place).toBe('own/b.pdf');
  });

  it('are not tried again when that makes no sense', async () => {
    const { uploads, attempt, attempts, states } = open({ isFinal: () => true });
    uploads.add('own', [a]);
    (await attempt(1)).fail(new Error('the class is over'));
    await vi.waitFor(() => expect(states()).toEqual([['a.pdf', 'interrupted', 0]]));
    expect(attempts).toHaveLength(1);
  });

  it('are cancelled, with what has arrived of them, and make room for the next one', async () => {
    const { uploads, attempt, states, cancelled, discarded } = open();
    uploads.add('own', [a, b]);
    await attempt(1);
    uploads.cancel(uploads.list.value[0]?.id ?? 0);
    expect(cancelled).toEqual(['own/a.pdf']);
    expect(discarded).toEqual(['own/a.pdf']);
    (await attempt(2)).progress(5);
    expect(states()).toEqual([['b.pdf', 'sending', 5]]);
  });

  it('that have not begun leave nothing behind when they are cancelled', async () => {
    const { uploads, attempt, cancelled, discarded, states } = open();
    uploads.add('own', [a, b]);
    await attempt(1);
    uploads.cancel(uploads.list.value[1]?.id ?? 0);
    expect([cancelled, discarded]).toEqual([[], []]);
    expect(states()).toEqual([['a.pdf', 'sending', 0]]);
  });
});
