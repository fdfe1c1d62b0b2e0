import { assertAllowed, type CallbackAnswer } from './callback-answer.ts';
import { type ImContext, nowSeconds, type Operator } from './context.ts';
import { deliverMessage } from './deliver-message.ts';
import { type Group, isMuted } from './group.ts';
import { isModerator, requireGroup } from './groups.ts';
import type { Delivered, OutgoingMessage } from './message.ts';
import { assertClean, assertSendable } from './msg-body.ts';
import { ImRefusal } from './refusal.ts';

const silentDrop = 2;

/**
 * Sends into a group: checks, asks the app's backend, delivers. Membership is the caller's to check.
 * The backend is asked about every message at once; what one sender sends into one group is delivered in the order of sending.
 * Throws 10010, 10004, 10016, 10017, 80001, 80002, or the backend's own code.
 * Source: https://cloud.tencent.com/document/product/269/1629
 */
export const sendMessage = async (im: ImContext, message: OutgoingMessage, operator: Operator): Promise<Delivered> => {
  const group = requireGroup(im, message.groupId);
  assertMaySpeak(im, group, message.from, operator);
  assertSendable(message.body, message.cloudCustomData, operator.platform === 'RESTAPI');
  assertClean(message.body, im.state.dirtyWords);
  const wire = wireMessage(im, group, message, operator);
  const answer = message.skipsBeforeCallback
    ? Promise.resolve(undefined)
    : im.callbacks.before('Group.CallbackBeforeSendMsg', wire, operator.platform);

  return im.turns.take(`${message.groupId} ${message.from}`, async () => {
    const verdict = await answer;
    if (verdict?.ErrorCode === silentDrop) return { MsgTime: nowSeconds(im), MsgSeq: group.nextMsgSeq };
    assertAllowed(verdict);
    const rewritten = rewrite(message, verdict);
    const { isNew, ...delivered } = deliverMessage(im, requireGroup(im, message.groupId), rewritten);
    if (isNew && !message.skipsAfterCallback) {
      const told = { ...wire, ...wireContent(rewritten), ...delivered };
      im.callbacks.after('Group.CallbackAfterSendMsg', told, operator.platform);
    }
    return delivered;
  });
};

/** The administrator is never silenced. When all are, owner and admins are not, nor whom the administrator sends for. */
const assertMaySpeak = (im: ImContext, group: Group, account: string, operator: Operator) => {
  const isShut = group.shutUpAllMember === 'On' && operator.account !== im.adminUserId;
  const isSilenced = isMuted(group, account, nowSeconds(im)) || (isShut && !isModerator(im, group, account));
  if (isSilenced && account !== im.adminUserId) throw new ImRefusal(10017, 'the sender is muted');
};

const rewrite = (message: OutgoingMessage, answer: CallbackAnswer | undefined): OutgoingMessage => ({
  ...message,
  ...(answer?.MsgBody && { body: answer.MsgBody }),
  ...(answer?.CloudCustomData !== undefined && { cloudCustomData: answer.CloudCustomData }),
});

const wireContent = ({ body, cloudCustomData }: OutgoingMessage) => ({
  MsgBody: body,
  ...(cloudCustomData !== undefined && { CloudCustomData: cloudCustomData }),
});

const wireMessage = (im: ImContext, group: Group, message: OutgoingMessage, operator: Operator) => ({
  GroupId: group.groupId,
  Type: group.type,
  From_Account: message.from,
  Operator_Account: operator.account,
  Random: message.random,
  MsgId: `${tinyId(message.from)}-${nowSeconds(im)}-${message.random}`,
  OnlineOnlyFlag: message.isOnlineOnly ? 1 : 0,
  ...wireContent(message),
});

/** IM's own number of an account: the same for the same account, and looking like the real ones. */
const tinyId = (account: string): bigint => {
  let hash = 0;
  for (const byte of Buffer.from(account)) hash = (hash * 31 + byte) >>> 0;
  return 144_115_233_000_000_000n + BigInt(hash);
};
