import * as z from 'zod/mini';

/** IM's callbacks, in its own spelling. Unknown fields pass: IM adds some every year. Source: https://cloud.tencent.com/document/product/269/1619 */
export const anyCallback = z.looseObject({ CallbackCommand: z.string() });

/** A number, or in the newer text a string; milliseconds. */
const eventTime = z.optional(z.union([z.number(), z.string()]));

export const beforeSendMsg = z.looseObject({
  GroupId: z.string(),
  From_Account: z.string(),
  MsgBody: z.array(z.looseObject({ MsgType: z.string(), MsgContent: z.record(z.string(), z.unknown()) })),
  CloudCustomData: z.optional(z.string()),
});

const member = z.looseObject({ Member_Account: z.string() });

export const afterNewMemberJoin = z.looseObject({
  GroupId: z.string(),
  NewMemberList: z.array(member).check(z.minLength(1)),
  EventTime: eventTime,
});
export const afterMemberExit = z.looseObject({
  GroupId: z.string(),
  ExitMemberList: z.array(member).check(z.minLength(1)),
  EventTime: eventTime,
});
