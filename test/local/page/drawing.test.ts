import { describe, expect, it } from 'vitest';
import { createDrawing, type Drawn, type Outcome } from '../../../local/page/app/board/drawing.ts';
import { type BoardData, linesOf, type StrokePart } from '../../../local/page/app/board/strokes.ts';

const pen = { color: 'red', width: 40 } as const;

const partOf = (stroke: string, points: number[] = [1, 1]): StrokePart => ({
  stroke,
  part: 0,
  ...pen,
  points,
  end: true,
});

/** A board whose time goes by on `pass`, and whose messages fare as `outcomes` says, one after the other; then well. */
const createBoard = ({ past = async (): Promise<Drawn[]> => [] } = {}) => {
  const sent: BoardData[] = [];
  const outcomes: Outcome[] = [];
  let nowMs = 0;
  let ids = 0;
  let sleepers: { untilMs: number; wake: () => void }[] = [];
  const settle = () => new Promise((resolve) => setImmediate(resolve));
  const drawing = createDrawing({
    userId: 's1',
    clearers: new Set(['t1']),
    send: async (data) => {
      sent.push(data);
      return outcomes.shift() ?? 'sent';
    },
    loadPast: past,
    sleep: (ms) => new Promise((wake) => sleepers.push({ untilMs: nowMs + ms, wake })),
    newId: () => `line ${++ids}`,
  });
  return {
    drawing,
    sent,
    outcomes,
    lines: () => drawing.strokes.value.map((stroke) => linesOf(stroke).flat()),
    async pass(ms: number) {
      const untilMs = nowMs + ms;
      while (nowMs < untilMs) {
        nowMs += 10;
        for (const { wake } of sleepers.filter((sleeper) => sleeper.untilMs <= nowMs)) wake();
        sleepers = sleepers.filter((sleeper) => sleeper.untilMs > nowMs);
        await settle();
      }
    },
  };
};

type Board = ReturnType<typeof createBoard>;

const drawLine = ({ drawing }: Board, ...points: [number, number][]) => {
  const [first = [0, 0], ...rest] = points;
  drawing.begin(pen, ...first);
  for (const point of rest) drawing.extend(...point);
  drawing.finish();
};

describe('one’s own line', () => {
  it('is seen before it is sent', () => {
    const board = createBoard();
    board.drawing.begin(pen, 10, 10);
    board.drawing.extend(20, 20);
    expect(board.lines()).toEqual([[10, 10, 20, 20]]);
    expect(board.sent).toEqual([]);
  });

  it('goes out in some five parts a second, which are the whole line', async () => {
    const board = createBoard();
    board.drawing.begin(pen, 0, 0);
    const points = [0, 0];
    for (let step = 1; step <= 100; step += 1) {
      board.drawing.extend(step * 50, step * 20);
      points.push(step * 50, step * 20);
      await board.pass(20);
    }
    board.drawing.finish();
    await board.pass(200);
    const parts = board.sent as StrokePart[];
    expect(parts.length).toBeGreaterThanOrEqual(8);
    expect(parts.length).toBeLessThanOrEqual(12);
    expect(parts.map(({ part }) => part)).toEqual(parts.map((_, index) => index));
    expect(parts.flatMap(({ points }) => points)).toEqual(points);
    expect(parts.map(({ end }) => end === true)).toEqual(parts.map((_, index) => index === parts.length - 1));
    expect(board.drawing.strokes.value).toMatchObject([{ isWhole: true, userId: 's1' }]);
  });

  it('sends nothing while the pen rests', async () => {
    const board = createBoard();
    board.drawing.begin(pen, 0, 0);
    board.drawing.extend(2, 2);
    await board.pass(2000);
    expect(board.sent).toHaveLength(1);
    board.drawing.finish();
    await board.pass(300);
    expect(board.sent).toMatchObject([{ points: [0, 0] }, { points: [], end: true }]);
  });

  it('is cut so that no part comes near 12 KB', async () => {
    const board = createBoard();
    drawLine(
      board,
      ...Array.from({ length: 5000 }, (_, index): [number, number] => [10_000 - (index % 100) * 10, index]),
    );
    await board.pass(2000);
    expect(Math.max(...board.sent.map((data) => JSON.stringify(data).length))).toBeLessThan(8000);
    expect((board.sent as StrokePart[]).flatMap(({ points }) => points)).toHaveLength(10_000);
  });

  it('disappears when it is refused, and says why', async () => {
    const board = createBoard();
    board.outcomes.push('noBoard');
    drawLine(board, [0, 0], [50, 50]);
    await board.pass(300);
    expect(board.lines()).toEqual([]);
    expect(board.drawing.trouble.value).toBe('noBoard');
    board.drawing.extend(90, 90);
    await board.pass(1000);
    expect(board.sent).toHaveLength(1);
  });

  it('stays, marked, when it did not get through, and is sent again as it was', async () => {
    const board = createBoard();
    board.outcomes.push('lost');
    board.drawing.begin(pen, 0, 0);
    await board.pass(250);
    board.drawing.extend(50, 50);
    board.drawing.finish();
    await board.pass(1000);
    expect(board.drawing.strokes.value).toMatchObject([{ isUnsure: true }]);
    expect(board.drawing.trouble.value).toBe('lost');
    expect(board.sent).toHaveLength(1);
    board.drawing.sendAgain();
    await board.pass(300);
    expect(board.sent[1]).toEqual(board.sent[0]);
    expect((board.sent as StrokePart[]).slice(1).flatMap(({ points }) => points)).toEqual([0, 0, 50, 50]);
    expect(board.drawing.trouble.value).toBeUndefined();
    expect(board.drawing.strokes.value).toMatchObject([{ isWhole: true }]);
  });

  it('is one line, although it comes back from the group', async () => {
    const board = createBoard();
    drawLine(board, [0, 0], [50, 50]);
    await board.pass(300);
    for (const data of board.sent) board.drawing.hear({ userId: 's1', data });
    expect(board.lines()).toEqual([[0, 0, 50, 50]]);
  });

  it('outlives a clear that came before anybody knew of it', async () => {
    const board = createBoard();
    board.drawing.begin(pen, 0, 0);
    board.drawing.hear({ userId: 't1', data: { clear: 'c' } });
    expect(board.lines()).toEqual([[0, 0]]);
    await board.pass(250);
    board.drawing.hear({ userId: 't1', data: { clear: 'd' } });
    expect(board.lines()).toEqual([]);
  });
});

