import * as z from 'zod/mini';
import { command, done } from './command.ts';
import { textOf } from './fields.ts';

/** The page says 50 in one place and 100 in another: the stricter. Source: https://cloud.tencent.com/document/product/269/2396 */
const words = z.object({
  DirtyWordsList: z.array(textOf(200).check(z.minLength(1))).check(z.minLength(1), z.maxLength(50)),
});

/** Source: https://cloud.tencent.com/document/product/269/2395 */
export const getDirtyWords = command(z.object({}), ({ state }) => ({
  DirtyWordsList: [...state.dirtyWords].slice(0, 200),
}));

/** In effect at once; the real list takes an hour. Source: https://cloud.tencent.com/document/product/269/2396 */
export const addDirtyWords = command(words, ({ state }, { DirtyWordsList }) => {
  for (const word of DirtyWordsList) state.dirtyWords.add(word);
  state.changed();
  return done;
});

/** Source: https://cloud.tencent.com/document/product/269/2397 */
export const deleteDirtyWords = command(words, ({ state }, { DirtyWordsList }) => {
  for (const word of DirtyWordsList) state.dirtyWords.delete(word);
  state.changed();
  return done;
});
