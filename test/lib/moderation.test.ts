import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileFilter, maskRanges, type WordEntry, wordProblem } from '../../lib/moderation/filter.ts';
import { mapJsonStrings } from '../../lib/moderation/json-strings.ts';
import { mergeEntries } from '../../lib/moderation/merge-entries.ts';
import { judgeMessage, type Message } from '../../lib/moderation/message.ts';
import { type WordCase, wordCases } from '../support/vectors.ts';

const filterOf = (...words: string[]) => compileFilter(words.map((word) => ({ word })));

describe('a filter', () => {
  it('finds every occurrence of every word, overlaps and inner words included', () => {
    const filter = filterOf('戊己', '丁戊己', '己丁', '己');
    const found = filter.scan('丁戊己丁戊己').map(({ start, end, word }) => [start, end, word]);
    expect(found.sort()).toEqual([
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
      filterOf('aa')
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

  it('takes a hit back that lies within an allowed word, and no other', () => {
    const filter = compileFilter([{ word: '甲孙' }, { word: '孙可' }, { word: '甲孙可', action: 'allow' }]);
    expect(filter.scan('甲孙可')).toEqual([]);
    expect(filter.scan('甲孙甲孙可').map(({ start, word }) => [start, word])).toEqual([[0, '甲孙']]);
    const crossing = compileFilter([{ word: 'bc' }, { word: 'ab', action: 'allow' }]);
    expect(crossing.scan('abc').map(({ word }) => word)).toEqual(['bc']);
  });

  it('finds nothing with an empty list or in an empty text', () => {
    expect(compileFilter([]).scan('text')).toEqual([]);
    expect(filterOf('a').scan('')).toEqual([]);
    expect(compileFilter([]).mask('text')).toBe('text');
  });

  it('masks each code point of what it found, one for one', () => {
    const filter = filterOf('微信', '😀a', '信号');
    expect(filter.mask('加微信号😀a!')).toBe('加*****!');
    expect(filter.mask('加微信', '×')).toBe('加××');
  });

  it.each([
    ['', 'must not be empty'],
    ['   ', 'must not be blank'],
    ['x'.repeat(65), 'must be at most 64 characters long'],
    ['😀'.repeat(65), 'must be at most 64 characters long'],
  ])('refuses the word %j', (word, problem) => {
    expect(wordProblem(word)).toBe(problem);
    expect(() => filterOf(word)).toThrow(problem);
  });

  it('takes words of 1 to 64 characters', () => {
    expect(wordProblem('东')).toBeUndefined();
    expect(wordProblem('😀'.repeat(64))).toBeUndefined();
  });

  it('agrees with a search for each word at each place', () => {
    const char = fc.constantFrom('a', 'b', '甲', '😀');
    const string = (maxLength: number, minLength = 0) =>
      fc.array(char, { minLength, maxLength }).map((chars) => chars.join(''));
    fc.assert(
      fc.property(fc.uniqueArray(string(3, 1), { maxLength: 6 }), string(20), (words, text) => {
        const expected = words.flatMap((word) =>
          Array.from({ length: text.length }, (_, start) => start)
            .filter((start) => text.slice(start, start + word.length) === word)
            .map((start) => `${start} ${word}`),
        );
        const found = filterOf(...words)
          .scan(text)
          .map(({ start, word }) => `${start} ${word}`);
        expect(found.sort()).toEqual(expected.sort());
      }),
    );
  });
});

describe('masking', () => {
  it('changes nothing outside the hits and keeps the number of code points', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '甲', '乙', '😀', '"') });
    const words = fc.uniqueArray(fc.string({ unit: fc.constantFrom('a', '甲', '😀'), minLength: 1, maxLength: 3 }));
    fc.assert(
      fc.property(text, words, (original, list) => {
        const filter = filterOf(...list);
        const covered = new Set(
          filter.scan(original).flatMap(({ start, end }) => Array.from({ length: end - start }, (_, at) => start + at)),
        );
        let offset = 0;
        const expected = [...original].map((char) => {
          const isCovered = covered.has(offset);
          offset += char.length;
          return isCovered ? '#' : char;
        });
        expect(filter.mask(original, '#')).toBe(expected.join(''));
      }),
    );
  });

  it('takes ranges in any order, overlapping or empty', () => {
    const ranges = [
      { start: 4, end: 6 },
      { start: 1, end: 3 },
      { start: 2, end: 5 },
      { start: 0, end: 0 },
    ];
    expect(maskRanges('abcdefg', ranges)).toBe('a*****g');
    expect(maskRanges('abc', [])).toBe('abc');
  });
});

