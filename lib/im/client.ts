import * as z from 'zod/mini';
import type { UserSigSigner } from '../usersig/signer.ts';
import { createAdministrator } from './administrator.ts';
import { ImError } from './error.ts';
import { createTransport, type TransportOptions } from './transport.ts';

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
  /** The same sender and `random` within 5 minutes is the same message, delivered once. */
  random: number;
  /** Sent as JSON in `Data`. */
  data: object;
  /** What a client without our protocol shows. */
  description: string;
  priority: 'High' | 'Normal' | 'Low';
}

export interface ImClient {
  /** Makes the account known to IM; again is no error. */
  importAccount(account: { userId: string; name?: string }): Promise<void>;
  createGroup(group: NewGroup): Promise<void>;
  /** A group that is already gone is no error. */
  destroyGroup(groupId: string): Promise<void>;
  /** `undefined` when there is no such group. */
  findGroup(groupId: string): Promise<Group | undefined>;
  /** Sends as the administrator, past our own callbacks. */
  sendCustomMessage(message: CustomMessage): Promise<void>;
}

export interface ImClientOptions extends TransportOptions {
  adminUserId: string;
  signer: UserSigSigner;
  /** Milliseconds since 1970. */
  clock(): number;
}

/** A dissolved group, in the old and the new text of the code table. */
const goneCodes: readonly (number | undefined)[] = [10010, 10015];

/** Made when it is needed: hardly any call asks. */
const groupInfo = () =>
  z.looseObject({
    GroupInfo: z
      .array(
        z.looseObject({
          ErrorCode: z.int(),
          Type: z.optional(z.string()),
          Owner_Account: z.optional(z.string()),
          CreateTime: z.optional(z.int()),
          NextMsgSeq: z.optional(z.int()),
        }),
      )
      .check(z.length(1)),
  });

/**
 * IM's REST API, one method for each remote command. Every method throws `ImError`.
 * Source: https://cloud.tencent.com/document/product/269/1520
 */
export const createImClient = ({ adminUserId, signer, clock, ...transport }: ImClientOptions): ImClient => {
  const administrator = createAdministrator(adminUserId, signer, clock);
  const send = createTransport(transport);
  const call = (command: string, body: object) => send({ command, body, identity: administrator() });

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
      const command = 'group_open_http_svc/get_group_info';
      const reply = await call(command, {
        GroupIdList: [groupId],
        ResponseFilter: { GroupBaseInfoFilter: ['Type', 'Owner_Account', 'CreateTime', 'NextMsgSeq'] },
      });
      const parsed = groupInfo().safeParse(reply);
      const info = parsed.data?.GroupInfo[0];
      if (!info)
        throw new ImError({ command, tries: 1, replyLost: false, cause: new Error('the reply holds no GroupInfo') });
      // The outer ErrorCode says nothing about the group.
      if (goneCodes.includes(info.ErrorCode)) return undefined;
      if (info.ErrorCode !== 0) throw new ImError({ command, imCode: info.ErrorCode, tries: 1, replyLost: false });
      return {
        type: info.Type ?? '',
        ownerId: info.Owner_Account,
        createdAt: info.CreateTime,
        nextSeq: info.NextMsgSeq ?? 1,
      };
    },

    async sendCustomMessage({ groupId, random, data, description, priority }) {
      await call('group_open_http_svc/send_group_msg', {
        GroupId: groupId,
        Random: random,
        MsgPriority: priority,
        ForbidCallbackControl: ['ForbidBeforeSendMsgCallback', 'ForbidAfterSendMsgCallback'],
        MsgBody: [{ MsgType: 'TIMCustomElem', MsgContent: { Data: JSON.stringify(data), Desc: description, Ext: '' } }],
      });
    },
  };
};
