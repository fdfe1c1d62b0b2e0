import * as z from 'zod/mini';
import type { OrderedFault } from './feed-event.ts';

/** One order: what shall go wrong with the next `times` calls of a command. */
export const faultSchema = z.strictObject({
  /**
   * An IM command (`create_group`), an `X-TC-Action` (`GetFederationToken`), an operation of COS (`PutObject`), a callback
   * (`Group.CallbackBeforeSendMsg`, `TRTC.103`), `PostgreSQL` for what a function sends to the database, `socket` for what
   * a client sends to IM, or what SCF does after it has answered: `Creating`, `Updating`, `Publishing`, `Deleting`,
   * `Reserving`, `Provisioning`.
   */
  command: z.string().check(z.minLength(1)),
  times: z._default(z.int().check(z.minimum(1), z.maximum(1_000_000)), 1),
  /** Refuse with this code, of PostgreSQL an SQLSTATE, instead of doing it. Of a callback: it is not sent. */
  errorCode: z.optional(z.union([z.int(), z.string()])),
  /** Do it, and hold the reply back for so long. Of a callback: hold the callback back. */
  delayMs: z.optional(z.int().check(z.minimum(0), z.maximum(600_000))),
  /** Do it, and lose the reply. A `socket` is cut in any case. */
  dropReply: z.optional(z.boolean()),
  /** Of a callback: send it twice. */
  duplicate: z.optional(z.boolean()),
});

export type Fault = z.output<typeof faultSchema>;

export interface Faults {
  /** Orders of one command are served first come, first served. */
  order(fault: Fault): void;
  /** The fault that this call shall suffer, if any; counts it. */
  take(command: string): OrderedFault | undefined;
  pending(): Fault[];
  clear(): void;
}

/** The faults of one local cloud. */
export const createFaults = (): Faults => {
  let orders: Fault[] = [];
  return {
    order: (fault) => void orders.push({ ...fault }),
    take(command) {
      const fault = orders.find((order) => order.command === command);
      if (!fault) return undefined;
      fault.times -= 1;
      if (fault.times === 0) orders = orders.filter((order) => order !== fault);
      const { command: _, times, ...ordered } = fault;
      return ordered;
    },
    pending: () => orders.map((order) => ({ ...order })),
    clear() {
      orders = [];
    },
  };
};
