import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileFilter } from '../../lib/moderation/filter.ts';
import { maskPayload } from '../../lib/moderation/json-strings.ts';

const finderOf = (...words: string[]) => compileFilter(words.map((word) => ({ word }))).scan;
const mask = (json: string, ...words: string[]) => maskPayload(json, finderOf(...words));

describe('maskPayload', () => {
  it('changes string values alone, and leaves keys, order, numbers and spacing as they are', () => {
    const json = '{ "b" : "xx", "xx":["x", {"x" :1.0}], "n": 1e400, "big":12345678901234567890, "t":true,"b":"ax"}';
    expect(mask(json, 'x', '1', 'true')).toBe(
      '{ "b" : "**", "xx":["*", {"x" :1.0}], "n": 1e400, "big":12345678901234567890, "t":true,"b":"a*"}',
    );
  });

  it('finds what is written in escapes, and leaves the escapes around it as they are', () => {
    const json = '{"a":"\\u0061\\u5fae\\u4FE1 \\"q\\" \\\\\\/","b":"\\u5fae信\\n","k\\"ey":"微\\n信"}';
    expect(mask(json, '微信')).toBe('{"a":"\\u0061** \\"q\\" \\\\\\/","b":"**\\n","k\\"ey":"微\\n信"}');
    expect(mask('"\\"\\\\\\n\\u0001"', '"', '\\', '\n', '\u0001')).toBe('"****"');
  });

  it('puts one star for each character, however it is written', () => {
    expect(mask('["😀","\\ud83d\\ude00","\\ud83d😀"]', '😀')).toBe('["*","*","\\ud83d*"]');
  });

  it('masks what overlaps once', () => {
    expect(mask('["abcd\\u0061b"]', 'abc', 'cd', 'b', 'ab')).toBe('["******"]');
  });

  it.each([
    ['"a b"', '"* b"'],
    ['["a"]', '["*"]'],
    ['  "a"  ', '  "*"  '],
    ['1', '1'],
    ['null', 'null'],
    ['["1"]', '["*"]'],
    ['{}', '{}'],
  ])('takes %s, which is no object with strings', (json, masked) => {
    expect(mask(json, 'a', '1', 'null')).toBe(masked);
  });

  it('finds what is hidden by the escapes of JSON inside of JSON, which stays JSON', () => {
    const packed = JSON.stringify({ text: '加微信', n: 1 }).replace('信', '\\u4fe1');
    const json = JSON.stringify({ id: 'call', data: packed, list: ' ["\\u5fae\\u4fe1"]' });
    const masked = JSON.parse(mask(json, '微信'));
    expect(masked).toMatchObject({ id: 'call' });
    expect(JSON.parse(masked.data)).toEqual({ text: '加**', n: 1 });
    expect(JSON.parse(masked.list)).toEqual(['**']);
  });

  it('masks a string that only looks like JSON as the text that people see', () => {
    expect(mask('["{\\"微信\\":1}","[微信","{\\\\u5fae"]', '微信')).toBe('["{\\"**\\":1}","[**","{\\\\u5fae"]');
  });

  it.each(['', 'hello', '{"a":', "{'a':'b'}", '{"a":"b"} x', '['.repeat(100_000)])(
    'takes for text what is no JSON (%#)',
    (text) => {
      expect(mask(text, 'a')).toBe(text.replaceAll('a', '*'));
    },
  );

  it('reads the escapes of what is nearly JSON, as a client may that is less strict', () => {
    expect(mask('{"text":"\\u5fae\\u4fe1",}', '微信')).toBe(`{"text":"${'*'.repeat(12)}",}`);
    expect(mask('\\u5fa 微\\u4FE1', '微信')).toBe(`\\u5fa ${'*'.repeat(7)}`);
  });

  it('does not take for words what stands in several strings, numbers and escapes of packed JSON', () => {
    const json = JSON.stringify({ a: '{"text":"选\\nb","pos":[100,86],"微":"信"}' });
    expect(mask(json, 'nb', '10086', '微信')).toBe(json);
  });

  it('unpacks as often as anybody packs', () => {
    const packed = (text: string, times: number): string =>
      times === 0 ? text : JSON.stringify({ data: packed(text, times - 1) });
    for (const times of [1, 3, 8]) {
      const json = packed('加微信', times).replace('信', '\\u4fe1');
      expect(mask(json, '微信')).toContain('加**');
      JSON.parse(mask(json, '微信'));
    }
    expect(mask(packed('加微信', 12), '微信')).toContain('加**');
  });

  it('bears a payload as large as a message may be', () => {
    const json = JSON.stringify({ text: 'ä"\\'.repeat(60_000) });
    expect(JSON.parse(mask(json, '\\'))).toEqual({ text: 'ä"*'.repeat(60_000) });
  });

  it('gives back the very text when nothing is found, and else what masking each value gives', () => {
    const maskValues = (value: unknown): unknown => {
      if (typeof value === 'string') return value.replaceAll('a', '*').replaceAll('\n', '*');
      if (Array.isArray(value)) return value.map(maskValues);
      if (typeof value === 'object' && value !== null)
        return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, maskValues(each)]));
      return value;
    };
    const [nothing, letterAndLineEnd] = [finderOf(), finderOf('a', '\n')];
    const unit = fc.constantFrom('a', 'b', '"', '\\', '\n', '\u2028', '😀', '\ud83d', '[', '{', ':', ',');
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: unit }), fc.constantFrom(0, 2), (value, indent) => {
        const json = JSON.stringify([value], null, indent);
        expect(maskPayload(json, nothing)).toBe(json);
        const masked = maskPayload(json, letterAndLineEnd);
        expect(JSON.parse(masked)).toEqual(JSON.parse(JSON.stringify([maskValues(value)])));
      }),
    );
  });
});
