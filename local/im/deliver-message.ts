import { type ImContext, nowSeconds } from './context.ts';
import { type Group, rulesOf } from './group.ts';
import type { Delivered, OutgoingMessage } from './message.ts';
import { priorities } from './msg-body.ts';

/** Source: https://cloud.tencent.com/document/product/269/1629 */
const dedupeSeconds = 300;

/**
 * Stores a message and pushes it, unless the group has it already or has too many this second; the sender sees success in any case.
 * `isNew` tells whether it went out. A dropped message gets the number that the next one will take.
 */
export const deliverMessage = (
  im: ImContext,
  group: Group,
  message: OutgoingMessage,
): Delivered & { isNew: boolean } => {
  const now = nowSeconds(im);
  const key = `${message.from} ${message.random}`;
  forgetOld(group, now);
  const twin = group.sent.get(key);
  if (twin) return { MsgTime: twin.time, MsgSeq: twin.seq, isNew: false };
  if (!takeBudget(im, group, message)) return { MsgTime: now, MsgSeq: group.nextMsgSeq, isNew: false };

  const seq = group.nextMsgSeq;
  group.sent.set(key, { seq, time: now });
  if (!message.isOnlineOnly) store(group, message, now);
  im.state.changed();
  im.audience.tell(group, {
    event: 'message',
    groupId: group.groupId,
    From_Account: message.from,
    MsgBody: message.body,
    MsgSeq: seq,
    MsgTime: now,
    MsgPriority: message.priority,
    Random: message.random,
    ...(message.cloudCustomData !== undefined && { CloudCustomData: message.cloudCustomData }),
  });
  return { MsgTime: now, MsgSeq: seq, isNew: true };
};

const store = (group: Group, message: OutgoingMessage, now: number) => {
  if (rulesOf(group).isStored) {
    const { from, random, priority, body, cloudCustomData } = message;
    group.messages.push({
      seq: group.nextMsgSeq,
      time: now,
      from,
      random,
      priority,
      body,
      ...(cloudCustomData !== undefined && { cloudCustomData }),
    });
  }
  group.nextMsgSeq += 1;
  group.lastMsgTime = now;
  const member = group.members.get(message.from);
  if (member) member.lastSendMsgTime = now;
};

/**
 * The 40/s rule of a group, seen from each priority: a message passes while fewer than 40 of its own or a higher priority
 * have passed this second. So lower ones get what higher ones have left, and never displace them. The real one's way is not documented.
 * Source: https://cloud.tencent.com/document/product/269/1629
 */
const takeBudget = ({ messageCounts, limits }: ImContext, { groupId }: Group, { priority }: OutgoingMessage) => {
  const passed = priorities
    .slice(0, priorities.indexOf(priority) + 1)
    .reduce((sum, each) => sum + messageCounts.of(`${groupId} ${each}`), 0);
  if (passed >= limits.messagesPerSecondPerGroup) return false;
  messageCounts.add(`${groupId} ${priority}`);
  return true;
};

/** The oldest come first, so the look ends at the first young one. */
const forgetOld = ({ sent }: Group, now: number) => {
  for (const [key, { time }] of sent) {
    if (now - time < dedupeSeconds) return;
    sent.delete(key);
  }
};
