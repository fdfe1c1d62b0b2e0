import { hashOf, hasPair, ofOutput, ofState, shiftFor, stateIn, tagOf } from './automaton.ts';
import { characterClass, placeOf, symbolKind } from './character-table.ts';
import { type CompiledList, ofWord, wordOf } from './compiled-list.ts';
import { codePointAt, continuesRun, foldingOf, unitsOf } from './folding.ts';
import { isExacting, runsOf, wholeClassOf } from './word-traits.ts';

/** Told of each occurrence of a word: its number in the list, and UTF-16 offsets into the text, `end` exclusive. */
export type Found = (word: number, start: number, end: number) => void;

/** A run of a word: how often its character repeats, and which it is exactly. */
interface ExactRun {
  exactly: number;
  count: number;
}

/** Where a word is in the runs of a text, and how often each of its own repeats. */
interface Match {
  firstRun: number;
  lastRun: number;
  end: number;
  repeats: readonly number[];
}

/** Of words that repeat nothing. */
const once: readonly number[] = [1];

/** The last 64 runs of a text are remembered, as many as the longest word has: this masks a run's number to its place. */
const runMask = 63;

/**
 * Finds every occurrence of every word of a list in a text, in one pass: folding, skipping and collapsing go by tables on
 * the way. A text is taken as runs of the same folded character; unless repeats collapse, each character is a run.
 */
