/** A JSON string, and the colon that makes it a key. */
const stringLiteral = /"(?:[^"\\]|\\.)*"(\s*:)?/g;

/**
 * Rewrites the string values of a JSON text in place: order, numbers, spacing and keys stay byte for byte.
 * Answers `undefined` when the text is not JSON.
 */
export const mapJsonStrings = (json: string, map: (value: string) => string): string | undefined => {
  if (!isJson(json)) return undefined;
  return json.replace(stringLiteral, (literal, colon: string | undefined) => {
    if (colon !== undefined) return literal;
    const value: string = JSON.parse(literal);
    const mapped = map(value);
    return mapped === value ? literal : JSON.stringify(mapped);
  });
};

const isJson = (text: string): boolean => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    // Plain text is as good a payload; the caller scans it as such.
    return false;
  }
};
