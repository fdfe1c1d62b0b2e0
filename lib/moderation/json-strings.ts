import { mergeRanges, type Range } from './ranges.ts';

/** Finds in a text what is to be masked. */
type Find = (text: string) => readonly Range[];

/** A string of a JSON text that is no key. */
interface StringValue {
  /** Where it begins in the text, after its quotation mark. */
  start: number;
  value: string;
  isEscaped: boolean;
}

/**
 * Masks in the string values of a JSON text what is found there, one `*` for each character. All else stays byte for byte:
 * order, keys, numbers, spacing, and the escapes around what was found. Answers `undefined` when the text is not JSON.
 */
export const maskJsonStrings = (json: string, find: Find): string | undefined => {
  if (!isJson(json)) return undefined;
  let masked = '';
  let at = 0;
  for (const string of stringValues(json)) {
    const found = mergeRanges(findInValue(string.value, find));
    const offsets = found.length > 0 ? unitOffsets(json, string) : [];
    for (const range of found) {
      const { start, end } = translate(range, offsets);
      masked += json.slice(at, start) + '*'.repeat([...string.value.slice(range.start, range.end)].length);
      at = end;
    }
  }
  return masked + json.slice(at);
};

/**
 * What is found in a string value as it stands and, when it is a JSON object or list in its turn, in its own strings that
 * are written with escapes: apps pack JSON into JSON, and read it unpacked.
 */
const findInValue = (value: string, find: Find): readonly Range[] => {
  const found = find(value);
  if (!/^\s*[[{]/.test(value) || !value.includes('\\') || !isJson(value)) return found;
  const unpacked = stringValues(value)
    .filter(({ isEscaped }) => isEscaped)
    .flatMap((inner) => {
      const hidden = find(inner.value);
      const offsets = hidden.length > 0 ? unitOffsets(value, inner) : [];
      return hidden.map((range) => translate(range, offsets));
    });
  return [...found, ...unpacked];
};

/** A JSON string, and the colon that makes it a key. */
const stringLiteral = /"([^"\\]*(?:\\.[^"\\]*)*)"(\s*:)?/g;

const stringValues = (json: string): StringValue[] => {
  const values: StringValue[] = [];
  for (const { index, 1: content = '', 2: colon } of json.matchAll(stringLiteral)) {
    if (colon !== undefined) continue;
    const isEscaped = content.includes('\\');
    values.push({ start: index + 1, value: isEscaped ? JSON.parse(`"${content}"`) : content, isEscaped });
  }
  return values;
};

/** Where each UTF-16 unit of a string's value begins in the JSON text, and last where the string ends. */
const unitOffsets = (json: string, { start, value }: StringValue): number[] => {
  const offsets: number[] = [];
  let at = start;
  while (offsets.length <= value.length) {
    offsets.push(at);
    at += json[at] !== '\\' ? 1 : json[at + 1] === 'u' ? 6 : 2;
  }
  return offsets;
};

const translate = ({ start, end }: Range, offsets: readonly number[]): Range => ({
  start: offsets[start] ?? 0,
  end: offsets[end] ?? 0,
});

const isJson = (text: string): boolean => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    // Plain text is as good a payload; the caller scans it as such.
    return false;
  }
};
