import { describe, expect, it } from 'vitest';
import { presentable } from '../../local/presentable.ts';

describe('what may be shown', () => {
  it('hides secrets by their names, however deep they stand', () => {
    const shown = presentable({
      sig: { userSig: 'eJw', userId: 't1' },
      list: [{ TmpSecretKey: 'k', passcode: 'sesame' }],
    });

    expect(shown).toEqual({ sig: { userSig: '•••', userId: 't1' }, list: [{ TmpSecretKey: '•••', passcode: '•••' }] });
  });

  it.each([
    ['a long text', { text: 'x'.repeat(200_000) }],
    ['a long text after others', { first: 'x'.repeat(3990), second: 'y'.repeat(200_000) }],
    ['a long text under a long name', { first: 'x'.repeat(3980), ['n'.repeat(100)]: 'y'.repeat(200_000) }],
    ['many texts', Array.from({ length: 5000 }, () => 'text')],
    ['many fields', Object.fromEntries(Array.from({ length: 5000 }, (_, index) => [`field ${index}`, 1]))],
  ])('is cut: %s', (_, value) => {
    expect(JSON.stringify(presentable(value)).length).toBeLessThan(40_000);
  });
});
