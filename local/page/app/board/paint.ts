import { boardExtent, linesOf, type PenColor, penColors, type ShownStroke, type Stroke } from './strokes.ts';

/** So many of the latest lines may still grow; whatever is before them is painted once and left. */
const latest = 30;
/** So many lines are painted in one frame: more would make the page stand still. */
const linesPerFrame = 500;
/** A copy of the canvas is kept at every so many lines, the last few of them: to go back then costs little. */
const copyEvery = 1000;
const maxCopies = 12;
/** On a small screen a fine line would fade. */
const thinnestPixels = 1.4;

/**
 * Paints lines on two canvases, one upon the other: below what rests, above what still grows. So a line that grows does
 * not make all others be painted again.
 */
export const createPainter = (resting: HTMLCanvasElement, growing: HTMLCanvasElement) => {
  let strokes: readonly ShownStroke[] = [];
  /** What is on the canvas below. */
  let painted: readonly ShownStroke[] = [];
  let copies: { strokes: readonly ShownStroke[]; canvas: HTMLCanvasElement }[] = [];
  let frame: number | undefined;

  const paint = () => {
    frame = undefined;
    const restingCount = countResting(strokes);
    const rest = strokes.slice(0, restingCount);
    if (!startsWith(rest, painted)) goBack(rest);
    const nextCopy = (Math.floor(painted.length / copyEvery) + 1) * copyEvery;
    const end = Math.min(painted.length + linesPerFrame, nextCopy, rest.length);
    paintStrokes(resting, rest.slice(painted.length, end));
    painted = rest.slice(0, end);
    if (end === nextCopy) keepCopy();
    erase(growing);
    paintStrokes(growing, strokes.slice(restingCount));
    if (end < rest.length) soon();
  };

  /** To the latest copy that is a part of what shall be there. */
  const goBack = (rest: readonly ShownStroke[]) => {
    const copy = copies
      .filter((each) => startsWith(rest, each.strokes))
      .toSorted((a, b) => a.strokes.length - b.strokes.length)
      .at(-1);
    erase(resting);
    if (copy) resting.getContext('2d')?.drawImage(copy.canvas, 0, 0);
    painted = copy?.strokes ?? [];
  };
  const keepCopy = () => {
    if (copies.some((each) => each.strokes.length === painted.length && startsWith(painted, each.strokes))) return;
    const { width, height } = resting;
    const canvas = Object.assign(document.createElement('canvas'), { width, height });
    canvas.getContext('2d')?.drawImage(resting, 0, 0);
    copies = [...copies, { strokes: painted, canvas }].slice(-maxCopies);
  };
  const soon = () => {
    frame ??= requestAnimationFrame(paint);
  };

  return {
    /** Shows these from the next frame on. */
    show(next: readonly ShownStroke[]) {
      strokes = next;
      soon();
    },
    /** Takes as many pixels as the screen has for it; painted at once, since a blank frame would be seen. */
    resize(width: number, height: number) {
      for (const canvas of [resting, growing]) Object.assign(canvas, { width, height });
      painted = [];
      copies = [];
      paint();
    },
    stop() {
      if (frame !== undefined) cancelAnimationFrame(frame);
    },
  };
};

const startsWith = (list: readonly ShownStroke[], start: readonly ShownStroke[]): boolean =>
  start.length <= list.length && start.every((stroke, index) => stroke === list[index]);

const countResting = (strokes: readonly ShownStroke[]): number => {
  const from = Math.max(0, strokes.length - latest);
  const growing = strokes.slice(from).findIndex(({ isWhole }) => !isWhole);
  return growing === -1 ? strokes.length : from + growing;
};

const erase = (canvas: HTMLCanvasElement) => canvas.getContext('2d')?.clearRect(0, 0, canvas.width, canvas.height);

const paintStrokes = (canvas: HTMLCanvasElement, strokes: readonly ShownStroke[]): void => {
  const context = canvas.getContext('2d');
  if (!context || strokes.length === 0) return;
  const colors = readColors(canvas);
  const scale = canvas.width / boardExtent;
  const thinnest = (thinnestPixels * devicePixelRatio) / scale;
  context.setTransform(scale, 0, 0, scale, 0, 0);
  context.lineCap = 'round';
  context.lineJoin = 'round';
  for (const stroke of strokes) {
    context.strokeStyle = colors[stroke.color];
    context.lineWidth = Math.max(stroke.width, thinnest);
    context.globalAlpha = stroke.isUnsure ? 0.45 : 1;
    context.setLineDash(stroke.isUnsure ? [stroke.width * 2, stroke.width * 2] : []);
    context.stroke(pathOf(stroke));
  }
  context.resetTransform();
};

const readColors = (canvas: HTMLCanvasElement) => {
  const style = getComputedStyle(canvas);
  return Object.fromEntries(
    penColors.map((color) => [color, style.getPropertyValue(`--pen-${color}`).trim()]),
  ) as Record<PenColor, string>;
};

const paths = new WeakMap<Stroke, Path2D>();

const pathOf = (stroke: Stroke): Path2D => {
  const known = paths.get(stroke);
  if (known) return known;
  const path = new Path2D();
  for (const line of linesOf(stroke)) trace(path, line);
  paths.set(stroke, path);
  return path;
};

const heightOfUnit = 9 / 16;

/** Curves from the middle between two points to the middle of the next two, so that no corner is seen. */
const trace = (path: Path2D, line: readonly number[]): void => {
  const xAt = (index: number) => line[2 * index] ?? 0;
  const yAt = (index: number) => (line[2 * index + 1] ?? 0) * heightOfUnit;
  const last = line.length / 2 - 1;
  path.moveTo(xAt(0), yAt(0));
  for (let index = 1; index < last; index += 1) {
    const [x, y] = [xAt(index), yAt(index)];
    path.quadraticCurveTo(x, y, (x + xAt(index + 1)) / 2, (y + yAt(index + 1)) / 2);
  }
  // A line without any length would not be painted: a dot has a little.
  path.lineTo(xAt(last) + (last === 0 ? 1 : 0), yAt(last));
};
