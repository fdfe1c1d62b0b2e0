/** Somebody who came into a class or left it, as TRTC or IM tell it. */
export interface PresenceEvent {
  classId: string;
  userId: string;
  source: 'trtc' | 'im';
  event: 'enter' | 'exit';
  /** Milliseconds since 1970, by the clock of the service that tells it. */
  atMs: number;
  /** The same for the enter and exit of one device; empty when the service does not say. */
  stay: string;
}

/** What limits the stays in a class. Times are milliseconds since 1970. */
export interface AttendanceLimits {
  classId: string;
  nowMs: number;
  /** Nobody is there any more from then on; `undefined` while the class goes on. */
  endMs: number | undefined;
  /** When whoever is removed now was. */
  removedMs: ReadonlyMap<string, number>;
}

/** How long somebody was in a class. Times are Unix seconds. */
export interface Attendance {
  userId: string;
  joinedAt: number;
  /** Absent while they are there. */
  leftAt?: number;
  /** What was spent there over several devices or services at once counts once. */
  seconds: number;
}

/** From coming to leaving, in milliseconds since 1970. */
interface Stay {
  /** What its enter and its exit have in common. */
  key: string;
  source: PresenceEvent['source'];
  fromMs: number;
  /** `Infinity` when nothing has told of it. */
  toMs: number;
}

/**
 * Folds the comings and goings of a class's people, in any order and however often told, into who was there for how long,
 * by first arrival. Enters into other classes' rooms may be among them: TRTC lets nobody be in two, so each ends what the
 * user had open here.
 */
export const foldAttendance = (events: readonly PresenceEvent[], limits: AttendanceLimits): Attendance[] =>
  [...byUser(events)]
    .flatMap(([userId, own]) => attendanceOf(userId, withImEnds(staysOf(own, limits.classId)), limits) ?? [])
    .sort((a, b) => a.joinedAt - b.joinedAt || (a.userId < b.userId ? -1 : 1));

const byUser = (events: readonly PresenceEvent[]): Map<string, PresenceEvent[]> => {
  const users = new Map<string, PresenceEvent[]>();
  for (const event of events) {
    const own = users.get(event.userId);
    if (own) own.push(event);
    else users.set(event.userId, [event]);
  }
  return users;
};

const staysOf = (events: readonly PresenceEvent[], classId: string): Stay[] => {
  const begins = (event: PresenceEvent) => event.event === 'enter' && event.classId === classId;
  // Of one moment, a stay begins before it ends.
  const inOrder = events.toSorted((a, b) => a.atMs - b.atMs || Number(begins(b)) - Number(begins(a)));
  const stays: Stay[] = [];
  const open = new Map<string, Stay>();
  const close = (stay: Stay, atMs: number) => {
    stay.toMs = atMs;
    open.delete(stay.key);
  };
  for (const event of inOrder) {
    const key = `${event.source} ${event.stay}`;
    const own = open.get(key);
    if (event.classId !== classId) {
      for (const stay of open.values()) if (stay.source === 'trtc') close(stay, event.atMs);
    } else if (event.event === 'exit') {
      if (own) close(own, event.atMs);
    } else if (!own) {
      const stay: Stay = { key, source: event.source, fromMs: event.atMs, toMs: Infinity };
      open.set(key, stay);
      stays.push(stay);
    }
  }
  return stays;
};

/** A closed tab does not say goodbye to IM: whom TRTC has seen leave since, and is not seeing, has left there too. */
const withImEnds = (stays: readonly Stay[]): Stay[] => {
  const leftMs = Math.max(...stays.filter(({ source }) => source === 'trtc').map(({ toMs }) => toMs));
  return stays.map((stay) =>
    stay.source === 'im' && stay.toMs === Infinity && stay.fromMs < leftMs ? { ...stay, toMs: leftMs } : stay,
  );
};

/** `undefined` for whoever came too late. */
const attendanceOf = (
  userId: string,
  stays: readonly Stay[],
  { nowMs, endMs = Infinity, removedMs }: AttendanceLimits,
): Attendance | undefined => {
  const lastMs = Math.min(endMs, removedMs.get(userId) ?? Infinity);
  const counted = stays
    .filter(({ fromMs }) => fromMs <= lastMs)
    .map(({ fromMs, toMs }) => ({ fromMs, toMs: Math.min(toMs, lastMs) }))
    .sort((a, b) => a.fromMs - b.fromMs);
  const [first] = counted;
  if (!first) return undefined;

  let totalMs = 0;
  let reachedMs = first.fromMs;
  for (const { fromMs, toMs } of counted) {
    const untilMs = toMs === Infinity ? nowMs : toMs;
    // Of what is counted already nothing is left, nor of a stay whose service has its clock ahead of ours.
    totalMs += Math.max(0, untilMs - Math.max(fromMs, reachedMs));
    reachedMs = Math.max(reachedMs, untilMs);
  }
  const isThere = counted.some(({ toMs }) => toMs === Infinity);
  return {
    userId,
    joinedAt: Math.floor(first.fromMs / 1000),
    ...(!isThere && { leftAt: Math.floor(reachedMs / 1000) }),
    seconds: Math.floor(totalMs / 1000),
  };
};
