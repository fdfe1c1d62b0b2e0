export interface Secret {
  /** What it is: names and not values are told of what is found. */
  name: string;
  value: string;
}

/** Shorter values would be found in anything. */
const minLength = 12;

/**
 * Makes the search for secrets in a text of bytes, read as Latin-1: as they are, in JSON, in JSON within JSON, in an address
 * or a form, in Base64 wherever they begin there, and as hexadecimal digits. It answers the names of those that it finds. It
 * looks at each place of a text once, however many secrets there are. Throws an `Error` for secrets too short to be sought.
 */
export const createSearch = (secrets: Iterable<Secret>): ((text: string) => string[]) => {
  const byBeginning = new Map<string, Map<string, string>>();
  for (const { name, value } of secrets) {
    if (value.length < minLength)
      throw new Error(`${name} is too short to be looked for: take ${minLength} characters.`);
    for (const form of partsOf(value).flatMap(formsOf)) {
      const beginning = form.slice(0, minLength);
      const forms = byBeginning.get(beginning) ?? new Map<string, string>();
      byBeginning.set(beginning, forms.set(form, name));
    }
  }
  return (text) => {
    const found = new Set<string>();
    for (let at = 0; at <= text.length - minLength; at += 1)
      for (const [form, name] of byBeginning.get(text.slice(at, at + minLength)) ?? [])
        if (text.startsWith(form, at)) found.add(name);
    return [...found].sort();
  };
};

/** What alone is a secret, too: each line of a key, each token of a list, the password in an address. */
const partsOf = (value: string): string[] => [
  value,
  ...[
    ...value.split('\n').filter((line) => !line.startsWith('-----')),
    ...value.split(','),
    ...(URL.canParse(value) ? [decodeURIComponent(new URL(value).password)] : []),
  ].filter((part) => part !== value && part.length >= minLength),
];

const formsOf = (value: string): string[] => {
  const inAddress = encodeURIComponent(value);
  return [
    value,
    inJson(value),
    inJson(inJson(value)),
    inAddress,
    inAddress.replaceAll('%20', '+'),
    Buffer.from(value).toString('hex'),
    ...[0, 1, 2].flatMap((offset) => inBase64(value, offset)),
  ].map((form) => Buffer.from(form).toString('latin1'));
};

const inJson = (value: string): string => JSON.stringify(value).slice(1, -1);

/** Behind one or two other bytes the same ones look otherwise. Characters that hold bits of a neighbour are left out. */
const inBase64 = (value: string, offset: number): string[] => {
  const bytes = Buffer.concat([Buffer.alloc(offset), Buffer.from(value)]);
  const [from, to] = [Math.ceil((offset * 8) / 6), Math.floor((bytes.length * 8) / 6)];
  return (['base64', 'base64url'] as const).map((encoding) => bytes.toString(encoding).slice(from, to));
};
