import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type BoardData,
  createPicture,
  linesOf,
  type Picture,
  readBoardData,
  type StrokePart,
} from '../../../local/page/app/board/strokes.ts';

const clearers = new Set(['t1', 'a1']);

const part = (stroke: string, number: number, over: Partial<StrokePart> = {}): StrokePart => ({
  stroke,
  part: number,
  color: 'ink',
  width: 40,
  points: [number, number],
  ...over,
});

/** What is seen, whatever was begun first. */
const seen = (picture: Picture) =>
  picture
    .strokes()
    .map(({ key, color, isWhole, ...stroke }) => ({ key, color, isWhole, lines: linesOf(stroke) }))
    .sort((a, b) => a.key.localeCompare(b.key));

const pictureOf = (drawn: readonly (readonly [string, BoardData])[]): Picture => {
  const picture = createPicture(clearers);
  for (const [userId, data] of drawn) picture.add(userId, data);
  return picture;
};

const coordinate = fc.integer({ min: 0, max: 10_000 });
/** Whole lines of several people, as the parts that they are sent in. */
const drawings = fc
  .array(
    fc.record({
      userId: fc.constantFrom('t1', 's1', 's2'),
      parts: fc.array(fc.array(fc.tuple(coordinate, coordinate), { minLength: 1, maxLength: 4 }), {
        minLength: 1,
        maxLength: 5,
      }),
    }),
    { minLength: 1, maxLength: 8 },
  )
  .map((lines) =>
    lines.flatMap(({ userId, parts }, line) =>
      parts.map((points, number): readonly [string, StrokePart] => [
        userId,
        part(`line ${line}`, number, { points: points.flat(), ...(number === parts.length - 1 && { end: true }) }),
      ]),
    ),
  );
/** The same in another order, and some of it twice. */
const disorders = drawings.chain((drawn) =>
  fc.record({
    drawn: fc.constant(drawn),
    disordered: fc
      .tuple(fc.shuffledSubarray(drawn, { minLength: drawn.length }), fc.shuffledSubarray(drawn))
      .map(([all, again]) => [...all, ...again]),
  }),
);

describe('readBoardData', () => {
  it('reads a part of a line, an undo and a clear', () => {
    const sent = [part('1', 0, { color: 'red', end: true }), { undo: '1' }, { clear: 'c' }];
    expect(sent.map(readBoardData)).toEqual(sent);
  });

  it('draws a colour that it does not know in ink, and a width that is none as usual', () => {
    for (const width of ['thick', null, { toString: 1, valueOf: 1 }])
      expect(readBoardData({ ...part('1', 0), color: 'mauve', width })).toEqual(part('1', 0));
    expect(readBoardData({ ...part('1', 0), width: 1e9 })).toMatchObject({ width: 1000 });
  });

  it.each([
    null,
    7,
    'text',
    [],
    {},
    { x: 1 },
    { undo: 1 },
    { clear: '' },
    { undo: 'x'.repeat(65) },
    { ...part('1', 0), stroke: undefined },
    { ...part('1', 0), part: -1 },
    { ...part('1', 0), part: 0.5 },
    { ...part('1', 0), points: [1] },
    { ...part('1', 0), points: [1, 10_001] },
    { ...part('1', 0), points: [1, '2'] },
    { ...part('1', 0), points: 'none' },
  ])('ignores what another app has drawn: %j', (data) => {
    expect(readBoardData(data)).toBeUndefined();
  });
});

describe('a picture', () => {
  it('is the same in whatever order the parts of its lines come, and how often', () => {
    fc.assert(
      fc.property(disorders, ({ drawn, disordered }) => {
        expect(seen(pictureOf(disordered))).toEqual(seen(pictureOf(drawn)));
      }),
    );
  });

  it('has no line that its author has undone, whether that came before, between or after its parts', () => {
    fc.assert(
      fc.property(disorders, fc.nat(), ({ drawn, disordered }, position) => {
        const [[userId, { stroke }] = ['', part('', 0)]] = drawn;
        const withUndo = disordered.toSpliced(position % (disordered.length + 1), 0, [
          userId,
          { undo: stroke } as never,
        ]);
        const others = drawn.filter(([author, data]) => author !== userId || data.stroke !== stroke);
        expect(seen(pictureOf(withUndo))).toEqual(seen(pictureOf(others)));
      }),
    );
  });

  it('keeps a line when somebody else undoes one of that name', () => {
    const picture = pictureOf([
      ['s1', part('1', 0)],
      ['t1', { undo: '1' }],
    ]);
    expect(seen(picture)).toHaveLength(1);
  });

  it('shows a line in pieces while a part is missing, and in one when it has come', () => {
    const picture = pictureOf([
      ['s1', part('1', 0)],
      ['s1', part('1', 2, { end: true })],
    ]);
    expect(seen(picture)).toMatchObject([
      {
        isWhole: false,
        lines: [
          [0, 0],
          [2, 2],
        ],
      },
    ]);
    picture.add('s1', part('1', 1));
    expect(seen(picture)).toMatchObject([{ isWhole: true, lines: [[0, 0, 1, 1, 2, 2]] }]);
  });

  it('is empty after the teacher or an assistant has cleared it, also of what comes late', () => {
    for (const userId of ['t1', 'a1']) {
      const picture = pictureOf([
        ['s1', part('1', 0)],
        [userId, { clear: 'c' }],
        ['s1', part('1', 1, { end: true })],
        ['s1', part('2', 0)],
      ]);
      expect(seen(picture).map(({ key }) => key)).toEqual(['s1 2']);
    }
  });

  it('is cleared once by a clear that comes twice', () => {
    const picture = pictureOf([
      ['t1', { clear: 'c' }],
      ['s1', part('1', 0)],
      ['t1', { clear: 'c' }],
    ]);
    expect(seen(picture)).toHaveLength(1);
  });

  it('is not cleared by a student', () => {
    const picture = pictureOf([
      ['t1', part('1', 0)],
      ['s1', { clear: 'c' }],
    ]);
    expect(seen(picture)).toHaveLength(1);
  });

  it('says whether something has changed, and is another list only then', () => {
    const picture = createPicture(clearers);
    expect(picture.add('s1', part('1', 0))).toBe(true);
    const before = picture.strokes();
    expect(picture.add('s1', part('1', 0))).toBe(false);
    expect(picture.add('s1', { clear: 'c' })).toBe(false);
    expect(picture.strokes()).toBe(before);
    expect(picture.add('s1', part('1', 1))).toBe(true);
    expect(picture.strokes()).not.toBe(before);
  });

  it('leaves its copy alone, and the copy leaves it alone', () => {
    const picture = pictureOf([['s1', part('1', 0)]]);
    const copy = picture.copy();
    picture.add('t1', { clear: 'c' });
    copy.add('s1', part('2', 0));
    expect([seen(picture).length, seen(copy).length]).toEqual([0, 2]);
  });
});
