import type { Database, Sql, Transaction } from '../../db/database.ts';
import { AppError } from '../../errors.ts';
import type { CustomMessage, ImClient, StoredMessage } from '../../im/client.ts';
import { ImError } from '../../im/error.ts';
import type { Log } from '../../log.ts';
import { readGroupId } from '../class/class.ts';
import type { Random } from '../random.ts';
import { createRepairLog } from '../repair-log.ts';
import { readBack } from '../replay/read-back.ts';
import type { Budget } from './budget.ts';
import { groupMessagesPerSecond } from './class-message.ts';
import type { Messenger } from './messenger.ts';

/** What one group is to get of a message. */
export interface OutboxMessage extends Omit<CustomMessage, 'random'> {
  messageId: string;
  classId: string;
  /** Drawn when absent. */
  random?: number;
}

export interface OutboxOptions {
  database: Database;
  im: Pick<ImClient, 'readHistory'>;
  messenger: Messenger;
  budget: Budget;
  random: Random;
  log: Log;
  /** Milliseconds since 1970. */
  clock(): number;
  sleep(ms: number): Promise<unknown>;
}

interface Row extends Omit<CustomMessage, 'senderId' | 'data'> {
  messageId: string;
  /** The administrator when null. */
  senderId: string | null;
  /** JSON. */
  data: string;
  createdAt: number;
}

/** So long whoever wrote a row may still be sending it. */
const lateAfterSeconds = 15;
/** IM drops what it has had within 5 minutes. The last of them is for the sending itself. */
const resendableForSeconds = 240;
/** IM's clock and ours may differ by so much. */
const clockSkewSeconds = 60;
const forgottenAfterSeconds = 3600;
const mostAtOnce = 100;
/** A sweep has more to do. */
const flushMs = 15_000;
/** What is sent late waits so often for a second in which its group has room. */
const mostWaits = 10;

/** A text that IM does not like, a message that it finds too long. Source: https://cloud.tencent.com/document/product/269/1671 */
const refusedForGood = [80001, 80002];
const noSuchGroup = [10010, 10015];
const classHasEnded = 'the class has ended';

/**
 * Messages that must reach their groups, each once, whatever fails on the way: they are written down with what they belong
 * to before IM is told, and sent again, with the same random, until IM has said so. What is too old for IM to know it again
 * is looked up in the history of a ReplayGroup. A ChatGroup has none: there, what is so old is no news and given up.
 */
