import { computed, signal } from '@preact/signals';
import { type Answer, AnswerLost, ImRefusal, type Push, type Question, type Sig } from './frames.ts';

/** `elsewhere`: a newer login of the same user has taken its place. `refused`: IM does not let this user in. */
export type ConnectionStatus = 'connecting' | 'open' | 'reconnecting' | 'elsewhere' | 'refused' | 'closed';

export interface ImConnectionOptions {
  /** `ws://…/im` */
  url: string;
  sig: Sig;
  /** Gets a fresh sig: before the present one runs out, or when IM does not take it any more. */
  renewSig(): Promise<Sig>;
  /** After each login, the first one and those after a cut. */
  onOpen(): void;
  onPush(push: Push): void;
}

const closeCodes = { badLogin: 4001, kicked: 4002 };
const backoffMs = [300, 1000, 2000, 4000, 8000];
const longestTimerMs = 2 ** 31 - 1;
const waitForOpenMs = 8000;

/** A client of the local IM: logs in, stays logged in, comes back after a cut, and renews its sig without a new login. */
export const createImConnection = ({ url, renewSig, onOpen, onPush, ...options }: ImConnectionOptions) => {
  const status = signal<ConnectionStatus>('connecting');
  let { sig } = options;
  let socket: WebSocket | undefined;
  let failures = 0;
  let lastId = 0;
  let reconnectTimer: number | undefined;
  let renewTimer: number | undefined;
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
    const opened = new WebSocket(`${url}?${query}`);
    socket = opened;
    opened.onopen = () => {
      failures = 0;
      become('open');
      onOpen();
    };
    opened.onmessage = ({ data }) => take(JSON.parse(String(data)));
    opened.onclose = ({ code, reason }) => lost(opened, code, reason);
  };

  const take = (frame: Answer & Push & { id?: number }) => {
    if (frame.id === undefined) return onPush(frame);
    waiting.get(frame.id)?.resolve(frame);
    waiting.delete(frame.id);
  };

  const lost = async (closed: WebSocket, code: number, reason: string) => {
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
    if (code >= closeCodes.badLogin) await renew().catch(() => {});
    const waitMs = backoffMs[Math.min(failures, backoffMs.length) - 1];
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

  const renew = async () => {
    clearTimeout(renewTimer);
    sig = await renewSig();
    planRenewal();
  };

  /** Well before it runs out, and the session lives on. */
  const planRenewal = () => {
    const waitMs = Math.max(sig.refreshAt * 1000 - Date.now(), 1000);
    renewTimer = setTimeout(
      async () => {
        try {
          await renew();
          if (status.value === 'open') await ask({ op: 'renew', userSig: sig.userSig });
        } catch {
          // The one in force still holds for a while: tried again soon, and at the latest when IM hangs up.
          renewTimer = setTimeout(planRenewal, backoffMs.at(-1));
        }
      },
      Math.min(waitMs, longestTimerMs),
    );
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
