import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileFilter, loadFilter, productionOptions } from '../../lib/moderation/filter.ts';
import { foldWord, wordProblem } from '../../lib/moderation/matching/compile.ts';
import type { FilterOptions } from '../../lib/moderation/matching/filter-options.ts';
import { foldingOf, type Stretch, stretchesOf } from '../../lib/moderation/matching/folding.ts';
import * as foldingData from '../../lib/moderation/matching/folding-data.ts';
import { foldingTables } from '../../lib/moderation/matching/generate-folding-data.ts';
import type { WordEntry } from '../../lib/moderation/word-entry.ts';
import { slowScan } from '../support/slow-filter.ts';
import { type WordCase, wordCases } from '../support/vectors.ts';

const filterOf = (options: FilterOptions, ...words: string[]) =>
  compileFilter(
    words.map((word) => ({ word })),
    options,
  );

/** A text of pairs of characters, as a set of them. */
const pairsOf = (text: string): Set<string> => {
  const chars = [...text];
  return new Set(chars.flatMap((char, at) => (at % 2 === 0 ? [`${char}${chars[at + 1]}`] : [])));
};

/** What of the text was found, in order. */
const foundIn = (text: string, options: FilterOptions, ...words: string[]) =>
  filterOf(options, ...words)
    .scan(text)
    .map(({ start, end }) => text.slice(start, end));

describe('a filter without options', () => {
  it('finds every occurrence of every word, overlaps and inner words included, in the order of the text', () => {
    const hits = filterOf({}, '戊己', '丁戊己', '己丁', '己').scan('丁戊己丁戊己');
    expect(hits.map(({ start, end, word }) => [start, end, word])).toEqual([
      [0, 3, '丁戊己'],
      [1, 3, '戊己'],
      [2, 3, '己'],
      [2, 4, '己丁'],
      [3, 6, '丁戊己'],
      [4, 6, '戊己'],
      [5, 6, '己'],
    ]);
  });

  it('finds a word that overlaps itself', () => {
    expect(
      filterOf({}, 'aa')
        .scan('aaa')
        .map(({ start }) => start),
    ).toEqual([0, 1]);
  });

  it('tells the action and the tags of a word as the list has them', () => {
    const filter = compileFilter([{ word: 'a', action: 'drop', tags: ['x', 'y'] }, { word: 'b' }]);
    expect(filter.scan('ab')).toEqual([
      { start: 0, end: 1, word: 'a', action: 'drop', tags: ['x', 'y'] },
      { start: 1, end: 2, word: 'b', tags: [] },
    ]);
  });

  it('makes of a word that is listed twice one, with the strictest action and all tags', () => {
    const entries: WordEntry[] = [
      { word: 'a', action: 'reject', tags: ['x'] },
      { word: 'a', action: 'mask', tags: ['y'] },
    ];
    expect(compileFilter(entries).scan('a')).toEqual([
      { start: 0, end: 1, word: 'a', action: 'reject', tags: ['x', 'y'] },
    ]);
    expect(compileFilter([...entries, { word: 'a', action: 'allow' }]).scan('a')).toEqual([]);
  });

  it('takes a hit back that lies within an allowed word, and no other', () => {
    const filter = compileFilter([{ word: '甲孙' }, { word: '孙可' }, { word: '甲孙可', action: 'allow' }]);
    expect(filter.scan('甲孙可')).toEqual([]);
    expect(filter.scan('甲孙甲孙可').map(({ start, word }) => [start, word])).toEqual([[0, '甲孙']]);
    const crossing = compileFilter([{ word: 'bc' }, { word: 'ab', action: 'allow' }]);
    expect(crossing.scan('abc').map(({ word }) => word)).toEqual(['bc']);
    const inner = compileFilter([{ word: 'abc' }, { word: 'b', action: 'allow' }]);
    expect(inner.scan('abc').map(({ word }) => word)).toEqual(['abc']);
  });

  it('finds nothing with an empty list or in an empty text', () => {
    expect(compileFilter([]).scan('text')).toEqual([]);
    expect(compileFilter([], productionOptions).scan('text')).toEqual([]);
    expect(filterOf({}, 'a').scan('')).toEqual([]);
    expect(compileFilter([]).mask('text')).toBe('text');
  });

  it('masks each code point of what it found, one for one', () => {
    const filter = filterOf({}, '微信', '😀a', '信号');
    expect(filter.mask('加微信号😀a!')).toBe('加*****!');
    expect(filter.mask('加微信', '×')).toBe('加××');
  });

  it('takes every difference for one', () => {
    expect(foundIn('A a ａ ⓐ aa a-b 1 一', {}, 'a', 'ab', '1')).toEqual(['a', 'a', 'a', 'a', '1']);
  });
});

