import { computed, signal } from '@preact/signals';
import type { FeedEvent } from '../../../feed-event.ts';

const keptEvents = 300;
const reconnectMs = 1500;

/** The local cloud's own story of what happens in it, for as long as somebody listens. */
export const listenToFeed = (url: string) => {
  const events = signal<readonly FeedEvent[]>([]);
  const isConnected = signal(false);
  const listeners = new Set<(event: FeedEvent) => void>();
  let socket: WebSocket | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  /** Of a row of events that came together only the last draws the page. */
  let arrived: FeedEvent[] = [];

  const show = () => {
    events.value = [...events.value, ...arrived].slice(-keptEvents);
    arrived = [];
  };

  const connect = () => {
    const opened = new WebSocket(url);
    socket = opened;
    opened.onopen = () => {
      // The latest come again, and after a restart of the cloud their numbers begin anew.
      events.value = [];
      arrived = [];
      isConnected.value = true;
    };
    opened.onmessage = ({ data }) => {
      const event: FeedEvent = JSON.parse(String(data));
      if (arrived.length === 0) requestAnimationFrame(show);
      arrived.push(event);
      for (const listener of listeners) listener(event);
    };
    opened.onclose = () => {
      if (opened !== socket) return;
      isConnected.value = false;
      timer = setTimeout(connect, reconnectMs);
    };
  };

  return {
    /** Oldest first. */
    events: computed(() => events.value),
    isConnected: computed(() => isConnected.value),
    open() {
      if (!socket) connect();
    },
    close() {
      clearTimeout(timer);
      const closing = socket;
      socket = undefined;
      closing?.close();
      isConnected.value = false;
    },
    /** Hears each event, those of before the connection too. */
    onEvent(listener: (event: FeedEvent) => void) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
};

export type Feed = ReturnType<typeof listenToFeed>;
