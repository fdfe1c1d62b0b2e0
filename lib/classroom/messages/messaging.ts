import type { Database } from '../../db/database.ts';
import type { ImClient } from '../../im/client.ts';
import type { Log } from '../../log.ts';
import type { Accounts } from '../members/accounts.ts';
import type { Random } from '../random.ts';
import { createBudget } from './budget.ts';
import { createMessenger } from './messenger.ts';
import { createOutbox } from './outbox.ts';

export interface MessagingOptions {
  database: Database;
  im: ImClient;
  accounts: Accounts;
  random: Random;
  log: Log;
  /** Milliseconds since 1970. */
  clock(): number;
  sleep(ms: number): Promise<unknown>;
}

/** The parts that bring messages into the groups of a class, put together. */
export const createMessaging = ({ database, im, accounts, random, log, clock, sleep }: MessagingOptions) => {
  const budget = createBudget({ database, clock });
  const messenger = createMessenger({ im, accounts });
  const outbox = createOutbox({ database, im, messenger, budget, random, log, clock, sleep });
  return { budget, messenger, outbox };
};
