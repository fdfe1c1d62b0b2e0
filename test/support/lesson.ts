import type { Lesson } from '../../lib/classroom/class.ts';
import type { LessonRecord } from '../../lib/classroom/class-finder.ts';

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
  ...lesson,
});

/** Finds these classes and no others. */
export const finderOf = (...lessons: LessonRecord[]) => ({
  find: async (classId: string) => lessons.find((lesson) => lesson.classId === classId),
});
