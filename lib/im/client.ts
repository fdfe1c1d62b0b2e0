import * as z from 'zod/mini';
import type { UserSigSigner } from '../usersig/signer.ts';
import { createAdministrator } from './administrator.ts';
import { ImError } from './error.ts';
import { createTransport, type ImReply, type TransportOptions } from './transport.ts';

export type GroupType = 'AVChatRoom' | 'Private';

export interface NewGroup {
  groupId: string;
  type: GroupType;
  /** At most 30 bytes of UTF-8. */
  name: string;
  /** Must be imported. */
  ownerId: string;
}

export interface Group {
  type: string;
  ownerId: string | undefined;
  /** Unix seconds, by IM's clock. */
  createdAt: number | undefined;
  /** Messages that the group has kept so far, plus one. */
  nextSeq: number;
}

/** A custom message: one `TIMCustomElem`. */
export interface CustomMessage {
  groupId: string;
  /** Whom it comes from: any account that IM knows, the administrator when absent. */
  senderId?: string;
  /** The same sender and `random` within 5 minutes is the same message, delivered once. */
  random: number;
  /** Sent as JSON in `Data`. */
  data: object;
  /** What a client without our protocol shows. */
  description: string;
  priority: 'High' | 'Normal' | 'Low';
}

/** A message as the group's history has it. */
export interface StoredMessage {
  seq: number;
  /** Unix seconds, by IM's clock. */
  time: number;
  senderId: string;
  /** Sent over REST in nobody else's name. */
  isByAdministrator: boolean;
  random: number;
  /** `Data` of its custom element; `undefined` for a message of any other kind. */
  data: string | undefined;
  /** What is left of a message that is no more. */
  hole?: 'expired' | 'recalled';
}

/** Some of a group's history, newest first. */
export interface HistoryPage {
  messages: StoredMessage[];
  /** Everything older has run out. */
  restIsExpired: boolean;
}

/** Seconds that IM takes for «for good». Source: https://cloud.tencent.com/document/product/269/1627 */
export const forGood = 0xffff_ffff;

/** What one call may read of a history, and how many groups one may look up. */
export const historyPageSize = 20;
export const maxGroupsPerCall = 50;

/** How many words one call may add or delete. The page says 100, too: the stricter. Source: https://cloud.tencent.com/document/product/269/2396 */
export const maxDirtyWordsPerCall = 50;

export interface ImClient {
  /** Makes the account known to IM; again is no error. */
  importAccount(account: { userId: string; name?: string }): Promise<void>;
  createGroup(group: NewGroup): Promise<void>;
  /** A group that is already gone is no error. */
  destroyGroup(groupId: string): Promise<void>;
  /** `undefined` when there is no such group. */
  findGroup(groupId: string): Promise<Group | undefined>;
  /** The groups that there are, of up to 50. */
  findGroups(groupIds: readonly string[]): Promise<Map<string, Group>>;
  /** Changes what is given; at most 30 bytes of name. `muted`: only owner and admins may speak. */
  changeGroup(groupId: string, change: { name?: string; muted?: boolean }): Promise<void>;
  /** Adds a known account to a Private group without telling anybody; again is no error. */
  addMember(groupId: string, userId: string): Promise<void>;
  /** Takes somebody out of a Private group without telling anybody; again is no error. */
  removeMember(groupId: string, userId: string): Promise<void>;
  /** Silences somebody for so many seconds; 0 lifts it, `forGood` never ends. Not for Private groups. */
  muteMember(groupId: string, userId: string, seconds: number): Promise<void>;
  /** Puts somebody out of an AVChatRoom for good. Answers false when the app's plan has no bans. */
  banMember(groupId: string, userId: string): Promise<boolean>;
  /** Lifts a ban; where there is none, or the plan has none, is no error. */
  unbanMember(groupId: string, userId: string): Promise<void>;
  /** Sends past our own callbacks. */
  sendCustomMessage(message: CustomMessage): Promise<void>;
  /** History of a Private group, newest first: up to 20 messages, none newer than `fromSeq`. */
  readHistory(groupId: string, fromSeq?: number): Promise<HistoryPage>;
  /** Adds up to 50 words to IM's own list of dirty words, which takes an hour to take effect; again is no error. */
  addDirtyWords(words: readonly string[]): Promise<void>;
  /** Takes up to 50 words off that list; those that are not on it are no error. */
  deleteDirtyWords(words: readonly string[]): Promise<void>;
}