describe('the words of a list', () => {
  it('may come as a database has them, with nulls, but with no action that there is not', () => {
    const listed = (entry: object) => compileFilter([entry as WordEntry, { word: 'x' }]);
    expect(listed({ word: 'a', action: null, tags: null }).scan('xax')).toHaveLength(3);
    expect(() => listed({ word: 'a', action: 'ban' })).toThrow('The word "a" has the unknown action "ban".');
    expect(() => listed({ word: 1 })).toThrow('The word 1 must be a string.');
  });

  it('stay what they were when whoever listed them goes on to change things', () => {
    const options: FilterOptions = {};
    const tags = ['x'];
    const filter = compileFilter([{ word: 'a', tags }], options);
    options.caseInsensitive = true;
    tags.push('y');
    expect(filter.scan('aA')).toEqual([{ start: 0, end: 1, word: 'a', tags: ['x'] }]);
    expect(compileFilter([{ word: 'a' }], options).scan('aA')).toHaveLength(2);
  });

  it.each([
    ['', {}, 'must not be empty'],
    ['x'.repeat(65), {}, 'must be at most 64 characters long'],
    ['😀'.repeat(65), {}, 'must be at most 64 characters long'],
    ['\ud83d', {}, 'must be well-formed Unicode'],
    ['***', { ignoreSymbols: true }, 'must hold a character that is not ignored'],
    ['\u200b😀\n', { ignoreInvisible: true }, 'must hold a character that is not ignored'],
    ['－', { ignoreSymbols: true, foldWidth: true }, 'must hold a character that is not ignored'],
    ['的', { ignoreChars: '的' }, 'must hold a character that is not ignored'],
  ])('may not be %j with %j', (word, options, problem) => {
    expect(wordProblem(word, options)).toBe(problem);
    expect(() => filterOf(options, 'fine', word)).toThrow(`The word ${JSON.stringify(word)} ${problem}.`);
  });

  it.each([
    ['东', productionOptions],
    ['😀'.repeat(64), {}],
    ['***', {}],
    ['   ', {}],
    ['*a*', productionOptions],
  ])('may be %j with %j', (word, options) => {
    expect(wordProblem(word, options)).toBeUndefined();
    expect(foundIn(word, options, word)).toHaveLength(1);
  });

  it('may be of more different characters than 16 bits can number', () => {
    const characters = Array.from({ length: 70_000 }, (_, index) => String.fromCodePoint(0x20000 + index));
    const filter = loadFilter(filterOf({}, ...characters).toBuffer());
    for (const at of [0, 65_530, 65_536, 69_999])
      expect(filter.scan(`a${characters[at]}`).map(({ word }) => word)).toEqual([characters[at]]);
  });

  it('are at most 200,000', () => {
    const words = Array.from({ length: 200_001 }, (_, index) => ({ word: `w${index}` }));
    expect(() => compileFilter(words)).toThrow('A list may hold 200000 words, not 200001.');
    expect(
      compileFilter(words.slice(1))
        .scan('w77')
        .map(({ word }) => word),
    ).toEqual(['w7', 'w77']);
  });

  it.each([
    ['HER', 'her'],
    ['下三滥', '下3滥'],
    ['漢-字', '汉字'],
    ['Ⓕⓤc⒦', 'FUCK'],
  ])('%s and %s have the same folded form', (one, other) => {
    expect(foldWord(one, productionOptions)).toBe(foldWord(other, productionOptions));
    expect(foldWord(one, {})).not.toBe(foldWord(other, {}));
  });

  it('keep their repeats when folded', () => {
    expect(foldWord('甲大大', productionOptions)).not.toBe(foldWord('甲大', productionOptions));
  });
});

