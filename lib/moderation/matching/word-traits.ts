import type { WordAction } from '../word-entry.ts';

/** What a filter must know of a word besides its characters; one number in the compiled list. */
export interface WordTraits {
  action: WordAction | undefined;
  /** Of how many runs of the same character it is; 1..64. */
  runs: number;
  /** Of which class all its letters and digits are, when they are of one: it may have to be a whole word. */
  wholeClass: number;
  /** That its characters are there is not enough: how often each repeats, or its case, must be looked at. */
  isExacting: boolean;
}

const actions: readonly (WordAction | undefined)[] = [undefined, 'mask', 'reject', 'drop', 'allow'];

export const isAction = (action: unknown): boolean => actions.includes(action as WordAction | undefined);

export const packTraits = ({ action, runs, wholeClass, isExacting }: WordTraits): number =>
  actions.indexOf(action) | (wholeClass << 3) | (isExacting ? 1 << 5 : 0) | (runs << 8);

export const actionOf = (traits: number): WordAction | undefined => actions[traits & 7];
export const wholeClassOf = (traits: number): number => (traits >> 3) & 3;
export const isExacting = (traits: number): boolean => (traits & (1 << 5)) !== 0;
export const runsOf = (traits: number): number => traits >> 8;
