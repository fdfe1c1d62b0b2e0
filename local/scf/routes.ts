import type { CustomDomain, Endpoint, ScfFunction, ScfState, Trigger } from './state.ts';

/** The function and the trigger behind a URL. */
export const findUrl = ({ functions }: ScfState, urlId: string): { fn: ScfFunction; trigger: Trigger } | undefined => {
  for (const fn of functions) {
    const trigger = fn.triggers.find((each) => each.urlId === urlId);
    if (trigger) return { fn, trigger };
  }
  return undefined;
};

/**
 * The endpoint that a path of a domain leads to: the one that says it in full, or else the longest that says how it
 * begins. Which goes first is not documented.
 */
export const findEndpoint = ({ EndpointsConfig }: CustomDomain, path: string): Endpoint | undefined => {
  const exact = EndpointsConfig.find(({ PathMatch }) => PathMatch === path);
  const begun = EndpointsConfig.filter(({ PathMatch }) => matches(PathMatch, path)).sort(
    (a, b) => b.PathMatch.length - a.PathMatch.length,
  );
  return exact ?? begun[0];
};

/** `/xxx/*` is for what stands below `/xxx/`. */
const matches = (pattern: string, path: string): boolean =>
  pattern.endsWith('/*') ? path.startsWith(pattern.slice(0, -1)) : pattern === path;

/** The path that the function gets to see. `$1` of a wildcard's `Rewrite` stands for what the `*` did. */
export const rewritePath = ({ PathRewrite = [] }: Endpoint, path: string): string => {
  const rule = PathRewrite.find(({ Path, Type }) => (Type === 'ExactRules' ? Path === path : matches(Path, path)));
  if (!rule) return path;
  const rest = rule.Path.endsWith('*') ? path.slice(rule.Path.length - 1) : '';
  return rule.Rewrite.replace(/\$1?/, () => rest);
};
