import { describe, expect, it } from 'vitest';
import {
  averageSeconds,
  barOf,
  orderAfterClick,
  sortAttendees,
  spanOf,
  ticksOf,
} from '../../../local/page/app/review/attendance-rows.ts';

const ada = { userId: 'a', name: 'Ada', joinedAt: 1000, leftAt: 1600, seconds: 300 };
const bob = { userId: 'b', name: 'Bob', joinedAt: 1100, seconds: 900 };
const cid = { userId: 'c', name: 'Cid', joinedAt: 1050, leftAt: 1200, seconds: 150 };
const all = [bob, cid, ada];
const now = 2000;

describe('the table of attendance', () => {
  const names = (column: Parameters<typeof orderAfterClick>[1], isDescending = false) =>
    sortAttendees(all, { column, isDescending }).map(({ name }) => name);

  it('is sorted by each column, and turned round', () => {
    expect(names('name')).toEqual(['Ada', 'Bob', 'Cid']);
    expect(names('joined')).toEqual(['Ada', 'Cid', 'Bob']);
    expect(names('time')).toEqual(['Cid', 'Ada', 'Bob']);
    expect(names('time', true)).toEqual(['Bob', 'Ada', 'Cid']);
  });

  it('has whoever is still there after those who have left', () => {
    expect(names('left')).toEqual(['Cid', 'Ada', 'Bob']);
  });

  it('turns round at a second click, and begins with the longest times', () => {
    const byName = { column: 'name', isDescending: false } as const;
    expect(orderAfterClick(byName, 'name')).toEqual({ column: 'name', isDescending: true });
    expect(orderAfterClick(byName, 'joined')).toEqual({ column: 'joined', isDescending: false });
    expect(orderAfterClick(byName, 'time')).toEqual({ column: 'time', isDescending: true });
  });

  it('has the average of their times', () => {
    expect(averageSeconds(all)).toBe(450);
    expect(averageSeconds([])).toBe(0);
  });
});

describe('the bars of attendance', () => {
  it('lie between the first who came and the last who left, or now', () => {
    expect(spanOf(all, now)).toEqual({ from: 1000, to: 2000 });
    expect(spanOf([ada, cid], now)).toEqual({ from: 1000, to: 1600 });
  });

  it('are as long as the stay, and filled by the time spent there', () => {
    const span = spanOf(all, now);
    expect(barOf(ada, span, now)).toEqual({ start: 0, width: 60, fill: 50 });
    expect(barOf(bob, span, now)).toEqual({ start: 10, width: 90, fill: 100 });
    expect(barOf(cid, span, now)).toEqual({ start: 5, width: 15, fill: 100 });
  });

  it('can be drawn of somebody who only looked in', () => {
    const guest = { ...ada, leftAt: ada.joinedAt, seconds: 0 };
    expect(barOf(guest, spanOf([guest], now), now)).toEqual({ start: 0, width: 0, fill: 100 });
  });

  it.each([
    [{ from: 0, to: 3 }, [0, 1, 2, 3]],
    [{ from: 500, to: 500 + 45 * 60 }, [0, 600, 1200, 1800, 2400]],
    [{ from: 0, to: 86_400 }, [0, 14_400, 28_800, 43_200, 57_600, 72_000, 86_400]],
  ])('have round times below them (%o)', (span, ticks) => {
    expect(ticksOf(span)).toEqual(ticks);
  });
});
