import { inBoth } from '../language.ts';
import { type PresetId, presets } from './fault-presets.ts';
import type { FaultOrder } from './story.ts';

const names = inBoth({
  en: {
    createSlow: 'IM is slow: it answers create_group after 5 seconds',
    createLost: 'IM makes the group, but its reply is lost',
    addRefused: 'IM has an internal error when somebody is added',
    muteLost: 'IM mutes, but its reply is lost',
    banDown: 'IM has an internal error when somebody is banned',
    stsDown: 'STS is down: no credentials for COS',
    stsSlow: 'STS is slow: it answers after 8 seconds',
    databaseCut: 'The database drops the connection before it answers',
    databaseFull: 'The database takes no more connections',
    databaseSlow: 'The database is slow: 2 seconds for each answer',
    partCut: 'COS takes a part of a file, but the connection breaks',
    cosDown: 'COS has an internal error when a file comes',
    socketCut: 'The connection to IM is cut without a word',
    sendUnasked: 'IM does not ask about a message',
    sendLate: 'IM asks about a message 3 seconds late',
    joinTwice: 'IM tells twice that somebody has come',
  } satisfies Record<PresetId, string>,
  zh: {
    createSlow: 'IM 变慢：5 秒后才回应 create_group',
    createLost: 'IM 建好了群，但回复丢失',
    addRefused: 'IM 添加成员时发生内部错误',
    muteLost: 'IM 已禁言，但回复丢失',
    banDown: 'IM 封禁成员时发生内部错误',
    stsDown: 'STS 故障：拿不到 COS 密钥',
    stsSlow: 'STS 变慢：8 秒后才回应',
    databaseCut: '数据库在回应前断开连接',
    databaseFull: '数据库不再接受连接',
    databaseSlow: '数据库变慢：每次回应要 2 秒',
    partCut: 'COS 收下一个分块，但连接断开',
    cosDown: 'COS 收文件时发生内部错误',
    socketCut: '与 IM 的连接突然中断',
    sendUnasked: 'IM 发消息前没有询问',
    sendLate: 'IM 晚 3 秒才询问一条消息',
    joinTwice: 'IM 两次通知有人加入',
  },
});

/** What to do for the fault to strike, by its command. */
const hints = inBoth({
  en: {
    create_group: 'Create a class.',
    add_group_member: 'Lend somebody the board.',
    forbid_send_msg: 'Mute somebody.',
    ban_group_member: 'Remove somebody.',
    GetFederationToken: 'Upload a file.',
    PostgreSQL: 'Do anything: every function asks the database.',
    UploadPart: 'Upload a file of more than 1 MB.',
    PutObject: 'Upload a file of less than 1 MB.',
    socket: 'Say something in a class.',
    'Group.CallbackBeforeSendMsg': 'Say something in a class.',
    'Group.CallbackAfterNewMemberJoin': 'Let somebody come into a class.',
  },
  zh: {
    create_group: '新建一个课堂。',
    add_group_member: '给某人授权画板。',
    forbid_send_msg: '禁言某人。',
    ban_group_member: '移出某人。',
    GetFederationToken: '上传一个文件。',
    PostgreSQL: '做任何操作：每个函数都要访问数据库。',
    UploadPart: '上传一个大于 1 MB 的文件。',
    PutObject: '上传一个小于 1 MB 的文件。',
    socket: '在课堂里发一条消息。',
    'Group.CallbackBeforeSendMsg': '在课堂里发一条消息。',
    'Group.CallbackAfterNewMemberJoin': '让一个人进入课堂。',
  },
});

const kinds = inBoth({
  en: {
    errorCode: (command: string, code: string) => `${command} is refused with ${code}`,
    delayMs: (command: string, ms: string) => `${command} is answered ${ms} ms later`,
    dropReply: (command: string) => `${command} is done, and its reply is lost`,
    duplicate: (command: string) => `${command} is told twice`,
  },
  zh: {
    errorCode: (command: string, code: string) => `${command} 被拒绝，错误码 ${code}`,
    delayMs: (command: string, ms: string) => `${command} 晚 ${ms} 毫秒回应`,
    dropReply: (command: string) => `${command} 已执行，但回复丢失`,
    duplicate: (command: string) => `${command} 通知两次`,
  },
});

/** What a preset is called. */
export const presetName = (id: PresetId): string => names()[id];

/** What an order is, in people's words where it is one of the presets. */
export const orderName = (order: FaultOrder): string => {
  const { command, errorCode, delayMs, dropReply } = order;
  const preset = presets.find(({ fault }) => isSame(fault, order));
  if (preset) return presetName(preset.id);
  if (errorCode !== undefined) return kinds().errorCode(command, String(errorCode));
  if (delayMs !== undefined) return kinds().delayMs(command, String(delayMs));
  return dropReply ? kinds().dropReply(command) : kinds().duplicate(command);
};

const isSame = (one: Omit<FaultOrder, 'times'>, other: FaultOrder): boolean =>
  (['command', 'errorCode', 'delayMs', 'dropReply', 'duplicate'] as const).every((name) => one[name] === other[name]);

/** What to do for an order to strike; empty where that is not known. */
export const hintOf = ({ command }: Pick<FaultOrder, 'command'>): string => {
  const known: Readonly<Record<string, string>> = hints();
  return known[command] ?? '';
};
