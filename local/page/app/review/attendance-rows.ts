/** Somebody who was in a class, as `get-attendance` tells. Times are Unix seconds. */
export interface Attendee {
  userId: string;
  name: string;
  joinedAt: number;
  /** Absent while they are there. */
  leftAt?: number | undefined;
  /** How long they were there, without the times in between when they were not. */
  seconds: number;
}

/** What a table of attendance can be sorted by. */
export type Column = 'name' | 'joined' | 'left' | 'time';

/** Which column it is sorted by, and which way. */
export interface Order {
  column: Column;
  isDescending: boolean;
}

/** Whoever is still there comes after all who have left. */
const compare: Readonly<Record<Column, (one: Attendee, other: Attendee) => number>> = {
  name: (one, other) => one.name.localeCompare(other.name),
  joined: (one, other) => one.joinedAt - other.joinedAt,
  left: (one, other) => (one.leftAt ?? Number.MAX_SAFE_INTEGER) - (other.leftAt ?? Number.MAX_SAFE_INTEGER),
  time: (one, other) => one.seconds - other.seconds,
};

/** In the order that a column gives; who is equal in it stays in place. */
export const sortAttendees = <A extends Attendee>(attendees: readonly A[], { column, isDescending }: Order): A[] =>
  attendees.toSorted((one, other) => compare[column](one, other) * (isDescending ? -1 : 1));

/** The order after a click on a column: it turns round, and a time begins with the longest. */
export const orderAfterClick = (order: Order, column: Column): Order =>
  order.column === column ? { column, isDescending: !order.isDescending } : { column, isDescending: column === 'time' };

/** From when to when there is something to show. */
export interface Span {
  from: number;
  to: number;
}

/** From who came first to who left last; whoever is still there was there until `now`. Never empty. */
export const spanOf = (attendees: readonly Attendee[], now: number): Span => {
  const from = Math.min(...attendees.map(({ joinedAt }) => joinedAt));
  const to = Math.max(...attendees.map(({ leftAt = now }) => leftAt));
  return { from, to: Math.max(to, from + 1) };
};

/** Where a bar lies, in percent of the span, and how much of the bar is filled, in percent of the bar. */
export const barOf = ({ joinedAt, leftAt, seconds }: Attendee, { from, to }: Span, now: number) => {
  const percent = (part: number, whole: number) => Math.min(Math.max((part / whole) * 100, 0), 100);
  const stay = Math.max((leftAt ?? now) - joinedAt, 0);
  return {
    start: percent(joinedAt - from, to - from),
    width: percent(stay, to - from),
    fill: stay === 0 ? 100 : percent(seconds, stay),
  };
};

const minute = 60;
const hour = 60 * minute;
const steps = [1, 5, 10, 30, minute, 2 * minute, 5 * minute, 10 * minute, 15 * minute, 30 * minute, hour, 2 * hour];
const maxTicks = 6;

/** Round durations along a span, from 0 on: few enough to be read. */
export const ticksOf = ({ from, to }: Span): number[] => {
  const length = to - from;
  const step = steps.find((each) => length / each < maxTicks) ?? Math.ceil(length / maxTicks / hour) * hour;
  return Array.from({ length: Math.floor(length / step) + 1 }, (_, index) => index * step);
};

/** How long somebody was there on average; 0 when nobody was. */
export const averageSeconds = (attendees: readonly Attendee[]): number =>
  attendees.reduce((sum, { seconds }) => sum + seconds, 0) / Math.max(attendees.length, 1);
