import * as z from 'zod/mini';
import { type ImContext, nowSeconds } from '../context.ts';
import type { StoredMessage } from '../group.ts';
import { requireAccounts, requireGroup } from '../groups.ts';
import { msgBodySchema, priorities } from '../msg-body.ts';
import { ImRefusal } from '../refusal.ts';
import { sendMessage } from '../send-message.ts';
import { command, done } from './command.ts';
import { account, flag, uint32 } from './fields.ts';

const before = 'ForbidBeforeSendMsgCallback';
const after = 'ForbidAfterSendMsgCallback';

/** The sender may be anybody who exists, and need not be a member. Source: https://cloud.tencent.com/document/product/269/1629 */
export const sendGroupMsg = command(
  z.object({
    GroupId: z.string(),
    Random: uint32,
    MsgBody: msgBodySchema,
    MsgPriority: z._default(z.enum(priorities), 'Normal'),
    From_Account: z.optional(account),
    OnlineOnlyFlag: z._default(flag, 0),
    ForbidCallbackControl: z._default(z.array(z.enum([before, after])), []),
    CloudCustomData: z.optional(z.string()),
  }),
  (im, input, operator) => {
    const { GroupId, CloudCustomData, ForbidCallbackControl: forbidden } = input;
    const from = input.From_Account ?? operator.account;
    const { type } = requireGroup(im, GroupId);
    requireAccounts(im, [from]);
    return sendMessage(
      im,
      {
        groupId: GroupId,
        from,
        random: input.Random,
        body: input.MsgBody,
        priority: input.MsgPriority,
        ...(CloudCustomData !== undefined && { cloudCustomData: CloudCustomData }),
        isOnlineOnly: input.OnlineOnlyFlag === 1 && type !== 'AVChatRoom',
        skipsBeforeCallback: forbidden.includes(before),
        skipsAfterCallback: forbidden.includes(after),
      },
      operator,
    );
  },
);

/** To who is online now; not kept, not counted, and no callback is asked. Source: https://cloud.tencent.com/document/product/269/1630 */
export const sendGroupSystemNotification = command(
  z.object({ GroupId: z.string(), Content: z.string(), ToMembers_Account: z.optional(z.array(account)) }),
  (im, { GroupId, Content, ToMembers_Account }) => {
    const group = requireGroup(im, GroupId);
    if (ToMembers_Account && group.type === 'AVChatRoom')
      throw new ImRefusal(10007, 'an AVChatRoom is told as a whole');
    im.audience.tell(group, { event: 'system', groupId: GroupId, Content }, ToMembers_Account);
    return done;
  },
);

const pageSize = 20;

/**
 * History, newest first, from `ReqMsgSeq` down. Recalled and expired messages leave holes.
 * `IsFinished`: 1 all that was asked for, 0 cut at a page, 2 nothing but expired.
 * Source: https://cloud.tencent.com/document/product/269/2738
 */
export const groupMsgGetSimple = command(
  z.object({
    GroupId: z.string(),
    ReqMsgNumber: z.int().check(z.minimum(1)),
    ReqMsgSeq: z.optional(z.int().check(z.minimum(0))),
  }),
  (im, { GroupId, ReqMsgNumber, ReqMsgSeq = Number.POSITIVE_INFINITY }) => {
    const group = requireGroup(im, GroupId);
    if (group.type === 'AVChatRoom') throw new ImRefusal(10007, 'an AVChatRoom keeps no history');
    const end = countUpTo(group.messages, ReqMsgSeq);
    const page = group.messages.slice(Math.max(0, end - Math.min(ReqMsgNumber, pageSize)), end).reverse();
    const isCut = page.length < Math.min(end, ReqMsgNumber);
    const isExpired = page.length > 0 && page.every((message) => hasExpired(im, message));
    return {
      GroupId,
      IsFinished: isExpired ? 2 : isCut ? 0 : 1,
      RspMsgList: page.map((message) => describeMessage(im, message)),
    };
  },
);

/** How many messages are not after `seq`: they stand in its order, so a page takes no look at all of them. */
const countUpTo = (messages: readonly StoredMessage[], seq: number): number => {
  let [from, to] = [0, messages.length];
  while (from < to) {
    const middle = Math.floor((from + to) / 2);
    if ((messages[middle]?.seq ?? 0) <= seq) from = middle + 1;
    else to = middle;
  }
  return from;
};

const hasExpired = (im: ImContext, { time }: StoredMessage) => nowSeconds(im) - time >= im.limits.historySeconds;

const describeMessage = (im: ImContext, message: StoredMessage) => {
  const place = hasExpired(im, message) ? 1 : message.isRecalled ? 2 : 0;
  return {
    From_Account: message.from,
    IsPlaceMsg: place,
    MsgBody: place === 0 ? message.body : [],
    MsgPriority: priorities.indexOf(message.priority) + 1,
    MsgRandom: message.random,
    MsgSeq: message.seq,
    MsgTimeStamp: message.time,
    ...(place === 0 && message.cloudCustomData !== undefined && { CloudCustomData: message.cloudCustomData }),
  };
};

/** Each message has its own code. Source: https://cloud.tencent.com/document/product/269/12341 */
export const groupMsgRecall = command(
  z.object({
    GroupId: z.string(),
    MsgSeqList: z.array(z.object({ MsgSeq: z.int() })).check(z.minLength(1), z.maxLength(10)),
  }),
  (im, { GroupId, MsgSeqList }) => {
    const group = requireGroup(im, GroupId);
    if (group.type === 'AVChatRoom') throw new ImRefusal(10007, 'an AVChatRoom keeps no history');
    const results = MsgSeqList.map(({ MsgSeq }) => {
      const message = group.messages.find(({ seq }) => seq === MsgSeq);
      if (message) message.isRecalled = true;
      return { MsgSeq, RetCode: message ? 0 : 10030 };
    });
    im.state.changed();
    im.audience.tell(group, {
      event: 'system',
      groupId: GroupId,
      kind: 'recalled',
      seqs: results.filter(({ RetCode }) => RetCode === 0).map(({ MsgSeq }) => MsgSeq),
    });
    return { RecallRetList: results };
  },
);
