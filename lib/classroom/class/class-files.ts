import { classPrefix, coursewarePrefix, ownPrefix } from '../../cos/policy.ts';
import { type Lesson, roleInClass } from './class.ts';

/** Where somebody's files of a class are, and which prefixes they may write and read. */
export interface ClassFiles {
  prefix: string;
  coursewarePrefix: string;
  writable: readonly string[];
  readable: readonly string[];
}

/** Everybody writes their own files, teacher and assistants the courseware too; all read that, and the teacher the whole class. */
export const classFiles = (lesson: Lesson, userId: string): ClassFiles => {
  const own = ownPrefix(lesson.classId, userId);
  const courseware = coursewarePrefix(lesson.classId);
  const role = roleInClass(lesson, userId);
  return {
    prefix: own,
    coursewarePrefix: courseware,
    writable: role === 'student' ? [own] : [own, courseware],
    readable: role === 'teacher' ? [classPrefix(lesson.classId)] : [own, courseware],
  };
};
