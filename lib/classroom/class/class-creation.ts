import { createHash } from 'node:crypto';
import type { Caller } from '../../auth/authenticate.ts';
import type { Database } from '../../db/database.ts';
import { AppError } from '../../errors.ts';
import type { Log } from '../../log.ts';
import { hashPasscode, isPasscode } from '../entry/passcode.ts';
import { classIdTaken, type createGroupOpening, planOpening } from '../groups/group-opening.ts';
import type { Repairs } from '../groups/repairs.ts';
import type { Users } from '../members/users.ts';
import { newId, type Random } from '../random.ts';
import { createRepairLog } from '../repair-log.ts';
import { hardEnd, isOver, type Lesson } from './class.ts';
import type { LessonRecord } from './class-finder.ts';
import { classLock, waitForClassMs } from './class-lock.ts';
import type { ClassStore } from './class-store.ts';

export interface NewClass {
  classId?: string;
  name: string;
  teacherId?: string;
  assistantIds: readonly string[];
  passcode?: string;
  startsAt?: number;
  endsAt?: number;
}

export interface CreationTerms {
  /** The caller's `Idempotency-Key`. */
  idempotencyKey: string | undefined;
  classesPerTeacherPerDay: number;
}

export interface ClassCreationOptions {
  database: Database;
  store: ClassStore;
  users: Users;
  groups: ReturnType<typeof createGroupOpening>;
  repairs: Repairs;
  random: Random;
  log: Log;
  /** Milliseconds since 1970. */
  clock(): number;
}

/** An unfinished creation that is older is given up: whoever asked for it has long been told that it failed. */
const givenUpAfterSeconds = 3600;

/**
 * Creates classes, each once: an intent is written, the groups are opened, the class is declared finished. A process
 * killed in between leaves the intent, and the next call of the same content or `finishLeftover` goes on from there.
 */
