import * as z from 'zod/mini';
import { isMessageBody, type MessageElement } from '../../lib/moderation/message-body.ts';
import { isDeeperThan } from '../../lib/nesting.ts';

/** IM's callbacks, in its own spelling. Unknown fields pass: IM adds some every year. Source: https://cloud.tencent.com/document/product/269/1619 */
export const anyCallback = z.object({ CallbackCommand: z.string() });

/** A number, or in the newer text a string; milliseconds. */
const eventTime = z.optional(z.union([z.number(), z.string()]));

/** Checked by hand: of ten thousand bad entries nobody wants a list. */
const members = z.custom<readonly { Member_Account: string }[]>(
  (value) =>
    Array.isArray(value) && value.length > 0 && value.every((member) => typeof member?.Member_Account === 'string'),
);

/**
 * A hundred forwarded messages one in another, as many as IM takes, are five levels each. What is nested a thousand deep can
 * be read, but not written into an answer. Source: https://im.sdk.qcloud.com/doc/en/classcom_1_1tencent_1_1imsdk_1_1v2_1_1V2TIMMergerElem.html
 */
const deepestBody = 520;

export const beforeSendMsg = z.object({
  GroupId: z.string(),
  From_Account: z.string(),
  // By hand too, and handed on as it came, with all its fields.
  MsgBody: z.custom<readonly MessageElement[]>((value) => isMessageBody(value) && !isDeeperThan(value, deepestBody)),
  CloudCustomData: z.nullish(z.string()),
});

export const beforeApplyJoinGroup = z.object({ GroupId: z.string(), Requestor_Account: z.string() });
export const beforeInviteJoinGroup = z.object({
  GroupId: z.string(),
  Operator_Account: z.string(),
  DestinationMembers: members,
});
export const beforeCreateGroup = z.object({ Operator_Account: z.string() });

export const afterNewMemberJoin = z.object({ GroupId: z.string(), NewMemberList: members, EventTime: eventTime });
export const afterMemberExit = z.object({ GroupId: z.string(), ExitMemberList: members, EventTime: eventTime });

/** `EventCause` is told since 2022. */
export const onMemberStateChange = z.object({
  GroupId: z.string(),
  EventType: z.string(),
  EventCause: z.optional(z.string()),
  MemberList: members,
  EventTime: eventTime,
});
