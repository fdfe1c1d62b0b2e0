import * as z from 'zod/mini';

const oneOrMore = (item: z.ZodMiniType<string, string>) =>
  z.pipe(
    z.union([item, z.array(item).check(z.minLength(1))]),
    z.transform((value) => (typeof value === 'string' ? [value] : value)),
  );

// Strict, so that `principal` is refused, as STS does, and `condition` too, which this stand-in could only overlook.
const policySchema = z.strictObject({
  version: z.literal('2.0'),
  statement: z
    .array(
      z.strictObject({
        effect: z.enum(['allow', 'deny']),
        action: oneOrMore(z.string().check(z.minLength(1))),
        resource: oneOrMore(z.string().check(z.regex(/^(\*$|qcs::)/))),
      }),
    )
    .check(z.minLength(1)),
});

/** A CAM policy, each `action` and `resource` a list. */
export type Policy = z.output<typeof policySchema>;

/**
 * Reads a CAM policy from its JSON text; undefined when it is malformed.
 * Source: https://cloud.tencent.com/document/product/598/10603
 */
export const parsePolicy = (text: string): Policy | undefined => {
  try {
    return policySchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
};

/**
 * Whether a policy allows an action (`name/cos:PutObject`) on a resource
 * (`qcs::cos:<region>:uid/<appid>:<bucket>/<key>`): some statement allows it and none denies it.
 */
export const isAllowed = (policy: Policy, action: string, resource: string): boolean => {
  const effects = policy.statement
    .filter((statement) => matchesAny(statement.action, action) && matchesAny(statement.resource, resource))
    .map(({ effect }) => effect);
  return effects.includes('allow') && !effects.includes('deny');
};

const matchesAny = (patterns: readonly string[], text: string) => patterns.some((pattern) => matches(pattern, text));

/** `*` stands for any characters, none and slashes included. */
const matches = (pattern: string, text: string) => {
  const [first = '', ...rest] = pattern.split('*');
  const last = rest.pop();
  if (last === undefined) return text === pattern;
  if (!text.startsWith(first)) return false;
  let position = first.length;
  for (const part of rest) {
    const found = text.indexOf(part, position);
    if (found < 0) return false;
    position = found + part.length;
  }
  return text.length - last.length >= position && text.endsWith(last);
};
