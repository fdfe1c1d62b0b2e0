/** What happens to a message with a listed word, from the mildest to the strictest; `allow` takes other words' hits back. */
export type WordAction = 'mask' | 'reject' | 'drop' | 'allow';

export interface WordEntry {
  word: string;
  /** Absent: the function's setting decides. */
  action?: WordAction;
  tags?: readonly string[];
}