describe('undo', () => {
  it('takes one’s own latest line away at once, and tells the others after the line', async () => {
    const board = createBoard();
    drawLine(board, [0, 0], [50, 50]);
    await board.pass(300);
    board.drawing.hear({ userId: 't1', data: partOf('theirs', [7, 7]) });
    board.drawing.undo();
    expect(board.lines()).toEqual([[7, 7]]);
    await board.pass(300);
    expect(board.sent.at(-1)).toEqual({ undo: 'line 1' });
    expect(board.drawing.canUndo.value).toBe(false);
  });
});

describe('clear', () => {
  it('takes all away once all have been told', async () => {
    const board = createBoard();
    board.drawing.hear({ userId: 't1', data: partOf('theirs') });
    board.drawing.clear();
    expect(board.lines()).toHaveLength(1);
    await board.pass(300);
    expect(board.sent).toEqual([{ clear: 'line 1' }]);
  });
});

describe('who comes late', () => {
  it('sees what was drawn before, and what comes while that is loaded', async () => {
    const board = createBoard({
      past: async () => [
        { userId: 't1', data: partOf('before', [2, 2]) },
        { userId: 't1', data: partOf('meanwhile', [3, 3]) },
      ],
    });
    const caughtUp = board.drawing.catchUp();
    board.drawing.hear({ userId: 't1', data: partOf('meanwhile', [3, 3]) });
    board.drawing.hear({ userId: 't1', data: partOf('after', [4, 4]) });
    expect(board.lines()).toEqual([
      [3, 3],
      [4, 4],
    ]);
    await caughtUp;
    expect(board.lines()).toEqual([
      [2, 2],
      [3, 3],
      [4, 4],
    ]);
    expect(board.drawing.past.value).toEqual({ state: 'loaded' });
  });

  it('keeps after a cut what a clear before it has not taken away', async () => {
    const told: Drawn[] = [];
    const board = createBoard({ past: async () => told });
    await board.drawing.catchUp();
    board.drawing.hear({ userId: 's2', data: partOf('old', [1, 1]) });
    told.push(
      { userId: 's2', data: partOf('old', [1, 1]) },
      { userId: 't1', data: { clear: 'c' } },
      { userId: 's2', data: partOf('missed', [2, 2]) },
    );
    const caughtUp = board.drawing.catchUp();
    board.drawing.hear({ userId: 's2', data: partOf('new', [3, 3]) });
    await caughtUp;
    expect(board.lines()).toEqual([
      [2, 2],
      [3, 3],
    ]);
  });

  it('keeps what was heard of which the replay does not know yet', async () => {
    const board = createBoard({ past: async () => [{ userId: 's2', data: partOf('known', [1, 1]) }] });
    board.drawing.hear({ userId: 's2', data: partOf('known', [1, 1]) });
    board.drawing.hear({ userId: 's2', data: partOf('on its way', [2, 2]) });
    await board.drawing.catchUp();
    expect(board.lines()).toEqual([
      [1, 1],
      [2, 2],
    ]);
  });

  it('sees what comes although the past does not, and may try again', async () => {
    const error = new Error('no answer');
    let tries = 0;
    const board = createBoard({
      past: async () => {
        tries += 1;
        if (tries === 1) throw error;
        return [
          { userId: 't1', data: partOf('before', [2, 2]) },
          { userId: 't1', data: partOf('after', [3, 3]) },
        ];
      },
    });
    await board.drawing.catchUp();
    expect(board.drawing.past.value).toEqual({ state: 'failed', error });
    board.drawing.hear({ userId: 't1', data: partOf('after', [3, 3]) });
    expect(board.lines()).toEqual([[3, 3]]);
    await board.drawing.catchUp();
    expect(board.lines()).toEqual([
      [2, 2],
      [3, 3],
    ]);
  });
});
