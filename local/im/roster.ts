import type { Session } from './audience.ts';
import { type ImContext, nowSeconds } from './context.ts';
import { isMuted, rulesOf } from './group.ts';
import { membersOf, requireMembership } from './groups.ts';

/**
 * Who is in the group, as one who is in it sees it: of an AVChatRoom, who is there now. `MuteUntil` is in Unix seconds, 0 for
 * nobody muted. Throws 10010 and 10007.
 * Source: https://www.tencentcloud.com/document/product/1047/48180
 */
export const listMembers = (im: ImContext, groupId: string, { account }: Session) => {
  const group = requireMembership(im, groupId, account);
  const known = membersOf(im, group);
  const present = rulesOf(group).isStored ? [...known.keys()] : im.audience.present(groupId);
  return {
    members: present.map((name) => {
      const nick = im.state.accounts.get(name)?.nick;
      return {
        Member_Account: name,
        Role: known.get(name)?.role,
        ...(nick && { NickName: nick }),
        MuteUntil: isMuted(group, name, nowSeconds(im)) ? group.mutes.get(name) : 0,
      };
    }),
    ShutUpAllMember: group.shutUpAllMember,
  };
};
