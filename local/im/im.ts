import type { SigningKey } from '../../lib/usersig/signer.ts';
import { createUserSigVerifier } from '../../lib/usersig/verifier.ts';
import type { Faults } from '../faults.ts';
import { type Reporter, unheard } from '../feed.ts';
import type { LocalReply, LocalRequest } from '../http.ts';
import { pause } from '../pause.ts';
import type { Upgrade } from '../upgrades.ts';
import { createAudience } from './audience.ts';
import type { CallbackSender } from './callbacks.ts';
import type { ImContext } from './context.ts';
import { importAccount } from './import-account.ts';
import { defaultLimits, type ImLimits } from './limits.ts';
import { createRest } from './rest.ts';
import { createSecondCounts } from './second-counts.ts';
import { createSessions } from './sessions.ts';
import { createImState, type ImState } from './state.ts';
import { createTurns } from './turns.ts';

export interface ImOptions {
  sdkAppId: number;
  key: SigningKey;
  adminUserId: string;
  /** Milliseconds since 1970. */
  clock(): number;
  faults: Faults;
  feed?: Reporter;
  callbacks: CallbackSender;
  limits?: Partial<ImLimits>;
  /** A group's name and texts that hold one of them are refused with 80001. */
  refusedWords?: readonly string[];
  state?: ImState;
  sleep?(ms: number): Promise<unknown>;
}

export interface Im {
  /** Answers `/v4/<service>/<command>`. */
  rest(request: LocalRequest): Promise<LocalReply>;
  /** Logs a client in by WebSocket, on `/im`. */
  upgrade: Upgrade;
  /** Hangs up on every client. Callbacks under way are the sender's: `idle` waits for them. */
  close(): void;
  readonly state: ImState;
}

/** Tencent IM on this machine: REST API, callbacks and client sessions over one state. */
export const createIm = ({ state = createImState(), sleep = pause, ...options }: ImOptions): Im => {
  const { sdkAppId, key, adminUserId, clock, faults, feed = unheard, callbacks } = options;
  const im: ImContext = {
    sdkAppId,
    adminUserId,
    clock,
    limits: { ...defaultLimits, ...options.limits },
    refusedWords: options.refusedWords ?? [],
    state,
    callbacks,
    audience: createAudience(),
    messageCounts: createSecondCounts(clock),
    turns: createTurns(),
  };
  const credentials = { verifier: createUserSigVerifier(sdkAppId, key), sdkAppId, clock };
  const sessions = createSessions({ im, credentials, faults, feed });
  importAccount(im, adminUserId);
  return {
    rest: createRest({ im, credentials, faults, feed, sleep }),
    upgrade: sessions.upgrade,
    close: sessions.close,
    state,
  };
};
