import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { flightMs, type LaneUse, pickLane, widthInEms } from '../../../local/page/app/lesson/danmaku-lanes.ts';

const boardWidth = 900;

/** Where a comment's left edge is: it begins at the board's right side and ends when it has gone out at the left. */
const leftOf = ({ startedAtMs, width }: LaneUse, nowMs: number) =>
  boardWidth - ((nowMs - startedAtMs) / flightMs) * (boardWidth + width);

describe('the lane of a comment', () => {
  it('is the first one of an empty board', () => {
    expect(pickLane([undefined, undefined], { width: 100, boardWidth, nowMs: 0 })).toBe(0);
  });

  it('is another one while the last comment is still coming in', () => {
    const lanes = [{ startedAtMs: 0, width: 300 }, undefined];

    expect(pickLane(lanes, { width: 100, boardWidth, nowMs: 1000 })).toBe(1);
  });

  it('is one that is used no more, when a long comment would run into a short one', () => {
    const lanes = [{ startedAtMs: 0, width: 50 }, undefined];

    expect(pickLane(lanes, { width: 100, boardWidth, nowMs: 1000 })).toBe(0);
    expect(pickLane(lanes, { width: 3000, boardWidth, nowMs: 1000 })).toBe(1);
  });

  it('is the one that was used longest ago, when none is free', () => {
    const lanes = [
      { startedAtMs: 20, width: 800 },
      { startedAtMs: 10, width: 800 },
      { startedAtMs: 30, width: 800 },
    ];

    expect(pickLane(lanes, { width: 800, boardWidth, nowMs: 40 })).toBe(1);
  });

  it('lets no comment touch another one as long as a lane is free', () => {
    const comments = fc.array(
      fc.record({ waitMs: fc.integer({ min: 0, max: 4000 }), width: fc.integer({ min: 10, max: 1500 }) }),
      { minLength: 2, maxLength: 30 },
    );
    fc.assert(
      fc.property(comments, (list) => {
        const lanes: (LaneUse | undefined)[] = Array.from({ length: 40 });
        let nowMs = 0;
        for (const { waitMs, width } of list) {
          nowMs += waitMs;
          const lane = pickLane(lanes, { width, boardWidth, nowMs });
          const before = lanes[lane];
          const own = { startedAtMs: nowMs, width };
          if (before)
            for (let at = nowMs; at < before.startedAtMs + flightMs; at += 50)
              expect(leftOf(own, at)).toBeGreaterThanOrEqual(leftOf(before, at) + before.width - 1e-6);
          lanes[lane] = own;
        }
      }),
    );
  });
});

describe('the width of a text', () => {
  it('counts Chinese characters as wide as they are high, and Latin ones as about half of that', () => {
    expect(widthInEms('你好')).toBe(2);
    expect(widthInEms('hi')).toBeCloseTo(1.12);
  });
});
