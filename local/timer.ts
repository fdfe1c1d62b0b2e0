import { Cron } from 'croner';
import type { Invoke, LocalFunction } from './runtime.ts';

export interface TimerOptions {
  functions: readonly LocalFunction[];
  find(name: string): Promise<Invoke>;
  onError(error: unknown): void;
}

/**
 * Invokes functions by their 7-field cron (second … year, UTC) with SCF's timer event; a slow one is not overtaken.
 * Answers how to stop.
 * Source: https://cloud.tencent.com/document/product/583/9708
 */
export const startTimer = ({ functions, find, onError }: TimerOptions): (() => void) => {
  const jobs = functions.flatMap((fn) =>
    fn.cron.map((pattern) => {
      const tick = async () => {
        const invoke = await find(fn.name);
        await invoke({ Type: 'Timer', TriggerName: fn.name, Time: new Date().toISOString(), Message: '' });
      };
      return new Cron(pattern, { timezone: 'UTC', protect: true, catch: onError }, tick);
    }),
  );
  return () => {
    for (const job of jobs) job.stop();
  };
};
