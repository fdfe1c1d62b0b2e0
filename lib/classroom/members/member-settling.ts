import type { Database } from '../../db/database.ts';
import { AppError } from '../../errors.ts';
import { forGood, type ImClient } from '../../im/client.ts';
import { onceMore, unless } from '../../im/retry.ts';
import type { Log } from '../../log.ts';
import type { Trtc } from '../../trtc/client.ts';
import { chatGroupId, type Lesson, replayGroupId } from '../class/class.ts';
import { createRepairLog } from '../repair-log.ts';
import { finishAll, settleEach } from '../settling.ts';
import type { Accounts } from './accounts.ts';

export interface MemberSettlingOptions {
  database: Database;
  im: Pick<ImClient, 'addMember' | 'removeMember' | 'muteMember' | 'banMember' | 'unbanMember'>;
  /** Absent in functions that put nobody out: they leave removals to those that do. */
  trtc?: Pick<Trtc, 'removeUser'>;
  accounts: Pick<Accounts, 'withAccount'>;
  log: Log;
  /** Milliseconds since 1970. */
  clock(): number;
}

interface MemberState {
  classId: string;
  userId: string;
  roomId: number;
  hasGroups: boolean;
  removedAt: number | null;
  mutedUntil: number;
  board: boolean;
  boardUnsettled: boolean;
  muteUnsettled: boolean;
  removalUnsettled: boolean;
}

const groupFull = 10014;

/**
 * Tells IM and TRTC what a member's row says and they do not know: whether they are in the ReplayGroup, until when they are
 * muted, whether they are removed. Only while the class goes on; what is IM's stays unsettled until there are groups.
 */
