import * as z from 'zod/mini';
import { nowSeconds } from '../context.ts';
import { maxMembers, membersOf, requireGroup } from '../groups.ts';
import { command, done } from './command.ts';
import { appDefinedData, applyJoinOption, assertDecent, groupTexts } from './fields.ts';

const texts = {
  Name: z.optional(groupTexts.Name),
  Introduction: z.optional(groupTexts.Introduction),
  Notification: z.optional(groupTexts.Notification),
  FaceUrl: z.optional(groupTexts.FaceUrl),
};

/** The callback tells of the texts alone. Source: https://cloud.tencent.com/document/product/269/1620 */
export const modifyGroupBaseInfo = command(
  z.object({
    GroupId: z.string(),
    ...texts,
    MaxMemberNum: z.optional(z.int().check(z.minimum(1))),
    ApplyJoinOption: z.optional(applyJoinOption),
    ShutUpAllMember: z.optional(z.enum(['On', 'Off'])),
    AppDefinedData: z.optional(appDefinedData),
  }),
  (im, { GroupId, ...wanted }, { account, platform }) => {
    const group = requireGroup(im, GroupId);
    const { Name, Introduction, Notification, FaceUrl } = wanted;
    assertDecent([Name, Introduction, Notification], im.refusedWords);
    group.name = Name ?? group.name;
    group.introduction = Introduction ?? group.introduction;
    group.notification = Notification ?? group.notification;
    group.faceUrl = FaceUrl ?? group.faceUrl;
    group.maxMemberNum = maxMembers(im, group.type, wanted.MaxMemberNum ?? group.maxMemberNum);
    group.applyJoinOption = wanted.ApplyJoinOption ?? group.applyJoinOption;
    group.shutUpAllMember = wanted.ShutUpAllMember ?? group.shutUpAllMember;
    group.appDefinedData = wanted.AppDefinedData ?? group.appDefinedData;
    group.lastInfoTime = nowSeconds(im);
    im.state.changed();

    const changed = present({ Name, Introduction, Notification, FaceUrl });
    if (Object.keys(changed).length > 0)
      im.callbacks.after(
        'Group.CallbackAfterGroupInfoChanged',
        { GroupId, Type: group.type, Operator_Account: account, ...changed },
        platform,
      );
    im.audience.tell(group, {
      event: 'system',
      groupId: GroupId,
      kind: 'changed',
      ...present({ ...changed, ShutUpAllMember: wanted.ShutUpAllMember }),
    });
    return done;
  },
);

const present = (fields: Record<string, string | undefined>) =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));

/** For good: the id answers 10010 from now on, and may be used again. Source: https://cloud.tencent.com/document/product/269/1624 */
export const destroyGroup = command(z.object({ GroupId: z.string() }), (im, { GroupId }, { platform }) => {
  const group = requireGroup(im, GroupId);
  const members = [...membersOf(im, group).keys()];
  im.audience.tell(group, { event: 'system', groupId: GroupId, kind: 'destroyed' });
  for (const account of members) for (const session of im.audience.sessionsOf(account)) session.rooms.delete(GroupId);
  im.state.groups.delete(GroupId);
  im.state.changed();
  im.callbacks.after(
    'Group.CallbackAfterGroupDestroyed',
    {
      GroupId,
      Type: group.type,
      ...(group.owner !== undefined && { Owner_Account: group.owner }),
      Name: group.name,
      MemberList: members.map((account) => ({ Member_Account: account })),
    },
    platform,
  );
  return done;
});
