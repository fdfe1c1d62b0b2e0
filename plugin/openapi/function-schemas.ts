import type * as z from 'zod/mini';
import type { Description } from '../../lib/scf/description.ts';

/** What the `schema.ts` of a function holds for the description. */
export interface FunctionSchemas {
  input: z.core.$ZodType;
  output: z.core.$ZodType;
  description: Description<z.core.$ZodType>;
}

/** Reads `joinClassInput`, `joinClassOutput` and `joinClassDescription` of `join-class`. Throws an `Error` when one is not there. */
export const readSchemas = async (name: string): Promise<FunctionSchemas> => {
  const read = await openSchemas(name);
  return {
    input: read('Input') as z.core.$ZodType,
    output: read('Output') as z.core.$ZodType,
    description: read('Description') as FunctionSchemas['description'],
  };
};

/** The same of a function that nobody calls: there is only what it answers. */
export const readOutput = async (name: string): Promise<z.core.$ZodType> =>
  (await openSchemas(name))('Output') as z.core.$ZodType;

const openSchemas = async (name: string) => {
  const schemas: Record<string, unknown> = await import(`../../functions/${name}/schema.ts`);
  const camelCase = name.replace(/-./g, ([, letter = '']) => letter.toUpperCase());
  return (part: 'Input' | 'Output' | 'Description'): unknown => {
    const exported = schemas[camelCase + part];
    if (exported === undefined) throw new Error(`functions/${name}/schema.ts exports no ${camelCase}${part}.`);
    return exported;
  };
};