describe('folding', () => {
  const names = ['caseInsensitive', 'foldWidth', 'foldLetterStyle', 'foldDigits', 'foldTraditional'] as const;

  it('comes to an end at once: what is folded stays so', () => {
    for (let chosen = 0; chosen < 2 ** names.length; chosen += 1) {
      const options = Object.fromEntries(names.map((name, at) => [name, (chosen & (1 << at)) !== 0]));
      const { fold, variants } = foldingOf(options);
      expect([...variants.values()].filter((folded) => fold(folded) !== folded)).toEqual([]);
    }
  });

  it.each<[string, FilterOptions, string, string]>([
    ['cases', { caseInsensitive: true }, 'Fuck', 'fUCK'],
    ['cases beyond ASCII', { caseInsensitive: true }, 'ÉΣ', 'éς'],
    ['the dotted İ', { caseInsensitive: true }, 'İ', 'i'],
    ['widths', { foldWidth: true }, 'ｆｕｃｋ', 'fuck'],
    ['widths of katakana', { foldWidth: true }, 'ｱｲ', 'アイ'],
    ['styled letters', { foldLetterStyle: true }, 'Ⓕⓤc⒦', 'fuck'],
    ['bold and squared letters', { foldLetterStyle: true }, '𝐟🅄🄲🅺', 'fuck'],
    ['small capitals', { foldLetterStyle: true }, 'ꜰᴜᴄᴋ', 'fuck'],
    ['styled letters as capitals', { foldLetterStyle: true }, 'ⓕⓤⓒⓚ', 'FUCK'],
    ['styled digits', { foldLetterStyle: true }, '①𝟐⓷❹', '1234'],
    ['digits', { foldDigits: true }, '9⓿二肆⁹₈③⑸⒋➃㈤㊄', '902498354455'],
    ['digits of other scripts and widths', { foldDigits: true }, '٣३３', '333'],
    ['Chinese digits', { foldDigits: true }, '零〇壹贰貳', '00122'],
    ['traditional characters', { foldTraditional: true }, '微聊漢語', '微聊汉语'],
    ['radicals', { foldTraditional: true }, '⼈⽉', '人月'],
    ['traditional digits', { foldTraditional: true, foldDigits: true }, '陸貳', '62'],
  ])('makes %s the same', (_, options, text, word) => {
    expect(foundIn(text, options, word)).toEqual([text]);
    expect(foundIn(word, options, text)).toEqual([word]);
    expect(foundIn(text, {}, word)).toEqual([]);
  });

  it('lets a styled letter be either case, and no other letter', () => {
    expect(foundIn('ⓐB Ⓐb aB', { foldLetterStyle: true }, 'ab')).toEqual(['Ⓐb']);
    expect(foundIn('ⓐB Ⓐb ab', { foldLetterStyle: true }, 'aB', 'Ab')).toEqual(['ⓐB', 'Ⓐb']);
  });

  it('does not take other digits for those of a style alone', () => {
    expect(foundIn('二', { foldLetterStyle: true }, '2')).toEqual([]);
  });
});

describe('the folding tables', () => {
  const kept: Record<string, string | readonly number[]> = { ...foldingData };
  const made = foldingTables();

  it.each(Object.keys(made))('hold nothing that Unicode and OpenCC do not say: %s', (name) => {
    const now = made[name]?.value ?? '';
    const before = kept[name] ?? '';
    // A newer runtime may know more characters; what was known does not change.
    if (typeof now === 'string' && typeof before === 'string') {
      const known = pairsOf(now);
      expect([...pairsOf(before)].filter((pair) => !known.has(pair))).toEqual([]);
    } else {
      const known = stretchesOf(now as number[]);
      const isKnown = ([first, last]: Stretch) => known.some((stretch) => stretch[0] <= first && last <= stretch[1]);
      expect(stretchesOf(before as number[]).filter((stretch) => !isKnown(stretch))).toEqual([]);
    }
    expect(before.length).toBeGreaterThan(0.95 * now.length);
  });
});

describe('repeats', () => {
  it('collapse: a word matches at least its own', () => {
    const options = { collapseRepeats: true };
    expect(foundIn('甲甲大大大', options, '甲大')).toEqual(['甲甲大大大']);
    expect(foundIn('甲大', options, '甲大大')).toEqual([]);
    expect(foundIn('甲大大', options, '甲大大')).toEqual(['甲大大']);
    expect(foundIn('大大大', options, '大', '大大')).toEqual(['大大大', '大大大']);
  });

  it('count as one hit with the symbols between them, up to the last', () => {
    const options = { collapseRepeats: true, ignoreSymbols: true };
    expect(foundIn('a甲.甲-乙*乙*b', options, '甲乙')).toEqual(['甲.甲-乙*乙']);
  });

  it('are the same letter in the same case', () => {
    expect(foundIn('aAⓐ', { collapseRepeats: true, foldLetterStyle: true }, 'a', 'A')).toEqual(['a', 'Aⓐ']);
  });
});

