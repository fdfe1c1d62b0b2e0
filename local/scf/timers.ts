import { Cron } from 'croner';
import type { ScfContext } from './context.ts';
import type { Invoker } from './invoker.ts';
import type { ScfFunction, Trigger } from './state.ts';

export interface Timers {
  /** Lets them tick from now on. */
  start(): void;
  /** Makes what ticks what the triggers say. */
  sync(): void;
  stop(): void;
}

/**
 * Fires timer triggers, in UTC, at whatever their qualifiers stand for by then. An event that fails is not given again.
 * Source: https://cloud.tencent.com/document/product/583/9708
 */
export const createTimers = ({ state, clock }: ScfContext, invoker: Invoker): Timers => {
  const ticking = new Map<Trigger, { pattern: string; job: Cron }>();
  let isStarted = false;

  const fire = async (fn: ScfFunction, trigger: Trigger) => {
    const Time = `${new Date(clock()).toISOString().slice(0, 19)}Z`;
    const { TriggerName, CustomArgument: Message, Qualifier: qualifier } = trigger;
    const event = JSON.stringify({ Type: 'Timer', TriggerName, Time, Message });
    await invoker.begin({ fn, qualifier, event, source: 'timer', isAwaited: false }).ended;
  };

  const drop = (trigger: Trigger) => {
    ticking.get(trigger)?.job.stop();
    ticking.delete(trigger);
  };

  const sync = () => {
    if (!isStarted) return;
    const wanted = state.functions.flatMap((fn) =>
      fn.triggers.filter(({ Type, isOpen }) => Type === 'timer' && isOpen).map((trigger) => ({ fn, trigger })),
    );
    for (const [trigger, { pattern }] of ticking)
      if (!wanted.some((each) => each.trigger === trigger) || pattern !== trigger.TriggerDesc) drop(trigger);
    for (const { fn, trigger } of wanted) {
      if (ticking.has(trigger)) continue;
      const pattern = trigger.TriggerDesc;
      const job = new Cron(pattern, { timezone: 'UTC', unref: true, catch: console.error }, () => fire(fn, trigger));
      ticking.set(trigger, { pattern, job });
    }
  };

  return {
    start() {
      isStarted = true;
      sync();
    },
    sync,
    stop() {
      isStarted = false;
      for (const trigger of [...ticking.keys()]) drop(trigger);
    },
  };
};
