import type { Database } from '../db/database.ts';
import type { ImClient } from '../im/client.ts';
import type { Log } from '../log.ts';
import { createClassCreation } from './class/class-creation.ts';
import { createClassStore } from './class/class-store.ts';
import { createGroupOpening } from './groups/group-opening.ts';
import { createLateOpening } from './groups/late-opening.ts';
import { createRepairs } from './groups/repairs.ts';
import { createAccounts } from './members/accounts.ts';
import { createUsers } from './members/users.ts';
import type { Random } from './random.ts';

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
  const repairs = createRepairs({ database, im, log, clock });
  const accounts = createAccounts({ database, im, users, clock });
  const groups = createGroupOpening({ im, accounts, repairs, log });
  const creation = createClassCreation({ database, store, users, groups, repairs, random, log, clock });
  const lateOpening = createLateOpening({ database, store, groups, users });
  return { store, users, accounts, repairs, groups, creation, lateOpening };
};