describe('the public cases', () => {
  const exact = wordCases.filter(({ options }) => options === undefined);
  const filterFor = ({ words, allow = [] }: WordCase, more: WordEntry[] = []) =>
    compileFilter([
      ...words.map((word) => ({ word })),
      ...allow.map((word) => ({ word, action: 'allow' as const })),
      ...more,
    ]);

  it('hold some of exact matching', () => {
    expect(exact.length).toBeGreaterThanOrEqual(10);
  });

  it.each(exact)('hold: $id', (sample) => {
    const { text, expect: expected, afterAllow } = sample;
    const hits = filterFor(sample).scan(text);
    const found = hits.map(({ start, end }) => text.slice(start, end));
    if (expected.contains !== undefined) expect(hits.length > 0).toBe(expected.contains);
    if (expected.all) expect(found.sort()).toEqual([...expected.all].sort());
    if (expected.distinctWords) expect([...new Set(found)].sort()).toEqual([...expected.distinctWords].sort());
    if (expected.first) expect(hits[0]?.word).toBe(expected.first);
    if (expected.positions)
      expect(hits.map(({ start, word }) => `${start} ${word}`).sort()).toEqual(
        expected.positions.map(([start, word]) => `${start} ${word}`).sort(),
      );
    if (expected.maskUnion !== undefined) expect(filterFor(sample).mask(text)).toBe(expected.maskUnion);
    if (afterAllow) {
      const more = afterAllow.allow.map((word) => ({ word, action: 'allow' as const }));
      expect(filterFor(sample, more).scan(text).length > 0).toBe(afterAllow.contains);
    }
  });
});

describe('mapJsonStrings', () => {
  const shout = (value: string) => value.toUpperCase();

  it('changes string values alone, and leaves keys, order, numbers and spacing as they are', () => {
    const json = '{ "b" : "x", "a":["y", {"y" :1.0}], "n": 1e400, "big":12345678901234567890, "t":true,"b":"z"}';
    expect(mapJsonStrings(json, shout)).toBe(
      '{ "b" : "X", "a":["Y", {"y" :1.0}], "n": 1e400, "big":12345678901234567890, "t":true,"b":"Z"}',
    );
  });

  it('gives values unescaped and escapes what it puts in their place', () => {
    const seen: string[] = [];
    const json = '{"a":"\\u5fae\\u4fe1 \\"q\\" \\\\","k\\"ey":"\\n"}';
    const mapped = mapJsonStrings(json, (value) => {
      seen.push(value);
      return value === '\n' ? '\t"' : value;
    });
    expect(seen).toEqual(['微信 "q" \\', '\n']);
    expect(mapped).toBe('{"a":"\\u5fae\\u4fe1 \\"q\\" \\\\","k\\"ey":"\\t\\""}');
  });

  it.each(['"text"', '["a"]', '  "a"  '])('maps %s, which is no object', (json) => {
    expect(mapJsonStrings(json, () => 'x')).toBe(json.replace(/a|text/, 'x'));
  });

  it.each(['', 'hello', '{"a":', "{'a':'b'}", '{"a":"b"} x', '['.repeat(100_000)])(
    'answers undefined for what is no JSON (%#)',
    (text) => {
      expect(mapJsonStrings(text, shout)).toBeUndefined();
    },
  );

  it('bears a payload as large as a message may be', () => {
    const json = JSON.stringify({ text: 'ä"\\'.repeat(60_000) });
    expect(JSON.parse(mapJsonStrings(json, shout) ?? '')).toEqual({ text: 'Ä"\\'.repeat(60_000) });
  });

  it('gives back the very text when nothing changes, and the mapped value otherwise', () => {
    const mapValues = (value: unknown): unknown => {
      if (typeof value === 'string') return `<${value}>`;
      if (Array.isArray(value)) return value.map(mapValues);
      if (typeof value === 'object' && value !== null)
        return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, mapValues(each)]));
      return value;
    };
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom(0, 2), (value, indent) => {
        fc.pre(!JSON.stringify(value).includes('__proto__'));
        const json = JSON.stringify(value, null, indent);
        expect(mapJsonStrings(json, (text) => text)).toBe(json);
        expect(JSON.parse(mapJsonStrings(json, (text) => `<${text}>`) ?? '')).toEqual(
          JSON.parse(JSON.stringify(mapValues(value))),
        );
      }),
    );
  });
});

