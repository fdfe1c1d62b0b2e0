import * as z from 'zod/mini';
import { type ImContext, nowSeconds } from '../context.ts';
import { type Group, isMuted, type Member } from '../group.ts';
import { membersOf, requireGroup } from '../groups.ts';
import { ImRefusal } from '../refusal.ts';
import { command } from './command.ts';
import { assertAtMost } from './fields.ts';

const filters = z.object({
  GroupBaseInfoFilter: z.optional(z.array(z.string())),
  MemberInfoFilter: z.optional(z.array(z.string())),
});

/**
 * The outer code says nothing: each group has its own. A filter that is left out of `ResponseFilter` asks for no members,
 * or for all of the base information.
 * Source: https://cloud.tencent.com/document/product/269/1616
 */
export const getGroupInfo = command(
  z.object({ GroupIdList: z.array(z.string()).check(z.minLength(1)), ResponseFilter: z.optional(filters) }),
  (im, { GroupIdList, ResponseFilter }) => {
    assertAtMost(50, GroupIdList);
    return { GroupInfo: GroupIdList.map((groupId) => describeGroup(im, groupId, ResponseFilter)) };
  },
);

const describeGroup = (im: ImContext, groupId: string, filter: z.output<typeof filters> | undefined) => {
  const group = im.state.groups.get(groupId);
  if (!group) return { GroupId: groupId, ErrorCode: 10010, ErrorInfo: 'this group does not exist' };
  const withMembers = !filter || filter.MemberInfoFilter !== undefined;
  return {
    GroupId: groupId,
    ErrorCode: 0,
    ErrorInfo: '',
    ...only(filter?.GroupBaseInfoFilter, baseInfo(im, group)),
    ...(withMembers && { MemberList: memberList(im, group, filter?.MemberInfoFilter) }),
  };
};

const baseInfo = (im: ImContext, group: Group) => ({
  Type: group.type,
  Name: group.name,
  Appid: im.sdkAppId,
  Introduction: group.introduction,
  Notification: group.notification,
  FaceUrl: group.faceUrl,
  ...(group.owner !== undefined && { Owner_Account: group.owner }),
  CreateTime: group.createTime,
  LastInfoTime: group.lastInfoTime,
  LastMsgTime: group.lastMsgTime,
  NextMsgSeq: group.nextMsgSeq,
  MemberNum: membersOf(im, group).size,
  MaxMemberNum: group.maxMemberNum,
  ApplyJoinOption: group.applyJoinOption,
  ShutUpAllMember: group.shutUpAllMember,
  AppDefinedData: group.appDefinedData,
});

/** Pages, as the reply may not grow over 1 MB. Of an AVChatRoom, only who is in it now. Source: https://cloud.tencent.com/document/product/269/1617 */
export const getGroupMemberInfo = command(
  z.object({
    GroupId: z.string(),
    MemberInfoFilter: z.optional(z.array(z.string())),
    MemberRoleFilter: z.optional(z.array(z.enum(['Owner', 'Admin', 'Member']))),
    Limit: z._default(z.int().check(z.minimum(1), z.maximum(6000)), 6000),
    Offset: z._default(z.int().check(z.minimum(0)), 0),
  }),
  (im, { GroupId, MemberInfoFilter, MemberRoleFilter, Limit, Offset }) => {
    const group = requireGroup(im, GroupId);
    const all = memberList(im, group, MemberInfoFilter, MemberRoleFilter);
    return { MemberNum: membersOf(im, group).size, MemberList: all.slice(Offset, Offset + Limit) };
  },
);

const memberList = (
  im: ImContext,
  group: Group,
  fields?: readonly string[],
  roles?: readonly Member['role'][],
): object[] =>
  [...membersOf(im, group)]
    .filter(([, { role }]) => !roles || roles.includes(role))
    .map(([account, { role, joinTime, lastSendMsgTime }]) => ({
      Member_Account: account,
      ...only(fields, {
        Role: role,
        JoinTime: joinTime,
        MsgSeq: 0,
        MsgFlag: 'AcceptAndNotify',
        LastSendMsgTime: lastSendMsgTime,
        ShutUpUntil: isMuted(group, account, nowSeconds(im)) ? group.mutes.get(account) : 0,
        NameCard: '',
      }),
    }));

const only = (names: readonly string[] | undefined, fields: Record<string, unknown>) =>
  names ? Object.fromEntries(Object.entries(fields).filter(([name]) => names.includes(name))) : fields;

/** Source: https://cloud.tencent.com/document/product/269/1626 */
export const getRoleInGroup = command(
  z.object({ GroupId: z.string(), User_Account: z.array(z.string()).check(z.minLength(1)) }),
  (im, { GroupId, User_Account }) => {
    assertAtMost(500, User_Account);
    const group = requireGroup(im, GroupId);
    if (group.type === 'AVChatRoom') throw new ImRefusal(10007, 'an AVChatRoom keeps no roles');
    return {
      UserIdList: User_Account.map((account) => ({
        Member_Account: account,
        Role: group.members.get(account)?.role ?? 'NotMember',
      })),
    };
  },
);

/** Source: https://cloud.tencent.com/document/product/269/49180 */
export const getOnlineMemberNum = command(z.object({ GroupId: z.string() }), (im, { GroupId }) => {
  if (requireGroup(im, GroupId).type !== 'AVChatRoom')
    throw new ImRefusal(10007, 'only an AVChatRoom counts who is online');
  return { GroupId, OnlineMemberNum: im.audience.present(GroupId).length };
});