describe('what is ignored', () => {
  it.each<[string, FilterOptions, string]>([
    ['symbols', { ignoreSymbols: true }, '微@#￥%，。 、\t信'],
    ['invisible characters', { ignoreInvisible: true }, '微\u200b\u200d\ufe0f\u2060\n\u0001信'],
    ['emoji', { ignoreInvisible: true }, '微👩‍👩‍👧🇨🇳❤️信'],
    ['half pairs', { ignoreInvisible: true }, '微\ud83d信'],
    ['marks over letters', { ignoreInvisible: true }, '微\u0336\u0489信'],
    ['characters of one’s own', { ignoreChars: 'x的' }, '微x的信'],
  ])('%s: only within a hit', (_, options, text) => {
    expect(foundIn(`.${text}.`, options, '微信')).toEqual([text]);
    expect(foundIn(text, {}, '微信')).toEqual([]);
  });

  it('is ignored in the words, too', () => {
    expect(foundIn('ab a b', { ignoreSymbols: true }, 'a-b')).toEqual(['ab', 'a b']);
  });

  it('is masked where it stands in a hit', () => {
    expect(filterOf({ ignoreInvisible: true, ignoreSymbols: true }, '微信').mask('(微😀 信)')).toBe('(****)');
  });
});

describe('whole words', () => {
  const latin = { latinWholeWord: true, caseInsensitive: true };

  it('are not those within longer ones, of Latin letters', () => {
    expect(foundIn('have haver', latin, 'av')).toEqual([]);
    expect(foundIn('_AV_ av他 1av2', latin, 'av')).toEqual(['AV', 'av', 'av']);
    expect(foundIn('test微信test', latin, '微信')).toEqual(['微信']);
    expect(foundIn('éav avé', latin, 'av')).toEqual([]);
  });

  it('are asked only of words that are Latin through and through', () => {
    expect(foundIn('加vx', latin, '加v')).toEqual(['加v']);
    expect(foundIn('anew york', latin, 'new york')).toEqual([]);
  });

  it('are found beside a word that begins or ends with the same letter', () => {
    const found = (text: string, ...words: string[]) => foundIn(text, productionOptions, ...words);
    expect(found('fuck kids, stuff fuck; off-fuck Fuck, Kim fuck\nknow', 'fuck')).toEqual([
      'fuck',
      'fuck',
      'fuck',
      'Fuck',
      'fuck',
    ]);
    expect(found('data av av video sex xylophone', 'av', 'sex')).toEqual(['av', 'av', 'sex']);
    expect(found('fuckkids ffuck stufffuck', 'fuck')).toEqual(['ffuck']);
    expect(found('bos sun, boss sun', 'boss')).toEqual(['boss']);
    expect(found('ax xb x x', 'x')).toEqual(['x x']);
    const digits = { digitWholeWord: true, collapseRepeats: true, ignoreSymbols: true };
    expect(foundIn('18 89', digits, '18')).toEqual(['18']);
  });

  it('are those of digits with their own option', () => {
    const digits = { digitWholeWord: true, foldDigits: true };
    expect(foundIn('169 六九 69a', digits, '69')).toEqual(['六九', '69']);
    expect(foundIn('一六九', digits, '69')).toEqual([]);
    expect(foundIn('169', latin, '69')).toEqual(['69']);
  });
});

describe('production options', () => {
  it.each([
    ['微信', ['微@信', '微❤️信']],
    ['wx', ['ＷＸ', 'Ⓦⓧ', '𝐰x', 'WWxx']],
    ['兼职', ['兼職']],
    ['249', ['二肆⁹']],
  ])('find %s in all that it can be written as', (word, texts) => {
    for (const text of texts) expect(foundIn(text, productionOptions, word)).toEqual([text]);
  });

  it('leave a person little room', () => {
    const filter = filterOf(productionOptions, '加微信', 'fuck', '兼职');
    for (const text of ['加 V-微@信', 'Ｆ.Ｕ.Ｃ.Ｋ', 'Ⓕⓤ\u200bc⒦', 'fuuuuck', '兼❤️職', '兼\n职', 'ꜰu̶c̶k'])
      expect([text, filter.scan(text).length > 0]).toEqual([text, text !== '加 V-微@信']);
    expect(filter.scan('shuttlefucks')).toEqual([]);
  });
});

