import type { Filter, Hit } from './filter.ts';
import type { WordAction } from './word-entry.ts';

export type Action = Exclude<WordAction, 'allow'>;

const strictness: Record<Action, number> = { mask: 1, reject: 2, drop: 3 };

/** Scans the texts of one message, and keeps what was found in all of them. `defaultAction` is for words that the list gives none. */
export const createScanner = (filter: Pick<Filter, 'scan'>, defaultAction: Action) => {
  const words = new Set<string>();
  let strictest: Action | undefined;
  return {
    scan(text: string): Hit[] {
      const hits = filter.scan(text);
      for (const { word, action = defaultAction } of hits) {
        words.add(word);
        if (strictest === undefined || strictness[action] > strictness[strictest]) strictest = action;
      }
      return hits;
    },

    /** The listed words, each once. */
    words: (): string[] => [...words],

    /** The strictest action of all hits; `undefined` without any. */
    action: (): Action | undefined => strictest,
  };
};
