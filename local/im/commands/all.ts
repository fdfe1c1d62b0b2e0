import { accountImport, multiaccountImport } from './accounts.ts';
import { banGroupMember, getGroupBanMember, unbanGroupMember } from './bans.ts';
import { destroyGroup, modifyGroupBaseInfo } from './change-group.ts';
import type { Command } from './command.ts';
import { createGroup } from './create-group.ts';
import { addDirtyWords, deleteDirtyWords, getDirtyWords } from './dirty-words.ts';
import { getGroupInfo, getGroupMemberInfo, getOnlineMemberNum, getRoleInGroup } from './group-info.ts';
import { addGroupMember, deleteGroupMember } from './group-members.ts';
import { groupMsgGetSimple, groupMsgRecall, sendGroupMsg, sendGroupSystemNotification } from './group-messages.ts';
import { forbidSendMsg, getGroupMutedAccount, getGroupShuttedUin } from './mutes.ts';
import { sendC2c } from './send-c2c.ts';

/** Every REST command of this IM, by `<service>/<command>`. */
export const commands: ReadonlyMap<string, Command> = new Map([
  ['im_open_login_svc/account_import', accountImport],
  ['im_open_login_svc/multiaccount_import', multiaccountImport],
  ['group_open_http_svc/create_group', createGroup],
  ['group_open_http_svc/destroy_group', destroyGroup],
  ['group_open_http_svc/modify_group_base_info', modifyGroupBaseInfo],
  ['group_open_http_svc/get_group_info', getGroupInfo],
  ['group_open_http_svc/get_group_member_info', getGroupMemberInfo],
  ['group_open_http_svc/get_role_in_group', getRoleInGroup],
  ['group_open_http_svc/get_online_member_num', getOnlineMemberNum],
  ['group_open_http_svc/add_group_member', addGroupMember],
  ['group_open_http_svc/delete_group_member', deleteGroupMember],
  ['group_open_http_svc/forbid_send_msg', forbidSendMsg],
  ['group_open_http_svc/get_group_muted_account', getGroupMutedAccount],
  ['group_open_http_svc/get_group_shutted_uin', getGroupShuttedUin],
  ['group_open_http_svc/ban_group_member', banGroupMember],
  ['group_open_http_svc/unban_group_member', unbanGroupMember],
  ['group_open_http_svc/get_group_ban_member', getGroupBanMember],
  ['group_open_http_svc/send_group_msg', sendGroupMsg],
  ['group_open_http_svc/send_group_system_notification', sendGroupSystemNotification],
  ['group_open_http_svc/group_msg_get_simple', groupMsgGetSimple],
  ['group_open_http_svc/group_msg_recall', groupMsgRecall],
  ['openim/sendmsg', sendC2c],
  ['openim_dirty_words/get', getDirtyWords],
  ['openim_dirty_words/add', addDirtyWords],
  ['openim_dirty_words/delete', deleteDirtyWords],
]);
