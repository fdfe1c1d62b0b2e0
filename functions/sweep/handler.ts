import type { Log } from '../../lib/log.ts';
import { timerEndpoint } from '../../lib/scf/timer-endpoint.ts';
import type { SweepOutput } from './schema.ts';

export interface Deps {
  log: Log;
  /** Milliseconds since 1970. */
  clock(): number;
  sweep(): Promise<SweepOutput>;
}

/** `sweep`, every minute: finishes what killed and failed invocations left behind. */
export const createHandler = ({ log, clock, sweep }: Deps) => timerEndpoint(log, clock, sweep);
