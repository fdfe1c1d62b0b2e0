import { type Lesson, roleInClass } from '../class/class.ts';

/** Somebody as a class knows them; of a stranger nothing is set. Times are Unix seconds. */
export interface Member {
  userId: string;
  /** When they joined for the first time. */
  joinedAt: number | undefined;
  removedAt: number | undefined;
  /** 0 when never muted. */
  mutedUntil: number;
  /** Whether board rights were granted; the teacher has them without. */
  board: boolean;
  /** Whether an earlier change of theirs is still to be told to IM or TRTC. */
  isUnsettled: boolean;
}

/** A class, and somebody as it knows them. */
export interface Participant {
  lesson: Lesson;
  member: Member;
}

/** Answers whether somebody belongs to the class: its teacher, its assistants and whoever has joined, unless removed. */
export const isMember = (lesson: Lesson, { userId, joinedAt, removedAt }: Member): boolean =>
  removedAt === undefined && (joinedAt !== undefined || roleInClass(lesson, userId) !== 'student');

/** Answers whether somebody may draw: the teacher always, a member to whom the board was granted. */
export const holdsBoard = (lesson: Lesson, member: Member): boolean =>
  member.userId === lesson.teacherId || (member.board && isMember(lesson, member));

/** Answers whether somebody may not speak now: removed, muted, or a student of a muted class. */
export const isSilenced = (lesson: Lesson, member: Member, nowSeconds: number): boolean => {
  if (member.userId === lesson.teacherId) return false;
  if (member.removedAt !== undefined || member.mutedUntil > nowSeconds) return true;
  return lesson.muted && roleInClass(lesson, member.userId) === 'student';
};
