import * as z from 'zod/mini';
import { type ImContext, nowSeconds } from '../context.ts';
import { rulesOf } from '../group.ts';
import { requireGroup } from '../groups.ts';
import { ImRefusal } from '../refusal.ts';
import { command, done } from './command.ts';
import { accounts, assertAtMost, uint32 } from './fields.ts';

const forever = 0xffff_ffff;

/** 0 lifts. The older texts call `MuteTime` `ShutUpTime`; both are seconds. Source: https://cloud.tencent.com/document/product/269/1627 */
export const forbidSendMsg = command(
  z.object({
    GroupId: z.string(),
    Members_Account: accounts,
    MuteTime: z.optional(uint32),
    ShutUpTime: z.optional(uint32),
  }),
  (im, { GroupId, Members_Account, MuteTime, ShutUpTime }) => {
    const seconds = MuteTime ?? ShutUpTime;
    if (seconds === undefined) throw new ImRefusal(10004, 'bad parameter: MuteTime');
    assertAtMost(500, Members_Account);
    const group = requireGroup(im, GroupId);
    if (!rulesOf(group).canMute) throw new ImRefusal(10007, 'nobody can be muted in a Private group');
    const until = seconds === forever ? forever : nowSeconds(im) + seconds;
    for (const account of Members_Account) {
      if (seconds === 0) group.mutes.delete(account);
      else group.mutes.set(account, until);
    }
    im.state.changed();
    return done;
  },
);

const listing = z.object({ GroupId: z.string() });

/** Source: https://cloud.tencent.com/document/product/269/2925 */
export const getGroupMutedAccount = command(listing, (im, { GroupId }) => ({
  GroupId,
  MutedAccountList: current(im, GroupId).map(([account, until]) => ({ Member_Account: account, MutedUntil: until })),
}));

/** The same under its older name. */
export const getGroupShuttedUin = command(listing, (im, { GroupId }) => ({
  GroupId,
  ShuttedUinList: current(im, GroupId).map(([account, until]) => ({ Member_Account: account, ShuttedUntil: until })),
}));

const current = (im: ImContext, groupId: string) => {
  const group = requireGroup(im, groupId);
  if (!rulesOf(group).canMute) throw new ImRefusal(10007, 'nobody can be muted in a Private group');
  return [...group.mutes].filter(([, until]) => until > nowSeconds(im));
};
