/** What the browser's own files and the signatures of the functions have in common: names that no key or path can trip over. */
const unwanted = /[\p{Cc}\u2028\u2029\\/*]/gu;
/** What somebody could take for a percent-encoded character, and decode. */
const percentEncoded = /%(?=[0-9a-f]{2})/gi;

/** Of UTF-8: with the longest prefix it stays within the 850 of a key. */
const maxNameBytes = 600;

/** A name for an object, made of a file's: what keys may not hold becomes `_`, and what is too long is cut before its ending. */
export const safeName = (fileName: string): string => {
  const name = fileName.toWellFormed().replace(unwanted, '_').replace(percentEncoded, '_');
  if (['', '.', '..'].includes(name)) return 'file';
  const { stem, ending } = splitName(name);
  const stemBytes = encode(stem).subarray(0, maxNameBytes - encode(ending).length);
  // As a stream, it leaves out a character that was cut in the middle.
  return new TextDecoder().decode(stemBytes, { stream: true }) + ending;
};

/** The name, or when it is taken `name (2).ending`, `name (3).ending`… */
export const freeName = (name: string, taken: ReadonlySet<string>): string => {
  const { stem, ending } = splitName(name);
  let candidate = name;
  for (let count = 2; taken.has(candidate); count += 1) candidate = `${stem} (${count})${ending}`;
  return candidate;
};

const maxEndingLength = 16;

const splitName = (name: string) => {
  const dot = name.lastIndexOf('.');
  const hasEnding = dot > 0 && name.length - dot <= maxEndingLength;
  return hasEnding ? { stem: name.slice(0, dot), ending: name.slice(dot) } : { stem: name, ending: '' };
};

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
