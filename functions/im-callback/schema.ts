import * as z from 'zod/mini';
import { isDeeperThan } from '../../lib/nesting.ts';

/** IM's callbacks, in its own spelling. Unknown fields pass: IM adds some every year. Source: https://cloud.tencent.com/document/product/269/1619 */
export const anyCallback = z.looseObject({ CallbackCommand: z.string() });

/** A number, or in the newer text a string; milliseconds. */
const eventTime = z.optional(z.union([z.number(), z.string()]));

const member = z.looseObject({ Member_Account: z.string() });
const members = z.array(member).check(z.minLength(1));

/** No element of IM's comes near. What is nested some thousands deep can be read, but not written into an answer. */
const deepestContent = 32;

export const beforeSendMsg = z.looseObject({
  GroupId: z.string(),
  From_Account: z.string(),
  MsgBody: z.array(
    z.looseObject({
      MsgType: z.string(),
      MsgContent: z
        .record(z.string(), z.unknown())
        .check(z.refine((content) => !isDeeperThan(content, deepestContent), 'nested too deep')),
    }),
  ),
  CloudCustomData: z.optional(z.string()),
});

export const beforeApplyJoinGroup = z.looseObject({ GroupId: z.string(), Requestor_Account: z.string() });
export const beforeInviteJoinGroup = z.looseObject({
  GroupId: z.string(),
  Operator_Account: z.string(),
  DestinationMembers: members,
});
export const beforeCreateGroup = z.looseObject({ Operator_Account: z.string() });

export const afterNewMemberJoin = z.looseObject({ GroupId: z.string(), NewMemberList: members, EventTime: eventTime });
export const afterMemberExit = z.looseObject({ GroupId: z.string(), ExitMemberList: members, EventTime: eventTime });

/** `EventCause` is told since 2022. */
export const onMemberStateChange = z.looseObject({
  GroupId: z.string(),
  EventType: z.string(),
  EventCause: z.optional(z.string()),
  MemberList: members,
  EventTime: eventTime,
});