describe('the bytes of a filter', () => {
  const entries: WordEntry[] = [
    { word: '微信', action: 'reject', tags: ['广告'] },
    { word: 'Fuck', action: 'drop' },
    { word: '𠀀' },
    { word: '微信读书', action: 'allow' },
  ];
  const text = '加微💀信 ⒡uuck 𠀀𠀀 微信读书';
  const filter = compileFilter(entries, productionOptions);
  const bytes = filter.toBuffer();

  it('make a filter that answers the same, wherever they begin', () => {
    for (const offset of [0, 1, 3, 8]) {
      const larger = new Uint8Array(bytes.length + offset + 5);
      larger.set(bytes, offset);
      const part = larger.subarray(offset, offset + bytes.length);
      const loaded = loadFilter(offset % 2 === 0 ? part : Buffer.from(part.buffer, part.byteOffset, part.byteLength));
      expect(loaded.scan(text)).toEqual(filter.scan(text));
      expect(loaded.mask(text)).toBe(filter.mask(text));
      expect(Buffer.from(loaded.toBuffer()).equals(bytes)).toBe(true);
    }
    expect(filter.scan(text)).toHaveLength(3);
  });

  it('belong to nobody afterwards', () => {
    const given = bytes.slice();
    const loaded = loadFilter(given);
    given.fill(0);
    expect(loaded.scan(text)).toEqual(filter.scan(text));
  });

  it('are the same for the same list', () => {
    expect(Buffer.from(compileFilter(entries, productionOptions).toBuffer()).equals(bytes)).toBe(true);
  });

  it('are refused when truncated, longer or empty', () => {
    for (const length of [0, 5, 19, 20, 100, bytes.length - 1])
      expect(() => loadFilter(bytes.subarray(0, length))).toThrow(/truncated or altered|not a compiled word list/);
    expect(() => loadFilter(new Uint8Array([...bytes.subarray(0, 5000), 0]))).toThrow('truncated or altered');
    const longer = new Uint8Array(bytes.length + 1);
    longer.set(bytes);
    expect(() => loadFilter(longer)).toThrow('truncated or altered');
  });

  it('are refused when any bit of them is another', () => {
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.nat(7), (at, bit) => {
        const altered = bytes.slice();
        altered[at] = (altered[at] ?? 0) ^ (1 << bit);
        expect(() => loadFilter(altered)).toThrow(/compiled/);
      }),
      { numRuns: 200 },
    );
  });

  it('are refused when they are something else', () => {
    expect(() => loadFilter(new TextEncoder().encode('{"words":[]}, and some more of it'))).toThrow(
      'These bytes are not a compiled word list.',
    );
  });
});

