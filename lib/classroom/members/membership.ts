import type { ReservedUserIds } from '../../auth/reserved-user-ids.ts';
import type { Database } from '../../db/database.ts';
import type { ImClient } from '../../im/client.ts';
import type { Log } from '../../log.ts';
import type { Trtc } from '../../trtc/client.ts';
import { createClassFinder } from '../class/class-finder.ts';
import { createClasses } from '../class/classes.ts';
import { createAccounts } from './accounts.ts';
import { createMemberSettling } from './member-settling.ts';
import { createMembers } from './members.ts';
import { createUsers } from './users.ts';

export interface MembershipOptions {
  database: Database;
  im: ImClient;
  /** For functions that put people out. */
  trtc?: Trtc;
  reserved: ReservedUserIds;
  log: Log;
  /** Milliseconds since 1970. */
  clock(): number;
}

/** The parts that change what people of a class may do, put together. */
export const createMembership = (options: MembershipOptions) => {
  const { database, im, reserved, clock } = options;
  const finder = createClassFinder(database);
  const classes = createClasses({ finder, clock });
  const accounts = createAccounts({ database, im, users: createUsers(database), clock });
  const memberSettling = createMemberSettling({ ...options, accounts });
  const members = createMembers({ database, finder, classes, reserved, settling: memberSettling, clock });
  return { classes, memberSettling, members };
};