export const createClassCreation = ({
  database,
  store,
  users,
  groups,
  repairs,
  random,
  log,
  clock,
}: ClassCreationOptions) => {
  const nowSeconds = () => Math.floor(clock() / 1000);
  const unfinished = (classId: string) => createRepairLog(log, { repair: 'unfinished creation', classId });
  const underLock = <T>(classId: string, work: () => Promise<T>) =>
    database.exclusively(classLock(classId), work, waitForClassMs);

  const attempt = async (
    lesson: Lesson,
    { attemptId, teacherName, resumed }: { attemptId: string; teacherName: string | undefined; resumed: boolean },
  ): Promise<LessonRecord> => {
    const opening = planOpening(lesson, teacherName, resumed);
    try {
      if (lesson.groups !== 'none') await groups.open(opening);
      const finished = await store.finish(lesson.classId);
      if (!finished) throw new AppError('UPSTREAM_FAILED', 'The class could not be finished. Try again.');
      return finished;
    } catch (error) {
      const isTakenBack = await takeBack().catch((failure: unknown) => unfinished(lesson.classId).due(failure));
      if (isTakenBack === false) unfinished(lesson.classId).due(error);
      throw error;
    }

    /** Answers whether that is all; if not, the intent is there for the next attempt. */
    async function takeBack(): Promise<boolean> {
      // Only while the intent is still this attempt's: had it been finished after all, its groups are a class's.
      if (!(await store.isHeldBy(lesson.classId, attemptId))) return true;
      const leftovers = await groups.takeBack(opening);
      if (!leftovers) return false;
      await repairs.abandon(lesson.classId, attemptId, leftovers);
      return true;
    }
  };

  const resume = async (lesson: LessonRecord): Promise<LessonRecord | undefined> => {
    const attemptId = newId(random);
    if (!(await store.takeOver(lesson.classId, attemptId))) return store.find(lesson.classId);
    return attempt(lesson, { attemptId, teacherName: await users.nameOf(lesson.teacherId), resumed: true });
  };

  const giveUp = async (lesson: LessonRecord): Promise<void> => {
    const attemptId = newId(random);
    if (!(await store.takeOver(lesson.classId, attemptId))) return;
    await repairs.abandon(lesson.classId, attemptId, await groups.dissolve(planOpening(lesson, undefined, true)));
  };

  /** What a class of this id means for this request: the class itself, or why not. */
  const settle = async (lesson: LessonRecord, request: Request): Promise<LessonRecord> => {
    if (lesson.teacherId !== request.teacherId) throw classIdTaken();
    if (isOver(lesson, nowSeconds())) throw new AppError('GONE', 'This class has ended. Class ids are not used twice.');
    if (lesson.createdFrom !== request.createdFrom || !(await hasPasscode(lesson, request.passcode)))
      throw classIdTaken();
    return lesson;
  };

  const begin = async (request: Request): Promise<{ lesson: Lesson; isNew: boolean }> => {
    if (hardEnd({ ...request, endedAt: undefined, createdAt: nowSeconds() }) <= nowSeconds()) {
      throw new AppError('BAD_REQUEST', 'The class would be over already.', {
        errors: [{ path: '/endsAt', message: 'has passed' }],
      });
    }
    const attemptId = newId(random);
    const { passcode, teacherName, classesPerTeacherPerDay } = request;
    const passcodeHash = passcode === undefined ? undefined : await hashPasscode(passcode, random.bytes(16));
    const intent = await store.insertIntent({ ...request, passcodeHash }, attemptId, classesPerTeacherPerDay);
    return { lesson: await attempt(intent, { attemptId, teacherName, resumed: false }), isNew: true };
  };

  const beginOrResume = async (request: Request): Promise<{ lesson: Lesson; isNew: boolean }> => {
    const { classId } = request;
    const existing = await store.find(classId);
    if (existing && existing.status !== 'opening') return { lesson: await settle(existing, request), isNew: false };
    return underLock(classId, async () => {
      const current = await store.find(classId);
      if (!current) {
        if ((await repairs.settle(classId)) > 0) createRepairLog(log, { repair: 'leftover groups', classId }).done();
        return begin(request);
      }
      const lesson = await settle(current, request);
      if (lesson.status !== 'opening') return { lesson, isNew: false };
      const resumed = await resume(lesson);
      if (!resumed) throw new AppError('UPSTREAM_FAILED', 'The class was taken back meanwhile. Try again.');
      unfinished(classId).done();
      return { lesson: resumed, isNew: true };
    });
  };

  const nameOfTeacher = async (teacherId: string, caller: Caller): Promise<string | undefined> => {
    if (teacherId !== caller.userId) return users.nameOf(teacherId);
    return caller.name === undefined ? undefined : users.introduce(teacherId, caller.name);
  };

  return {
    /**
     * Creates the class, or answers the one that the same call created before (`isNew: false`).
     * Throws `CONFLICT`, `GONE`, `QUOTA_EXCEEDED`, or what IM and the database failed with.
     */
    async create(
      newClass: NewClass,
      caller: Caller,
      { idempotencyKey, classesPerTeacherPerDay }: CreationTerms,
    ): Promise<{ lesson: Lesson; isNew: boolean }> {
      const proposed = newClass.classId ?? newId(random);
      const classId =
        idempotencyKey === undefined ? proposed : await store.classIdOfKey(caller.userId, idempotencyKey, proposed);
      if (newClass.classId !== undefined && classId !== newClass.classId)
        throw new AppError('CONFLICT', 'This Idempotency-Key was used for another class.');
      const teacherId = newClass.teacherId ?? caller.userId;
      const teacherName = await nameOfTeacher(teacherId, caller);
      const { name, assistantIds, passcode, startsAt, endsAt } = newClass;
      const content = { name, teacherId, assistantIds, startsAt, endsAt };
      const request = {
        classId,
        ...content,
        passcode,
        teacherName,
        createdFrom: fingerprint(content),
        classesPerTeacherPerDay,
      };
      // An id that was made this moment has no past to look up.
      return newClass.classId === undefined && idempotencyKey === undefined
        ? underLock(classId, () => begin(request))
        : beginOrResume(request);
    },

    /**
     * Goes on with a creation that nobody finished, or takes it back when it is too old. Answers whether there was one that
     * nobody else is at.
     */
    async finishLeftover(classId: string): Promise<boolean> {
      const finished = await database.tryExclusively(classLock(classId), async () => {
        const lesson = await store.find(classId);
        if (lesson?.status !== 'opening') return false;
        if (nowSeconds() - lesson.createdAt < givenUpAfterSeconds) await resume(lesson);
        else await giveUp(lesson);
        return true;
      });
      return finished ?? false;
    },
  };
};

export type ClassCreation = ReturnType<typeof createClassCreation>;

interface Content {
  name: string;
  teacherId: string;
  assistantIds: readonly string[];
  startsAt: number | undefined;
  endsAt: number | undefined;
}

interface Request extends Content {
  classId: string;
  passcode: string | undefined;
  teacherName: string | undefined;
  createdFrom: string;
  classesPerTeacherPerDay: number;
}

/** Of all but the passcode: a plain hash of that could be guessed. */
const fingerprint = ({ name, teacherId, assistantIds, startsAt, endsAt }: Content): string =>
  createHash('sha256')
    .update(JSON.stringify([name, teacherId, [...assistantIds].sort(), startsAt ?? null, endsAt ?? null]))
    .digest('hex');

const hasPasscode = async (
  { createdPasscodeHash: hash }: LessonRecord,
  passcode: string | undefined,
): Promise<boolean> => (passcode === undefined || hash === undefined ? passcode === hash : isPasscode(passcode, hash));
