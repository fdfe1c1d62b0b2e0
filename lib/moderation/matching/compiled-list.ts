import { crc32 } from 'node:zlib';
import type { Automaton } from './automaton.ts';
import type { CharacterTable } from './character-table.ts';
import type { FilterOptions } from './filter-options.ts';

/** A list of words made ready for matching: all that a filter works with. */
export interface CompiledList extends Omit<Automaton, 'alike'>, CharacterTable {
  options: FilterOptions;
  /** The words as the list has them, one after the other. */
  texts: Uint16Array;
  /** Of each word what `ofWord` names, and last where the texts end. */
  words: Int32Array;
  tagSets: readonly (readonly string[])[];
}

/** What is known of a word, next to each other: reading one of them brings the others along. */
export const ofWord = {
  size: 4,
  /** Where its text begins; that of the next word is where it ends. */
  text: 0,
  /** See `word-traits.ts`. */
  traits: 1,
  /** The place of its tags in `tagSets`. */
  tagSet: 2,
  /** The next word that folds to the same, -1 for none. */
  alike: 3,
} as const;

/** A word as the list has it. */
export const wordOf = ({ texts, words }: CompiledList, word: number): string => {
  const end = words[ofWord.size * (word + 1) + ofWord.text] as number;
  let text = '';
  for (let at = words[ofWord.size * word + ofWord.text] as number; at < end; at += 1)
    text += String.fromCharCode(texts[at] as number);
  return text;
};

/** Raised with every change of what the bytes mean: bytes of another format are compiled anew. */
export const filterFormat = 1;

const magic = 'words\u0000\r\n';
/** Magic, format, checksum of all that follows, length of the head. */
const prefixBytes = 20;
/** Typed arrays must begin at a multiple of their element's size. */
const alignment = 8;

const arrayTypes = { Int32Array, Uint8Array, Uint16Array, Uint32Array };
type Section = InstanceType<(typeof arrayTypes)[keyof typeof arrayTypes]>;

/** What the bytes begin with: everything that is no array, and which arrays follow, of what type and how long. */
interface Head {
  values: Record<string, unknown>;
  sections: [name: string, type: keyof typeof arrayTypes, length: number][];
}

const aligned = (bytes: number): number => Math.ceil(bytes / alignment) * alignment;

/** A compiled list as bytes: little-endian, as all machines are that this runs on. */
export const toBytes = (list: CompiledList): Uint8Array<ArrayBuffer> => {
  const entries = Object.entries(list);
  const arrays = entries.filter((entry): entry is [string, Section] => ArrayBuffer.isView(entry[1]));
  const head: Head = {
    values: Object.fromEntries(entries.filter(([, value]) => !ArrayBuffer.isView(value))),
    sections: arrays.map(([name, array]) => [name, array.constructor.name as keyof typeof arrayTypes, array.length]),
  };
  const headBytes = new TextEncoder().encode(JSON.stringify(head));
  const size = arrays.reduce(
    (at, [, { byteLength }]) => at + aligned(byteLength),
    aligned(prefixBytes + headBytes.length),
  );
  const bytes = new Uint8Array(size);
  const prefix = new DataView(bytes.buffer);
  new TextEncoder().encodeInto(magic, bytes);
  prefix.setUint32(8, filterFormat, true);
  prefix.setUint32(16, headBytes.length, true);
  bytes.set(headBytes, prefixBytes);
  let at = aligned(prefixBytes + headBytes.length);
  for (const [, { buffer, byteOffset, byteLength }] of arrays) {
    bytes.set(new Uint8Array(buffer, byteOffset, byteLength), at);
    at += aligned(byteLength);
  }
  prefix.setUint32(12, crc32(bytes.subarray(16)), true);
  return bytes;
};

/**
 * The list whose bytes these are, which may begin anywhere in a larger buffer. Throws an `Error` that says what is wrong
 * with others: foreign, of another format, or not as they were written.
 */
export const fromBytes = (given: Uint8Array): CompiledList => {
  // A copy, and aligned; a Buffer's own slice() would be neither.
  const bytes = new Uint8Array(given);
  const prefix = new DataView(bytes.buffer);
  if (bytes.length < prefixBytes || new TextDecoder().decode(bytes.subarray(0, magic.length)) !== magic)
    throw new Error('These bytes are not a compiled word list.');
  const format = prefix.getUint32(8, true);
  if (format !== filterFormat)
    throw new Error(`This word list is compiled in format ${format}; this filter reads format ${filterFormat}.`);
  if (prefix.getUint32(12, true) !== crc32(bytes.subarray(16)))
    throw new Error('This compiled word list is truncated or altered.');
  const headEnd = prefixBytes + prefix.getUint32(16, true);
  const { values, sections }: Head = JSON.parse(new TextDecoder().decode(bytes.subarray(prefixBytes, headEnd)));
  let at = aligned(headEnd);
  const arrays = sections.map(([name, type, length]): [string, Section] => {
    const array = new arrayTypes[type](bytes.buffer, at, length);
    at += aligned(array.byteLength);
    return [name, array];
  });
  return { ...values, ...Object.fromEntries(arrays) } as unknown as CompiledList;
};
