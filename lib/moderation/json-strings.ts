import { codePointsIn } from './mask.ts';
import { type Find, mergeRanges, type Range } from './ranges.ts';

/** A string of a JSON text. */
interface StringLiteral {
  /** Where it begins in the text, after its quotation mark. */
  start: number;
  value: string;
  isKey: boolean;
}

/** A stretch of a text that is to be so many stars. */
interface Edit extends Range {
  stars: number;
}

/** So often is JSON unpacked that is packed into JSON; what is packed deeper is taken as it stands. */
const deepestPacked = 8;

/**
 * Masks what apps pack into a text, one `*` for each character. Of JSON these are the string values, and of JSON packed into
 * that, which somebody may see as it stands, all strings. All else stays byte for byte: order, numbers, spacing, and the
 * escapes around what was found.
 */
export const maskPayload = (payload: string, find: Find): string => {
  let masked = '';
  let at = 0;
  for (const { start, end, stars } of editsOf(payload, find, 0)) {
    masked += payload.slice(at, start) + '*'.repeat(stars);
    at = end;
  }
  return masked + payload.slice(at);
};

/** In order, and none touching another. */
const editsOf = (text: string, find: Find, depth: number): Edit[] => {
  // In a string, a number is a text that somebody sees; as all of the payload it is a number.
  if (depth === 0 ? isJson(text) : depth < deepestPacked && /^\s*[[{"]/.test(text) && isJson(text))
    return stringLiterals(text).flatMap((literal) => {
      const edits = literal.isKey && depth === 0 ? [] : editsOf(literal.value, find, depth + 1);
      return edits.length === 0 ? [] : translate(edits, jsonOffsets(text, literal));
    });
  const readable = withoutEscapes(text);
  const found = readable ? translate(find(readable.value), readable.offsets) : [];
  return mergeRanges([...found, ...find(text)]).map((range) => ({ ...range, stars: codePointsIn(text, range) }));
};

const isJson = (text: string): boolean => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    // Plain text is as good a payload.
    return false;
  }
};

/** A JSON string, and the colon that makes it a key. */
const stringLiteral = /"([^"\\]*(?:\\.[^"\\]*)*)"(\s*:)?/g;

const stringLiterals = (json: string): StringLiteral[] =>
  Array.from(json.matchAll(stringLiteral), ({ index, 1: content = '', 2: colon }) => ({
    start: index + 1,
    value: content.includes('\\') ? JSON.parse(`"${content}"`) : content,
    isKey: colon !== undefined,
  }));

/** Where each UTF-16 unit of a string's value begins in the JSON text, and last where the string ends. */
const jsonOffsets = (json: string, { start, value }: StringLiteral): number[] => {
  const offsets: number[] = [];
  let at = start;
  while (offsets.length <= value.length) {
    offsets.push(at);
    at += json[at] !== '\\' ? 1 : json[at + 1] === 'u' ? 6 : 2;
  }
  return offsets;
};

const escapedUnit = /\\u[0-9a-f]{4}/gi;

/** A text that is no JSON, but may be read as such by a client that is less strict; `undefined` when nothing is escaped. */
const withoutEscapes = (text: string): { value: string; offsets: number[] } | undefined => {
  const escapes = new Set(Array.from(text.matchAll(escapedUnit), ({ index }) => index));
  if (escapes.size === 0) return undefined;
  let value = '';
  const offsets: number[] = [];
  for (let at = 0; at < text.length; at += escapes.has(at) ? 6 : 1) {
    offsets.push(at);
    value += escapes.has(at) ? String.fromCharCode(Number.parseInt(text.slice(at + 2, at + 6), 16)) : text[at];
  }
  return { value, offsets: [...offsets, text.length] };
};

const translate = <R extends Range>(ranges: readonly R[], offsets: readonly number[]): R[] =>
  ranges.map((range) => ({ ...range, start: offsets[range.start] ?? 0, end: offsets[range.end] ?? 0 }));
