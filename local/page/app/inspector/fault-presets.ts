import type { FaultOrder } from './story.ts';

/** Faults that are worth seeing, by the part that has them. */
interface Preset {
  id: string;
  group: 'im' | 'sts' | 'database' | 'cos' | 'connection' | 'callback';
  fault: Omit<FaultOrder, 'times'>;
}

/** Faults that are worth seeing, each with what it orders. */
export const presets = [
  { id: 'createSlow', group: 'im', fault: { command: 'create_group', delayMs: 5000 } },
  { id: 'createLost', group: 'im', fault: { command: 'create_group', dropReply: true } },
  { id: 'addRefused', group: 'im', fault: { command: 'add_group_member', errorCode: 10002 } },
  { id: 'muteLost', group: 'im', fault: { command: 'forbid_send_msg', dropReply: true } },
  { id: 'banDown', group: 'im', fault: { command: 'ban_group_member', errorCode: 10002 } },
  { id: 'stsDown', group: 'sts', fault: { command: 'GetFederationToken', errorCode: 'InternalError' } },
  { id: 'stsSlow', group: 'sts', fault: { command: 'GetFederationToken', delayMs: 8000 } },
  { id: 'databaseCut', group: 'database', fault: { command: 'PostgreSQL', dropReply: true } },
  { id: 'databaseFull', group: 'database', fault: { command: 'PostgreSQL', errorCode: '53300' } },
  { id: 'databaseSlow', group: 'database', fault: { command: 'PostgreSQL', delayMs: 2000 } },
  { id: 'partCut', group: 'cos', fault: { command: 'UploadPart', dropReply: true } },
  { id: 'cosDown', group: 'cos', fault: { command: 'PutObject', errorCode: 'InternalError' } },
  { id: 'socketCut', group: 'connection', fault: { command: 'socket', dropReply: true } },
  { id: 'sendUnasked', group: 'callback', fault: { command: 'Group.CallbackBeforeSendMsg', errorCode: 1 } },
  { id: 'sendLate', group: 'callback', fault: { command: 'Group.CallbackBeforeSendMsg', delayMs: 3000 } },
  { id: 'joinTwice', group: 'callback', fault: { command: 'Group.CallbackAfterNewMemberJoin', duplicate: true } },
] as const satisfies readonly Preset[];

export type PresetId = (typeof presets)[number]['id'];

/** What they befall, in the order of the panel. */
export const presetGroups = ['im', 'sts', 'database', 'cos', 'callback', 'connection'] as const;

/** How a call goes wrong, as the form of one's own offers it. */
export const faultKinds = ['errorCode', 'delayMs', 'dropReply', 'duplicate'] as const;

export type FaultKind = (typeof faultKinds)[number];

/** The order that the form's words make. A code of digits is a number, as IM's are, but not for the database. */
export const toOrder = (command: string, times: number, kind: FaultKind, value: string): FaultOrder => {
  const order = { command: command.trim(), times };
  switch (kind) {
    case 'errorCode': {
      const isNumber = /^\d+$/.test(value.trim()) && order.command !== 'PostgreSQL';
      return { ...order, errorCode: isNumber ? Number(value) : value.trim() };
    }
    case 'delayMs':
      return { ...order, delayMs: Number(value) };
    case 'dropReply':
      return { ...order, dropReply: true };
    case 'duplicate':
      return { ...order, duplicate: true };
  }
};
