import { type Folding, type Stretch, stretchesOf } from './folding.ts';
import { decimalDigits, latinLetters } from './folding-data.ts';

/** What a character is to the words of a list. From `firstInWords` on it is the number of a folded character. */
export const symbolKind = { inNoWord: 0, skipped: 1, highSurrogate: 2, firstInWords: 3 } as const;

/** Of what kind of longer word a character may be a part, after folding. */
export const characterClass = { other: 0, latin: 1, digit: 2 } as const;

/**
 * What each character is to a list's words. The first 65,536 places are those of the UTF-16 units themselves; the pages of
 * 256 after them hold the characters beyond, the first of these pages those that are nothing at all.
 */
export interface CharacterTable {
  symbols: Uint16Array | Uint32Array;
  classes: Uint8Array;
  /** The page of each 256 code points from U+10000 on. */
  pages: Uint16Array;
}

const units = 0x10000;
const codePoints = 0x110000;
const pageSize = 256;

/** Where a table has what it knows of a code point. */
export const placeOf = (pages: Uint16Array, codePoint: number): number =>
  codePoint < units ? codePoint : ((pages[(codePoint - units) >>> 8] ?? 0) << 8) | (codePoint & (pageSize - 1));

/** Gives each folded character of a list's words a number, and makes the table of it all. */
export const createCharacterTable = ({ fold, variants, skipped }: Folding) => {
  const symbols = new Uint32Array(codePoints);
  const classes = new Uint8Array(codePoints);
  let next: number = symbolKind.firstInWords;

  /** The 256s of code points of which there is anything to know. */
  const used = new Uint8Array(codePoints / pageSize);

  const fillStretches = (table: Uint32Array | Uint8Array, stretches: readonly Stretch[], value: number) => {
    for (const [first, last] of stretches) {
      table.fill(value, first, last + 1);
      used.fill(1, first >>> 8, (last >>> 8) + 1);
    }
  };
  fillStretches(symbols, skipped, symbolKind.skipped);
  fillStretches(classes, stretchesOf(latinLetters), characterClass.latin);
  fillStretches(classes, stretchesOf(decimalDigits), characterClass.digit);
  for (const [variant, folded] of variants) {
    symbols[variant] = symbols[folded] === symbolKind.skipped ? symbolKind.skipped : symbolKind.inNoWord;
    classes[variant] = classes[folded] ?? characterClass.other;
    used[variant >>> 8] = 1;
  }

  return {
    /** The symbol of a word's character, a new one when no word had it so far. */
    symbolOf(codePoint: number): number {
      const known = symbols[codePoint] ?? 0;
      if (known !== symbolKind.inNoWord) return known;
      const folded = fold(codePoint);
      if (symbols[folded] === symbolKind.inNoWord) {
        symbols[folded] = next;
        next += 1;
      }
      const symbol = symbols[folded] ?? 0;
      symbols[codePoint] = symbol;
      used[codePoint >>> 8] = 1;
      used[folded >>> 8] = 1;
      return symbol;
    },
    classOf: (codePoint: number): number => classes[codePoint] ?? characterClass.other,
    /** How many symbols there are, those included that stand for no character. */
    symbolCount: () => next,
    /** The table with all words' characters in it: the last call. */
    finish(): CharacterTable {
      for (const [variant, folded] of variants) {
        const symbol = symbols[folded] ?? 0;
        if (symbol >= symbolKind.firstInWords) symbols[variant] = symbol;
      }
      symbols.fill(symbolKind.highSurrogate, 0xd800, 0xdc00);
      return inPages();
    },
  };

  function inPages(): CharacterTable {
    const beyond = Array.from(used.keys()).filter((page) => page >= units / pageSize && used[page] === 1);
    const pages = new Uint16Array((codePoints - units) / pageSize).fill(units / pageSize);
    const length = units + (beyond.length + 1) * pageSize;
    const table = {
      symbols: next <= 0x10000 ? new Uint16Array(length) : new Uint32Array(length),
      classes: new Uint8Array(length),
      pages,
    };
    table.symbols.set(symbols.subarray(0, units));
    table.classes.set(classes.subarray(0, units));
    beyond.forEach((page, index) => {
      const start = page * pageSize;
      const place = units + (index + 1) * pageSize;
      pages[page - units / pageSize] = place / pageSize;
      table.symbols.set(symbols.subarray(start, start + pageSize), place);
      table.classes.set(classes.subarray(start, start + pageSize), place);
    });
    return table;
  }
};
