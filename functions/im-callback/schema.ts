import * as z from 'zod/mini';
import { isMessageBody, type MessageElement } from '../../lib/moderation/message-body.ts';
import { isDeeperThan } from '../../lib/nesting.ts';
import type { Description } from '../../lib/scf/description.ts';

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

/** For the API description, which cannot look into what is checked by hand. */
export const imCallbackInput = /* @__PURE__ */ z.lazy(() => {
  const memberList = z.array(z.looseObject({ Member_Account: z.string() })).check(z.minLength(1));
  const command = (name: string) => ({ CallbackCommand: z.literal(name) });
  return z.union([
    z.looseObject({
      ...command('Group.CallbackBeforeSendMsg'),
      ...beforeSendMsg.shape,
      MsgBody: z.array(z.looseObject({ MsgType: z.string(), MsgContent: z.looseObject({}) })),
    }),
    z.looseObject({ ...command('Group.CallbackBeforeApplyJoinGroup'), ...beforeApplyJoinGroup.shape }),
    z.looseObject({
      ...command('Group.CallbackBeforeInviteJoinGroup'),
      ...beforeInviteJoinGroup.shape,
      DestinationMembers: memberList,
    }),
    z.looseObject({ ...command('Group.CallbackBeforeCreateGroup'), ...beforeCreateGroup.shape }),
    z.looseObject({
      ...command('Group.CallbackAfterNewMemberJoin'),
      ...afterNewMemberJoin.shape,
      NewMemberList: memberList,
    }),
    z.looseObject({
      ...command('Group.CallbackAfterMemberExit'),
      ...afterMemberExit.shape,
      ExitMemberList: memberList,
    }),
    z.looseObject({
      ...command('Group.CallbackOnMemberStateChange'),
      ...onMemberStateChange.shape,
      MemberList: memberList,
    }),
    z
      .looseObject(anyCallback.shape)
      .check(z.describe('Any other callback of IM: it is answered with `ErrorCode` 0, and nothing is done about it.')),
  ]);
});

/** What IM goes by. */
export const imCallbackOutput = /* @__PURE__ */ z.lazy(() =>
  z.strictObject({
    ActionStatus: z.literal('OK'),
    ErrorInfo: z.string().check(z.describe("For the sender's client, with a code of 10100 and more.")),
    ErrorCode: z
      .int()
      .check(
        z.describe(
          '0: it happens. 1: it does not. 2: the message is dropped without a word. 10100 a word that is not allowed, 10101 no board rights, 10102 muted or removed, 10103 undecided in time, 10104 a type of message that is not for everybody.',
        ),
      ),
    MsgBody: z.optional(z.array(z.unknown()).check(z.describe('Delivered instead of what was sent.'))),
    CloudCustomData: z.optional(z.string()),
    RefusedMembers_Account: z.optional(z.array(z.string()).check(z.describe('Who of the invited stays out.'))),
  }),
);

export const imCallbackDescription: Description<typeof imCallbackInput> = {
  subject: 'callbacks',
  text: 'The IM service, as set in its console: https://cloud.tencent.com/document/product/269/1523. What is not answered within 2 seconds happens.',
};
