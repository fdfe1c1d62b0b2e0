import type { ReservedUserIds } from '../../auth/reserved-user-ids.ts';
import type { Database, Sql } from '../../db/database.ts';
import { AppError } from '../../errors.ts';
import { roleInClass } from '../class/class.ts';
import type { ClassFinder } from '../class/class-finder.ts';
import { classLock, waitForClassMs } from '../class/class-lock.ts';
import type { Classes } from '../class/classes.ts';
import type { Participant } from './member.ts';
import type { MemberSettling } from './member-settling.ts';

export interface MembersOptions {
  database: Database;
  finder: Pick<ClassFinder, 'findWith'>;
  classes: Pick<Classes, 'assertGoingOn'>;
  reserved: ReservedUserIds;
  settling: Pick<MemberSettling, 'settle'>;
  /** Milliseconds since 1970. */
  clock(): number;
}

/**
 * Changes what people of a class may do, in the database first, and then at IM and TRTC. What those do not take stays
 * unsettled, for the same call again or for the sweep. Every method throws `FORBIDDEN` for a reserved id, `CONFLICT` for the
 * teacher, `NOT_FOUND` for somebody who never joined, `GONE` when the class is over, and what IM or TRTC failed with.
 */
export const createMembers = ({ database, finder, classes, reserved, settling, clock }: MembersOptions) => {
  const nowSeconds = () => Math.floor(clock() / 1000);

  /** Somebody whom a caller names: a student who has joined, or an assistant. */
  const requireNamed = async (classId: string, userId: string): Promise<Participant> => {
    if (reserved.isReserved(userId)) throw new AppError('FORBIDDEN', 'This user id is reserved.');
    const found = await finder.findWith(classId, userId);
    if (!found) throw new AppError('NOT_FOUND', 'There is no such class.');
    classes.assertGoingOn(found.lesson);
    if (userId === found.lesson.teacherId)
      throw new AppError('CONFLICT', 'This cannot be done to the teacher of the class.');
    if (!isKnown(found)) throw new AppError('NOT_FOUND', 'Nobody of this id has joined the class.');
    return found;
  };

  /** Writes a change while nobody else changes the class, and settles it. */
  const change = <T>(classId: string, userId: string, write: (named: Participant) => Promise<T>): Promise<T> =>
    database.exclusively(
      classLock(classId),
      async () => {
        const named = await requireNamed(classId, userId);
        const written = await write(named);
        await settling.settle({ classId }, userId, named.member.isUnsettled);
        return written;
      },
      waitForClassMs,
    );

  const changeBy = (classId: string, userId: string, statement: (sql: Sql) => Promise<unknown>): Promise<unknown> =>
    change(classId, userId, () => database.run(statement));

  return {
    requireNamed,
    change,

    async revokeBoard(classId: string, userId: string): Promise<void> {
      await changeBy(
        classId,
        userId,
        (sql) => sql`
          update members set board = false, board_unsettled = true where class_id = ${classId} and user_id = ${userId}`,
      );
    },

    /** Silences somebody for so many seconds from now; 0 lifts it. Answers until when, 0 when lifted. */
    mute(classId: string, userId: string, seconds: number): Promise<number> {
      return change(classId, userId, async () => {
        const mutedUntil = seconds === 0 ? 0 : nowSeconds() + seconds;
        await database.run(
          (sql) => sql`
            insert into members (class_id, user_id, muted_until, mute_unsettled)
            values (${classId}, ${userId}, ${mutedUntil}, true)
            on conflict (class_id, user_id) do update set muted_until = excluded.muted_until, mute_unsettled = true`,
        );
        return mutedUntil;
      });
    },

    /** Puts somebody out for good, and takes the board from them. */
    async remove(classId: string, userId: string): Promise<void> {
      await changeBy(
        classId,
        userId,
        (sql) => sql`
          insert into members (class_id, user_id, removed_at, board_unsettled, mute_unsettled, removal_unsettled)
          values (${classId}, ${userId}, ${nowSeconds()}, true, true, true)
          on conflict (class_id, user_id) do update set
            removed_at = coalesce(members.removed_at, excluded.removed_at), board = false,
            board_unsettled = true, mute_unsettled = true, removal_unsettled = true`,
      );
    },

    /** Lets somebody removed in again, without the board, and muted for as long as they still were. */
    async restore(classId: string, userId: string): Promise<void> {
      await changeBy(
        classId,
        userId,
        (sql) => sql`
          update members set removed_at = null, mute_unsettled = true, removal_unsettled = true
          where class_id = ${classId} and user_id = ${userId} and removed_at is not null`,
      );
    },
  };
};

export type Members = ReturnType<typeof createMembers>;

/** Somebody removed stays known, even an assistant who never joined and is one no more. */
const isKnown = ({ lesson, member: { userId, joinedAt, removedAt } }: Participant): boolean =>
  joinedAt !== undefined || removedAt !== undefined || roleInClass(lesson, userId) !== 'student';
