import { computed, signal } from '@preact/signals';
import {
  type BoardData,
  createPicture,
  type PenColor,
  type ShownStroke,
  type StrokePart,
  strokeKey,
  toStroke,
} from './strokes.ts';

/** What became of something that was sent. `lost`: nobody knows, and it may be sent again. */
export type Outcome = 'sent' | 'lost' | 'noBoard' | 'refused';

/** Something that was drawn, and by whom. */
export interface Drawn {
  userId: string;
  data: BoardData;
}

export interface DrawingOptions {
  userId: string;
  clearers: ReadonlySet<string>;
  /** Sends to all; never throws. */
  send(data: BoardData): Promise<Outcome>;
  /** All that was drawn before, in its order. */
  loadPast(): Promise<readonly Drawn[]>;
  sleep(ms: number): Promise<void>;
  newId(): string;
}

/** One's own line that the others do not have all of yet. */
interface OwnStroke {
  id: string;
  color: PenColor;
  width: number;
  points: number[];
  isFinished: boolean;
  /** How many of its parts have arrived, and how many of the numbers in `points` they held. */
  sentParts: number;
  sentNumbers: number;
  /** Sent, and not known to have arrived: what is sent again must be the same. */
  underWay: StrokePart | undefined;
}

type Job = { stroke: OwnStroke } | { data: BoardData };

/** While a pen is on the board, its line goes out so often. A group carries 40 messages a second, of all who draw. */
const partEveryMs = 200;
const restEveryMs = 50;
/** Keeps a message under 6 KB, half of what IM takes. */
const numbersPerPart = 1000;
const keptRecent = 300;
/** A pen that moved less, in the board's units, has not moved. */
const leastMove = 6;