describe('any filter', () => {
  const char = fc.constantFrom(
    ...['a', 'A', 'b', 'ⓐ', 'Ⓐ', 'ａ', '𝐛', '甲', '乙', '漢', '汉', '1', '2', '①', '一', '２'],
    ...['*', ' ', '\u200b', '😀', 'İ', '\n', 'x', '\ud800', '\udc00', '\u{20000}'],
  );
  const string = (size: { minLength: number; maxLength: number }) =>
    fc.array(char, size).map((chars) => chars.join(''));
  const flag = fc.option(fc.boolean(), { nil: undefined });
  const options = fc.record<FilterOptions>({
    caseInsensitive: flag,
    foldWidth: flag,
    foldLetterStyle: flag,
    foldDigits: flag,
    foldTraditional: flag,
    collapseRepeats: flag,
    ignoreSymbols: flag,
    ignoreInvisible: flag,
    latinWholeWord: flag,
    digitWholeWord: flag,
    ignoreChars: fc.constantFrom(undefined, '', 'x', '甲x'),
  }) as fc.Arbitrary<FilterOptions>;
  const list = fc.uniqueArray(
    fc.record({
      word: string({ minLength: 1, maxLength: 4 }),
      action: fc.constantFrom<WordEntry['action']>(undefined, 'mask', 'reject', 'drop', 'allow'),
    }),
    { selector: ({ word }) => word, maxLength: 8 },
  ) as fc.Arbitrary<WordEntry[]>;
  const sample = fc
    .tuple(list, options, string({ minLength: 0, maxLength: 14 }))
    .map(([entries, chosen, text]): [WordEntry[], FilterOptions, string] => [
      entries.filter(({ word }) => wordProblem(word, chosen) === undefined),
      chosen,
      text,
    ]);

  it('agrees with trying each word at each place, and so do its bytes', () => {
    fc.assert(
      fc.property(sample, ([entries, chosen, text]) => {
        const filter = compileFilter(entries, chosen);
        const found = (hits: ReturnType<typeof filter.scan>) =>
          hits.map(({ start, end, word }) => `${start} ${end} ${word}`).sort();
        expect(found(filter.scan(text))).toEqual(slowScan(entries, chosen, text));
        expect(loadFilter(filter.toBuffer()).scan(text)).toEqual(filter.scan(text));
      }),
      { numRuns: 1000 },
    );
  });

  it('masks the code points within hits and nothing else', () => {
    fc.assert(
      fc.property(sample, ([entries, chosen, text]) => {
        const filter = compileFilter(entries, chosen);
        const hits = filter.scan(text);
        let at = 0;
        const expected = [...text].map((each) => {
          const start = at;
          at += each.length;
          return hits.some((hit) => hit.start <= start && start < hit.end) ? '#' : each;
        });
        expect(filter.mask(text, '#')).toBe(expected.join(''));
      }),
    );
  });

  it('has hits that begin and end between characters, on matched ones', () => {
    fc.assert(
      fc.property(sample, ([entries, chosen, text]) => {
        for (const { start, end, word } of compileFilter(entries, chosen).scan(text)) {
          const alone = compileFilter([{ word }], { ...chosen, latinWholeWord: false, digitWholeWord: false });
          expect(alone.scan(text.slice(start, end))).toContainEqual(
            expect.objectContaining({ start: 0, end: end - start }),
          );
        }
      }),
    );
  });
});

describe('the public cases', () => {
  const entriesOf = ({ words, allow = [], options }: WordCase, more: string[] = []): WordEntry[] => [
    ...words.map((word) => ({ word, tags: options?.tags?.[word] ?? [] })),
    ...[...allow, ...more].map((word) => ({ word, action: 'allow' as const })),
  ];

  it.each(wordCases)('hold: $id', ({ text, expect: expected, afterAllow, afterDelete, ...given }) => {
    const sample = { text, expect: expected, ...given };
    const { maskChar, tags, ...options } = sample.options ?? {};
    const filter = compileFilter(entriesOf(sample), options);
    const hits = filter.scan(text);
    const found = hits.map(({ start, end }) => text.slice(start, end));
    if (expected.contains !== undefined) expect(hits.length > 0).toBe(expected.contains);
    if (expected.all) expect(found.sort()).toEqual([...expected.all].sort());
    if (expected.distinctWords) expect([...new Set(found)].sort()).toEqual([...expected.distinctWords].sort());
    if (expected.first) expect(found[0]).toBe(expected.first);
    if (expected.positions)
      expect(hits.map(({ start, word }) => `${start} ${word}`).sort()).toEqual(
        expected.positions.map(([start, word]) => `${start} ${word}`).sort(),
      );
    if (expected.maskUnion !== undefined) expect(filter.mask(text, maskChar)).toBe(expected.maskUnion);
    for (const [word, ofWord] of Object.entries(tags ?? {}))
      expect(hits.find((hit) => hit.word === word)?.tags).toEqual(ofWord);
    if (afterAllow) {
      const edited = compileFilter(entriesOf(sample, afterAllow.allow), options);
      expect(edited.scan(text).length > 0).toBe(afterAllow.contains);
    }
    if (afterDelete) {
      const deleted = new Set(afterDelete.delete.map((word) => foldWord(word, options)));
      const left = entriesOf(sample).filter(({ word }) => !deleted.has(foldWord(word, options)));
      const edited = compileFilter(left, options);
      expect(edited.scan(text).length > 0).toBe(afterDelete.contains);
      if (afterDelete.maskUnion !== undefined) expect(edited.mask(text)).toBe(afterDelete.maskUnion);
    }
  });
});
