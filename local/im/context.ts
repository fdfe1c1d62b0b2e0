import type { Audience } from './audience.ts';
import type { CallbackSender } from './callbacks.ts';
import type { ImLimits } from './limits.ts';
import type { SecondCounts } from './second-counts.ts';
import type { ImState } from './state.ts';
import type { Turns } from './turns.ts';

/** What every operation of IM works on. */
export interface ImContext {
  readonly sdkAppId: number;
  readonly adminUserId: string;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
  readonly limits: ImLimits;
  /** A group's name, introduction and notification must hold none of them. */
  readonly refusedWords: readonly string[];
  readonly state: ImState;
  readonly callbacks: CallbackSender;
  readonly audience: Audience;
  /** Messages of this second, by group and priority. */
  readonly messageCounts: SecondCounts;
  readonly turns: Turns;
}

/** On whose behalf something is done, and from where. */
export interface Operator {
  readonly account: string;
  /** `RESTAPI`, or the platform of the client. */
  readonly platform: string;
}

export const nowSeconds = ({ clock }: ImContext): number => Math.floor(clock() / 1000);
