import { ImError } from './error.ts';

/** Of a step that done twice is done once: a lost reply is worth a second try. */
export const onceMore = <T>(step: () => Promise<T>): Promise<T> =>
  step().catch((error: unknown) => {
    if (!(error instanceof ImError && error.imCode === undefined)) throw error;
    return step();
  });

/** After a refusal with this code, the other way. */
export const unless =
  <T>(imCode: number, otherwise: () => Promise<T>) =>
  (error: unknown): Promise<T> => {
    if (!(error instanceof ImError && error.imCode === imCode)) throw error;
    return otherwise();
  };
