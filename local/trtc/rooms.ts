import type { TrtcCallbacks } from './callbacks.ts';
import type { RoomId } from './room-id.ts';

/** The events of a room. Source: https://cloud.tencent.com/document/practice/647/51586 */
const events = { created: 101, dismissed: 102, entered: 103, exited: 104 } as const;

/** The only one of those for entering that happens here: not by a switch of the network, nor out of another room. */
const enterReason = 1;

/** Why a stay is over, as its last event numbers it. Source: as above. */
const exitReasons = { normal: 1, timeout: 2, evicted: 3, removed: 4, dismissed: 6 } as const;

/** How a stay ends that its user did not end. */
type Expulsion = 'evicted' | 'removed' | 'dismissed';

/** Somebody who comes in. */
export interface Visitor {
  readonly roomId: RoomId;
  readonly userId: string;
  /** Tells the client why, and hangs up. */
  expel(why: Expulsion): void;
}

/** From entering a room to leaving it. */
interface Stay extends Visitor {
  /** The same in the events of its two ends. */
  readonly uniqueId: number;
}

export interface RoomsOptions {
  /** Milliseconds since 1970. */
  clock(): number;
  callbacks: Pick<TrtcCallbacks, 'tell'>;
}

/** Who is in which room. A room is there as long as somebody is in it. */
export interface Rooms {
  isOpen(roomId: RoomId): boolean;
  /** Lets a visitor in, and out of wherever the same user still is. Answers how to leave. */
  enter(visitor: Visitor): (how: 'normal' | 'timeout') => void;
  /** Puts out those of the users who are in; false when none of them is. */
  remove(roomId: RoomId, userIds: readonly string[]): boolean;
  /** Puts everybody out. */
  dismiss(roomId: RoomId): void;
}

/** Keeps the rooms, and tells the app's backend what happens in them. */
export const createRooms = ({ clock, callbacks: { tell } }: RoomsOptions): Rooms => {
  const stays = new Set<Stay>();
  let lastUniqueId = 0;

  const staysIn = (roomId: RoomId) => [...stays].filter((stay) => stay.roomId === roomId);
  const isOpen = (roomId: RoomId) => staysIn(roomId).length > 0;

  const end = (stay: Stay, how: keyof typeof exitReasons) => {
    // A client that was put out hangs up later.
    if (!stays.delete(stay)) return;
    tell(events.exited, stay.roomId, { ...describe(stay), Reason: exitReasons[how] });
    if (!isOpen(stay.roomId)) tell(events.dismissed, stay.roomId, {});
  };
  const expel = (stay: Stay, why: Expulsion) => {
    end(stay, why);
    stay.expel(why);
  };

  return {
    isOpen,
    enter(visitor) {
      const { roomId, userId } = visitor;
      const older = [...stays].find((stay) => stay.userId === userId);
      const isNew = !isOpen(roomId);
      // Those of the real service look like its clock, too.
      lastUniqueId = Math.max(clock(), lastUniqueId + 1);
      const stay: Stay = { ...visitor, uniqueId: lastUniqueId };
      // It is in before the older one is out, so that a room does not end in between.
      stays.add(stay);
      if (older) expel(older, 'evicted');
      if (isNew) tell(events.created, roomId, { UserId: userId });
      tell(events.entered, roomId, { ...describe(stay), Reason: enterReason });
      return (how) => end(stay, how);
    },
    remove(roomId, userIds) {
      const found = staysIn(roomId).filter(({ userId }) => userIds.includes(userId));
      for (const stay of found) expel(stay, 'removed');
      return found.length > 0;
    },
    dismiss(roomId) {
      for (const stay of staysIn(roomId)) expel(stay, 'dismissed');
    },
  };
};

/** An anchor, as everybody is in a call, on a native client. */
const describe = ({ userId, uniqueId }: Stay) => ({
  UserId: userId,
  UniqueId: uniqueId,
  Role: 20,
  TerminalType: 4,
  UserType: 3,
});
