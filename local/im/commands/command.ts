import type * as z from 'zod/mini';
import type { ImContext, Operator } from '../context.ts';
import { ImRefusal } from '../refusal.ts';

/** One REST command: what it answers beside the envelope. Throws `ImRefusal`. */
export interface Command {
  /** When the vendor allows less than for other commands. */
  perSecond?: number;
  run(im: ImContext, input: unknown, operator: Operator): Promise<object>;
}

/** A command with its input; `invalidCode` refuses what the schema does not take. Unknown fields are ignored, as IM does. */
export const command = <T extends z.ZodMiniType>(
  schema: T,
  run: (im: ImContext, input: z.output<T>, operator: Operator) => object | Promise<object>,
  { invalidCode = 10004, perSecond }: { invalidCode?: number; perSecond?: number } = {},
): Command => ({
  ...(perSecond !== undefined && { perSecond }),
  async run(im, input, operator) {
    const parsed = schema.safeParse(input);
    if (parsed.success) return run(im, parsed.data, operator);
    const where = parsed.error.issues[0]?.path.join('.') ?? '';
    throw new ImRefusal(invalidCode, where === '' ? 'bad parameter' : `bad parameter: ${where}`);
  },
});

/** The reply of a command that has nothing to say. */
export const done = {};
