import { createHmac } from 'node:crypto';
import type { Fetch } from '../../lib/http/fetch.ts';
import { type CallbackPoster, createCallbackPoster } from '../callbacks/poster.ts';
import type { Faults } from '../faults.ts';
import type { Reporter } from '../feed.ts';
import type { RoomId } from './room-id.ts';

export interface TrtcCallbackOptions {
  /** Where to post. */
  url: string;
  /** The callback key. */
  key: string;
  sdkAppId: number;
  /** Milliseconds since 1970. */
  clock(): number;
  fetch: Fetch;
  faults: Faults;
  feed?: Reporter;
  timeoutMs?: number;
  sleep?(ms: number): Promise<unknown>;
}

export interface TrtcCallbacks extends Omit<CallbackPoster<unknown>, 'send'> {
  /** Tells the app's backend of an event that happens now; not waited for. `info` is its `EventInfo` beside room and time. */
  tell(eventType: number, roomId: RoomId, info: object): void;
}

/** Source: https://cloud.tencent.com/document/practice/647/51586 */
const documentedTimeoutMs = 5000;
/** Source: as above. */
const retries = { everyMs: 10_000, forMs: 60_000 };

/**
 * Posts TRTC's event callbacks as the real one does: signed over the body, 5 s, repeated for a minute until a 200 comes.
 * Ordered faults go by the event's type, as `TRTC.103`.
 * Source: https://cloud.tencent.com/document/practice/647/51586
 */
export const createTrtcCallbacks = ({
  url,
  key,
  sdkAppId,
  timeoutMs = documentedTimeoutMs,
  ...options
}: TrtcCallbackOptions): TrtcCallbacks => {
  const { clock } = options;
  const { send, ...poster } = createCallbackPoster({
    ...options,
    service: 'TRTC',
    timeoutMs,
    retries,
    read: (status) => (status === 200 ? 'received' : undefined),
  });
  const sign = (rawBody: string) => ({
    Sign: createHmac('sha256', key).update(rawBody).digest('base64'),
    SdkAppId: String(sdkAppId),
  });

  return {
    ...poster,
    tell(eventType, roomId, info) {
      const now = clock();
      // The hundreds of a type are its group: 1 of rooms, 3 of recordings.
      const EventGroupId = Math.floor(eventType / 100);
      const EventInfo = { RoomId: roomId, EventTs: Math.floor(now / 1000), EventMsTs: now, ...info };
      void send(`TRTC.${eventType}`, () => ({
        url,
        body: { EventGroupId, EventType: eventType, CallbackTs: clock(), EventInfo },
        sign,
      }));
    },
  };
};
