import * as z from 'zod/mini';
import { type ImContext, nowSeconds } from '../context.ts';
import type { Group } from '../group.ts';
import { requireGroup } from '../groups.ts';
import { ImRefusal } from '../refusal.ts';
import { command, done } from './command.ts';
import { accounts, assertAtMost, textOf, uint32 } from './fields.ts';

const maxAccounts = 20;

/** The banned are put out at once and may not come back in. Source: https://www.tencentcloud.com/document/product/1047/50296 */
export const banGroupMember = command(
  z.object({
    GroupId: z.string(),
    Members_Account: accounts,
    Duration: uint32,
    Description: z._default(textOf(1000), ''),
  }),
  (im, { GroupId, Members_Account, Duration, Description }) => {
    assertAtMost(maxAccounts, Members_Account);
    const group = requireRoom(im, GroupId);
    for (const account of Members_Account) {
      group.bans.set(account, nowSeconds(im) + Duration);
      for (const session of im.audience.sessionsOf(account))
        if (session.rooms.delete(GroupId)) session.push({ event: 'kicked', groupId: GroupId, reason: Description });
    }
    im.state.changed();
    return done;
  },
);

/** Source: https://www.tencentcloud.com/document/product/1047/50297 */
export const unbanGroupMember = command(
  z.object({ GroupId: z.string(), Members_Account: accounts }),
  (im, { GroupId, Members_Account }) => {
    assertAtMost(maxAccounts, Members_Account);
    const { bans } = requireRoom(im, GroupId);
    for (const account of Members_Account) bans.delete(account);
    im.state.changed();
    return done;
  },
);

/** `NextOffset` 0 ends the list. Source: https://www.tencentcloud.com/document/product/1047/50295 */
export const getGroupBanMember = command(
  z.object({
    GroupId: z.string(),
    Offset: z._default(z.int().check(z.minimum(0)), 0),
    Limit: z._default(z.int().check(z.minimum(1), z.maximum(100)), 100),
  }),
  (im, { GroupId, Offset, Limit }) => {
    const all = [...requireRoom(im, GroupId).bans].filter(([, until]) => until > nowSeconds(im));
    const end = Offset + Limit;
    return {
      BannedAccountList: all
        .slice(Offset, end)
        .map(([account, until]) => ({ Member_Account: account, BannedUntil: until })),
      NextOffset: end < all.length ? end : 0,
    };
  },
);

const requireRoom = (im: ImContext, groupId: string): Group => {
  const group = requireGroup(im, groupId);
  if (group.type !== 'AVChatRoom') throw new ImRefusal(10007, 'only an AVChatRoom bans');
  return group;
};
