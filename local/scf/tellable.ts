/** Parameters whose values are code or secrets. */
const untold: ReadonlySet<string> = new Set(['ZipFile', 'Environment', 'ClientContext', 'Event']);

/** A copy of an action's parameters that may be told: of code, variables and events it says only that they were there. */
export const tellable = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(tellable);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, part]) => [name, untold.has(name) ? '•••' : tellable(part)]),
  );
};
