/** TRTC's permission bits. Source: https://cloud.tencent.com/document/product/647/32240 */
export const privilege = {
  createRoom: 1,
  enterRoom: 2,
  sendAudio: 4,
  receiveAudio: 8,
  sendVideo: 16,
  receiveVideo: 32,
  sendScreen: 64,
  receiveScreen: 128,
} as const;

export interface RoomPermission {
  userId: string;
  sdkAppId: number;
  /** A number is TRTC's numeric room, a string its string room: 123 and "123" are two rooms. */
  roomId: number | string;
  privileges: number;
  /** Unix seconds. */
  expiresAt: number;
}

/**
 * Writes the binary userbuf that turns a UserSig into a PrivateMapKey, big-endian:
 * version (1) · account length (2) · account · SDKAppID (4) · numeric room (4) · expiry (4) · privileges (4) ·
 * account type (4) · and for a string room its length (2) and bytes. Lengths count bytes, not characters.
 * Source: https://github.com/tencentyun/tls-sig-api-v2-golang
 */
export const encodeUserBuf = ({ userId, sdkAppId, roomId, privileges, expiresAt }: RoomPermission): Buffer => {
  const account = Buffer.from(userId);
  const room = typeof roomId === 'string' ? Buffer.from(roomId) : undefined;
  const buffer = Buffer.alloc(23 + account.length + (room ? 2 + room.length : 0));
  let at = buffer.writeUInt8(room ? 1 : 0, 0);
  at = buffer.writeUInt16BE(account.length, at);
  at += account.copy(buffer, at);
  for (const word of [sdkAppId, typeof roomId === 'number' ? roomId : 0, expiresAt, privileges, 0])
    at = buffer.writeUInt32BE(word, at);
  if (room) room.copy(buffer, buffer.writeUInt16BE(room.length, at));
  return buffer;
};

/** Reads a userbuf; `undefined` when its lengths do not add up. */
export const decodeUserBuf = (buffer: Buffer): RoomPermission | undefined => {
  if (buffer.length < 23) return undefined;
  const version = buffer.readUInt8(0);
  const end = 3 + buffer.readUInt16BE(1);
  if (version > 1 || buffer.length < end + 20 + (version === 1 ? 2 : 0)) return undefined;
  const roomLength = version === 1 ? buffer.readUInt16BE(end + 20) : undefined;
  if (buffer.length !== end + 20 + (roomLength === undefined ? 0 : 2 + roomLength)) return undefined;
  return {
    userId: buffer.toString('utf8', 3, end),
    sdkAppId: buffer.readUInt32BE(end),
    roomId: roomLength === undefined ? buffer.readUInt32BE(end + 4) : buffer.toString('utf8', end + 22),
    expiresAt: buffer.readUInt32BE(end + 8),
    privileges: buffer.readUInt32BE(end + 12),
  };
};
