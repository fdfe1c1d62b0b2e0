import type * as z from 'zod/mini';
import type { classNoticeOutput, classOutput } from './class-fields.ts';

/** A class as the database holds it; `class` is a word of the language. Times are Unix seconds. */
export interface Lesson {
  classId: string;
  name: string;
  teacherId: string;
  assistantIds: readonly string[];
  passcodeHash: string | undefined;
  startsAt: number | undefined;
  endsAt: number | undefined;
  /** `opening` is an intent: not yet a class to anybody. */
  status: 'opening' | 'scheduled' | 'live' | 'ended';
  roomId: number;
  createdAt: number;
  endedAt: number | undefined;
  /** A class far ahead has no groups yet; `opening`: somebody has begun to make them. */
  groups: 'none' | 'opening' | 'open';
  /** Whether only teacher and assistants may speak. */
  muted: boolean;
  /** When the replay was copied out of IM, whole. */
  exportedAt: number | undefined;
  /** When the last of what it had at IM and TRTC was taken down. */
  closedAt: number | undefined;
}

/** A class as callers see it. */
export type ClassView = z.output<typeof classOutput>;

/** What somebody outside the class may know of it. */
export type ClassNotice = z.output<typeof classNoticeOutput>;

export type RoleInClass = 'teacher' | 'assistant' | 'student';

export const chatGroupId = (classId: string): string => `${classId}_chat`;
export const replayGroupId = (classId: string): string => `${classId}_replay`;

/** A group as one of a class's two. */
export interface ClassGroup {
  classId: string;
  kind: 'chat' | 'replay';
}

/** The class and the kind of a group that is named like ours; `undefined` for any other. */
export const readGroupId = (groupId: string): ClassGroup | undefined => {
  const [, classId, kind] = /^([A-Za-z0-9_-]{1,32})_(chat|replay)$/.exec(groupId) ?? [];
  return classId === undefined ? undefined : { classId, kind: kind === 'chat' ? 'chat' : 'replay' };
};

export const roleInClass = (lesson: Pick<Lesson, 'teacherId' | 'assistantIds'>, userId: string): RoleInClass =>
  userId === lesson.teacherId ? 'teacher' : lesson.assistantIds.includes(userId) ? 'assistant' : 'student';

/** How long a class without an end goes on, and how long one with an end may run over. */
export const openEndSeconds = 86_400;
export const overrunSeconds = 7200;
/** So long after its end a class's files, replay and attendance can be read. */
export const downloadSeconds = 30 * 86_400;

/** So long before its start a class gets its groups: AVChatRooms are counted, and an idle Private group is recycled. */
export const groupsOpenEarlySeconds = 86_400;

/** When everything that was handed out for the class has run out, whether somebody ended it or not. */
export const hardEnd = ({
  endedAt,
  endsAt,
  startsAt,
  createdAt,
}: Pick<Lesson, 'endedAt' | 'endsAt' | 'startsAt' | 'createdAt'>): number =>
  endedAt ?? (endsAt !== undefined ? endsAt + overrunSeconds : Math.max(createdAt, startsAt ?? 0) + openEndSeconds);

/** Answers whether the class has ended, by somebody or by itself. */
export const isOver = (lesson: Lesson, nowSeconds: number): boolean =>
  lesson.status === 'ended' || nowSeconds >= hardEnd(lesson);

/** Until when its files may still be read. */
export const downloadEnd = (lesson: Lesson): number => hardEnd(lesson) + downloadSeconds;

export const classView = (lesson: Lesson): ClassView => ({
  classId: lesson.classId,
  name: lesson.name,
  teacherId: lesson.teacherId,
  assistantIds: lesson.assistantIds,
  status: lesson.status === 'opening' ? 'scheduled' : lesson.status,
  chatGroupId: chatGroupId(lesson.classId),
  replayGroupId: replayGroupId(lesson.classId),
  roomId: lesson.roomId,
  needsPasscode: lesson.passcodeHash !== undefined,
  ...(lesson.startsAt !== undefined && { startsAt: lesson.startsAt }),
  ...(lesson.endsAt !== undefined && { endsAt: lesson.endsAt }),
  createdAt: lesson.createdAt,
  ...(lesson.endedAt !== undefined && { endedAt: lesson.endedAt }),
});

export const classNotice = (lesson: Lesson): ClassNotice => {
  const { classId, name, teacherId, status, startsAt, endsAt, needsPasscode } = classView(lesson);
  return {
    classId,
    name,
    teacherId,
    status,
    ...(startsAt !== undefined && { startsAt }),
    ...(endsAt !== undefined && { endsAt }),
    needsPasscode,
  };
};