export const createMatcher = (list: CompiledList) => {
  const { options, symbols, classes, pages, first, states, slots, pairs, outputs, words } = list;
  const { firstLonger, firstOutput } = list;
  const collapses = options.collapseRepeats === true;
  const slotShift = shiftFor(slots.length);
  const lastSlot = slots.length - 1;
  const pairShift = shiftFor(pairs.length);
  const halfPair = symbols[0xdc00] as number;
  const folding = options.foldLetterStyle && !options.caseInsensitive ? foldingOf(options) : undefined;

  // The last runs of the text so far: where each starts, how many characters it has, and which exactly.
  const starts = new Int32Array(runMask + 1);
  const counts = new Int32Array(runMask + 1);
  const exacts = new Int32Array(runMask + 1);

  const symbolAt = (text: string, at: number): number => {
    const symbol = symbols[text.charCodeAt(at)] as number;
    if (symbol !== symbolKind.highSurrogate) return symbol;
    const codePoint = codePointAt(text, at);
    return codePoint > 0xffff ? (symbols[placeOf(pages, codePoint)] as number) : halfPair;
  };

  const exactlyAt = (text: string, at: number): number => (folding ? folding.foldExactly(codePointAt(text, at)) : 0);

  /** Answers whether a character goes on with a run, and lets the run be of its case if it was of either. */
  const joinsRun = (text: string, at: number, run: number): boolean => {
    const exactly = exactlyAt(text, at);
    const place = run & runMask;
    if (!continuesRun(exacts[place] as number, exactly)) return false;
    exacts[place] = Math.max(exacts[place] as number, exactly);
    return true;
  };

  /** `mayFollow`: whether any word may begin with the symbol before this one and this one. */
  const stateAfter = (from: number, symbol: number, mayFollow: boolean): number => {
    let state = from;
    while (state !== 0) {
      const place = ofState.size * state;
      const isShort = state < firstLonger;
      if (isShort ? mayFollow : ((states[place + ofState.followers] as number) >>> symbol) & 1) {
        const next = follower(state, symbol);
        if (next !== 0) return next;
      }
      state = isShort ? 0 : (states[place + ofState.fallback] as number);
    }
    return first[symbol] as number;
  };

  /** The state to which a symbol leads on; 0 when to none. */
  const follower = (state: number, symbol: number): number => {
    const hash = hashOf(state, symbol);
    const tag = tagOf(hash);
    let slot = hash >>> slotShift;
    for (let there = slots[slot] as number; there !== 0; there = slots[slot] as number) {
      const next = stateIn(there);
      const place = ofState.size * next;
      if ((there ^ tag) === next && states[place + ofState.before] === state && states[place + ofState.by] === symbol)
        return next;
      slot = (slot + 1) & lastSlot;
    }
    return 0;
  };

  const report = (text: string, state: number, lastRun: number, end: number, found: Found): void => {
    let ending = state;
    while (ending !== 0) {
      const output = ofOutput.size * (ending - firstOutput);
      let word = outputs[output + ofOutput.path] as number;
      while (word !== -1) {
        const traits = words[ofWord.size * word + ofWord.traits] as number;
        const firstRun = lastRun - runsOf(traits) + 1;
        const start = starts[firstRun & runMask] as number;
        const repeats = isExacting(traits) ? repeatsIfMet(word, firstRun) : once;
        const wholeClass = wholeClassOf(traits);
        if (repeats && !isPartOfLonger(text, start, end, wholeClass)) found(word, start, end);
        else if (repeats) reportWhole(text, word, wholeClass, { firstRun, lastRun, end, repeats }, found);
        word = words[ofWord.size * word + ofWord.alike] as number;
      }
      ending = outputs[output + ofOutput.shorter] as number;
    }
  };

  /** How often each run of a word repeats, when those of the text do so as often and are of a case that fits. */
  const repeatsIfMet = (word: number, firstRun: number): readonly number[] | undefined => {
    const runs = runsOfWord(word);
    for (let index = 0; index < runs.length; index += 1) {
      const { exactly, count } = runs[index] as ExactRun;
      const place = (firstRun + index) & runMask;
      if (count > (counts[place] as number) || !continuesRun(exacts[place] as number, exactly)) return undefined;
    }
    return runs.map(({ count }) => count);
  };

  const runsOfWord = (word: number): ExactRun[] => {
    const runs: ExactRun[] = [];
    const text = wordOf(list, word);
    let symbolBefore = -1;
    for (let at = 0; at < text.length; at += unitsOf(codePointAt(text, at))) {
      const symbol = symbolAt(text, at);
      if (symbol === symbolKind.skipped) continue;
      const exactly = exactlyAt(text, at);
      const last = runs.at(-1);
      if (last && collapses && symbol === symbolBefore && continuesRun(last.exactly, exactly)) {
        last.count += 1;
        last.exactly = Math.max(last.exactly, exactly);
      } else runs.push({ exactly, count: 1 });
      symbolBefore = symbol;
    }
    return runs;
  };

  const isOfClass = (text: string, at: number, wanted: number): boolean =>
    at >= 0 && at < text.length && classes[placeOf(pages, codePointAt(text, at))] === wanted;

  /** Where the character before this place begins. */
  const before = (text: string, at: number): number =>
    at >= 2 && codePointAt(text, at - 2) > 0xffff ? at - 2 : at - 1;

  /** Where the next one begins. */
  const after = (text: string, at: number): number => at + unitsOf(codePointAt(text, at));

  /** Answers whether a word of this class goes on from the character at one place to the next one's. */
  const goesOn = (text: string, at: number, next: number, wholeClass: number): boolean =>
    isOfClass(text, at, wholeClass) && isOfClass(text, next, wholeClass);

  const isPartOfLonger = (text: string, start: number, end: number, wholeClass: number): boolean =>
    wholeClass !== characterClass.other &&
    (goesOn(text, before(text, start), start, wholeClass) || goesOn(text, before(text, end), end, wholeClass));

  /**
   * A run may reach into the words beside the one that is looked for, as the k of «fuck kids» does. Reports it without
   * these, when it is a whole word then.
   */
  const reportWhole = (text: string, word: number, wholeClass: number, match: Match, found: Found): void => {
    const { firstRun, lastRun, end, repeats } = match;
    const isSingle = firstRun === lastRun;
    const endings = placesOf(text, starts[lastRun & runMask] as number, end);
    const beginnings = isSingle
      ? endings
      : placesOf(text, starts[firstRun & runMask] as number, starts[(firstRun + 1) & runMask] as number);
    const firstCount = repeats[0] ?? 1;
    const lastCount = repeats.at(-1) ?? 1;
    const first = beginnings.findIndex((at) => !goesOn(text, before(text, at), at, wholeClass));
    const last = endings.findLastIndex((at) => !goesOn(text, at, after(text, at), wholeClass));
    const isLongEnough = isSingle
      ? last - first + 1 >= firstCount
      : beginnings.length - first >= firstCount && last + 1 >= lastCount;
    if (first === -1 || last === -1 || !isLongEnough) return;
    found(word, beginnings[first] as number, after(text, endings[last] as number));
  };

  /** Where the characters of a run begin. */
  const placesOf = (text: string, start: number, end: number): number[] => {
    const places: number[] = [];
    for (let at = start; at < end; at = after(text, at)) if (symbolAt(text, at) !== symbolKind.skipped) places.push(at);
    return places;
  };

  return (text: string, found: Found): void => {
    let state = 0;
    let symbolBefore: number = symbolKind.inNoWord;
    let run = -1;
    let runEnd = 0;
    for (let at = 0; at < text.length; at += 1) {
      const start = at;
      let symbol = symbols[text.charCodeAt(at)] as number;
      if (symbol < symbolKind.firstInWords) {
        if (symbol === symbolKind.highSurrogate) {
          symbol = symbolAt(text, at);
          at += unitsOf(codePointAt(text, at)) - 1;
        }
        if (symbol === symbolKind.skipped) continue;
        if (symbol === symbolKind.inNoWord) {
          if (state >= firstOutput) report(text, state, run, runEnd, found);
          state = 0;
          symbolBefore = symbol;
          continue;
        }
      }
      if (collapses && symbol === symbolBefore && (folding === undefined || joinsRun(text, start, run))) {
        counts[run & runMask] = (counts[run & runMask] as number) + 1;
        runEnd = at + 1;
        continue;
      }
      if (state >= firstOutput) report(text, state, run, runEnd, found);
      run += 1;
      starts[run & runMask] = start;
      counts[run & runMask] = 1;
      if (folding) exacts[run & runMask] = exactlyAt(text, start);
      runEnd = at + 1;
      // Most characters begin no word with the one before them, and a glance at their bits tells.
      const pair = hashOf(symbolBefore, symbol);
      const mayFollow = hasPair(pairs[pair >>> pairShift] as number, pair);
      state = state < firstLonger && !mayFollow ? (first[symbol] as number) : stateAfter(state, symbol, mayFollow);
      symbolBefore = symbol;
    }
    if (state >= firstOutput) report(text, state, run, runEnd, found);
  };
};
