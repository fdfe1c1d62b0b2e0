import { setTimeout } from 'node:timers/promises';

/** Waits, but keeps no process alive: a held reply is not worth that. */
export const pause = (ms: number): Promise<void> => setTimeout(ms, undefined, { ref: false });
