import { once } from 'node:events';
import { WebSocket } from 'ws';
import { createPushes, type Frame } from './pushes.ts';

/** A TRTC client's stay in a room. */
export interface TrtcSession {
  /** What it is told when it is in. Rejects with `closed`'s text when it is not let in. */
  entered: Promise<Frame>;
  /** The oldest push not yet taken that fits, waited for if need be; those before it stay. */
  next(fits?: (push: Frame) => boolean): Promise<Frame>;
  /** How it ended: `<code> <reason>`. */
  closed: Promise<string>;
  /** Leaves, with a code or without, as clients do that say so. */
  close(code?: number): void;
  /** Is gone without a word. */
  drop(): void;
}

export interface TrtcEntry {
  sdkAppId: number | string;
  userId: string;
  userSig: string;
  /** A number is a numeric room, a string a string room. */
  roomId: number | string;
  privateMapKey: string;
}

/** Enters a room of the TRTC of a local cloud; the stay ends with the cloud at the latest. */
export const openTrtcSession = (cloud: string, entry: TrtcEntry): TrtcSession => {
  const { sdkAppId, userId, userSig, roomId, privateMapKey } = entry;
  const query = new URLSearchParams({
    sdkappid: String(sdkAppId),
    userid: userId,
    usersig: userSig,
    [typeof roomId === 'number' ? 'roomid' : 'strroomid']: String(roomId),
    privatemapkey: privateMapKey,
  });
  const socket = new WebSocket(`${cloud.replace('http', 'ws')}/trtc?${query}`);
  const pushes = createPushes();
  socket.on('message', (data) => pushes.take(JSON.parse(String(data))));
  const closed = once(socket, 'close').then(([code, reason]) => `${code} ${reason}`);
  const refused = closed.then((how) => Promise.reject(new Error(how)));
  const entered = Promise.race([pushes.next(({ event }) => event === 'entered'), refused]);
  // Who is not interested need not wait for it.
  entered.catch(() => undefined);
  return {
    entered,
    next: pushes.next,
    closed,
    close: (code) => socket.close(code),
    drop: () => socket.terminate(),
  };
};
