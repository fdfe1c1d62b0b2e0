/** What happens to a message with a listed word, from the mildest to the strictest; `allow` takes other words' hits back. */
export type WordAction = 'mask' | 'reject' | 'drop' | 'allow';

/** How many words a list may hold. */
export const maxWords = 200_000;

export interface WordEntry {
  word: string;
  /** Absent: the function's setting decides. */
  action?: WordAction;
  tags?: readonly string[];
}
