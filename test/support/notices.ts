import { randomBytes, randomInt } from 'node:crypto';
import { createUsers } from '../../lib/classroom/members/users.ts';
import type { Movement } from '../../lib/classroom/notices/notice-store.ts';
import { createNotices, type NoticesOptions } from '../../lib/classroom/notices/notices.ts';
import { compileFilter } from '../../lib/moderation/filter.ts';
import type { TestIm } from './im.ts';
import { createTestLog } from './log.ts';

const random = { bytes: randomBytes, integer: randomInt };

type Given = Pick<NoticesOptions, 'database' | 'im' | 'clock'> & Partial<NoticesOptions>;

/** The notices of one instance, in English, with windows of a second that nobody waits for. */
export const createTestNotices = (given: Given) =>
  createNotices({
    users: createUsers(given.database),
    filter: async () => ({ filter: compileFilter([]), version: 0 }),
    language: 'en',
    noticeWindowMs: 1000,
    random,
    log: createTestLog().log,
    sleep: async () => {},
    ...given,
  });

/** A sleep that ends when the test says so, and what was asked of it. */
export const createGate = () => {
  const asked: number[] = [];
  let open = () => {};
  let begin = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  const begun = new Promise<void>((resolve) => {
    begin = resolve;
  });
  const sleep = (ms: number) => {
    asked.push(ms);
    begin();
    return opened;
  };
  return { sleep, asked, begun, open };
};

/** Somebody's coming or going; of one moment, unless told otherwise. */
const movement =
  (event: Movement['event']) =>
  (userId: string, at = 0, groupId = 'c1_chat'): Movement => ({
    groupId,
    event,
    userIds: [userId],
    eventKey: `${event} ${groupId} ${at}`,
  });
export const joinOf = movement('join');
export const leaveOf = movement('leave');

export interface SentNotice {
  groupId: unknown;
  random: unknown;
  event: 'join' | 'leave';
  userIds: string[];
  names: string[];
  count: number;
  text: string;
}

/** The notices that were sent to IM, in order, as often as they were. */
export const sentNotices = ({ calls }: Pick<TestIm, 'calls'>): SentNotice[] =>
  calls
    .filter(({ command }) => command === 'send_group_msg')
    .map(({ body }) => {
      const [element] = body.MsgBody as [{ MsgContent: { Data: string; Desc: string } }];
      const { event, users, count } = JSON.parse(element.MsgContent.Data);
      return {
        groupId: body.GroupId,
        random: body.Random,
        event,
        userIds: users.map(({ userId }: { userId: string }) => userId),
        names: users.map(({ name }: { name: string }) => name),
        count,
        text: element.MsgContent.Desc,
      };
    });
