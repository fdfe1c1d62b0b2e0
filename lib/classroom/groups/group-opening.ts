import { createHash } from 'node:crypto';
import { AppError } from '../../errors.ts';
import type { GroupType, ImClient } from '../../im/client.ts';
import { ImError } from '../../im/error.ts';
import { onceMore, unless } from '../../im/retry.ts';
import { describeError, type Log } from '../../log.ts';
import { chatGroupId, type Lesson, replayGroupId } from '../class/class.ts';
import type { Accounts } from '../members/accounts.ts';
import { groupName } from './group-name.ts';
import { isOurs, type Leftover, type Repairs } from './repairs.ts';

/**
 * What an attempt knows of a group:
 * - `absent`: nothing of ours is there;
 * - `unknown`: something of ours may be there;
 * - `created`: this attempt made it;
 * - `adopted`: an earlier attempt of the same intent made it.
 */
type GroupState = 'absent' | 'unknown' | 'created' | 'adopted';

interface Group extends Leftover {
  state: GroupState;
  hasMessages: boolean;
}

/** One attempt to open the groups of a class. */
export interface Opening {
  readonly lesson: Lesson;
  /** The teacher's nickname, when known. */
  readonly teacherName: string | undefined;
  /** Whether an earlier attempt left the intent: then a group of our type and owner is that attempt's. */
  readonly resumed: boolean;
  readonly chat: Group;
  readonly replay: Group;
}

export interface GroupOpeningOptions {
  im: ImClient;
  accounts: Pick<Accounts, 'importAs'>;
  repairs: Repairs;
  log: Log;
}

const usedCodes: readonly (number | undefined)[] = [10021, 10025];
const refusedText = 80001;

export const planOpening = (lesson: Lesson, teacherName: string | undefined, resumed: boolean): Opening => {
  const group = (groupId: string, type: GroupType): Group => ({
    classId: lesson.classId,
    groupId,
    type,
    ownerId: lesson.teacherId,
    intentAt: lesson.createdAt,
    state: resumed ? 'unknown' : 'absent',
    hasMessages: false,
  });
  const { classId } = lesson;
  return {
    lesson,
    teacherName,
    resumed,
    chat: group(chatGroupId(classId), 'AVChatRoom'),
    replay: group(replayGroupId(classId), 'Private'),
  };
};

/** Opens the two groups of a class at IM, and takes back what an attempt made when it fails. */
export const createGroupOpening = ({ im, accounts, repairs, log }: GroupOpeningOptions) => {
  const create = async ({ classId, groupId, type, ownerId }: Group, name: string): Promise<void> => {
    const createAs = (text: string) => im.createGroup({ groupId, type, name: groupName(text), ownerId });
    await createAs(name).catch(unless(refusedText, () => createAs(classId)));
  };

  const openGroup = async (group: Group, { lesson, resumed }: Opening): Promise<void> => {
    let lost = false;
    const attempt = () =>
      create(group, lesson.name).catch((error: unknown) => {
        if (error instanceof ImError && error.replyLost) {
          lost = true;
          group.state = 'unknown';
        }
        throw error;
      });
    try {
      await onceMore(attempt);
      group.state = 'created';
    } catch (error) {
      if (!(error instanceof ImError && usedCodes.includes(error.imCode))) throw error;
      await adopt(group, resumed, lost);
    }
  };

  /** The id is in use: by us, when the group is what we make and an attempt of ours may have made it. */
  const adopt = async (group: Group, resumed: boolean, lost: boolean): Promise<void> => {
    const found = await im.findGroup(group.groupId);
    if (!found) throw new AppError('UPSTREAM_FAILED', 'The IM service still holds an old group of this id. Try again.');
    if (!isOurs(found, group) || !(resumed || lost)) {
      group.state = 'absent';
      throw classIdTaken();
    }
    group.state = resumed ? 'adopted' : 'created';
    group.hasMessages = found.nextSeq > 1;
  };

  /** A Private group stays invisible to all but its owner until its first message. Source: https://cloud.tencent.com/document/product/269/1502 */
  const wake = async ({ classId, groupId, hasMessages }: Group): Promise<void> => {
    if (hasMessages) return;
    const random = createHash('sha256').update(`first message of ${groupId}`).digest().readUInt32BE();
    const data = { v: 1, type: 'class', event: 'created', classId };
    await onceMore(() => im.sendCustomMessage({ groupId, random, data, description: '', priority: 'Normal' }));
  };

  const warnOfLeftover = ({ classId, groupId }: Group, error: unknown): void =>
    log.warn('group not taken back', { classId, groupId, ...describeError(error) });

  const takeBackGroup = async (group: Group, resumed: boolean): Promise<'settled' | 'on record' | 'kept'> => {
    if (group.state === 'absent') return 'settled';
    // This attempt did not make it and cannot tell who did: it may serve a live class.
    if (group.state === 'adopted' || (group.state === 'unknown' && resumed)) return 'kept';
    try {
      await (group.state === 'created' ? im.destroyGroup(group.groupId) : repairs.destroyIfOurs(group));
      return 'settled';
    } catch (error) {
      warnOfLeftover(group, error);
      return 'on record';
    }
  };

  return {
    /** Imports the teacher, creates both groups and wakes the Private one. Throws `CONFLICT` when an id is somebody else's. */
    async open(opening: Opening): Promise<void> {
      await accounts.importAs(opening.lesson.teacherId, opening.teacherName);
      await openGroup(opening.chat, opening);
      await openGroup(opening.replay, opening);
      await wake(opening.replay);
    },

    /** Destroys whatever a creation that nobody will finish has made. Answers the groups that must go on record because that failed. */
    async dissolve({ chat, replay }: Opening): Promise<Leftover[]> {
      const leftovers: Leftover[] = [];
      for (const group of [replay, chat]) {
        await repairs.destroyIfOurs(group).catch((error: unknown) => {
          warnOfLeftover(group, error);
          leftovers.push(group);
        });
      }
      return leftovers;
    },

    /**
     * Destroys what a failed attempt made. Answers the groups that must go on record because that failed, or `undefined`
     * when the intent must stay: an earlier attempt's group is there, and the next attempt will take it over.
     */
    async takeBack({ chat, replay, resumed }: Opening): Promise<Leftover[] | undefined> {
      const leftovers: Leftover[] = [];
      let kept = false;
      for (const group of [replay, chat]) {
        const outcome = await takeBackGroup(group, resumed);
        if (outcome === 'on record') leftovers.push(group);
        if (outcome === 'kept') kept = true;
      }
      return kept ? undefined : leftovers;
    },
  };
};

/** Said of a taken class and of a taken group alike; it tells nothing of whose it is. */
export const classIdTaken = (): AppError =>
  new AppError('CONFLICT', 'This class id is taken, or was used with other content.');
