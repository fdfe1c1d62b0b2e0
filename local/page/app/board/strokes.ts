/** The pens that there are. Each theme has its own colour for a name, so that a line can be seen on either board. */
export const penColors = ['ink', 'red', 'orange', 'green', 'blue', 'violet'] as const;
export type PenColor = (typeof penColors)[number];

/** Both axes of a board go from 0 to this, and it is always 16 by 9. Widths of pens are measured along the longer one. */
export const boardExtent = 10_000;

/** A piece of a line, as it is drawn: `points` is x, y, x, y, … in whole numbers, `end` marks the last piece. */
export interface StrokePart {
  /** The same in all parts of one line, and another for each line of its author. */
  stroke: string;
  /** 0, 1, 2, … */
  part: number;
  color: PenColor;
  width: number;
  points: readonly number[];
  end?: true;
}

/**
 * The `data` of a board message. Whatever comes twice changes nothing, so all of it may be sent again. `undo` names a line
 * of its author's, before or after it has come; `clear` takes away all that has come before it.
 */
export type BoardData = StrokePart | { undo: string } | { clear: string };

const maxIdLength = 64;
const maxParts = 100_000;
const widths = { min: 5, usual: 40, max: 1000 };

/** What a board message draws; `undefined` for what this page did not make, or made otherwise once. */
export const readBoardData = (data: unknown): BoardData | undefined => {
  if (typeof data !== 'object' || data === null) return undefined;
  const { undo, clear, stroke, part, color, width, points, end } = data as Record<string, unknown>;
  if (isId(undo)) return { undo };
  if (isId(clear)) return { clear };
  if (!isId(stroke) || !isWhole(part, maxParts) || !isPoints(points)) return undefined;
  return {
    stroke,
    part,
    color: penColors.find((known) => known === color) ?? 'ink',
    width: Math.min(Math.max(typeof width === 'number' ? width : widths.usual, widths.min), widths.max),
    points,
    ...(end === true && { end }),
  };
};

const isId = (value: unknown): value is string =>
  typeof value === 'string' && value !== '' && value.length <= maxIdLength;
const isWhole = (value: unknown, max: number): value is number =>
  Number.isInteger(value) && Number(value) >= 0 && Number(value) <= max;
const isPoints = (value: unknown): value is number[] =>
  Array.isArray(value) && value.length % 2 === 0 && value.every((each) => isWhole(each, boardExtent));

/** A line on the board. It never changes: when a part comes, another takes its place. */
export interface Stroke {
  /** Tells it from everybody's. */
  key: string;
  id: string;
  userId: string;
  color: PenColor;
  width: number;
  /** Those that have come, in their order. */
  parts: readonly StrokePart[];
  /** Whether all parts are there. */
  isWhole: boolean;
}

/** A line as it is shown; `isUnsure` when nobody knows whether the others see it. */
export interface ShownStroke extends Stroke {
  isUnsure?: boolean;
}

/** Names a line among everybody's. */
export const strokeKey = (userId: string, id: string): string => `${userId} ${id}`;

/** The line of these parts, which are in their order. */
export const toStroke = (userId: string, parts: readonly [StrokePart, ...StrokePart[]]): Stroke => {
  const [{ stroke: id, color, width }] = parts;
  const last = parts.at(-1);
  const isWhole = last?.end === true && last.part === parts.length - 1;
  return { key: strokeKey(userId, id), id, userId, color, width, parts, isWhole };
};

/** The points of a line, in one piece unless a part is missing. */
export const linesOf = ({ parts }: Pick<Stroke, 'parts'>): number[][] => {
  const lines: number[][] = [];
  let next = -1;
  for (const { part, points } of parts) {
    const line = part === next ? lines.at(-1) : undefined;
    if (line) line.push(...points);
    else lines.push([...points]);
    next = part + 1;
  }
  return lines.filter(({ length }) => length > 0);
};

/** Who may clear the board, for all of it is theirs: the teacher and the assistants. */
export const clearersOf = ({ teacherId, assistantIds = [] }: { teacherId: string; assistantIds?: readonly string[] }) =>
  new Set([teacherId, ...assistantIds]);

/** What is on the board after all that has come. */
export interface Picture {
  /** Takes what somebody has drawn; answers whether that changed anything to be seen. */
  add(userId: string, data: BoardData): boolean;
  /** In the order in which they were begun. The list is another one when something has changed. */
  strokes(): readonly Stroke[];
  /** Whether a line was undone or cleared, so that no part of it is seen any more. */
  isGone(key: string): boolean;
  /** One that goes on from here by itself. */
  copy(): Picture;
}

interface Kept {
  strokes: Map<string, Stroke>;
  gone: Set<string>;
  clears: Set<string>;
}

/** An empty board, which those in `clearers` may clear. */
export const createPicture = (
  clearers: ReadonlySet<string>,
  { strokes, gone, clears }: Kept = { strokes: new Map(), gone: new Set(), clears: new Set() },
): Picture => {
  let list: readonly Stroke[] | undefined;

  const addPart = (userId: string, part: StrokePart): boolean => {
    const key = strokeKey(userId, part.stroke);
    if (gone.has(key)) return false;
    const parts = withPart(strokes.get(key)?.parts ?? [], part);
    if (!parts) return false;
    strokes.set(key, toStroke(userId, parts));
    return true;
  };
  const undo = (key: string): boolean => {
    gone.add(key);
    return strokes.delete(key);
  };
  const clear = (userId: string, id: string): boolean => {
    const key = strokeKey(userId, id);
    if (!clearers.has(userId) || clears.has(key)) return false;
    clears.add(key);
    for (const each of strokes.keys()) gone.add(each);
    strokes.clear();
    return true;
  };

  return {
    add(userId, data) {
      const isChanged =
        'undo' in data
          ? undo(strokeKey(userId, data.undo))
          : 'clear' in data
            ? clear(userId, data.clear)
            : addPart(userId, data);
      if (isChanged) list = undefined;
      return isChanged;
    },
    strokes: () => {
      list ??= [...strokes.values()];
      return list;
    },
    isGone: (key) => gone.has(key),
    copy: () => createPicture(clearers, { strokes: new Map(strokes), gone: new Set(gone), clears: new Set(clears) }),
  };
};

/** The parts with one more in its place; `undefined` when it is there already. */
const withPart = (
  parts: readonly StrokePart[],
  added: StrokePart,
): readonly [StrokePart, ...StrokePart[]] | undefined => {
  const before = parts.findLastIndex(({ part }) => part <= added.part);
  if (parts[before]?.part === added.part) return undefined;
  const [first = added, ...rest] = parts.toSpliced(before + 1, 0, added);
  return [first, ...rest];
};
