import { expect, it } from 'vitest';
import { type ClassEvent, statusAfter, statusesChangedBy } from '../../lib/classroom/class/class-status.ts';

/** Where each event leads from `opening`, `scheduled`, `live` and `ended`. */
const table: Record<ClassEvent, readonly (string | undefined)[]> = {
  opened: ['scheduled', undefined, undefined, undefined],
  taught: [undefined, 'live', 'live', undefined],
  ended: [undefined, 'ended', 'ended', 'ended'],
};
const statuses = ['opening', 'scheduled', 'live', 'ended'] as const;
const cases = Object.entries(table).flatMap(([event, after]) =>
  statuses.map((status, index) => [event as ClassEvent, status, after[index]] as const),
);

it.each(cases)('being %s, a class that is %s becomes %s', (event, status, expected) => {
  expect(statusAfter(status, event)).toBe(expected);
});

it.each([
  ['opened', ['opening']],
  ['taught', ['scheduled']],
  ['ended', ['scheduled', 'live']],
] as const)('being %s changes a class that is one of %j, and leaves it as it is from then on', (event, expected) => {
  expect(statusesChangedBy(event)).toEqual(expected);
});
