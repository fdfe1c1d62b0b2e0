import { once } from 'node:events';
import { WebSocket } from 'ws';
import { createPushes, type Frame } from './pushes.ts';

/** An IM client's long connection. */
export interface ImSession {
  /** Sends a frame and answers its reply. */
  ask(frame: object): Promise<Frame>;
  /** The oldest push not yet taken that fits, waited for if need be; those before it stay. */
  next(fits?: (push: Frame) => boolean): Promise<Frame>;
  close(): void;
}

export interface ImLogin {
  sdkAppId: number | string;
  userId: string;
  userSig: string;
}

const urlOf = (cloud: string, { sdkAppId, userId, userSig }: ImLogin) =>
  `${cloud.replace('http', 'ws')}/im?${new URLSearchParams({ sdkappid: String(sdkAppId), identifier: userId, usersig: userSig })}`;

/** Logs in, and answers the reason of the close that follows when IM does not take the sig. */
export const refusedLogin = async (cloud: string, login: ImLogin): Promise<string> => {
  const [code, reason] = await once(new WebSocket(urlOf(cloud, login)), 'close');
  return `${code} ${reason}`;
};

/** Logs in to the IM of a local cloud; the session ends with the cloud at the latest. */
export const openImSession = async (cloud: string, login: ImLogin): Promise<ImSession> => {
  const socket = new WebSocket(urlOf(cloud, login));
  const replies = new Map<number, (reply: Frame) => void>();
  const pushes = createPushes();
  let lastId = 0;
  socket.on('message', (data) => {
    const frame = JSON.parse(String(data));
    if ('id' in frame) return replies.get(frame.id)?.(frame);
    pushes.take(frame);
  });
  await once(socket, 'open');
  return {
    ask(frame) {
      lastId += 1;
      const id = lastId;
      const reply = new Promise<Frame>((resolve) => replies.set(id, resolve));
      socket.send(JSON.stringify({ id, ...frame }));
      return reply;
    },
    next: pushes.next,
    close: () => socket.terminate(),
  };
};
