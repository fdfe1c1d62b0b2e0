import type { FeedEvent, InvocationEvent, OrderedFault, UpstreamEvent } from '../../../feed-event.ts';
import { keyOf } from './calls.ts';

/** An order at `/local/faults`: what shall go wrong with the next `times` calls of a command. */
export interface FaultOrder extends OrderedFault {
  command: string;
  times: number;
}

/**
 * Something that belongs to an order: `struck` by it, the same thing done `again`, a function that was `around` or was called
 * `anew` after it failed, and one that has `repaired` what was left.
 */
export type Step =
  | { role: 'struck' | 'again'; event: UpstreamEvent }
  | { role: 'around' | 'anew' | 'repaired'; event: InvocationEvent };

/** What became of an order, so far. */
export interface Story {
  order: FaultOrder;
  /** Milliseconds since 1970. */
  orderedAt: number;
  /** Calls of services in the order in which they began, functions in which they answered. */
  steps: readonly Step[];
}

/** The story of an order, before anything has come of it. */
export const beginStory = (order: FaultOrder, orderedAt: number): Story => ({ order, orderedAt, steps: [] });

/** How many calls it has struck so far. */
export const strikesOf = ({ steps }: Story): number => steps.filter(({ role }) => role === 'struck').length;

const maxSteps = 40;
/** More than one would be about something else. */
const maxAgain = 1;

/**
 * Adds an event to a story that it belongs to. Events come in the order of their ends: one that was held back comes after
 * what was done without it, which is looked up among those `before`.
 */
export const tell = (story: Story, event: FeedEvent, before: readonly FeedEvent[] = []): Story => {
  const told = add(story, event);
  return told === story ? story : before.reduce(add, told);
};

const add = (story: Story, event: FeedEvent): Story => {
  if (endOf(event) < story.orderedAt || story.steps.length >= maxSteps) return story;
  // After a cut the feed tells again what it has told.
  if (story.steps.some((step) => keyOf(step.event) === keyOf(event))) return story;
  const step = event.kind === 'upstream' ? upstreamStep(story, event) : invocationStep(story, event);
  if (!step) return story;
  return { ...story, steps: [...story.steps, step].toSorted((one, other) => timeOf(one) - timeOf(other)) };
};

/** When a step is told: a function is around what it asks for, and comes out after it. Milliseconds since 1970. */
export const timeOf = ({ event }: Step): number => (event.kind === 'upstream' ? event.at : endOf(event));

const endOf = ({ at, ms }: FeedEvent): number => at + ms;

const upstreamStep = (story: Story, event: UpstreamEvent): Step | undefined => {
  const { order, steps } = story;
  if (event.command !== order.command) return undefined;
  if (event.fault)
    return isSameFault(event.fault, order) && strikesOf(story) < order.times ? { role: 'struck', event } : undefined;
  const lastStrike = steps.findLast(({ role, event: { at } }) => role === 'struck' && at <= event.at);
  if (!lastStrike) return undefined;
  const again = steps.filter(({ role, event: { at } }) => role === 'again' && at >= lastStrike.event.at);
  return again.length < maxAgain ? { role: 'again', event } : undefined;
};

const invocationStep = ({ steps, order }: Story, event: InvocationEvent): Step | undefined => {
  const isGiven = event.command === order.command && steps.some((step) => isWithin(event, step.event));
  const isAround = steps.some((step) => step.role === 'struck' && isWithin(step.event, event));
  // Callbacks are given in the midst of other calls, without belonging to them.
  if (isGiven || (isAround && event.trigger !== 'callback')) return { role: 'around', event };
  if (hasRepaired(event)) return steps.some(isUnsettled) ? { role: 'repaired', event } : undefined;
  return isCalledAnew(steps, event) ? { role: 'anew', event } : undefined;
};

const isSameFault = (one: OrderedFault, other: OrderedFault): boolean =>
  (['errorCode', 'delayMs', 'dropReply', 'duplicate'] as const).every((name) => one[name] === other[name]);

/** Answers whether one began while the other went on. */
const isWithin = (one: FeedEvent, other: FeedEvent): boolean => other.at <= one.at && one.at <= endOf(other);

/** Answers whether a function has left something to be repaired: it failed, or its log says so. */
const isUnsettled = ({ event }: Step): boolean =>
  event.kind === 'invocation' && (hasFailed(event) || tellingLines(event).length > 0);

/** Answers whether the log of an invocation tells of a repair. */
const hasRepaired = ({ log }: InvocationEvent): boolean => log.some((line) => line.event === 'repair');

/** The first call of a function after one that failed. */
const isCalledAnew = (steps: readonly Step[], event: InvocationEvent): boolean => {
  const last = steps.findLast(
    (step) =>
      (step.role === 'around' || step.role === 'anew') &&
      step.event.function === event.function &&
      step.event.at < event.at,
  );
  return last?.event.kind === 'invocation' && hasFailed(last.event);
};

const hasFailed = ({ status = 200, error }: InvocationEvent): boolean => status >= 500 || error !== undefined;

/** The lines that say more than that there was an invocation: what went wrong, and what was done about it. */
export const tellingLines = ({ log }: InvocationEvent): Record<string, unknown>[] =>
  log.filter((line) => line.event === 'repair' || (line.level !== 'info' && line.level !== 'debug'));

/** The end of a story: whether it was struck at all, whether the fault was got over, and whether it came out well. */
type Ending = 'waiting' | 'struck' | 'failed' | 'recovered' | 'repaired';

/** What has become of it. */
export const endingOf = (story: Story): Ending => {
  const { steps } = story;
  if (strikesOf(story) === 0) return 'waiting';
  if (steps.some(({ role }) => role === 'repaired')) return 'repaired';
  const last = steps.findLast((step) => step.event.kind === 'invocation');
  if (last?.event.kind !== 'invocation') return 'struck';
  return hasFailed(last.event) ? 'failed' : 'recovered';
};
