import * as z from 'zod/mini';
import { type GroupRules, groupRules, groupTypes } from './group-rules.ts';
import { msgBodySchema, priorities } from './msg-body.ts';

/** A map; saved as an array of its entries. */
const mapOf = <V>(value: z.ZodMiniType<V>) =>
  z.pipe(
    z.array(z.tuple([z.string(), value])),
    z.transform((entries) => new Map(entries)),
  );

/** Times are Unix seconds. */
const memberSchema = z.object({
  role: z.enum(['Owner', 'Admin', 'Member']),
  joinTime: z.int(),
  lastSendMsgTime: z.int(),
});

const messageSchema = z.object({
  seq: z.int(),
  time: z.int(),
  from: z.string(),
  random: z.int(),
  priority: z.enum(priorities),
  body: msgBodySchema,
  cloudCustomData: z.optional(z.string()),
  isRecalled: z.optional(z.boolean()),
});

export const groupSchema = z.object({
  groupId: z.string(),
  type: z.enum(groupTypes),
  name: z.string(),
  introduction: z.string(),
  notification: z.string(),
  faceUrl: z.string(),
  owner: z.optional(z.string()),
  createTime: z.int(),
  lastInfoTime: z.int(),
  lastMsgTime: z.int(),
  nextMsgSeq: z.int(),
  maxMemberNum: z.int(),
  applyJoinOption: z.enum(['FreeAccess', 'NeedPermission', 'DisableApply']),
  shutUpAllMember: z.enum(['On', 'Off']),
  appDefinedData: z.array(z.object({ Key: z.string(), Value: z.string() })),
  /** By account; empty for an AVChatRoom. */
  members: mapOf(memberSchema),
  /** Oldest first; empty for an AVChatRoom. */
  messages: z.array(messageSchema),
  /** What the last minutes brought, by sender and `Random`, so that nothing is delivered twice. */
  sent: mapOf(z.object({ seq: z.int(), time: z.int() })),
  /** Until when, by account. A mute outlives quitting. */
  mutes: mapOf(z.int()),
  bans: mapOf(z.int()),
});

export type Group = z.output<typeof groupSchema>;
export type Member = z.output<typeof memberSchema>;
export type StoredMessage = z.output<typeof messageSchema>;

export const rulesOf = (group: Group): GroupRules => groupRules[group.type];

/** Nobody but its owner sees a Private group before its first message. Source: https://cloud.tencent.com/document/product/269/1502 */
export const isHidden = (group: Group): boolean => group.type === 'Private' && group.nextMsgSeq === 1;

export const isMuted = (group: Group, account: string, nowSeconds: number): boolean =>
  (group.mutes.get(account) ?? 0) > nowSeconds;

export const isBanned = (group: Group, account: string, nowSeconds: number): boolean =>
  (group.bans.get(account) ?? 0) > nowSeconds;

/** The group as JSON can hold it; `groupSchema` reads it back. */
export const savedGroup = (group: Group): object =>
  Object.fromEntries(
    Object.entries(group).map(([name, value]) => [name, value instanceof Map ? [...value.entries()] : value]),
  );
