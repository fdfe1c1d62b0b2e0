import type { Database } from '../../db/database.ts';
import type { Group, GroupType, ImClient } from '../../im/client.ts';
import type { Log } from '../../log.ts';
import { createRepairLog } from '../repair-log.ts';

/** A group that a failed creation may have left behind. */
export interface Leftover {
  classId: string;
  groupId: string;
  type: GroupType;
  ownerId: string;
  /** When the intent to make it was written, Unix seconds: what is older is not ours. */
  intentAt: number;
}

/** IM's clock and ours may differ by so much. */
const clockSkewSeconds = 30;

/** Whether a group is what a creation of ours has made: of its type and owner, and no older than its intent. */
export const isOurs = (found: Group, { type, ownerId, intentAt }: Leftover): boolean =>
  found.type === type && found.ownerId === ownerId && (found.createdAt ?? intentAt) >= intentAt - clockSkewSeconds;

export interface RepairsOptions {
  database: Database;
  im: Pick<ImClient, 'findGroup' | 'destroyGroup'>;
  log: Log;
  /** Milliseconds since 1970. */
  clock(): number;
}

/** Repair records: what could not be taken back at once, until it is. */
export const createRepairs = ({ database, im, log, clock }: RepairsOptions) => {
  /** Destroys the group if it is there and is what we made; throws when IM does not say. */
  const destroyIfOurs = async (leftover: Leftover): Promise<void> => {
    const found = await im.findGroup(leftover.groupId);
    if (found && isOurs(found, leftover)) await im.destroyGroup(leftover.groupId);
  };

  return {
    destroyIfOurs,

    /** Takes back a creation whose groups are settled or on record: the class and its unused room number are free again. */
    async abandon(classId: string, attempt: string, leftovers: readonly Leftover[]): Promise<void> {
      const now = Math.floor(clock() / 1000);
      const isRecorded = await database.transaction(async (sql) => {
        const rows =
          await sql`delete from classes where class_id = ${classId} and status = 'opening' and attempt = ${attempt} returning 1`;
        if (rows.length === 0) return false;
        await sql`delete from rooms where class_id = ${classId} and rests_until is null`;
        for (const { groupId, type, ownerId, intentAt } of leftovers) {
          await sql`insert into repairs (class_id, group_id, group_type, owner_id, intent_at, created_at) values (${classId}, ${groupId}, ${type}, ${ownerId}, ${intentAt}, ${now})`;
        }
        return leftovers.length > 0;
      });
      if (isRecorded) createRepairLog(log, { repair: 'leftover groups', classId }).due('not taken back');
    },

    /** Clears a class's repair records and answers how many; throws at the first that cannot be cleared. Call it under the class's lock. */
    async settle(classId: string): Promise<number> {
      const repairs = await database.run(
        (sql) => sql<(Leftover & { repairId: number; isClass: boolean })[]>`
          select repair_id as "repairId", class_id as "classId", group_id as "groupId", group_type as type, owner_id as "ownerId",
                 intent_at as "intentAt",
                 exists (select 1 from classes where classes.class_id = repairs.class_id) as "isClass"
          from repairs where class_id = ${classId} order by repair_id`,
      );
      for (const repair of repairs) {
        // Should the id have become a class meanwhile, the group is the class's.
        if (!repair.isClass) await destroyIfOurs(repair);
        await database.run((sql) => sql`delete from repairs where repair_id = ${repair.repairId}`);
      }
      return repairs.length;
    },

    async pending(): Promise<{ classId: string }[]> {
      return database.run(
        (sql) =>
          sql<
            { classId: string }[]
          >`select class_id as "classId" from repairs group by class_id order by min(created_at) limit 100`,
      );
    },
  };
};

export type Repairs = ReturnType<typeof createRepairs>;