export const createOutbox = ({ database, im, messenger, budget, random, log, clock, sleep }: OutboxOptions) => {
  const nowSeconds = () => Math.floor(clock() / 1000);
  const repairLogOf = (groupId: string) => createRepairLog(log, { repair: 'unsent message', groupId });

  const send = async ({ senderId, messageId, data, createdAt: _, ...rest }: Row): Promise<void> => {
    await messenger.send({ ...rest, ...(senderId !== null && { senderId }), data: JSON.parse(data) });
    await markSent(messageId, rest.groupId);
  };

  const markSent = async (messageId: string, groupId: string): Promise<void> => {
    await database.run(
      (sql) => sql`
        update outbox set sent_at = ${nowSeconds()} where message_id = ${messageId} and group_id = ${groupId} and sent_at is null`,
    );
  };

  /** Sends nothing of it any more, and tells whoever asks again. Answers whether it was still unsent. */
  const giveUp = async (messageId: string, groupId: string): Promise<boolean> => {
    const rows = await database.run(
      (sql) => sql`
        with given_up as (
          update outbox set sent_at = ${nowSeconds()}
          where message_id = ${messageId} and group_id = ${groupId} and sent_at is null
          returning class_id, sender_id),
        told as (
          update sent_messages set delivered = false from given_up
          where sent_messages.class_id = given_up.class_id and user_id = sender_id and message_id = ${messageId})
        select 1 from given_up`,
    );
    return rows.length > 0;
  };

  /** The same, told in the log. */
  const drop = async ({ messageId, groupId }: Row, why: unknown): Promise<boolean> => {
    const wasUnsent = await giveUp(messageId, groupId);
    if (wasUnsent) repairLogOf(groupId).givenUp(why);
    return wasUnsent;
  };

  /** IM drops in silence what is over a group's rate. */
  const sendInTurn = async (row: Row): Promise<void> => {
    const turn = [{ key: row.groupId, n: 1, limit: groupMessagesPerSecond }];
    for (let waits = 0; !(await budget.take(turn)); waits += 1) {
      if (waits === mostWaits)
        throw new AppError('RATE_LIMITED', 'The class is at its message rate. Try again.', { retryAfterSeconds: 1 });
      await sleep(1000);
    }
    await send(row);
  };

  /** Does what a row's age asks for. Answers whether its group has it. */
  const settle = async (row: Row, isStored: Lookup, sendRow: typeof send): Promise<boolean> => {
    if (nowSeconds() - row.createdAt < resendableForSeconds) await sendRow(row);
    else if (isChat(row)) return !(await drop(row, 'no news any more'));
    else if (await isStored(row)) await markSent(row.messageId, row.groupId);
    else await sendRow(row);
    return true;
  };

  /** Answers of these rows whether their groups have them. A history is read when it is first asked for, for all of them. */
  const lookUp = (rows: readonly Row[]): Lookup => {
    const since = Math.min(...rows.map(({ createdAt }) => createdAt)) - clockSkewSeconds;
    const histories = new Map<string, Promise<StoredMessage[]>>();
    return async ({ groupId, senderId, random }) => {
      const history = histories.get(groupId) ?? readBack(im, groupId, since);
      histories.set(groupId, history);
      return (await history).some(
        (stored) => stored.random === random && (senderId === null || stored.senderId === senderId),
      );
    };
  };

  const forgetOld = async (): Promise<void> => {
    await database.run(
      (sql) => sql`
        delete from outbox where sent_at is not null and created_at <= ${nowSeconds() - forgottenAfterSeconds}`,
    );
  };

  return {
    /** Writes messages down, in the transaction that decides on them. */
    async enqueue(sql: Transaction, messages: readonly OutboxMessage[]): Promise<void> {
      const rows = messages.map(({ messageId, groupId, classId, senderId, data, description, priority, ...given }) => ({
        message_id: messageId,
        group_id: groupId,
        class_id: classId,
        sender_id: senderId ?? null,
        random: given.random ?? random.integer(0, 2 ** 32),
        data: JSON.stringify(data),
        description,
        priority,
      }));
      await sql`
        insert into outbox (message_id, group_id, class_id, sender_id, random, data, description, priority, created_at)
        select message_id, group_id, class_id, sender_id, random, data, description, priority, ${nowSeconds()}
        from jsonb_to_recordset(${sql.json(rows)}) as row (message_id text, group_id text, class_id text, sender_id text,
          random bigint, data text, description text, priority text)`;
    },

    /**
     * Sends what is unsent of a message, into the ChatGroup first: what is refused there has no place in the replay. Answers
     * whether its groups have it; throws what IM failed with. `wasLeft`: an earlier call has left it.
     */
    async deliver(messageId: string, wasLeft = false): Promise<boolean> {
      const rows = await database.run(
        (sql) => sql<Row[]>`select ${columns(sql)} from outbox where message_id = ${messageId} and sent_at is null`,
      );
      const isStored = lookUp(rows);
      let isThere = true;
      for (const row of [...rows.filter(isChat), ...rows.filter((each) => !isChat(each))]) {
        if (!(await settle(row, isStored, send))) isThere = false;
        else if (wasLeft) repairLogOf(row.groupId).done();
      }
      return isThere;
    },

    giveUp,

    /** Takes a message back that its ChatGroup has not taken, as if it had never been sent; answers whether that was so. */
    async takeBack(messageId: string, chatGroupId: string): Promise<boolean> {
      const rows = await database.run(
        (sql) => sql`
          with refused as (
            select message_id from outbox where message_id = ${messageId} and group_id = ${chatGroupId} and sent_at is null),
          dropped as (delete from outbox using refused where outbox.message_id = refused.message_id),
          forgotten as (delete from sent_messages using refused where sent_messages.message_id = refused.message_id)
          select 1 from refused`,
      );
      return rows.length > 0;
    },

    /**
     * Sends all that is still to go into the ReplayGroup of a class, so that nothing is missing from what is exported then;
     * its ChatGroup gets no more. Throws what IM failed with.
     */
    async drain(classId: string): Promise<void> {
      const rows = await database.run(
        (sql) => sql<Row[]>`
          select ${columns(sql)} from outbox where class_id = ${classId} and sent_at is null order by created_at`,
      );
      const isStored = lookUp(rows);
      for (const row of rows) {
        if (isChat(row)) await drop(row, classHasEnded);
        else
          await settle(row, isStored, sendInTurn).then(
            () => repairLogOf(row.groupId).done(),
            async (error: unknown) => {
              if (!isRefusal(error, [...refusedForGood, ...noSuchGroup])) throw error;
              await drop(row, error);
            },
          );
      }
    },

    /**
     * Brings to an end what killed and failed invocations left unsent, and forgets what is long over. Answers how many it
     * tried.
     */
    async flush(): Promise<number> {
      const until = clock() + flushMs;
      // The latest first: what cannot be sent must not keep the rest waiting for ever.
      const late = await database.run(
        (sql) => sql<(Row & { isOver: boolean; isExported: boolean })[]>`
          select ${columns(sql)}, status = 'ended' as "isOver", exported_at is not null as "isExported"
          from outbox join classes using (class_id)
          where sent_at is null and outbox.created_at <= ${nowSeconds() - lateAfterSeconds}
          order by outbox.created_at desc limit ${mostAtOnce}`,
      );
      const isStored = lookUp(late);
      /** Answers whether it was sent; given up otherwise. */
      const flushRow = async (row: (typeof late)[number]): Promise<boolean> => {
        if (row.isOver && (row.isExported || isChat(row))) return !(await drop(row, classHasEnded));
        try {
          return await settle(row, isStored, sendInTurn);
        } catch (error) {
          if (!isRefusal(error, refusedForGood)) throw error;
          return !(await drop(row, error));
        }
      };
      /** One line for all of a group, at the end, so that what could be sent does not hide what could not. */
      const flushGroup = async (groupId: string): Promise<void> => {
        let sent = 0;
        let failure: unknown;
        for (const row of late.toReversed()) {
          if (row.groupId !== groupId) continue;
          try {
            if (clock() >= until) failure ??= 'the time was up';
            else if (await flushRow(row)) sent += 1;
          } catch (error) {
            failure ??= error;
          }
        }
        if (failure !== undefined) repairLogOf(groupId).failed(failure);
        else if (sent > 0) repairLogOf(groupId).done(sent);
      };
      await Promise.all([...new Set(late.map(({ groupId }) => groupId))].map(flushGroup));
      await forgetOld();
      return late.length;
    },
  };
};

export type Outbox = ReturnType<typeof createOutbox>;

type Lookup = (row: Row) => Promise<boolean>;

const columns = (sql: Sql) => sql`
  message_id as "messageId", group_id as "groupId", sender_id as "senderId", random, data, description, priority,
  outbox.created_at as "createdAt"`;

const isChat = ({ groupId }: Row): boolean => readGroupId(groupId)?.kind === 'chat';

const isRefusal = (error: unknown, codes: readonly number[]): boolean =>
  error instanceof ImError && error.imCode !== undefined && codes.includes(error.imCode);
