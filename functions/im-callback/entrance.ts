import type * as z from 'zod/mini';
import { isRecordingUserId } from '../../lib/auth/reserved-user-ids.ts';
import { readGroupId } from '../../lib/classroom/class/class.ts';
import type { ClassFinder } from '../../lib/classroom/class/class-finder.ts';
import { objectionToEntry } from '../../lib/classroom/messages/gate.ts';
import type { CallbackRequest } from '../../lib/scf/callback-endpoint.ts';
import { isFromRestApi } from './rest-api.ts';
import type { beforeApplyJoinGroup, beforeCreateGroup, beforeInviteJoinGroup } from './schema.ts';

export interface EntranceOptions {
  /** Milliseconds since 1970. */
  clock(): number;
  adminUserId: string;
  finder: Pick<ClassFinder, 'findWith'>;
}

/**
 * Who may come into a class's groups, and who may make groups. Each method answers what stands against it, for the log;
 * `undefined` when nothing does.
 */
export const createEntrance = ({ clock, adminUserId, finder }: EntranceOptions) => ({
  /** Somebody asks to come in. */
  async objectionToApplicant(
    request: CallbackRequest,
    { GroupId, Requestor_Account }: z.output<typeof beforeApplyJoinGroup>,
  ): Promise<string | undefined> {
    request.note({ groupId: GroupId, userId: Requestor_Account });
    const group = readGroupId(GroupId);
    if (!group) return undefined;
    const isOfService = Requestor_Account === adminUserId || isRecordingUserId(Requestor_Account);
    if (group.kind === 'chat' && isOfService) return undefined;
    const found = await finder.findWith(group.classId, Requestor_Account);
    return found && objectionToEntry(group.kind, found, Math.floor(clock() / 1000));
  },

  /** Somebody brings others in: that is for the administrator, by whom board rights are given. */
  async objectionToInvitation(
    request: CallbackRequest,
    { GroupId, Operator_Account }: z.output<typeof beforeInviteJoinGroup>,
  ): Promise<string | undefined> {
    request.note({ groupId: GroupId, userId: Operator_Account });
    const group = readGroupId(GroupId);
    if (!group || (Operator_Account === adminUserId && isFromRestApi(request))) return undefined;
    return (await finder.findWith(group.classId, Operator_Account)) && 'not the administrator';
  },

  /** Somebody makes a group: classes get theirs from `create-class`, and a client's could take the name of one to come. */
  async objectionToCreation(
    request: CallbackRequest,
    { Operator_Account }: z.output<typeof beforeCreateGroup>,
  ): Promise<string | undefined> {
    request.note({ userId: Operator_Account });
    return isFromRestApi(request) ? undefined : 'not over REST';
  },
});
