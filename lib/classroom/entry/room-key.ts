import type { UserSigSigner } from '../../usersig/signer.ts';
import { privilege } from '../../usersig/user-buf.ts';
import type { Lesson } from '../class/class.ts';

const { createRoom, enterRoom, sendAudio, receiveAudio, sendVideo, receiveVideo, sendScreen, receiveScreen } =
  privilege;

const listen = enterRoom | receiveAudio | receiveVideo | receiveScreen;

/** What a PrivateMapKey lets its holder do in the room of a class. */
export const roomPrivileges = {
  /** Everything, for teacher, assistants and whoever holds the board. */
  full: createRoom | sendAudio | sendVideo | sendScreen | listen,
  /** Sees and hears, and may be the first to come in: for students of a class that is live. */
  seated: createRoom | listen,
  /** Sees and hears, once somebody else has come in: for students who wait for their class. */
  waiting: listen,
} as const;

export interface RoomKey {
  privateMapKey: string;
  /** Unix seconds. */
  privateMapKeyExpiresAt: number;
}

interface RoomKeyRequest {
  /** One of `roomPrivileges`. */
  privileges: number;
  /** Unix seconds. */
  issuedAt: number;
  ttlSeconds: number;
}

/** The key with which somebody enters the room of a class. */
export const roomKey = (
  signer: Pick<UserSigSigner, 'signPrivateMapKey'>,
  { roomId }: Pick<Lesson, 'roomId'>,
  userId: string,
  { privileges, issuedAt, ttlSeconds }: RoomKeyRequest,
): RoomKey => ({
  privateMapKey: signer.signPrivateMapKey({ userId, roomId, privileges, issuedAt, ttlSeconds }),
  privateMapKeyExpiresAt: issuedAt + ttlSeconds,
});