/** The board of a class that goes on: what all have drawn, with one's own lines at once, and sent one thing after the other. */
export const createDrawing = ({ userId, clearers, send, loadPast, sleep, newId }: DrawingOptions) => {
  let picture = createPicture(clearers);
  /** What came lately: the ReplayGroup may have it later than the ChatGroup. */
  let recent: readonly Drawn[] = [];
  let loads = 0;
  let current: OwnStroke | undefined;
  let jobs: Job[] = [];
  let isSending = false;
  const strokes = signal<readonly ShownStroke[]>([]);
  const trouble = signal<Exclude<Outcome, 'sent'> | undefined>(undefined);
  const past = signal<{ state: 'loading' | 'loaded' } | { state: 'failed'; error: unknown }>({ state: 'loading' });

  const ownStrokes = () => jobs.flatMap((job) => ('stroke' in job ? [job.stroke] : []));
  const keyOf = ({ id }: OwnStroke) => strokeKey(userId, id);

  const show = () => {
    const own = ownStrokes().filter((stroke) => !picture.isGone(keyOf(stroke)));
    const keys = new Set(own.map(keyOf));
    const isUnsure = trouble.value === 'lost';
    strokes.value = [
      ...picture.strokes().filter(({ key }) => !keys.has(key)),
      ...own.map((stroke) => ({ ...toStroke(userId, [wholeOf(stroke)]), isUnsure })),
    ];
  };

  const hear = (drawn: Drawn) => {
    recent = [...recent, drawn].slice(-keptRecent);
    if (picture.add(drawn.userId, drawn.data)) show();
  };

  const drop = (job: Job) => {
    jobs = jobs.filter((each) => each !== job);
    if ('stroke' in job && job.stroke === current) current = undefined;
  };

  /** One message of a job; `undefined` while the pen rests on the board. */
  const next = (job: Job): BoardData | undefined => {
    if ('data' in job) return job.data;
    job.stroke.underWay ??= cutPart(job.stroke);
    return job.stroke.underWay;
  };

  const arrived = (job: Job, data: BoardData) => {
    if ('stroke' in job && 'points' in data) {
      job.stroke.sentParts += 1;
      job.stroke.sentNumbers += data.points.length;
      job.stroke.underWay = undefined;
    }
    if (!('points' in data) || data.end) drop(job);
    hear({ userId, data });
  };

  const sendAll = async () => {
    if (isSending) return;
    isSending = true;
    for (let [job] = jobs; job && trouble.value !== 'lost'; [job] = jobs) {
      await sleep('stroke' in job && !job.stroke.isFinished ? partEveryMs : restEveryMs);
      const data = jobs.includes(job) && next(job);
      if (!data) continue;
      const outcome = await send(data);
      if (outcome === 'sent') arrived(job, data);
      else {
        trouble.value = outcome;
        if (outcome !== 'lost') drop(job);
      }
      show();
    }
    isSending = false;
  };

  const enqueue = (job: Job) => {
    jobs = [...jobs, job];
    trouble.value = undefined;
    show();
    void sendAll();
  };

  const finish = () => {
    if (current) current.isFinished = true;
    current = undefined;
  };

  return {
    /** All lines to be seen. */
    strokes: computed(() => strokes.value),
    /** Why something that was drawn here is not on everybody's board. */
    trouble: computed(() => trouble.value),
    /** What was drawn before one came. */
    past: computed(() => past.value),
    canUndo: computed(() => strokes.value.some((stroke) => stroke.userId === userId)),
    hear,

    /** Loads what was drawn while one was not there, and puts what has come since after it. */
    async catchUp(): Promise<void> {
      loads += 1;
      const load = loads;
      past.value = { state: 'loading' };
      try {
        const before = await loadPast();
        if (load !== loads) return;
        picture = createPicture(clearers);
        for (const { userId, data } of [...before, ...recent]) picture.add(userId, data);
        past.value = { state: 'loaded' };
        show();
      } catch (error) {
        if (load === loads) past.value = { state: 'failed', error };
      }
    },

    begin(pen: { color: PenColor; width: number }, x: number, y: number) {
      finish();
      const progress = { isFinished: false, sentParts: 0, sentNumbers: 0, underWay: undefined };
      current = { ...pen, id: newId(), points: [x, y], ...progress };
      enqueue({ stroke: current });
    },
    /** The pen has moved; does nothing when the line was refused meanwhile. */
    extend(x: number, y: number) {
      if (!current) return;
      const [lastX = 0, lastY = 0] = current.points.slice(-2);
      if (Math.hypot(x - lastX, y - lastY) < leastMove) return;
      current.points.push(x, y);
      show();
    },
    finish,
    /** Takes one's own latest line away. */
    undo() {
      const stroke = strokes.value.findLast((each) => each.userId === userId);
      if (!stroke) return;
      const job = jobs.find((each) => 'stroke' in each && each.stroke.id === stroke.id);
      if (job) drop(job);
      hear({ userId, data: { undo: stroke.id } });
      enqueue({ data: { undo: stroke.id } });
    },
    /** Takes all lines away, once all have been told. */
    clear: () => enqueue({ data: { clear: newId() } }),
    sendAgain() {
      trouble.value = undefined;
      show();
      void sendAll();
    },
    dismissTrouble() {
      trouble.value = undefined;
    },
  };
};

export type Drawing = ReturnType<typeof createDrawing>;

/** All of a line, as if it were one part that goes on. */
const wholeOf = ({ id, color, width, points }: OwnStroke): StrokePart => ({
  stroke: id,
  part: 0,
  color,
  width,
  points,
});

/** What is new in a line; `undefined` when nothing is. */
const cutPart = ({ id, color, width, points, isFinished, sentParts, sentNumbers }: OwnStroke) => {
  const fresh = points.slice(sentNumbers, sentNumbers + numbersPerPart);
  const isLast = isFinished && sentNumbers + fresh.length === points.length;
  if (fresh.length === 0 && !isLast) return undefined;
  const part: StrokePart = { stroke: id, part: sentParts, color, width, points: fresh };
  return isLast ? { ...part, end: true as const } : part;
};
