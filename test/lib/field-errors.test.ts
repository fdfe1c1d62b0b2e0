import { describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { fieldErrors } from '../../lib/field-errors.ts';
import { classIdField, limitField, textField, timeField, userIdField } from '../../lib/fields.ts';

const errorsOf = (schema: z.ZodMiniType, value: unknown) => fieldErrors(schema.safeParse(value).error?.issues ?? []);

describe('fieldErrors', () => {
  it.each([
    ['a type', z.object({ a: z.string() }), { a: 1 }, '/a', 'must be a string'],
    ['a missing field', z.object({ a: z.number() }), {}, '/a', 'must be a number'],
    ['an integer', z.object({ a: z.int() }), { a: 1.5 }, '/a', 'must be an integer'],
    ['an array', z.object({ a: z.array(z.string()) }), { a: {} }, '/a', 'must be an array'],
    ['the whole', z.object({}), [], '', 'must be an object'],
    ['a minimum', z.int().check(z.minimum(60)), 59, '', 'must be at least 60'],
    ['a maximum', z.int().check(z.maximum(60)), 61, '', 'must be at most 60'],
    ['a short string', z.string().check(z.minLength(2)), 'x', '', 'must be at least 2 characters long'],
    ['a long list', z.array(z.int()).check(z.maxLength(1)), [1, 2], '', 'must be at most 1 entries long'],
    ['an enumeration', z.enum(['a', 'b']), 'c', '', 'must be "a" or "b"'],
    ['a sentence of the schema', userIdField, '!', '', 'must be 1 to 32 of A-Z, a-z, 0-9, _ and -'],
    ['anything else', z.union([z.int(), z.boolean()]), 'x', '', 'is not valid'],
  ])('says where and what is wrong with %s', (_what, schema, value, path, message) => {
    expect(errorsOf(schema, value)).toEqual([{ path, message }]);
  });

  it('points into lists and records as RFC 6901 has it', () => {
    const schema = z.object({ list: z.array(z.record(z.string(), z.int())) });
    expect(errorsOf(schema, { list: [{}, { 'a/b~c': 'x' }] })).toEqual([
      { path: '/list/1/a~1b~0c', message: 'must be a number' },
    ]);
  });

  it('names each unknown field', () => {
    const schema = z.object({ inner: z.strictObject({ a: z.optional(z.int()) }) });
    expect(errorsOf(schema, { inner: { b: 1, 'c/d': 2 } })).toEqual([
      { path: '/inner/b', message: 'is not a known field' },
      { path: '/inner/c~1d', message: 'is not a known field' },
    ]);
  });

  it('never repeats the value', () => {
    const schema = z.strictObject({ a: z.enum(['x']), b: z.int(), c: userIdField });
    const text = JSON.stringify(errorsOf(schema, { a: 'hidden', b: 'hidden', c: 'hidden!' }));
    expect(JSON.parse(text)).toHaveLength(3);
    expect(text).not.toContain('hidden');
  });
});

describe('a field', () => {
  it.each([
    ['an id of 32', userIdField, 'Az09_-'.padEnd(32, 'x'), true],
    ['an id of 33', classIdField, 'x'.repeat(33), false],
    ['an empty id', classIdField, '', false],
    ['an id with a line end', userIdField, 's1\n', false],
    ['an id with a slash', classIdField, 'a/b', false],
    ['text counted in code points', textField(1, 2), '😀😀', true],
    ['text a code point too long', textField(1, 2), '😀😀😀', false],
    ['text with a NUL', textField(1, 9), 'a\0b', false],
    ['text with half a surrogate pair', textField(1, 9), 'a\ud83d', false],
    ['a time before 1970', timeField, -1, false],
    ['a time in milliseconds', timeField, 1_767_225_600_000, false],
    ['a limit of 200', limitField, 200, true],
    ['a limit of 201', limitField, 201, false],
    ['a limit of 0', limitField, 0, false],
  ] as [string, z.ZodMiniType, unknown, boolean][])('judges %s', (_what, schema, value, good) => {
    expect(schema.safeParse(value).success).toBe(good);
  });

  it('takes 50 for an absent limit', () => {
    expect(limitField.parse(undefined)).toBe(50);
  });
});
