import type { Database } from '../../db/database.ts';
import { AppError } from '../../errors.ts';
import type { Lesson } from '../class/class.ts';
import type { LateOpening } from '../groups/late-opening.ts';
import type { Participant } from './member.ts';
import { boardFull } from './member-settling.ts';
import type { Members } from './members.ts';

export interface BoardGrantOptions {
  database: Database;
  members: Pick<Members, 'requireNamed' | 'change'>;
  lateOpening: Pick<LateOpening, 'ensureOpen'>;
  /** Of a ReplayGroup; its owner counts. */
  maxMembers: number;
}

/** Gives people the board, which makes them members of the ReplayGroup. */
export const createBoardGrant = ({ database, members, lateOpening, maxMembers }: BoardGrantOptions) => {
  /** Grants it unless others take up the group: those who have the board, and those of whom IM does not know that they lost it. */
  const write = async ({ lesson: { classId, teacherId }, member }: Participant): Promise<void> => {
    const { userId } = member;
    if (member.removedAt !== undefined)
      throw new AppError('CONFLICT', 'This member has been removed. Restore them first.');
    const granted = await database.run(
      (sql) => sql`
        insert into members (class_id, user_id, board, board_unsettled)
        select ${classId}, ${userId}, true, true
        where (select count(*) from members
               where class_id = ${classId} and user_id not in (${userId}, ${teacherId}) and (board or board_unsettled)) < ${maxMembers - 1}
        on conflict (class_id, user_id) do update set board = true, board_unsettled = true
        returning 1`,
    );
    if (granted.length === 0) throw boardFull();
  };

  return {
    /**
     * Gives somebody the board; the teacher has it anyway. Throws what `members.change` throws, and `CONFLICT` for somebody
     * removed and when the group is full.
     */
    async grant(lesson: Lesson, userId: string): Promise<void> {
      if (userId === lesson.teacherId) return;
      if (lesson.groups !== 'open') {
        await members.requireNamed(lesson.classId, userId);
        await lateOpening.ensureOpen(lesson);
      }
      await members.change(lesson.classId, userId, write);
    },
  };
};

export type BoardGrant = ReturnType<typeof createBoardGrant>;
