import { type Group, isHidden, rulesOf } from './group.ts';

/** One logged-in client. */
export interface Session {
  readonly account: string;
  /** As callbacks name it: `Web`, `Android`, … */
  readonly platform: string;
  /** The AVChatRooms that this session has joined. */
  readonly rooms: Set<string>;
  push(event: ImEvent): void;
  /** Goes on with a fresh sig of the same account. Throws the code of a bad one. */
  renew(userSig: string): void;
  /** Tells the client why, and closes. */
  kick(reason: KickReason): void;
}

/** Why a session ends from IM's side, as its client is told. */
export type KickReason = 'login elsewhere' | 'usersig expired';

export interface ImEvent {
  event: 'message' | 'system' | 'kicked';
  groupId?: string;
  [field: string]: unknown;
}

/** Who is online, and who hears what. */
export interface Audience {
  add(session: Session): void;
  remove(session: Session): void;
  sessionsOf(account: string): Session[];
  /** Accounts that are in an AVChatRoom now, in the order of their logins. */
  present(groupId: string): string[];
  /** To everybody whom the group's messages reach, or to those of them who are named. */
  tell(group: Group, event: ImEvent, accounts?: readonly string[]): void;
}

export const createAudience = (): Audience => {
  const sessions = new Set<Session>();
  const sessionsOf = (account: string) => [...sessions].filter((session) => session.account === account);

  const hears = (group: Group, session: Session) => {
    if (!rulesOf(group).isStored) return session.rooms.has(group.groupId);
    return group.members.has(session.account) && (!isHidden(group) || session.account === group.owner);
  };

  return {
    add: (session) => void sessions.add(session),
    remove: (session) => void sessions.delete(session),
    sessionsOf,
    present: (groupId) => [
      ...new Set([...sessions].filter(({ rooms }) => rooms.has(groupId)).map(({ account }) => account)),
    ],
    tell(group, event, accounts) {
      for (const session of sessions)
        if (hears(group, session) && (accounts?.includes(session.account) ?? true)) session.push(event);
    },
  };
};