export const createMemberSettling = ({ database, im, trtc, accounts, log, clock }: MemberSettlingOptions) => {
  const read = async (classId: string, userId: string): Promise<MemberState | undefined> => {
    const [row] = await database.run(
      (sql) => sql<MemberState[]>`
        select class_id as "classId", user_id as "userId", room_id as "roomId", groups = 'open' as "hasGroups",
               removed_at as "removedAt", muted_until as "mutedUntil", board, board_unsettled as "boardUnsettled",
               members.mute_unsettled as "muteUnsettled", removal_unsettled as "removalUnsettled"
        from members join classes using (class_id)
        where class_id = ${classId} and user_id = ${userId} and status in ('scheduled', 'live')`,
    );
    return row;
  };

  /** Clears the flag of what was told, unless the member has changed meanwhile. */
  const clear = async (
    flag: 'board_unsettled' | 'mute_unsettled' | 'removal_unsettled',
    { classId, userId, board, mutedUntil, removedAt }: MemberState,
  ): Promise<void> => {
    await database.run(
      (sql) => sql`
        update members set ${sql(flag)} = false
        where class_id = ${classId} and user_id = ${userId}
          and board = ${board} and muted_until = ${mutedUntil} and removed_at is not distinct from ${removedAt}`,
    );
  };

  /** IM's plan allows fewer than we were told. Should IM have them as a member all the same, the sweep takes them out. */
  const takeBackBoard = async ({ classId, userId }: MemberState): Promise<never> => {
    await database.run(
      (sql) => sql`update members set board = false where class_id = ${classId} and user_id = ${userId}`,
    );
    throw boardFull();
  };

  const tellBoard = async (member: MemberState): Promise<void> => {
    const { userId, board } = member;
    const groupId = replayGroupId(member.classId);
    if (board)
      await accounts
        .withAccount(userId, () => onceMore(() => im.addMember(groupId, userId)))
        .catch(unless(groupFull, () => takeBackBoard(member)));
    else await onceMore(() => im.removeMember(groupId, userId));
    await clear('board_unsettled', member);
  };

  const muteSeconds = ({ removedAt, mutedUntil }: MemberState): number => {
    if (removedAt !== null) return forGood;
    return Math.min(forGood, Math.max(0, mutedUntil - Math.floor(clock() / 1000)));
  };

  const tellMute = async (member: MemberState): Promise<void> => {
    const { classId, userId } = member;
    await accounts.withAccount(userId, () =>
      onceMore(() => im.muteMember(chatGroupId(classId), userId, muteSeconds(member))),
    );
    await clear('mute_unsettled', member);
  };

  /** Whoever is still in the room is for a function that puts people out. */
  const isOthers = ({ removedAt }: MemberState): boolean => removedAt !== null && !trtc;

  const tellRemoval = async (member: MemberState): Promise<void> => {
    const { classId, userId, roomId, hasGroups, removedAt } = member;
    const isRemoved = removedAt !== null;
    const groupId = chatGroupId(classId);
    await finishAll([
      isRemoved && trtc?.removeUser(roomId, userId),
      hasGroups &&
        accounts.withAccount(userId, () =>
          onceMore<unknown>(() => (isRemoved ? im.banMember(groupId, userId) : im.unbanMember(groupId, userId))),
        ),
    ]);
    if (hasGroups) await clear('removal_unsettled', member);
  };

  /** Tells all that is unsettled, even when a part fails; throws the first failure. Answers whether nothing is left untold. */
  const tell = async (classId: string, userId: string): Promise<boolean> => {
    const member = await read(classId, userId);
    if (!member) return false;
    const { hasGroups, boardUnsettled, muteUnsettled } = member;
    const removalUnsettled = member.removalUnsettled && !isOthers(member);
    await finishAll([
      hasGroups && boardUnsettled && tellBoard(member),
      hasGroups && muteUnsettled && tellMute(member),
      removalUnsettled && tellRemoval(member),
    ]);
    return hasGroups && removalUnsettled === member.removalUnsettled;
  };

  const repairLogOf = ({ classId, userId }: { classId: string; userId: string }) =>
    createRepairLog(log, { repair: 'unsettled member', classId, userId });

  return {
    /**
     * Tells what a call has changed, even when a part fails; then throws the first failure, and leaves the rest to the
     * sweep. `wasUnsettled`: an earlier call has left them so. Call it under the class's lock.
     */
    async settle({ classId }: Pick<Lesson, 'classId'>, userId: string, wasUnsettled = false): Promise<void> {
      try {
        if ((await tell(classId, userId)) && wasUnsettled) repairLogOf({ classId, userId }).done();
      } catch (error) {
        repairLogOf({ classId, userId }).due(error);
        throw error;
      }
    },

    /** Settles the members that an earlier call left; one failure does not stop the rest. Answers how many. */
    async settlePending(): Promise<number> {
      // In no order, so that those who keep failing leave room for others.
      const pending = await database.run(
        (sql) => sql<{ classId: string; userId: string }[]>`
          select class_id as "classId", user_id as "userId" from members join classes using (class_id)
          where (board_unsettled or members.mute_unsettled or removal_unsettled)
            and groups = 'open' and status in ('scheduled', 'live')
          order by random() limit 100`,
      );
      return settleEach(pending, ({ classId, userId }) => tell(classId, userId), repairLogOf, database);
    },

    /**
     * Puts somebody removed out of the room again, into which an older PrivateMapKey has let them; does nothing to anybody
     * else. Without the class's lock and within TRTC's 3 s, since a callback waits for it.
     */
    async putOut({ classId, roomId }: Pick<Lesson, 'classId' | 'roomId'>, userId: string): Promise<void> {
      const [removed] = await database.run(
        (sql) => sql<{ removedAt: number; wasUnsettled: boolean }[]>`
          update members set removal_unsettled = true
          from (select class_id, user_id, removal_unsettled from members
                where class_id = ${classId} and user_id = ${userId} for update) as held
          where members.class_id = held.class_id and members.user_id = held.user_id and removed_at is not null
          returning removed_at as "removedAt", held.removal_unsettled as "wasUnsettled"`,
      );
      if (!removed || !trtc) return;
      await trtc.removeUser(roomId, userId).catch((error: unknown) => {
        repairLogOf({ classId, userId }).due(error);
        throw error;
      });
      // What was unsettled before is more than this, and somebody else's to clear.
      if (!removed.wasUnsettled)
        await database.run(
          (sql) => sql`
            update members set removal_unsettled = false
            where class_id = ${classId} and user_id = ${userId} and removed_at = ${removed.removedAt}`,
        );
    },
  };
};

export type MemberSettling = ReturnType<typeof createMemberSettling>;

/** Said before IM is asked, and when IM says it. */
export const boardFull = (): AppError =>
  new AppError('CONFLICT', 'As many members have the board as the IM plan allows. Take it from somebody first.');
