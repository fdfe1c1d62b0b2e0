import { once } from 'node:events';
import { WebSocket } from 'ws';

// biome-ignore lint/suspicious/noExplicitAny: each test says itself what it expects of a frame
type Frame = any;

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
  const pushes: Frame[] = [];
  const waiting: { fits: (push: Frame) => boolean; take: (push: Frame) => void }[] = [];
  let lastId = 0;
  socket.on('message', (data) => {
    const frame = JSON.parse(String(data));
    if ('id' in frame) return replies.get(frame.id)?.(frame);
    const index = waiting.findIndex(({ fits }) => fits(frame));
    if (index < 0) pushes.push(frame);
    else waiting.splice(index, 1)[0]?.take(frame);
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
    next(fits = () => true) {
      const index = pushes.findIndex(fits);
      return index < 0
        ? new Promise((take) => waiting.push({ fits, take }))
        : Promise.resolve(pushes.splice(index, 1)[0]);
    },
    close: () => socket.terminate(),
  };
};
