import { describe, expect, it } from 'vitest';
import { maskRanges } from '../../lib/moderation/mask.ts';
import { mergeEntries } from '../../lib/moderation/merge-entries.ts';

describe('maskRanges', () => {
  it('takes them in any order, overlapping or empty', () => {
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
