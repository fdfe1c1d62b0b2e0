import type { Database } from '../../db/database.ts';
import type { ImClient } from '../../im/client.ts';
import { onceMore, unless } from '../../im/retry.ts';
import type { Log } from '../../log.ts';
import { groupName } from '../groups/group-name.ts';
import { createRepairLog } from '../repair-log.ts';
import { finishAll, settleEach } from '../settling.ts';
import { chatGroupId, replayGroupId } from './class.ts';

export interface ClassSettlingOptions {
  database: Database;
  im: Pick<ImClient, 'changeGroup'>;
  log: Log;
}

interface ClassState {
  classId: string;
  name: string;
  muted: boolean;
  nameUnsettled: boolean;
  muteUnsettled: boolean;
}

const refusedText = 80001;

/**
 * Tells IM what a class's row says and IM does not know: its name, and whether it is muted. Only while the class goes on
 * and has its groups; until then it stays unsettled.
 */
export const createClassSettling = ({ database, im, log }: ClassSettlingOptions) => {
  const read = async (classId: string): Promise<ClassState | undefined> => {
    const [row] = await database.run(
      (sql) => sql<ClassState[]>`
        select class_id as "classId", name, muted, name_unsettled as "nameUnsettled", mute_unsettled as "muteUnsettled"
        from classes where class_id = ${classId} and groups = 'open' and status in ('scheduled', 'live')`,
    );
    return row;
  };

  const tellMute = async ({ classId, muted }: ClassState): Promise<void> => {
    await onceMore(() => im.changeGroup(chatGroupId(classId), { muted }));
    await database.run(
      (sql) => sql`update classes set mute_unsettled = false where class_id = ${classId} and muted = ${muted}`,
    );
  };

  const rename = (groupId: string, name: string): Promise<void> =>
    onceMore(() => im.changeGroup(groupId, { name: groupName(name) }));

  const tellName = async ({ classId, name }: ClassState): Promise<void> => {
    const renameGroup = (groupId: string) =>
      rename(groupId, name).catch(unless(refusedText, () => rename(groupId, classId)));
    await finishAll([renameGroup(chatGroupId(classId)), renameGroup(replayGroupId(classId))]);
    await database.run(
      (sql) => sql`update classes set name_unsettled = false where class_id = ${classId} and name = ${name}`,
    );
  };

  /** Tells it whole, even when a part fails; throws the first failure of IM's. Answers whether nothing is left untold. */
  const tell = async (classId: string): Promise<boolean> => {
    const state = await read(classId);
    if (!state) return false;
    await finishAll([state.muteUnsettled && tellMute(state), state.nameUnsettled && tellName(state)]);
    return true;
  };

  const repairLogOf = ({ classId }: { classId: string }) =>
    createRepairLog(log, { repair: 'unsettled class', classId });

  return {
    /**
     * Tells what a call has changed, even when a part fails; then throws the first failure of IM's, and leaves the rest to
     * the sweep. `wasUnsettled`: an earlier call has left it so. Call it under the class's lock.
     */
    async settle(classId: string, wasUnsettled = false): Promise<void> {
      try {
        if ((await tell(classId)) && wasUnsettled) repairLogOf({ classId }).done();
      } catch (error) {
        repairLogOf({ classId }).due(error);
        throw error;
      }
    },

    /** Settles the classes that an earlier call left; one failure does not stop the rest. Answers how many. */
    async settlePending(): Promise<number> {
      // In no order, so that those which keep failing leave room for others.
      const pending = await database.run(
        (sql) => sql<{ classId: string }[]>`
          select class_id as "classId" from classes
          where (mute_unsettled or name_unsettled) and groups = 'open' and status in ('scheduled', 'live')
          order by random() limit 100`,
      );
      return settleEach(pending, ({ classId }) => tell(classId), repairLogOf, database);
    },
  };
};

export type ClassSettling = ReturnType<typeof createClassSettling>;
