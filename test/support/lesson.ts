import type { Lesson } from '../../lib/classroom/class/class.ts';
import type { LessonRecord } from '../../lib/classroom/class/class-finder.ts';
import type { Member } from '../../lib/classroom/members/member.ts';

/** A class of teacher t1 with assistant a1, at 2026-01-01T00:00:00Z; the rest as told. */
export const lessonOf = (lesson: Partial<Lesson> = {}): LessonRecord => ({
  classId: 'c1',
  name: '数学',
  teacherId: 't1',
  assistantIds: ['a1'],
  passcodeHash: undefined,
  startsAt: undefined,
  endsAt: undefined,
  status: 'scheduled',
  roomId: 4242,
  createdAt: 1_767_225_600,
  endedAt: undefined,
  createdFrom: 'fingerprint',
  createdPasscodeHash: undefined,
  groups: 'open',
  muted: false,
  exportedAt: undefined,
  closedAt: undefined,
  ...lesson,
});

/** Somebody of whom the class knows no more than told. */
export const memberOf = (member: Partial<Member> = {}): Member => ({
  userId: 's1',
  joinedAt: undefined,
  removedAt: undefined,
  mutedUntil: 0,
  board: false,
  isUnsettled: false,
  ...member,
});

/** Finds these classes and no others, and in them strangers alone. */
export const finderOf = (...lessons: LessonRecord[]) => {
  const find = async (classId: string) => lessons.find((lesson) => lesson.classId === classId);
  return {
    find,
    findWith: async (classId: string, userId: string) => {
      const lesson = await find(classId);
      return lesson && { lesson, member: memberOf({ userId }) };
    },
  };
};
