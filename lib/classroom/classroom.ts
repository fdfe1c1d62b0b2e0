import type { Database } from '../db/database.ts';
import type { ImClient } from '../im/client.ts';
import type { Log } from '../log.ts';
import { createAccounts } from './accounts.ts';
import { createClassCreation } from './class-creation.ts';
import { createClassStore } from './class-store.ts';
import { createGroupOpening } from './group-opening.ts';
import { createLateOpening } from './late-opening.ts';
import type { Random } from './random.ts';
import { createRepairs } from './repairs.ts';
import { createUsers } from './users.ts';

export interface ClassroomOptions {
  database: Database;
  im: ImClient;
  random: Random;
  log: Log;
  /** Milliseconds since 1970. */
  clock(): number;
}

/** The parts that make classes and their groups, put together. */
export const createClassroom = ({ database, im, random, log, clock }: ClassroomOptions) => {
  const store = createClassStore({ database, random, clock });
  const users = createUsers(database);
  const repairs = createRepairs({ database, im, clock });
  const accounts = createAccounts({ database, im, users, clock });
  const groups = createGroupOpening({ im, accounts, repairs, log });
  const creation = createClassCreation({ database, store, users, groups, repairs, random, log, clock });
  const lateOpening = createLateOpening({ database, store, groups, users });
  return { store, users, accounts, repairs, groups, creation, lateOpening };
};