export interface ImClientOptions extends TransportOptions {
  adminUserId: string;
  signer: UserSigSigner;
  /** Milliseconds since 1970. */
  clock(): number;
}

/** A dissolved group, in the old and the new text of the code table. */
const goneCodes: readonly (number | undefined)[] = [10010, 10015];

// Schemas are made when they are needed: hardly any call asks.
const groupInfo = () =>
  z.looseObject({
    GroupInfo: z.array(
      z.looseObject({
        GroupId: z.string(),
        ErrorCode: z.int(),
        Type: z.optional(z.string()),
        Owner_Account: z.optional(z.string()),
        CreateTime: z.optional(z.int()),
        NextMsgSeq: z.optional(z.int()),
      }),
    ),
  });

const addedMembers = () => z.looseObject({ MemberList: z.array(z.looseObject({ Result: z.int() })) });

const history = () =>
  z.looseObject({
    IsFinished: z.optional(z.int()),
    RspMsgList: z.array(
      z.looseObject({
        From_Account: z.optional(z.string()),
        IsPlaceMsg: z.optional(z.int()),
        MsgBody: z.array(
          z.looseObject({ MsgType: z.string(), MsgContent: z.looseObject({ Data: z.optional(z.string()) }) }),
        ),
        MsgRandom: z.optional(z.int()),
        MsgSeq: z.int(),
        MsgTimeStamp: z.optional(z.int()),
      }),
    ),
  });

/** 2: all that is older has run out. Source: https://cloud.tencent.com/document/product/269/2738 */
const restIsExpired = 2;
/** `IsPlaceMsg`: a message that was deleted or has run out, or that was recalled. */
const holes = { 1: 'expired', 2: 'recalled' } as const;
/** `Result` of a member whom IM did not take in. */
const notAdded = 0;
/** The plan does not have the command, or the console has not switched it on. Source: https://cloud.tencent.com/document/product/269/1671 */
const notAllowed: readonly (number | undefined)[] = [10007, 10026, 10059];

/**
 * IM's REST API, one method for each remote command. Every method throws `ImError`.
 * Source: https://cloud.tencent.com/document/product/269/1520
 */
