import type { Lesson } from './class.ts';

type Status = Lesson['status'];

/** What changes a class's status: its groups stand, its teacher joins, it is ended. */
export type ClassEvent = 'opened' | 'taught' | 'ended';

/** Where each event leads from each status; from a status that is not listed it leads nowhere. */
const transitions: Readonly<Record<ClassEvent, Partial<Record<Status, Status>>>> = {
  opened: { opening: 'scheduled' },
  taught: { scheduled: 'live', live: 'live' },
  ended: { scheduled: 'ended', live: 'ended', ended: 'ended' },
};

/** The status after an event; `undefined` when it cannot happen. */
export const statusAfter = (status: Status, event: ClassEvent): Status | undefined => transitions[event][status];

/** The statuses that an event changes, for the update that does it. */
export const statusesChangedBy = (event: ClassEvent): Status[] =>
  Object.entries(transitions[event]).flatMap(([before, after]) => (before === after ? [] : [before as Status]));
