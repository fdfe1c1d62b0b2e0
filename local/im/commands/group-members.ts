import * as z from 'zod/mini';
import { assertAllowed } from '../callback-answer.ts';
import { rulesOf } from '../group.ts';
import { requireAccounts, requireGroup } from '../groups.ts';
import { inviteMembers, kickMembers } from '../membership.ts';
import { ImRefusal } from '../refusal.ts';
import { command, done } from './command.ts';
import { account, accounts, assertAtMost, flag } from './fields.ts';

/**
 * `Result` is 1 for whom it took in, 2 for a member already, 0 for whom the app's backend refused.
 * Source: https://cloud.tencent.com/document/product/269/1621
 */
export const addGroupMember = command(
  z.object({
    GroupId: z.string(),
    MemberList: z.array(z.object({ Member_Account: account })).check(z.minLength(1)),
    Silence: z._default(flag, 0),
  }),
  async (im, { GroupId, MemberList, Silence }, operator) => {
    assertAtMost(100, MemberList);
    const group = requireGroup(im, GroupId);
    if (!rulesOf(group).isStored) throw new ImRefusal(10007, 'nobody can be added to an AVChatRoom');
    const wanted = [...new Set(MemberList.map(({ Member_Account }) => Member_Account))];
    requireAccounts(im, wanted);
    const answer = await im.callbacks.before(
      'Group.CallbackBeforeInviteJoinGroup',
      {
        GroupId,
        Type: group.type,
        Operator_Account: operator.account,
        DestinationMembers: wanted.map((name) => ({ Member_Account: name })),
      },
      operator.platform,
    );
    assertAllowed(answer);
    requireGroup(im, GroupId);

    const refused = answer?.RefusedMembers_Account ?? [];
    const members = [...group.members.keys()];
    const added = wanted.filter((name) => !refused.includes(name) && !members.includes(name));
    if (added.length > 0) inviteMembers(im, group, added, operator, Silence === 1);
    const result = (name: string) => (added.includes(name) ? 1 : members.includes(name) ? 2 : 0);
    return { MemberList: wanted.map((name) => ({ Member_Account: name, Result: result(name) })) };
  },
);

/** Taking out who is no member is no error. Source: https://cloud.tencent.com/document/product/269/1622 */
export const deleteGroupMember = command(
  z.object({
    GroupId: z.string(),
    MemberToDel_Account: accounts,
    Silence: z._default(flag, 0),
    Reason: z._default(z.string(), ''),
  }),
  (im, { GroupId, MemberToDel_Account, Silence, Reason }, operator) => {
    assertAtMost(100, MemberToDel_Account);
    const group = requireGroup(im, GroupId);
    if (!rulesOf(group).isStored) throw new ImRefusal(10004, 'nobody can be removed from an AVChatRoom');
    const removed = [...new Set(MemberToDel_Account)].filter((name) => group.members.has(name));
    if (group.owner !== undefined && removed.includes(group.owner))
      throw new ImRefusal(10007, 'the owner cannot be removed');
    if (removed.length > 0) kickMembers(im, group, removed, operator, { reason: Reason, silent: Silence === 1 });
    return done;
  },
);
