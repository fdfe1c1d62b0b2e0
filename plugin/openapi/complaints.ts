import type { Artifacts } from './artifacts.ts';
import { lintDescription } from './lint.ts';

/** What is wrong with the generated files as they are checked in, a line each: they are stale, or break a rule. */
export const complaintsOf = async (made: Artifacts, read: (path: string) => string): Promise<string[]> => [
  ...Object.entries(made)
    .filter(([path, text]) => read(path) !== text)
    .map(([path]) => `${path} is stale: run \`npm run generate:openapi\`.`),
  ...(await lintDescription(made['openapi.json'])),
];
