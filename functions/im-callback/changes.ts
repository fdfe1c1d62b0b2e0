import { isRecordingUserId } from '../../lib/auth/reserved-user-ids.ts';
import type { PresenceEvent } from '../../lib/classroom/attendance/attendance.ts';
import type { Presence } from '../../lib/classroom/attendance/presence.ts';
import { isOver, readGroupId } from '../../lib/classroom/class/class.ts';
import type { ClassFinder } from '../../lib/classroom/class/class-finder.ts';
import type { Notices } from '../../lib/classroom/notices/notices.ts';
import { finishAll } from '../../lib/classroom/settling.ts';
import { readBody } from '../../lib/scf/callback-body.ts';
import { accountIds } from './account-ids.ts';
import { afterMemberExit, afterNewMemberJoin, onMemberStateChange } from './schema.ts';

export interface ChangeKeeperOptions {
  /** Milliseconds since 1970. */
  clock(): number;
  finder: Pick<ClassFinder, 'findWith'>;
  presence: Pick<Presence, 'record'>;
  notices: Pick<Notices, 'announce'>;
}

/** People who came into a group or left it. */
export interface Change {
  event: PresenceEvent['event'];
  command: string;
  groupId: string;
  members: readonly string[];
  eventTime: number | string | undefined;
  /** Nobody is told that a connection was lost, or found again. */
  isAnnounced: boolean;
}

/** Of callbacks whose time IM does not tell: those of one member within so long are one. */
const timelessBucketMs = 5000;

const noticeEvents = { enter: 'join', exit: 'leave' } as const;

/** `undefined` for the callbacks that tell of nobody's coming or going. Throws `BAD_REQUEST`. */
export const readChange = (command: string, body: unknown): Change | undefined => {
  switch (command) {
    case 'Group.CallbackAfterNewMemberJoin': {
      const { GroupId: groupId, NewMemberList, EventTime: eventTime } = readBody(afterNewMemberJoin, body);
      return { event: 'enter', command, groupId, members: accountIds(NewMemberList), eventTime, isAnnounced: true };
    }
    case 'Group.CallbackAfterMemberExit': {
      const { GroupId: groupId, ExitMemberList, EventTime: eventTime } = readBody(afterMemberExit, body);
      return { event: 'exit', command, groupId, members: accountIds(ExitMemberList), eventTime, isAnnounced: true };
    }
    case 'Group.CallbackOnMemberStateChange': {
      const { GroupId: groupId, MemberList, EventTime: eventTime, ...state } = readBody(onMemberStateChange, body);
      const event = eventOfState.get(state.EventType);
      // Joining and quitting have callbacks of their own, above.
      if (!event || state.EventCause === 'Join' || state.EventCause === 'Quit') return undefined;
      return { event, command, groupId, members: accountIds(MemberList), eventTime, isAnnounced: false };
    }
    default:
      return undefined;
  }
};

const eventOfState: ReadonlyMap<string, Change['event']> = new Map([
  ['Online', 'enter'],
  ['Offline', 'exit'],
]);

/** Keeps who was in a class when, and announces who joins and leaves. One failing does not keep the other from being done. */
export const createChangeKeeper =
  ({ clock, finder, presence, notices }: ChangeKeeperOptions) =>
  async ({ event, command, groupId, members, eventTime, isAnnounced }: Change): Promise<void> => {
    const userIds = [...new Set(members)].filter((userId) => !isRecordingUserId(userId));
    const group = readGroupId(groupId);
    if (group?.kind !== 'chat') return;
    const { classId } = group;

    // Nobody can be brought into a ChatGroup: IM tells of its people one by one, and this is one query.
    const asked = isAnnounced ? userIds : userIds.slice(0, 1);
    const known = await Promise.all(asked.map((userId) => finder.findWith(classId, userId)));
    const lesson = known[0]?.lesson;
    if (!lesson || lesson.status === 'opening' || isOver(lesson, Math.floor(clock() / 1000))) return;

    const announce = async () => {
      // Somebody removed gets in only while this function fails to answer, and cannot speak.
      const removed = known.flatMap((found) => (found?.member.removedAt !== undefined ? [found.member.userId] : []));
      const named = event === 'enter' ? userIds.filter((userId) => !removed.includes(userId)) : userIds;
      if (!isAnnounced || named.length === 0) return;
      const time = millisecondsOf(eventTime) ?? `~${Math.floor(clock() / timelessBucketMs)}`;
      await notices.announce({
        groupId,
        event: noticeEvents[event],
        userIds: named,
        eventKey: `${command} ${groupId} ${time}`,
      });
    };

    const atMs = millisecondsOf(eventTime) ?? clock();
    await finishAll([
      presence.record(userIds.map((userId) => ({ classId, userId, source: 'im', event, atMs, stay: '' }))),
      announce(),
    ]);
  };

/** `undefined` when IM does not say, or nothing that could be a time. */
const millisecondsOf = (eventTime: Change['eventTime']): number | undefined => {
  const ms = Number(eventTime);
  return Number.isSafeInteger(ms) && ms > 0 ? ms : undefined;
};
