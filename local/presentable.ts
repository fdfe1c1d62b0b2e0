/** Instead of a secret. */
const hidden = '•••';

/**
 * Fields that hold secrets, in lower case. A name counts alone, however deep it stands: what an issued value looks like is
 * nobody's business to guess.
 */
const secretNames: ReadonlySet<string> = new Set([
  // UserSigs and what opens rooms.
  'usersig',
  'privatemapkey',
  'passcode',
  // Tokens and their like.
  'authorization',
  'token',
  'tokens',
  'password',
  'sign',
  'signature',
  // Keys of Tencent Cloud, and addresses that carry them.
  'credentials',
  'secretid',
  'secretkey',
  'tmpsecretid',
  'tmpsecretkey',
  'sessiontoken',
  'securitytoken',
  'url',
]);

/** Of one value, all its texts and names together. */
const maxCharacters = 4000;

/** A copy that may be shown: secrets are hidden by their names, and what is long is cut and says so. */
export const presentable = (value: unknown): unknown => {
  let left = maxCharacters;

  const cut = (text: string): string => {
    const shown = text.slice(0, Math.max(0, left));
    left -= shown.length;
    return shown === text ? text : `${shown}… (${text.length} characters)`;
  };

  const copy = (part: unknown): unknown => {
    if (typeof part === 'string') return cut(part);
    if (typeof part !== 'object' || part === null) {
      left -= 1;
      return part;
    }
    if (Array.isArray(part)) return copyItems(part);
    return Object.fromEntries(copyFields(Object.entries(part)));
  };

  const copyItems = (items: readonly unknown[]): unknown[] => {
    const shown: unknown[] = [];
    for (const item of items) {
      if (left <= 0) return [...shown, `… (${items.length} items)`];
      left -= 1;
      shown.push(copy(item));
    }
    return shown;
  };

  const copyFields = (fields: readonly [string, unknown][]): [string, unknown][] => {
    const shown: [string, unknown][] = [];
    for (const [name, field] of fields) {
      if (left <= 0) return [...shown, ['…', `(${fields.length} fields)`]];
      // A name may be empty, and nesting must come to an end.
      left -= name.length + 1;
      shown.push([name, secretNames.has(name.toLowerCase()) ? hidden : copy(field)]);
    }
    return shown;
  };

  return copy(value);
};
