import type { ImContext } from './context.ts';
import { type Group, type Member, rulesOf } from './group.ts';
import type { GroupType } from './group-rules.ts';
import { ImRefusal } from './refusal.ts';

/** 10010 when there is no such group, or no more. */
export const requireGroup = ({ state }: ImContext, groupId: string): Group => {
  const group = state.groups.get(groupId);
  if (!group) throw new ImRefusal(10010, 'this group does not exist, or has been dissolved');
  return group;
};

/** 10019 unless all are imported. */
export const requireAccounts = ({ state }: ImContext, accounts: readonly string[]): void => {
  const unknown = accounts.find((account) => !state.accounts.has(account));
  if (unknown !== undefined) throw new ImRefusal(10019, `the account ${unknown} does not exist`);
};

/** 10037 when an account is in as many groups as the plan allows. */
export const assertRoomForGroup = ({ state, limits }: ImContext, accounts: readonly string[]): void => {
  if (limits.groupsPerUser === Number.POSITIVE_INFINITY) return;
  for (const account of accounts) {
    const count = [...state.groups.values()].filter(
      ({ members, type }) => type !== 'AVChatRoom' && members.has(account),
    );
    if (count.length >= limits.groupsPerUser) throw new ImRefusal(10037, `${account} is in too many groups`);
  }
};

/** How many members the plan allows at most, or fewer when fewer are wanted. An AVChatRoom has no limit, and shows 0. */
export const maxMembers = ({ limits }: ImContext, type: GroupType, wanted: number | undefined): number => {
  if (type === 'AVChatRoom') return 0;
  const allowed = type === 'Community' ? limits.communityMembers : limits.privateMembers;
  return Math.min(allowed, wanted ?? allowed);
};

/**
 * Who is in the group. An AVChatRoom keeps no members: in it are those who have joined and are online, and its owner.
 */
export const membersOf = ({ audience }: ImContext, group: Group): Map<string, Member> => {
  if (rulesOf(group).isStored) return group.members;
  const accounts = new Set([...(group.owner === undefined ? [] : [group.owner]), ...audience.present(group.groupId)]);
  return new Map(
    [...accounts].map((account) => [
      account,
      { role: account === group.owner ? 'Owner' : 'Member', joinTime: group.createTime, lastSendMsgTime: 0 },
    ]),
  );
};

/** The group, for one who is in it. Throws 10010 or 10007. */
export const requireMembership = (im: ImContext, groupId: string, account: string): Group => {
  const group = requireGroup(im, groupId);
  if (!membersOf(im, group).has(account)) throw new ImRefusal(10007, 'not in the group');
  return group;
};

/** Owner and admins may write while all others are silenced. */
export const isModerator = (im: ImContext, group: Group, account: string): boolean =>
  (membersOf(im, group).get(account)?.role ?? 'Member') !== 'Member';
