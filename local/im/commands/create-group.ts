import { randomBytes } from 'node:crypto';
import * as z from 'zod/mini';
import { assertAllowed } from '../callback-answer.ts';
import { type ImContext, nowSeconds, type Operator } from '../context.ts';
import type { Group, Member } from '../group.ts';
import { type GroupType, groupRules, groupTypes } from '../group-rules.ts';
import { assertRoomForGroup, maxMembers, requireAccounts } from '../groups.ts';
import { ImRefusal } from '../refusal.ts';
import { command } from './command.ts';
import { account, appDefinedData, applyJoinOption, assertAtMost, assertDecent, groupTexts } from './fields.ts';

const input = z.object({
  Type: z.enum(groupTypes),
  Name: groupTexts.Name,
  Owner_Account: z.optional(account),
  GroupId: z.optional(z.string()),
  Introduction: z._default(groupTexts.Introduction, ''),
  Notification: z._default(groupTexts.Notification, ''),
  FaceUrl: z._default(groupTexts.FaceUrl, ''),
  MaxMemberCount: z.optional(z.int().check(z.minimum(1))),
  ApplyJoinOption: z._default(applyJoinOption, 'NeedPermission'),
  AppDefinedData: z._default(appDefinedData, []),
  MemberList: z._default(z.array(z.object({ Member_Account: account, Role: z.optional(z.literal('Admin')) })), []),
});

type Input = z.output<typeof input>;

/** Source: https://cloud.tencent.com/document/product/269/1615 */
export const createGroup = command(input, async (im, wanted, operator) => {
  const { Type, GroupId, Owner_Account, MemberList } = wanted;
  if (GroupId !== undefined) assertGroupId(GroupId, Type);
  if (!groupRules[Type].isStored && MemberList.length > 0)
    throw new ImRefusal(10007, 'an AVChatRoom takes no members at its creation');
  assertAtMost(100, MemberList);
  assertDecent([wanted.Name, wanted.Introduction, wanted.Notification], im.refusedWords);
  requireAccounts(im, [
    ...(Owner_Account === undefined ? [] : [Owner_Account]),
    ...MemberList.map(({ Member_Account }) => Member_Account),
  ]);
  assertCreatable(im, wanted);
  assertAllowed(
    await im.callbacks.before('Group.CallbackBeforeCreateGroup', asked(im, wanted, operator), operator.platform),
  );
  // Somebody else may have been quicker while the app's backend was thinking.
  assertCreatable(im, wanted);

  const group = newGroup(im, wanted);
  im.state.groups.set(group.groupId, group);
  im.state.changed();
  im.callbacks.after(
    'Group.CallbackAfterCreateGroup',
    { GroupId: group.groupId, ...asked(im, wanted, operator), UserDefinedDataList: wanted.AppDefinedData },
    operator.platform,
  );
  return { GroupId: group.groupId };
});

/** Source: https://cloud.tencent.com/document/product/269/1502 */
const assertGroupId = (groupId: string, type: GroupType) => {
  const isOwnPrefix = type === 'Community' ? groupId.startsWith('@TGS#_') : !groupId.startsWith('@TGS#');
  if (!/^[\x20-\x7e]{1,48}$/.test(groupId) || !isOwnPrefix) throw new ImRefusal(10015, 'illegal group id');
};

const assertCreatable = (im: ImContext, wanted: Input) => {
  const { state, limits } = im;
  const { Type, GroupId, Owner_Account } = wanted;
  const existing = GroupId === undefined ? undefined : state.groups.get(GroupId);
  if (existing) {
    if (Owner_Account !== undefined && existing.owner === Owner_Account)
      throw new ImRefusal(10025, 'the group id is used by this owner, and can be used directly');
    throw new ImRefusal(10021, 'the group id is used by somebody else');
  }
  if (state.groups.size >= limits.groups) throw new ImRefusal(10058, 'the plan allows no more groups');
  const rooms = [...state.groups.values()].filter(({ type }) => type === 'AVChatRoom').length;
  if (Type === 'AVChatRoom' && rooms >= limits.avChatRooms)
    throw new ImRefusal(10036, 'the plan allows no more AVChatRooms');
  const members = initialMembers(im, wanted);
  if (members.size > maxMembers(im, Type, wanted.MaxMemberCount))
    throw new ImRefusal(10038, 'more members than the group may have');
  assertRoomForGroup(im, [...members.keys()]);
};

/** An AVChatRoom's owner is known by `owner` alone. */
const initialMembers = (im: ImContext, { Type, Owner_Account, MemberList }: Input) => {
  const joined = { joinTime: nowSeconds(im), lastSendMsgTime: 0 };
  const members = new Map<string, Member>();
  if (Type === 'AVChatRoom') return members;
  for (const { Member_Account, Role } of MemberList) members.set(Member_Account, { role: Role ?? 'Member', ...joined });
  if (Owner_Account !== undefined) members.set(Owner_Account, { role: 'Owner', ...joined });
  return members;
};

const newGroup = (im: ImContext, wanted: Input): Group => {
  const now = nowSeconds(im);
  return {
    groupId: wanted.GroupId ?? `@TGS#${wanted.Type === 'Community' ? '_' : ''}${randomBytes(6).toString('hex')}`,
    type: wanted.Type,
    name: wanted.Name,
    introduction: wanted.Introduction,
    notification: wanted.Notification,
    faceUrl: wanted.FaceUrl,
    ...(wanted.Owner_Account !== undefined && { owner: wanted.Owner_Account }),
    createTime: now,
    lastInfoTime: now,
    lastMsgTime: 0,
    nextMsgSeq: 1,
    maxMemberNum: maxMembers(im, wanted.Type, wanted.MaxMemberCount),
    applyJoinOption: wanted.ApplyJoinOption,
    shutUpAllMember: 'Off',
    appDefinedData: wanted.AppDefinedData,
    members: initialMembers(im, wanted),
    messages: [],
    sent: new Map(),
    mutes: new Map(),
    bans: new Map(),
  };
};

/** The callback before has no GroupId, even when the caller gave one. */
const asked = (
  { state }: ImContext,
  { Owner_Account, Type, Name, MemberList }: Input,
  { account: operator }: Operator,
) => ({
  Operator_Account: operator,
  ...(Owner_Account !== undefined && { Owner_Account }),
  Type,
  Name,
  CreatedGroupNum: [...state.groups.values()].filter(({ owner }) => owner !== undefined && owner === Owner_Account)
    .length,
  MemberList: MemberList.map(({ Member_Account }) => ({ Member_Account })),
});
