import type { Caller } from '../../auth/authenticate.ts';
import type { Database } from '../../db/database.ts';
import { AppError } from '../../errors.ts';
import { describeError, type Log } from '../../log.ts';
import { type Lesson, roleInClass } from '../class/class.ts';
import { type LessonRow, lessonColumns, toRecord } from '../class/class-finder.ts';
import { statusAfter, statusesChangedBy } from '../class/class-status.ts';
import type { Classes, Enrolment } from '../class/classes.ts';
import type { LateOpening } from '../groups/late-opening.ts';
import type { CurrentFilter } from '../words/current-filter.ts';
import { isPasscode } from './passcode.ts';
import type { PasscodeTries } from './passcode-tries.ts';

export interface JoiningOptions {
  database: Database;
  classes: Pick<Classes, 'requireJoinable' | 'lifetimeSeconds'>;
  passcodeTries: Pick<PasscodeTries, 'count'>;
  lateOpening: Pick<LateOpening, 'ensureOpen'>;
  currentFilter(): Promise<CurrentFilter>;
  log: Log;
  /** Milliseconds since 1970. */
  clock(): number;
}

interface AdmittedRow extends LessonRow {
  joinedAt: number;
  mutedUntil: number;
  board: boolean;
  isUnsettled: boolean;
  newStatus: Lesson['status'] | null;
}

/** So long before its start a class lets its students in. */
const opensEarlySeconds = 900;

/** Lets people into classes. IM is told of nobody: 10,000 at once would take 50 s of what it allows. */
export const createJoining = ({
  database,
  classes,
  passcodeTries,
  lateOpening,
  currentFilter,
  log,
  clock,
}: JoiningOptions) => {
  const nowSeconds = () => Math.floor(clock() / 1000);

  const assertOpenTo = ({ lesson, role }: Enrolment): void => {
    const opensAt = (lesson.startsAt ?? 0) - opensEarlySeconds;
    if (role !== 'student' || nowSeconds() >= opensAt) return;
    throw new AppError('CONFLICT', `This class opens at ${new Date(opensAt * 1000).toISOString()} (${opensAt}).`);
  };

  const checkPasscode = async ({ lesson, member, role }: Enrolment, passcode: string | undefined): Promise<void> => {
    if (lesson.passcodeHash === undefined || role !== 'student' || member.joinedAt !== undefined) return;
    if (passcode === undefined) throw new AppError('FORBIDDEN', 'This class needs a passcode.');
    await passcodeTries.count(member.userId);
    if (!(await isPasscode(passcode, lesson.passcodeHash))) throw new AppError('FORBIDDEN', 'The passcode is wrong.');
  };

  /** The nickname with its dirty words masked; none while the word list cannot be read. */
  const presentableName = async ({ userId, name }: Caller): Promise<string | undefined> => {
    if (name === undefined) return undefined;
    try {
      const { filter } = await currentFilter();
      return filter.mask(name);
    } catch (error) {
      log.warn('nickname not kept', { userId, ...describeError(error) });
      return undefined;
    }
  };

  /** One statement, which thousands send at once. Answers `undefined` when the class ended or removed them meanwhile. */
  const admit = async (
    { classId }: Lesson,
    userId: string,
    name: string | undefined,
  ): Promise<Enrolment | undefined> => {
    const now = nowSeconds();
    const [row] = await database.run(
      (sql) => sql<AdmittedRow[]>`
        with going_on as (
          select ${lessonColumns(sql)} from classes where class_id = ${classId} and status in ('scheduled', 'live')
        ), admitted as (
          insert into members (class_id, user_id, joined_at, last_joined_at) select "classId", ${userId}, ${now}, ${now} from going_on
          on conflict (class_id, user_id) do update set
            joined_at = coalesce(members.joined_at, excluded.joined_at), last_joined_at = excluded.last_joined_at
          where members.removed_at is null
          returning joined_at as "joinedAt", muted_until as "mutedUntil", board,
            board_unsettled or mute_unsettled or removal_unsettled as "isUnsettled"
        ), named as (
          insert into users (user_id, name) select ${userId}, name from admitted, (values (${name ?? null}::text)) as given (name)
          where name is not null
          on conflict (user_id) do update set name = excluded.name where users.name is distinct from excluded.name
        ), taught as (
          update classes set status = ${statusAfter('scheduled', 'taught') ?? null}, went_live_at = ${now}
          where class_id = ${classId} and teacher_id = ${userId} and status in ${sql(statusesChangedBy('taught'))}
            and exists (select 1 from admitted)
          returning status
        )
        select *, (select status from taught) as "newStatus" from going_on, admitted`,
    );
    if (!row) return undefined;
    const { joinedAt, mutedUntil, board, isUnsettled, newStatus, ...found } = row;
    const lesson = toRecord({ ...found, status: newStatus ?? found.status });
    const member = { userId, joinedAt, removedAt: undefined, mutedUntil, board, isUnsettled };
    return { lesson, member, role: roleInClass(lesson, userId) };
  };

  return {
    /**
     * Lets the caller into a class; it goes live when that is its teacher. Answers both as they are then.
     * Throws `NOT_FOUND`; `FORBIDDEN` for whoever was removed or does not know the passcode; `RATE_LIMITED` at the sixth
     * passcode within a minute; `CONFLICT`, with the time, for a student who is early; `GONE` when it is over; or what IM
     * failed with while it opened the groups of a class far ahead.
     */
    async join(classId: string, caller: Caller, passcode: string | undefined): Promise<Enrolment> {
      const enrolment = await classes.requireJoinable(classId, caller);
      // Nothing could be handed out for a class that is about to end.
      classes.lifetimeSeconds(enrolment.lesson, Number.POSITIVE_INFINITY);
      assertOpenTo(enrolment);
      await checkPasscode(enrolment, passcode);
      await lateOpening.ensureOpen(enrolment.lesson);
      const admitted = await admit(enrolment.lesson, caller.userId, await presentableName(caller));
      if (admitted) return admitted;
      await classes.requireJoinable(classId, caller);
      throw new AppError('CONFLICT', 'The class has changed meanwhile. Try again.');
    },
  };
};

export type Joining = ReturnType<typeof createJoining>;
