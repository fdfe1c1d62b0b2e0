import type { Database, Transaction } from '../../db/database.ts';
import { AppError } from '../../errors.ts';
import { hashPasscode } from '../entry/passcode.ts';
import type { MemberSettling } from '../members/member-settling.ts';
import type { Random } from '../random.ts';
import { hardEnd, type Lesson, roleInClass } from './class.ts';
import { type LessonRow, lessonColumns, toRecord } from './class-finder.ts';
import { classLock, waitForClassMs } from './class-lock.ts';
import type { ClassSettling } from './class-settling.ts';
import type { Classes } from './classes.ts';

/** What is absent stays as it is; `null` takes it away. */
export interface ClassChanges {
  name?: string;
  assistantIds?: readonly string[];
  passcode?: string | null;
  startsAt?: number | null;
  endsAt?: number | null;
}

export interface ClassEditingOptions {
  database: Database;
  classes: Pick<Classes, 'assertGoingOn'>;
  classSettling: Pick<ClassSettling, 'settle'>;
  memberSettling: Pick<MemberSettling, 'settle'>;
  random: Random;
  /** Milliseconds since 1970. */
  clock(): number;
}

type RowChanges = Partial<Pick<LessonRow, 'name' | 'assistantIds' | 'passcodeHash' | 'startsAt' | 'endsAt'>>;

interface Edited {
  lesson: Lesson;
  isNameUnsettled: boolean;
  /** Who has lost the board with their office. */
  unseated: readonly string[];
}

/** Changes classes: in the database, and then at IM. */
export const createClassEditing = ({
  database,
  classes,
  classSettling,
  memberSettling,
  random,
  clock,
}: ClassEditingOptions) => {
  const assertTimes = (before: Lesson, after: Lesson): void => {
    const hasBegun = before.status === 'live' && (before.startsAt ?? 0) <= Math.floor(clock() / 1000);
    if (hasBegun && after.startsAt !== before.startsAt)
      throw new AppError('CONFLICT', 'The class has begun: its start cannot be changed any more.');
    if (after.startsAt !== undefined && after.endsAt !== undefined && after.endsAt <= after.startsAt)
      throw badEnd('The class would end before it starts.', 'must be after startsAt');
    if (hardEnd(after) <= Math.floor(clock() / 1000)) throw badEnd('The class would be over already.', 'has passed');
  };

  /** An assistant who never joined belongs to the class by their office alone: with it goes the board. */
  const unseat = async (sql: Transaction, before: Lesson, after: Lesson): Promise<string[]> => {
    const dismissed = before.assistantIds.filter((userId) => roleInClass(after, userId) === 'student');
    if (dismissed.length === 0) return [];
    const rows = await sql<{ userId: string }[]>`
      update members set board = false, board_unsettled = true
      where class_id = ${after.classId} and user_id in ${sql(dismissed)} and board and joined_at is null
      returning user_id as "userId"`;
    return rows.map(({ userId }) => userId);
  };

  const write = (classId: string, changes: RowChanges): Promise<Edited> =>
    database.transaction(async (sql) => {
      const [held] = await sql<LessonRow[]>`
        select ${lessonColumns(sql)} from classes where class_id = ${classId} for update`;
      if (!held) throw new AppError('NOT_FOUND', 'There is no such class.');
      const before = toRecord(held);
      classes.assertGoingOn(before);
      const changed = { ...held, ...changes };
      const lesson = toRecord(changed);
      assertTimes(before, lesson);
      const [row] = await sql<{ isNameUnsettled: boolean }[]>`
        update classes set name = ${changed.name}, assistant_ids = ${sql.json([...changed.assistantIds])},
          passcode_hash = ${changed.passcodeHash}, starts_at = ${changed.startsAt}, ends_at = ${changed.endsAt},
          name_unsettled = name_unsettled or name <> ${changed.name}
        where class_id = ${classId}
        returning name_unsettled as "isNameUnsettled"`;
      const unseated = await unseat(sql, before, lesson);
      return { lesson, isNameUnsettled: row?.isNameUnsettled ?? false, unseated };
    });

  /** The class is changed whatever IM says: what it was not told is in the log, and left to the sweep. */
  const tell = async ({ lesson, isNameUnsettled, unseated }: Edited): Promise<void> => {
    await Promise.allSettled([
      isNameUnsettled && classSettling.settle(lesson.classId),
      ...unseated.map((userId) => memberSettling.settle(lesson, userId)),
    ]);
  };

  return {
    /**
     * Changes a class and answers it; IM learns its new name and who has lost the board, from the sweep if not now.
     * Throws `BAD_REQUEST` for an end that is not after the start or has passed, `CONFLICT` for another start of a class
     * that is live, `GONE` when it has ended.
     */
    async update(classId: string, { passcode, ...rest }: ClassChanges): Promise<Lesson> {
      const passcodeHash = passcode ? await hashPasscode(passcode, random.bytes(16)) : passcode;
      const changes = passcodeHash === undefined ? rest : { ...rest, passcodeHash };
      return database.exclusively(
        classLock(classId),
        async () => {
          const edited = await write(classId, changes);
          await tell(edited);
          return edited.lesson;
        },
        waitForClassMs,
      );
    },
  };
};

export type ClassEditing = ReturnType<typeof createClassEditing>;

const badEnd = (message: string, problem: string): AppError =>
  new AppError('BAD_REQUEST', message, { errors: [{ path: '/endsAt', message: problem }] });
