import type { Database } from '../db/database.ts';
import type { ImClient } from '../im/client.ts';
import type { Log } from '../log.ts';
import { createClassCreation } from './class-creation.ts';
import { createClassStore } from './class-store.ts';
import { createGroupOpening } from './group-opening.ts';
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

/** The parts that make classes, put together. */
export const createClassroom = ({ database, im, random, log, clock }: ClassroomOptions) => {
  const store = createClassStore({ database, random, clock });
  const users = createUsers(database);
  const repairs = createRepairs({ database, im, clock });
  const groups = createGroupOpening({ im, repairs, log });
  const creation = createClassCreation({ database, store, users, groups, repairs, random, log, clock });
  return { store, users, repairs, creation };
};
