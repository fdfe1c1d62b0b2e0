import type { Database, Transaction } from '../../db/database.ts';

/** What `send-message` answers. */
export interface SentMessage {
  messageId: string;
  /** False when it was shed. */
  delivered: boolean;
}

/** A message as its sender names it. */
export interface SentMessageKey {
  classId: string;
  userId: string;
  clientMessageId: string;
}

export interface SentMessagesOptions {
  database: Database;
  /** Milliseconds since 1970. */
  clock(): number;
}

/** So long an id that a sender gave stands for one message. */
export const rememberedSeconds = 600;

/** The replies to messages that their senders have given an id. */
export const createSentMessages = ({ database, clock }: SentMessagesOptions) => {
  const oldest = () => Math.floor(clock() / 1000) - rememberedSeconds;
  return {
    async find({ classId, userId, clientMessageId }: SentMessageKey): Promise<SentMessage | undefined> {
      const [row] = await database.run(
        (sql) => sql<SentMessage[]>`
          select message_id as "messageId", delivered from sent_messages
          where class_id = ${classId} and user_id = ${userId} and client_message_id = ${clientMessageId} and created_at > ${oldest()}`,
      );
      return row;
    },

    /** Keeps a reply, unless there is one of another call with the same id. Answers the one that counts. */
    async remember(
      sql: Transaction,
      { classId, userId, clientMessageId }: SentMessageKey,
      { messageId, delivered }: SentMessage,
    ): Promise<SentMessage> {
      const [row] = await sql<SentMessage[]>`
        insert into sent_messages as held (class_id, user_id, client_message_id, message_id, delivered, created_at)
        values (${classId}, ${userId}, ${clientMessageId}, ${messageId}, ${delivered}, ${Math.floor(clock() / 1000)})
        on conflict (class_id, user_id, client_message_id) do update set
          message_id = case when held.created_at <= ${oldest()} then excluded.message_id else held.message_id end,
          delivered = case when held.created_at <= ${oldest()} then excluded.delivered else held.delivered end,
          created_at = case when held.created_at <= ${oldest()} then excluded.created_at else held.created_at end
        returning message_id as "messageId", delivered`;
      if (!row) throw new Error('the reply was not written');
      return row;
    },

    async forgetOld(): Promise<void> {
      await database.run((sql) => sql`delete from sent_messages where created_at <= ${oldest()}`);
    },
  };
};

export type SentMessages = ReturnType<typeof createSentMessages>;
