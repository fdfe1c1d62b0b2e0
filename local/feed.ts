import { type WebSocket, WebSocketServer } from 'ws';
import type { FeedEvent, InvocationEvent, UpstreamEvent } from './feed-event.ts';
import { isFromForeignPage } from './http.ts';
import { presentable } from './presentable.ts';
import { refuseUpgrade, type Upgrade } from './upgrades.ts';

type Told<Event extends FeedEvent> = Omit<Event, 'id' | 'at' | 'ms'>;

/** Adds an event that began when this was made, and ends now. */
export type Tell = (event: Told<InvocationEvent> | Told<UpstreamEvent>) => void;

/** Where the parts of the local cloud tell what happens in them. */
export interface Reporter {
  /** Something begins. */
  begin(): Tell;
}

export interface Feed extends Reporter {
  /** Takes a listener, on `/local/feed`: it gets the latest events, then each as it happens, one a frame. */
  upgrade: Upgrade;
  /** Hangs up on all listeners. */
  close(): void;
}

/** For parts that nobody listens to. */
export const unheard: Reporter = { begin: () => () => {} };

const keptEvents = 300;
/** Whoever reads more slowly than this fills up is let go. */
const maxUnreadBytes = 16 * 1024 * 1024;

/** What happens in the local cloud, for the inspector. No secret gets in. */
export const createFeed = (clock: () => number): Feed => {
  const sockets = new WebSocketServer({ noServer: true });
  const kept: string[] = [];
  let lastId = 0;

  const send = (listener: WebSocket, text: string) => {
    if (listener.bufferedAmount > maxUnreadBytes) listener.terminate();
    else listener.send(text);
  };

  return {
    begin() {
      const at = clock();
      return (told) => {
        lastId += 1;
        const text = JSON.stringify({ id: lastId, at, ms: clock() - at, ...presentableEvent(told) });
        kept.push(text);
        if (kept.length > keptEvents) kept.shift();
        for (const listener of sockets.clients) send(listener, text);
      };
    },
    upgrade({ request, socket, head }) {
      if (isFromForeignPage(request)) return refuseUpgrade(socket, '403 Forbidden');
      sockets.handleUpgrade(request, socket, head, (listener) => {
        listener.on('error', () => listener.terminate());
        for (const text of kept) send(listener, text);
      });
    },
    close() {
      for (const listener of sockets.clients) listener.terminate();
      sockets.close();
    },
  };
};

/** Each part has room of its own, so that a long request leaves the reply readable. */
const presentableEvent = (event: object): object =>
  Object.fromEntries(Object.entries(event).map(([name, part]) => [name, presentable(part)]));