export const createImClient = ({ adminUserId, signer, clock, ...transport }: ImClientOptions): ImClient => {
  const administrator = createAdministrator(adminUserId, signer, clock);
  const send = createTransport(transport);
  const ask = <T>(command: string, body: object, read: (reply: ImReply) => T) =>
    send({ command, body, identity: administrator(), read });
  const call = (command: string, body: object) => ask(command, body, () => {});

  const findGroups = (groupIds: readonly string[]): Promise<Map<string, Group>> => {
    const command = 'group_open_http_svc/get_group_info';
    const body = {
      GroupIdList: groupIds,
      ResponseFilter: { GroupBaseInfoFilter: ['Type', 'Owner_Account', 'CreateTime', 'NextMsgSeq'] },
    };
    return ask(command, body, (reply) => {
      const { GroupInfo } = parse(groupInfo(), reply, command);
      const found = new Map<string, Group>();
      // The outer ErrorCode says nothing about the groups.
      for (const info of GroupInfo) {
        if (goneCodes.includes(info.ErrorCode)) continue;
        if (info.ErrorCode !== 0) throw new ImError({ command, imCode: info.ErrorCode, tries: 1, replyLost: false });
        found.set(info.GroupId, {
          type: info.Type ?? '',
          ownerId: info.Owner_Account,
          createdAt: info.CreateTime,
          nextSeq: info.NextMsgSeq ?? 1,
        });
      }
      if (GroupInfo.length !== groupIds.length) throw unusable(command, 'the reply leaves groups out');
      return found;
    });
  };

  return {
    async importAccount({ userId, name }) {
      await call('im_open_login_svc/account_import', { Identifier: userId, ...(name !== undefined && { Nick: name }) });
    },

    async createGroup({ groupId, type, name, ownerId }) {
      await call('group_open_http_svc/create_group', {
        GroupId: groupId,
        Type: type,
        Name: name,
        Owner_Account: ownerId,
      });
    },

    async destroyGroup(groupId) {
      await call('group_open_http_svc/destroy_group', { GroupId: groupId }).catch((error: unknown) => {
        if (!(error instanceof ImError && goneCodes.includes(error.imCode))) throw error;
      });
    },

    async findGroup(groupId) {
      return (await findGroups([groupId])).get(groupId);
    },

    findGroups,

    async changeGroup(groupId, { name, muted }) {
      await call('group_open_http_svc/modify_group_base_info', {
        GroupId: groupId,
        ...(name !== undefined && { Name: name }),
        ...(muted !== undefined && { ShutUpAllMember: muted ? 'On' : 'Off' }),
      });
    },

    async addMember(groupId, userId) {
      const command = 'group_open_http_svc/add_group_member';
      await ask(command, { GroupId: groupId, Silence: 1, MemberList: [{ Member_Account: userId }] }, (reply) => {
        const { MemberList } = parse(addedMembers(), reply, command);
        if (MemberList.some(({ Result }) => Result === notAdded))
          throw unusable(command, 'IM took the member not in', false);
      });
    },

    async removeMember(groupId, userId) {
      await call('group_open_http_svc/delete_group_member', {
        GroupId: groupId,
        Silence: 1,
        MemberToDel_Account: [userId],
      });
    },

    async muteMember(groupId, userId, seconds) {
      await call('group_open_http_svc/forbid_send_msg', {
        GroupId: groupId,
        Members_Account: [userId],
        MuteTime: seconds,
      });
    },

    async banMember(groupId, userId) {
      return ifAllowed(
        call('group_open_http_svc/ban_group_member', {
          GroupId: groupId,
          Members_Account: [userId],
          Duration: forGood,
          Description: '',
        }),
      );
    },

    async unbanMember(groupId, userId) {
      await ifAllowed(call('group_open_http_svc/unban_group_member', { GroupId: groupId, Members_Account: [userId] }));
    },

    async sendCustomMessage({ groupId, senderId, random, data, description, priority }) {
      await call('group_open_http_svc/send_group_msg', {
        GroupId: groupId,
        ...(senderId !== undefined && { From_Account: senderId }),
        Random: random,
        MsgPriority: priority,
        ForbidCallbackControl: ['ForbidBeforeSendMsgCallback', 'ForbidAfterSendMsgCallback'],
        MsgBody: [{ MsgType: 'TIMCustomElem', MsgContent: { Data: JSON.stringify(data), Desc: description, Ext: '' } }],
      });
    },

    async readHistory(groupId, fromSeq) {
      const command = 'group_open_http_svc/group_msg_get_simple';
      const body = {
        GroupId: groupId,
        ReqMsgNumber: historyPageSize,
        ...(fromSeq !== undefined && { ReqMsgSeq: fromSeq }),
      };
      const { RspMsgList, IsFinished } = await ask(command, body, (reply) => parse(history(), reply, command));
      return {
        restIsExpired: IsFinished === restIsExpired,
        messages: RspMsgList.map((message) => {
          const hole = holes[message.IsPlaceMsg as keyof typeof holes];
          return {
            seq: message.MsgSeq,
            time: message.MsgTimeStamp ?? 0,
            senderId: message.From_Account ?? '',
            isByAdministrator: message.From_Account === adminUserId,
            random: message.MsgRandom ?? 0,
            data: message.MsgBody.find(({ MsgType }) => MsgType === 'TIMCustomElem')?.MsgContent.Data,
            ...(hole && { hole }),
          };
        }),
      };
    },

    async addDirtyWords(words) {
      await call('openim_dirty_words/add', { DirtyWordsList: words });
    },

    async deleteDirtyWords(words) {
      await call('openim_dirty_words/delete', { DirtyWordsList: words });
    },
  };
};

/** Answers false for a command that the app's plan does not have. */
const ifAllowed = async (work: Promise<unknown>): Promise<boolean> => {
  try {
    await work;
    return true;
  } catch (error) {
    if (error instanceof ImError && notAllowed.includes(error.imCode)) return false;
    throw error;
  }
};

const unusable = (command: string, what: string, replyLost = true) =>
  new ImError({ command, tries: 1, replyLost, cause: new Error(what) });

const parse = <T>(schema: z.ZodMiniType<T>, reply: unknown, command: string): T => {
  const parsed = schema.safeParse(reply);
  if (!parsed.success) throw unusable(command, 'the reply is not what IM answers');
  return parsed.data;
};
