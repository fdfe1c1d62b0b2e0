export interface Secret {
  /** What it is: names and not values are told of what is found. */
  name: string;
  value: string;
}

/** Shorter values would be found in anything. */
const minLength = 12;

/**
 * Makes the search for secrets in a text: as they are, and as they stand in JSON, in an address and in Base64. It answers
 * the names of those that it finds. It looks at each place of a text once, however many secrets there are.
 */
export const createSearch = (secrets: Iterable<Secret>): ((text: string) => string[]) => {
  const byBeginning = new Map<string, Map<string, string>>();
  for (const { name, value } of secrets) {
    if (value.length < minLength) continue;
    for (const form of formsOf(value)) {
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

const formsOf = (value: string): string[] => [
  value,
  JSON.stringify(value).slice(1, -1),
  encodeURIComponent(value),
  Buffer.from(value).toString('base64').replace(/=+$/, ''),
  Buffer.from(value).toString('base64url'),
];
