import { type BoardData, createPicture, readBoardData, type Stroke } from '../board/strokes.ts';
import type { WholeReplay } from './load-replay.ts';

/** Something that was drawn, and when. All times here are milliseconds since the replay's beginning. */
export interface Beat {
  atMs: number;
  userId: string;
  data: BoardData;
}

/** Messages that are no more, between the one before and the one after them. */
export interface TimelineGap {
  fromMs: number;
  toMs: number;
  count: number;
  reason: WholeReplay['gaps'][number]['reason'];
}

/** A recorded file, at the time at which it begins. */
export interface TimelineRecording {
  /** The number of its message. */
  seq: number;
  atMs: number;
  name: string | undefined;
  /** Of http or https. */
  url: string | undefined;
}

/** A replay laid out in time. */
export interface Timeline {
  /** Unix seconds. */
  startsAt: number;
  durationMs: number;
  beats: readonly Beat[];
  gaps: readonly TimelineGap[];
  recordings: readonly TimelineRecording[];
}

type Message = WholeReplay['messages'][number];
interface Timed extends Message {
  atMs: number;
}

const secondMs = 1000;
/** So long nothing is drawn before it is a pause, and so soon before the next line it ends. */
const pause = { fromMs: 10_000, leadMs: 500 };
/** Whoever has drawn within it is drawing. */
const drawingForMs = 1500;
const snapshotEvery = 1000;

/** Lays a replay out in time: what came within one second is spread over it, in its order. */
export const createTimeline = ({ messages, gaps }: WholeReplay): Timeline => {
  // A recorded file is announced when it is ready, long after what it shows.
  const moments = messages.filter(({ type }) => type !== 1004);
  const startsAt = moments[0]?.time ?? 0;
  const timed = spread(moments, startsAt);
  const lastMs = timed.at(-1)?.atMs;
  const durationMs = lastMs === undefined ? 0 : (Math.floor(lastMs / secondMs) + 1) * secondMs;
  return {
    startsAt,
    durationMs,
    beats: timed.flatMap(({ atMs, userId, type, data }) => {
      const drawn = type === 'board' ? readBoardData(data) : undefined;
      return drawn ? [{ atMs, userId, data: drawn }] : [];
    }),
    gaps: joinGaps(
      gaps.map(({ from, to, reason }) => ({
        fromMs: timed.findLast(({ seq }) => seq < from)?.atMs ?? 0,
        toMs: timed.find(({ seq }) => seq > to)?.atMs ?? durationMs,
        count: to - from + 1,
        reason,
      })),
    ),
    recordings: messages
      .filter(({ type }) => type === 1004)
      .map((message) => readRecording(message, (time) => clamp((time - startsAt) * secondMs, 0, durationMs))),
  };
};

const spread = (messages: readonly Message[], startsAt: number): Timed[] => {
  const seconds = new Map<number, Message[]>();
  let latest = startsAt;
  for (const message of messages) {
    // Two clocks of IM need not agree: the order counts.
    latest = Math.max(latest, message.time);
    const within = seconds.get(latest);
    if (within) within.push(message);
    else seconds.set(latest, [message]);
  }
  return [...seconds].flatMap(([second, within]) =>
    within.map((message, index) => ({ ...message, atMs: (second - startsAt + index / within.length) * secondMs })),
  );
};

/** A page may cut a gap in two, or another app's message: what lies at one place for one reason is one. */
const joinGaps = (gaps: readonly TimelineGap[]): TimelineGap[] => {
  const joined: TimelineGap[] = [];
  for (const gap of gaps) {
    const before = joined.at(-1);
    if (before?.reason === gap.reason && before.fromMs === gap.fromMs) before.count += gap.count;
    else joined.push({ ...gap });
  }
  return joined;
};

const readRecording = ({ seq, time, data }: Message, toMs: (time: number) => number): TimelineRecording => {
  const value = (data as { value?: Record<string, unknown> } | null)?.value ?? {};
  const { start_time: start, file_name: name, video_url: url } = value;
  return {
    seq,
    atMs: toMs(typeof start === 'number' ? start : time),
    name: typeof name === 'string' ? name : undefined,
    url: typeof url === 'string' && /^https?:/i.test(url) ? url : undefined,
  };
};

const clamp = (value: number, min: number, max: number) => Math.min(Math.max(value, min), max);

/** How many beats there are up to a time. */
const countUpTo = (beats: readonly Beat[], ms: number): number => {
  let [low, high] = [0, beats.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((beats[middle]?.atMs ?? 0) <= ms) low = middle + 1;
    else high = middle;
  }
  return low;
};

/** Where the play is after so much more time; over a pause it goes at once, when that is wanted. */
export const advance = (
  { beats, durationMs }: Pick<Timeline, 'beats' | 'durationMs'>,
  { fromMs, byMs, skipsPauses }: { fromMs: number; byMs: number; skipsPauses: boolean },
): number => {
  const nextMs = beats[countUpTo(beats, fromMs)]?.atMs ?? durationMs;
  if (skipsPauses && nextMs - fromMs > pause.fromMs) return nextMs - pause.leadMs;
  return Math.min(fromMs + byMs, durationMs);
};

/** How much was drawn in each of `count` equal pieces of the time, from 0 to 1. */
export const activityOf = ({ beats, durationMs }: Pick<Timeline, 'beats' | 'durationMs'>, count: number): number[] => {
  const sums = Array.from({ length: count }, () => 0);
  for (const { atMs, data } of beats) {
    const piece = Math.floor((atMs / durationMs) * count);
    sums[piece] = (sums[piece] ?? 0) + ('points' in data ? data.points.length / 2 + 1 : 1);
  }
  // Roots: else one busy minute hides all others.
  const most = Math.sqrt(Math.max(...sums, 1));
  return sums.map((sum) => Math.sqrt(sum) / most);
};

/** Shows the board as it was at any time. Seeking costs little: every so many beats the picture is kept. */
export const createPlayer = ({ beats }: Pick<Timeline, 'beats'>, clearers: ReadonlySet<string>) => {
  const snapshots = [createPicture(clearers)];
  let picture = createPicture(clearers);
  let count = 0;

  const goTo = (target: number) => {
    const nearest = Math.min(Math.floor(target / snapshotEvery), snapshots.length - 1);
    if (target < count || nearest * snapshotEvery > count) {
      picture = snapshots[nearest]?.copy() ?? picture;
      count = nearest * snapshotEvery;
    }
    for (; count < target; count += 1) {
      const beat = beats[count];
      if (beat) picture.add(beat.userId, beat.data);
      if (count + 1 === snapshots.length * snapshotEvery) snapshots.push(picture.copy());
    }
  };

  return {
    strokesAt(ms: number): readonly Stroke[] {
      goTo(countUpTo(beats, ms));
      return picture.strokes();
    },
    /** Who is drawing then. */
    drawersAt: (ms: number): string[] => {
      const drawn = beats.slice(countUpTo(beats, ms - drawingForMs), countUpTo(beats, ms));
      return [...new Set(drawn.flatMap(({ userId, data }) => ('points' in data ? [userId] : [])))];
    },
  };
};
