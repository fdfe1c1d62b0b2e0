import { computed, signal } from '@preact/signals';
import { type Answer, AnswerLost, ImRefusal, type Push, type Question, type Sig } from './frames.ts';

/** `elsewhere`: a newer login of the same user has taken its place. `refused`: IM does not let this user in. */
export type ConnectionStatus = 'connecting' | 'open' | 'reconnecting' | 'elsewhere' | 'refused' | 'closed';

/** What is used of a WebSocket. */
export interface Socket {
  send(text: string): void;
  close(): void;
  onopen: (() => void) | null;
  onmessage: ((event: { data: unknown }) => void) | null;
  onclose: ((event: { code: number; reason: string }) => void) | null;
}

export interface ImConnectionOptions {
  /** `ws://…/im` */
  url: string;
  openSocket(url: string): Socket;
  sig: Sig;
  /** Gets a fresh sig: before the present one runs out, or when IM does not take it any more. */
  renewSig(): Promise<Sig>;
  /** After each login, the first one and those after a cut. */
  onOpen(): void;
  onPush(push: Push): void;
}

/** From `badLogin` on, IM has ended it on purpose. */
const closeCodes = { badLogin: 4001, kicked: 4002 };
const backoffMs = [300, 1000, 2000, 4000, 8000];
const longestTimerMs = 2 ** 31 - 1;
const renewAgainMs = 8000;
const waitForOpenMs = 8000;

type Timer = ReturnType<typeof setTimeout>;

/** A client of the local IM: logs in, stays logged in, comes back after a cut, and renews its sig without a new login. */
export const createImConnection = ({ url, openSocket, renewSig, onOpen, onPush, ...options }: ImConnectionOptions) => {
  const status = signal<ConnectionStatus>('connecting');
  let { sig } = options;
  let socket: Socket | undefined;
  let failures = 0;
  let lastId = 0;
  let reconnectTimer: Timer | undefined;
  let renewTimer: Timer | undefined;
  /** Called at each change of the status. */
  const lookers = new Set<() => void>();
  const waiting = new Map<number, { resolve: (answer: Answer) => void; reject: (error: Error) => void }>();

  const become = (next: ConnectionStatus) => {
    status.value = next;
    for (const look of lookers) look();
  };

  const connect = () => {
    const { sdkAppId, userId, userSig } = sig;
    const query = new URLSearchParams({ sdkappid: String(sdkAppId), identifier: userId, usersig: userSig });
    const opened = openSocket(`${url}?${query}`);
    socket = opened;
    opened.onopen = () => {
      become('open');
      onOpen();
    };
    opened.onmessage = ({ data }) => take(JSON.parse(String(data)));
    opened.onclose = ({ code, reason }) => lost(opened, code, reason);
  };

  const take = (frame: Answer & Push & { id?: number }) => {
    // IM refuses a login after it has taken the connection: only a word of its own says that it is well.
    if (frame.event !== 'kicked') failures = 0;
    if (frame.id === undefined) return onPush(frame);
    waiting.get(frame.id)?.resolve(frame);
    waiting.delete(frame.id);
  };

  const lost = async (closed: Socket, code: number, reason: string) => {
    for (const { reject } of waiting.values()) reject(new AnswerLost(reason));
    waiting.clear();
    if (closed !== socket || isOver()) return;
    if (code === closeCodes.kicked && reason.includes('elsewhere')) {
      become('elsewhere');
      return;
    }
    failures += 1;
    if (code === closeCodes.badLogin && failures > 1) {
      become('refused');
      return;
    }
    become('reconnecting');
    const mayLogIn = code < closeCodes.badLogin || (await renew());
    if (isOver()) return;
    // Without a fresh sig IM would refuse again, which says nothing about the user.
    if (!mayLogIn) failures = 0;
    const waitMs = mayLogIn ? backoffMs[Math.min(failures, backoffMs.length) - 1] : renewAgainMs;
    reconnectTimer = setTimeout(connect, waitMs);
  };

  const isOver = () => ['elsewhere', 'refused', 'closed'].includes(status.value);

  const untilOpen = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const look = () => {
        if (status.value === 'open') settle(resolve);
        else if (isOver()) settle(fail);
      };
      const fail = () => reject(new AnswerLost('not connected'));
      const timer = setTimeout(() => settle(fail), waitForOpenMs);
      const settle = (how: () => void) => {
        clearTimeout(timer);
        lookers.delete(look);
        how();
      };
      lookers.add(look);
      look();
    });

  /** Asks, waiting for the connection when there is none just now. Throws `ImRefusal` and `AnswerLost`. */
  const ask = async (question: Question): Promise<Answer> => {
    if (status.value !== 'open') await untilOpen();
    lastId += 1;
    const id = lastId;
    const answer = await new Promise<Answer>((resolve, reject) => {
      waiting.set(id, { resolve, reject });
      socket?.send(JSON.stringify({ id, ...question }));
    });
    if (answer.ErrorCode !== 0) throw new ImRefusal(answer);
    return answer;
  };

  /** Gets a fresh sig, and has the session go on with it; answers whether there is one now. What fails is tried again soon: the sig in force still holds for a while. */
  const renew = async (): Promise<boolean> => {
    try {
      const fresh = await renewSig();
      if (status.value === 'open') await ask({ op: 'renew', userSig: fresh.userSig });
      sig = fresh;
      planRenewal();
      return true;
    } catch {
      planRenewal(renewAgainMs);
      return false;
    }
  };

  const planRenewal = (waitMs = Math.max(sig.refreshAt * 1000 - Date.now(), 1000)) => {
    clearTimeout(renewTimer);
    if (!isOver()) renewTimer = setTimeout(renew, Math.min(waitMs, longestTimerMs));
  };

  connect();
  planRenewal();
  return {
    status: computed(() => status.value),
    ask,
    /** Logs in anew, after another login has taken the place. */
    takeBack() {
      failures = 0;
      become('connecting');
      connect();
    },
    close() {
      become('closed');
      clearTimeout(reconnectTimer);
      clearTimeout(renewTimer);
      socket?.close();
    },
  };
};

export type ImConnection = ReturnType<typeof createImConnection>;
