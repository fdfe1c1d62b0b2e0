import type { Database, Sql, Transaction } from '../../db/database.ts';
import { joinGaps, type ReplayGap, type ReplayMessage, readReplayMessage } from './replay-message.ts';

/** A recorded file, as the message of type 1004 that tells of it. */
export interface Recording {
  random: number;
  /** The whole message, as JSON text. */
  data: string;
  /** Unix seconds. */
  time: number;
}

/** A replay message with the `Random` that it was sent with. */
export interface KeptMessage extends ReplayMessage {
  random: number;
}

/** How far the copying of a replay has come, in numbers of its messages; 0 for none. */
export interface CopyProgress {
  /** All up to this one are copied. */
  copied: number;
  /** The newest that IM had at the last look. */
  newest: number;
}

/** Some of a replay. */
export interface ReplayPage {
  messages: ReplayMessage[];
  gaps: ReplayGap[];
  /** The number that the next page goes on after; `undefined` when there is no more. */
  nextAfter: number | undefined;
}

interface MessageRow {
  seq: number;
  time: number;
  userId: string;
  type: 'board' | '1003' | '1004';
  data: string;
}

/** The replays that are copied out of IM. */
export const createReplayStore = (database: Database) => ({
  async progress(classId: string): Promise<CopyProgress> {
    const [row] = await database.run(
      (sql) => sql<CopyProgress[]>`
        select replay_copied as copied, replay_newest as newest from classes where class_id = ${classId}`,
    );
    return row ?? { copied: 0, newest: 0 };
  },

  /** Keeps what was read and how far that brings the copying, wholly or not at all; what is there already stays as it is. */
  async keep(
    classId: string,
    { messages, gaps }: { messages: readonly KeptMessage[]; gaps: readonly ReplayGap[] },
    { copied, newest }: CopyProgress,
  ): Promise<void> {
    await database.run(
      (sql) => sql`
        with kept_messages as (${insertMessages(sql, classId, messages)} on conflict do nothing),
        kept_gaps as (
          insert into replay_gaps (class_id, from_seq, to_seq, reason)
          select ${classId}, "from", "to", reason from jsonb_to_recordset(${sql.json(gaps.map((gap) => ({ ...gap })))})
            as gap ("from" bigint, "to" bigint, reason text)
          on conflict do nothing
        )
        update classes set replay_copied = greatest(replay_copied, ${copied}), replay_newest = greatest(replay_newest, ${newest})
        where class_id = ${classId}`,
    );
  },

  /** All is copied: with the recorded files that IM did not have, the replay is whole. Again changes nothing. */
  async finish(classId: string, nowSeconds: number): Promise<void> {
    await database.transaction(async (sql) => {
      if (await lockExported(sql, classId)) return;
      const recordings = await sql<Recording[]>`
        select random, data, created_at as time from recordings where class_id = ${classId} order by created_at, task_id, file`;
      await append(sql, classId, recordings);
      await sql`update classes set exported_at = ${nowSeconds} where class_id = ${classId}`;
    });
  },

  async isExported(classId: string): Promise<boolean> {
    const rows = await database.run(
      (sql) => sql`select 1 from classes where class_id = ${classId} and exported_at is not null`,
    );
    return rows.length > 0;
  },

  /** Up to `limit` messages of an exported replay, numbered over `after`, and the gaps among them. */
  async page(classId: string, { after, limit }: { after: number; limit: number }): Promise<ReplayPage> {
    return database.run(async (sql) => {
      const newest = await newestOf(sql, classId);
      const rows: MessageRow[] = [];
      let reached = after;
      // In stretches: with no statistics yet, PostgreSQL would sort all the rest of a replay for each of its pages.
      for (let stretch = 2 * limit; rows.length < limit && reached < newest; stretch *= 4) {
        const more = await sql<MessageRow[]>`
          select seq, time, user_id as "userId", type, data from replay_messages
          where class_id = ${classId} and seq > ${reached} and seq <= ${reached + stretch}
          order by seq limit ${limit - rows.length}`;
        rows.push(...more);
        reached += stretch;
      }
      const readTo = (rows.length === limit ? rows.at(-1)?.seq : undefined) ?? newest;
      const gaps = await sql<ReplayGap[]>`
        select greatest(from_seq, ${after + 1}) as "from", to_seq as "to", reason from replay_gaps
        where class_id = ${classId} and to_seq > ${after} and from_seq <= ${readTo} order by from_seq`;
      return {
        messages: rows.map(toMessage),
        gaps: joinGaps(gaps),
        nextAfter: readTo < newest ? readTo : undefined,
      };
    });
  },
});

/**
 * Adds a recorded file that came after the export to the end of the replay, once. Answers false when the replay is not
 * exported yet: then IM must have it. Holds the class's row until the transaction ends.
 */
export const appendRecording = async (
  sql: Transaction,
  { classId, ...recording }: Recording & { classId: string },
): Promise<boolean> => {
  if (!(await lockExported(sql, classId))) return false;
  await append(sql, classId, [recording]);
  return true;
};

/** Holds the class's row, so that two at once do not take the same numbers; answers whether its replay is exported. */
const lockExported = async (sql: Transaction, classId: string): Promise<boolean> => {
  const [row] = await sql<{ isExported: boolean }[]>`
    select exported_at is not null as "isExported" from classes where class_id = ${classId} for update`;
  return row?.isExported === true;
};

/** The number of the last message that there is or was. */
const newestOf = async (sql: Sql | Transaction, classId: string): Promise<number> => {
  const [row] = await sql<{ newest: number }[]>`
    select greatest(replay_copied, (select max(seq) from replay_messages where class_id = ${classId})) as newest
    from classes where class_id = ${classId}`;
  return row?.newest ?? 0;
};

/** Adds those of the recorded files that the replay does not have, in their order. */
const append = async (sql: Transaction, classId: string, recordings: readonly Recording[]): Promise<void> => {
  const known = await sql<{ random: number }[]>`
    select random from replay_messages where class_id = ${classId} and type = '1004'`;
  const knownRandoms = new Set(known.map(({ random }) => random));
  const newest = await newestOf(sql, classId);
  const messages = recordings
    .filter(({ random }) => !knownRandoms.has(random))
    .flatMap(({ random, data, time }, index) => {
      const message = readReplayMessage({ seq: newest + 1 + index, time, senderId: '', isByAdministrator: true, data });
      return message ? [{ ...message, random }] : [];
    });
  await insertMessages(sql, classId, messages);
};

const insertMessages = (sql: Sql | Transaction, classId: string, messages: readonly KeptMessage[]) => {
  const rows = messages.map(({ seq, time, userId, type, data, random }) => ({
    seq,
    time,
    user_id: userId,
    type: String(type),
    data: JSON.stringify(data),
    random,
  }));
  return sql`
    insert into replay_messages (class_id, seq, time, user_id, type, data, random)
    select ${classId}, seq, time, user_id, type, data, random from jsonb_to_recordset(${sql.json(rows)})
      as message (seq bigint, time bigint, user_id text, type text, data text, random bigint)`;
};

const toMessage = ({ type, data, ...row }: MessageRow): ReplayMessage => ({
  ...row,
  type: type === 'board' ? type : type === '1003' ? 1003 : 1004,
  data: JSON.parse(data),
});
