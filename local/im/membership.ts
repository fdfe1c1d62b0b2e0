import type { Session } from './audience.ts';
import { assertAllowed } from './callback-answer.ts';
import { type ImContext, nowSeconds, type Operator } from './context.ts';
import { type Group, isBanned, rulesOf } from './group.ts';
import { assertRoomForGroup, requireGroup, requireMembership } from './groups.ts';
import { ImRefusal } from './refusal.ts';

/**
 * A client comes in by itself. Throws 10007, 10010, 10013, 10014, 10016, 10037.
 * Joining an AVChatRoom again does nothing; of its sessions, each hears it only once it has joined.
 * Source: https://cloud.tencent.com/document/product/269/1502
 */
export const joinGroup = async (im: ImContext, groupId: string, session: Session): Promise<void> => {
  const { account, platform } = session;
  const group = requireGroup(im, groupId);
  if (group.members.has(account)) throw new ImRefusal(10013, 'already in the group');
  if (session.rooms.has(groupId)) return;
  if (!maySelfJoin(group)) throw new ImRefusal(10007, 'this group lets nobody in who was not invited');
  if (isBanned(group, account, nowSeconds(im))) throw new ImRefusal(10007, 'banned from the group');

  const asked = { GroupId: groupId, Type: group.type, Requestor_Account: account };
  assertAllowed(await im.callbacks.before('Group.CallbackBeforeApplyJoinGroup', asked, platform));
  requireGroup(im, groupId);
  const isPresent = im.audience.present(groupId).includes(account);
  if (rulesOf(group).isStored) admit(im, group, [account]);
  else session.rooms.add(groupId);
  if (isPresent) return;
  tellJoined(im, group, [account], 'Apply', session, false);
};

/** An app that decides on applications one by one is not part of this stand-in: `NeedPermission` keeps everybody out. */
const maySelfJoin = (group: Group) => {
  const { selfJoin } = rulesOf(group);
  return selfJoin === 'free' || (selfJoin === 'option' && group.applyJoinOption === 'FreeAccess');
};

/** A client goes by itself, on all its devices. Throws 10007, 10010, and 10009 for the owner of any but a Private group. */
export const quitGroup = (im: ImContext, groupId: string, { account, platform }: Session): void => {
  const group = requireMembership(im, groupId, account);
  if (group.owner === account) {
    if (group.type !== 'Private') throw new ImRefusal(10009, 'the owner may not quit');
    group.owner = undefined;
  }
  remove(im, group, [account]);
  tellLeft(im, group, [account], 'Quit', { account, platform }, false);
};

/** Takes accounts in on somebody's behalf, as one change: 10014 or 10037 when they do not all fit. */
export const inviteMembers = (im: ImContext, group: Group, accounts: string[], operator: Operator, silent: boolean) => {
  admit(im, group, accounts);
  tellJoined(im, group, accounts, 'Invited', operator, silent);
};

/** Takes members out on somebody's behalf, and tells them why unless `silent`. */
export const kickMembers = (
  im: ImContext,
  group: Group,
  accounts: string[],
  operator: Operator,
  { reason, silent }: { reason: string; silent: boolean },
): void => {
  remove(im, group, accounts);
  if (!silent) {
    for (const account of accounts)
      for (const session of im.audience.sessionsOf(account))
        session.push({ event: 'kicked', groupId: group.groupId, reason });
  }
  tellLeft(im, group, accounts, 'Kicked', operator, silent);
};

const admit = (im: ImContext, group: Group, accounts: string[]) => {
  if (group.members.size + accounts.length > group.maxMemberNum) throw new ImRefusal(10014, 'the group is full');
  assertRoomForGroup(im, accounts);
  for (const account of accounts)
    group.members.set(account, { role: 'Member', joinTime: nowSeconds(im), lastSendMsgTime: 0 });
  im.state.changed();
};

const remove = (im: ImContext, group: Group, accounts: string[]) => {
  for (const account of accounts) {
    group.members.delete(account);
    for (const session of im.audience.sessionsOf(account)) session.rooms.delete(group.groupId);
  }
  im.state.changed();
};

const listed = (accounts: string[]) => accounts.map((account) => ({ Member_Account: account }));

const tellJoined = (
  { callbacks, audience }: ImContext,
  group: Group,
  accounts: string[],
  how: 'Apply' | 'Invited',
  { account, platform }: Operator,
  silent: boolean,
) => {
  const { groupId, type } = group;
  const joined = {
    GroupId: groupId,
    Type: type,
    JoinType: how,
    Operator_Account: account,
    NewMemberList: listed(accounts),
  };
  callbacks.after('Group.CallbackAfterNewMemberJoin', joined, platform);
  if (rulesOf(group).isStored && group.members.size >= group.maxMemberNum)
    callbacks.after('Group.CallbackAfterGroupFull', { GroupId: groupId }, platform);
  if (rulesOf(group).tellsChanges && !silent)
    audience.tell(group, { event: 'system', groupId, kind: 'joined', members: accounts });
};

const tellLeft = (
  { callbacks, audience }: ImContext,
  group: Group,
  accounts: string[],
  how: 'Kicked' | 'Quit',
  { account, platform }: Operator,
  silent: boolean,
) => {
  const { groupId, type } = group;
  const left = {
    GroupId: groupId,
    Type: type,
    ExitType: how,
    Operator_Account: account,
    ExitMemberList: listed(accounts),
  };
  callbacks.after('Group.CallbackAfterMemberExit', left, platform);
  if (rulesOf(group).tellsChanges && !silent)
    audience.tell(group, { event: 'system', groupId, kind: 'left', members: accounts });
};
