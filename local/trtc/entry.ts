import { unpackToken } from '../../lib/usersig/token.ts';
import { decodeUserBuf, privilege, type RoomPermission } from '../../lib/usersig/user-buf.ts';
import type { UserSigVerifier } from '../../lib/usersig/verifier.ts';
import { numericRoomId, type RoomId, stringRoomId } from './room-id.ts';
import type { Rooms } from './rooms.ts';

/** TRTC does not let a client in; the message says why. */
export class EntryRefusal extends Error {}

export interface EntryOptions {
  verifier: UserSigVerifier;
  sdkAppId: number;
  /** Milliseconds since 1970. */
  clock(): number;
  rooms: Pick<Rooms, 'isOpen'>;
}

/** Who may come into which room, and what for. */
export interface Entry {
  userId: string;
  roomId: RoomId;
  privileges: number;
}

/**
 * Reads the query of a client that wants in: `sdkappid`, `userid`, `usersig`, `roomid` or `strroomid`, `privatemapkey`.
 * Advanced permission control is on, so the PrivateMapKey must be of this user and room and allow entering; a room that
 * nobody is in needs the bit for creating it, too. Throws `EntryRefusal`.
 * Source: https://cloud.tencent.com/document/product/647/32240
 */
export const readEntry = (query: URLSearchParams, { verifier, sdkAppId, clock, rooms }: EntryOptions): Entry => {
  const now = Math.floor(clock() / 1000);
  const verify = (name: 'usersig' | 'privatemapkey', userId: string): string => {
    const token = query.get(name);
    if (!token) throw new EntryRefusal(`no ${name}`);
    const verdict = verifier.verify(token, { userId, now });
    if (!verdict.valid) throw new EntryRefusal(`bad ${name}: ${verdict.reason}`);
    return token;
  };

  if (query.get('sdkappid') !== String(sdkAppId)) throw new EntryRefusal('not our sdkappid');
  const userId = query.get('userid');
  if (!userId) throw new EntryRefusal('no userid');
  verify('usersig', userId);
  const roomId = readRoomId(query);
  const permission = readPermission(verify('privatemapkey', userId));
  if (permission.userId !== userId) throw new EntryRefusal('the privatemapkey is of another user');
  if (permission.sdkAppId !== sdkAppId) throw new EntryRefusal('the privatemapkey is of another sdkappid');
  if (permission.roomId !== roomId) throw new EntryRefusal('the privatemapkey is of another room');
  if (now > permission.expiresAt) throw new EntryRefusal('the permission has expired');
  const { privileges } = permission;
  if (!(privileges & privilege.enterRoom)) throw new EntryRefusal('not permitted to enter the room');
  if (!rooms.isOpen(roomId) && !(privileges & privilege.createRoom))
    throw new EntryRefusal('nobody is in the room, and not permitted to create it');
  return { userId, roomId, privileges };
};

/** The numeric one wins; 0 stands for none. */
const readRoomId = (query: URLSearchParams): RoomId => {
  const numeric = Number(query.get('roomid') ?? 0);
  const { data } = numeric === 0 ? stringRoomId.safeParse(query.get('strroomid')) : numericRoomId.safeParse(numeric);
  if (data === undefined) throw new EntryRefusal('no such roomid');
  return data;
};

/** A verified PrivateMapKey is a UserSig with a userbuf. */
const readPermission = (privateMapKey: string): RoomPermission => {
  const userBuf = unpackToken(privateMapKey)?.['TLS.userbuf'] ?? '';
  const permission = decodeUserBuf(Buffer.from(String(userBuf), 'base64'));
  if (!permission) throw new EntryRefusal('the privatemapkey names no room');
  return permission;
};