describe('judgeMessage', () => {
  const text = (...texts: string[]): Message => ({
    MsgBody: texts.map((Text) => ({ MsgType: 'TIMTextElem', MsgContent: { Text } })),
  });
  const custom = (MsgContent: Record<string, unknown>): Message => ({
    MsgBody: [{ MsgType: 'TIMCustomElem', MsgContent }],
  });
  const masked = (message: Message, ...words: string[]) => {
    const judgement = judgeMessage(filterOf(...words), message, 'mask');
    if (judgement.verdict !== 'mask') throw new Error(`the verdict is ${judgement.verdict}`);
    return judgement.message;
  };

  it('lets pass what holds no word', () => {
    expect(judgeMessage(filterOf('x'), text('hello'), 'reject')).toEqual({ verdict: 'pass' });
    expect(judgeMessage(filterOf('x'), { MsgBody: [] }, 'reject')).toEqual({ verdict: 'pass' });
  });

  it('masks each text where it has the word', () => {
    expect(masked(text('加微信', 'hello', '微信'), '微信')).toEqual(text('加**', 'hello', '**'));
  });

  it('finds a word that is split over texts, with something between them too', () => {
    expect(masked(text('加微', '信吧'), '微信')).toEqual(text('加*', '*吧'));
    const face = { MsgType: 'TIMFaceElem', MsgContent: { Index: 1, Data: '微信' } };
    const [first, second] = text('微', '信').MsgBody;
    if (!first || !second) throw new Error('two texts are expected');
    expect(masked({ MsgBody: [first, face, second] }, '微信').MsgBody).toEqual([
      text('*').MsgBody[0],
      face,
      text('*').MsgBody[0],
    ]);
  });

  it('masks string values of custom Data, and Desc and Ext as they are', () => {
    const content = {
      Data: '{"danmaku":"加微信","n":1.0,"微信":true}',
      Desc: '微信',
      Ext: '{"a":"微信"}',
      Sound: '微信',
    };
    expect(masked(custom(content), '微信')).toEqual(
      custom({ Data: '{"danmaku":"加**","n":1.0,"微信":true}', Desc: '**', Ext: '{"a":"**"}', Sound: '微信' }),
    );
  });

  it('finds a word that is written in escapes', () => {
    expect(masked(custom({ Data: '{"a":"\\u5fae\\u4fe1"}' }), '微信')).toEqual(custom({ Data: '{"a":"**"}' }));
  });

  it('masks Data that is no JSON as the text that it is', () => {
    expect(masked(custom({ Data: '加微信{' }), '微信')).toEqual(custom({ Data: '加**{' }));
  });

  it('masks CloudCustomData likewise, and keeps it absent when it is', () => {
    const message = { ...text('hello'), CloudCustomData: '{"quote":"微信"}' };
    expect(masked(message, '微信')).toEqual({ ...text('hello'), CloudCustomData: '{"quote":"**"}' });
    expect(masked(text('微信'), '微信')).not.toHaveProperty('CloudCustomData');
  });

  it('leaves every other field and element as it is', () => {
    const message: Message = {
      MsgBody: [
        { MsgType: 'TIMTextElem', MsgContent: { Text: '微信', More: 1 } },
        { MsgType: 'TIMTextElem', MsgContent: { Text: 7 } },
        { MsgType: 'TIMImageElem', MsgContent: { UUID: '微信' } },
      ],
    };
    expect(masked(message, '微信').MsgBody).toEqual([
      { MsgType: 'TIMTextElem', MsgContent: { Text: '**', More: 1 } },
      ...message.MsgBody.slice(1),
    ]);
  });

  it.each([
    [['mask', 'mask'], 'mask'],
    [['mask', 'reject'], 'reject'],
    [['reject', 'drop'], 'drop'],
    [['drop', 'mask'], 'drop'],
  ] as const)('takes the strictest of %j', ([a, b], verdict) => {
    const filter = compileFilter([
      { word: 'a', action: a },
      { word: 'b', action: b },
    ]);
    expect(judgeMessage(filter, text('b', 'a'), 'mask')).toMatchObject({ verdict, words: ['b', 'a'] });
  });

  it('looks for the strictest in every part', () => {
    const filter = compileFilter([{ word: 'a' }, { word: 'b', action: 'drop' }]);
    const message = { ...custom({ Data: '["a"]', Ext: 'a' }), CloudCustomData: 'b' };
    expect(judgeMessage(filter, message, 'mask').verdict).toBe('drop');
  });

  it.each(['mask', 'reject', 'drop'] as const)('does %s for a word to which the list gives no action', (action) => {
    expect(judgeMessage(filterOf('a'), text('a'), action).verdict).toBe(action);
    const own = compileFilter([{ word: 'a', action: 'reject' }]);
    expect(judgeMessage(own, text('a'), action).verdict).toBe('reject');
  });
});

describe('mergeEntries', () => {
  it('makes one entry of each word, in the order of their first mention', () => {
    expect(mergeEntries([{ word: 'b' }, { word: 'a', tags: ['x'] }, { word: 'b' }])).toEqual([
      { word: 'b', tags: [] },
      { word: 'a', tags: ['x'] },
    ]);
  });

  it.each([
    [[undefined, 'mask'], 'mask'],
    [['mask', undefined], 'mask'],
    [['reject', 'mask'], 'reject'],
    [['reject', 'drop'], 'drop'],
    [['drop', 'allow'], 'allow'],
    [['allow', 'drop'], 'allow'],
  ] as const)('of the actions %j keeps %s', (actions, expected) => {
    const entries = actions.map((action) => ({ word: 'a', ...(action && { action }) }));
    expect(mergeEntries(entries)).toEqual([{ word: 'a', action: expected, tags: [] }]);
  });

  it('joins the tags, each once', () => {
    const entries = [
      { word: 'a', tags: ['x', 'y'] },
      { word: 'a', tags: ['y', 'z'] },
    ];
    expect(mergeEntries(entries)).toEqual([{ word: 'a', tags: ['x', 'y', 'z'] }]);
  });
});
