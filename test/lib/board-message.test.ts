import { describe, expect, it } from 'vitest';
import { scanBoardText } from '../../lib/moderation/board-message.ts';
import { compileFilter } from '../../lib/moderation/filter.ts';

const filter = compileFilter([{ word: 'darn', action: 'mask' }, { word: 'darned', action: 'allow' }, { word: 'heck' }]);

describe('the text of a drawing', () => {
  it.each([
    ['under `text`', { text: 'oh darn' }, ['darn']],
    ['under a `text` that lies deep', [{ shapes: [{ text: 'darn' }] }], ['darn']],
    ['anywhere below a `text`', { text: [{ a: 'darn' }, { text: { b: ['heck'] } }] }, ['darn', 'heck']],
    ['twice in one', { text: 'heck, heck' }, ['heck', 'heck']],
    ['that the list allows', { text: 'darned' }, []],
    ['beside a `text`', { title: 'darn', texts: 'darn', Text: 'darn', text: 'fine' }, []],
    ['as a key', { darn: { text: 1 }, text: { darn: null } }, []],
    ['as all there is', 'darn', []],
    ['in nothing', null, []],
  ])('has the listed words %s', (_where, data, words) => {
    expect(
      scanBoardText(filter, data)
        .map(({ word }) => word)
        .sort(),
    ).toEqual(words);
  });

  it('is found however deep it is nested', () => {
    const data = JSON.parse(`${'[{"a":'.repeat(20_000)}{"text":"darn"}${'}]'.repeat(20_000)}`);
    expect(scanBoardText(filter, data)).toHaveLength(1);
  });
});
