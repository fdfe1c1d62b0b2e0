import type { SigningKey } from '../../lib/usersig/signer.ts';
import { createUserSigVerifier } from '../../lib/usersig/verifier.ts';
import type { TencentAction } from '../api/action.ts';
import type { LocalReply, LocalRequest } from '../http.ts';
import type { Upgrade } from '../upgrades.ts';
import { createTrtcActions } from './actions.ts';
import type { TrtcCallbacks } from './callbacks.ts';
import { createRecordings } from './recordings.ts';
import { createRooms } from './rooms.ts';
import { createSessions } from './sessions.ts';

export interface TrtcOptions {
  sdkAppId: number;
  key: SigningKey;
  /** Milliseconds since 1970. */
  clock(): number;
  callbacks: TrtcCallbacks;
}

export interface Trtc {
  /** What the API does for TRTC, by `X-TC-Action`. */
  readonly actions: Readonly<Record<string, TencentAction>>;
  /** Lets a client into a room by WebSocket, on `/trtc`. */
  upgrade: Upgrade;
  /** Answers `/local/trtc/recording`. */
  recording(request: LocalRequest): LocalReply;
  /** Hangs up on every client, which ends their stays. Callbacks under way are the sender's: its `stop` waits for them. */
  close(): Promise<void>;
}

/** Tencent's TRTC on this machine, without audio and video: rooms, the API's part in them, and event callbacks. */
export const createTrtc = ({ sdkAppId, key, clock, callbacks }: TrtcOptions): Trtc => {
  const rooms = createRooms({ clock, callbacks });
  const sessions = createSessions({ verifier: createUserSigVerifier(sdkAppId, key), sdkAppId, clock, rooms });
  return {
    actions: createTrtcActions({ sdkAppId, rooms }),
    upgrade: sessions.upgrade,
    recording: createRecordings({ clock, callbacks }),
    close: sessions.close,
  };
};
