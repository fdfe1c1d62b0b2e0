import type { Filter, WordAction } from './filter.ts';
import { judgeMessage } from './message.ts';

export type TextJudgement = { verdict: 'pass' | 'reject' | 'drop' } | { verdict: 'mask'; masked: string };

/** Judges one text as a message of it would be judged. `defaultAction` is for words that the list gives none. */
export const judgeText = (filter: Filter, text: string, defaultAction: Exclude<WordAction, 'allow'>): TextJudgement => {
  const message = { MsgBody: [{ MsgType: 'TIMTextElem', MsgContent: { Text: text } }] };
  const { verdict } = judgeMessage(filter, message, defaultAction);
  return verdict === 'mask' ? { verdict, masked: filter.mask(text) } : { verdict };
};
