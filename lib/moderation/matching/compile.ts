import { mergeEntries } from '../merge-entries.ts';
import { maxWords, type WordEntry } from '../word-entry.ts';
import { buildAutomaton } from './automaton.ts';
import { characterClass, createCharacterTable, symbolKind } from './character-table.ts';
import { type CompiledList, ofWord } from './compiled-list.ts';
import type { FilterOptions } from './filter-options.ts';
import { codePointAt, continuesRun, type Folding, foldingOf, unitsOf } from './folding.ts';
import { isAction, packTraits } from './word-traits.ts';

export const maxWordCodePoints = 64;

/** Says what is wrong with a word for a list that is compiled with these options; `undefined` when nothing is. */
export const wordProblem = (word: string, options: FilterOptions = {}): string | undefined => {
  if (typeof word !== 'string') return 'must be a string';
  if (word === '') return 'must not be empty';
  if (!word.isWellFormed()) return 'must be well-formed Unicode';
  if (word.length > maxWordCodePoints && [...word].length > maxWordCodePoints)
    return `must be at most ${maxWordCodePoints} characters long`;
  return isAllSkipped(word, foldingOf(options)) ? 'must hold a character that is not ignored' : undefined;
};

const actionProblem = (action: WordEntry['action']): string | undefined =>
  isAction(action ?? undefined) ? undefined : `has the unknown action ${JSON.stringify(action)}`;

const isAllSkipped = (word: string, { fold, isSkipped }: Folding): boolean => {
  for (let at = 0; at < word.length; ) {
    const codePoint = codePointAt(word, at);
    if (!isSkipped(fold(codePoint))) return false;
    at += unitsOf(codePoint);
  }
  return true;
};

/** The word as it is compared: two words with the same folded form match the same texts. */
export const foldWord = (word: string, options: FilterOptions): string => {
  const { fold, foldExactly, isSkipped, isCaseMixed } = foldingOf(options);
  const folded = [...word].map((char) => codePointAt(char, 0)).filter((codePoint) => !isSkipped(fold(codePoint)));
  return isCaseMixed
    ? folded.map((codePoint) => foldExactly(codePoint)).join(' ')
    : folded.map((codePoint) => String.fromCodePoint(fold(codePoint))).join('');
};

/** Makes a list ready for matching. Throws an `Error` that names a bad word. */
export const compileList = (entries: readonly WordEntry[], given: FilterOptions): CompiledList => {
  // A copy: the list goes on to be what it was made as.
  const options = { ...given };
  const merged = mergeEntries(entries);
  if (merged.length > maxWords) throw new Error(`A list may hold ${maxWords} words, not ${merged.length}.`);
  for (const { word, action } of merged) {
    const problem = wordProblem(word, options) ?? actionProblem(action);
    if (problem) throw new Error(`The word ${JSON.stringify(word)} ${problem}.`);
  }

  const folding = foldingOf(options);
  const characters = createCharacterTable(folding);
  const textLength = merged.reduce((length, { word }) => length + word.length, 0);
  const symbols = new Int32Array(textLength);
  const offsets = new Int32Array(merged.length + 1);
  const texts = new Uint16Array(textLength);
  const words = new Int32Array(ofWord.size * (merged.length + 1));
  const tags = createTagSets();

  let end = 0;
  let textEnd = 0;
  merged.forEach(({ word, action, tags: wordTags }, index) => {
    const start = end;
    let runExactly = 0;
    let hasRepeats = false;
    for (let at = 0; at < word.length; ) {
      const codePoint = codePointAt(word, at);
      for (const units = at + unitsOf(codePoint); at < units; at += 1) texts[textEnd + at] = word.charCodeAt(at);
      const symbol = characters.symbolOf(codePoint);
      if (symbol === symbolKind.skipped) continue;
      const exactly = folding.isCaseMixed ? folding.foldExactly(codePoint) : 0;
      if (options.collapseRepeats && end > start && symbols[end - 1] === symbol && continuesRun(runExactly, exactly)) {
        hasRepeats = true;
        runExactly = Math.max(runExactly, exactly);
        continue;
      }
      symbols[end] = symbol;
      runExactly = exactly;
      end += 1;
    }
    textEnd += word.length;
    offsets[index + 1] = end;
    const place = ofWord.size * index;
    words[place + ofWord.size + ofWord.text] = textEnd;
    words[place + ofWord.tagSet] = tags.placeOf(wordTags ?? []);
    words[place + ofWord.traits] = packTraits({
      action: action ?? undefined,
      runs: end - start,
      wholeClass: wholeClassOf(word, characters.classOf, options),
      isExacting: hasRepeats || folding.isCaseMixed,
    });
  });

  const { alike, ...automaton } = buildAutomaton(symbols.subarray(0, end), offsets, characters.symbolCount());
  alike.forEach((next, index) => {
    words[ofWord.size * index + ofWord.alike] = next;
  });
  return { options, ...automaton, ...characters.finish(), texts, words, tagSets: tags.sets };
};

/** The class that all letters and digits of a word are of; none when they are of several, or need not be a whole word. */
const wholeClassOf = (
  word: string,
  classOf: (codePoint: number) => number,
  { latinWholeWord, digitWholeWord }: FilterOptions,
): number => {
  if (!latinWholeWord && !digitWholeWord) return characterClass.other;
  let found: number = characterClass.other;
  for (let at = 0; at < word.length; ) {
    const codePoint = codePointAt(word, at);
    at += unitsOf(codePoint);
    const each = classOf(codePoint);
    if (each === characterClass.other && !/[\p{L}\p{N}]/u.test(String.fromCodePoint(codePoint))) continue;
    if (each === characterClass.other || (found !== characterClass.other && each !== found))
      return characterClass.other;
    found = each;
  }
  const isWanted = found === characterClass.latin ? latinWholeWord : digitWholeWord;
  return isWanted ? found : characterClass.other;
};

/** Lists of tags, each kept once: many words share theirs. */
const createTagSets = () => {
  const places = new Map<string, number>();
  const sets: (readonly string[])[] = [];
  return {
    sets,
    placeOf(tags: readonly string[]): number {
      const key = tags.length === 0 ? '' : JSON.stringify(tags);
      const known = places.get(key);
      if (known !== undefined) return known;
      places.set(key, sets.length);
      return sets.push([...tags]) - 1;
    },
  };
};
