import { createHash } from 'node:crypto';
import type { Database } from '../../db/database.ts';
import type { Log } from '../../log.ts';
import { type Lesson, replayGroupId } from '../class/class.ts';
import type { Outbox } from '../messages/outbox.ts';
import { newId, type Random } from '../random.ts';
import { createRepairLog } from '../repair-log.ts';
import { finishAll } from '../settling.ts';
import { appendRecording, type Recording } from './replay-store.ts';

/** A file that the recording service has made, with what it tells of it. */
export interface RecordedFile {
  /** What tells it from the task's others. */
  id: string;
  name?: string;
  /** Its id and address in VOD. */
  videoId?: string;
  videoUrl?: string;
  /** Whom it shows; several people when absent. */
  userId?: string;
  /** Which of their pictures: `main`, `aux` or, of several people, `mix`. */
  picture?: string;
  /** Milliseconds since 1970. */
  startMs?: number;
  endMs?: number;
}

export interface RecordingsOptions {
  database: Database;
  outbox: Pick<Outbox, 'enqueue' | 'deliver'>;
  random: Random;
  log: Log;
  /** Milliseconds since 1970. */
  clock(): number;
}

/** Whoever tells us of a file waits for 5 s. What IM has not taken by then is the sweep's. */
const deliverWithinMs = 3000;

/** The recorded files of classes, each announced in the replay once. */
export const createRecordings = ({ database, outbox, random, log, clock }: RecordingsOptions) => {
  const nowSeconds = () => Math.floor(clock() / 1000);

  const toRow = (classId: string, taskId: string, file: RecordedFile) => ({
    class_id: classId,
    task_id: taskId,
    file: file.id,
    random: createHash('sha256').update([classId, taskId, file.id].join(' ')).digest().readUInt32BE(),
    data: JSON.stringify(recordingMessage(file, random.integer(10_000, 100_000_001), nowSeconds())),
    created_at: nowSeconds(),
  });

  const toMessage = (classId: string, recording: Recording) => ({
    messageId: newId(random),
    groupId: replayGroupId(classId),
    classId,
    random: recording.random,
    data: JSON.parse(recording.data) as object,
    description: 'A recording is ready',
    priority: 'Normal' as const,
  });

  /** Keeps the files that are new, and what is to be sent for them. Answers the ids of those messages. */
  const keep = (classId: string, taskId: string, files: readonly RecordedFile[]): Promise<string[]> =>
    database.transaction(async (sql) => {
      // Held until the end: an export at the same time comes before all of this, or after it.
      const [lesson] = await sql<Pick<Lesson, 'status' | 'groups'>[]>`
        select status, groups from classes where class_id = ${classId} and status <> 'opening' for update`;
      if (!lesson) return [];
      const fresh = await sql<Recording[]>`
        insert into recordings (class_id, task_id, file, random, data, created_at)
        select class_id, task_id, file, random, data, created_at
        from jsonb_to_recordset(${sql.json(files.map((file) => toRow(classId, taskId, file)))})
          as row (class_id text, task_id text, file text, random bigint, data text, created_at bigint)
        on conflict do nothing
        returning random, data, created_at as time`;
      if (lesson.status === 'ended' || lesson.groups !== 'open') {
        // A replay that is not exported yet gets them when it is.
        for (const recording of fresh) await appendRecording(sql, { classId, ...recording });
        return [];
      }
      const messages = fresh.map((recording) => toMessage(classId, recording));
      await outbox.enqueue(sql, messages);
      return messages.map(({ messageId }) => messageId);
    });

  return {
    /** Announces the files of a recording task, unless they are announced. What IM does not take in time the sweep sends. */
    async announce(classId: string, taskId: string, files: readonly RecordedFile[]): Promise<void> {
      const messageIds = await keep(classId, taskId, files);
      const deadline = AbortSignal.timeout(deliverWithinMs);
      const late = new Promise<never>((_, reject) => {
        deadline.addEventListener('abort', () => reject(deadline.reason), { once: true });
      });
      const sent = finishAll(messageIds.map((messageId) => outbox.deliver(messageId)));
      const { due } = createRepairLog(log, { repair: 'unsent message', groupId: replayGroupId(classId) });
      await Promise.race([sent, late]).catch(due);
    },
  };
};

export type Recordings = ReturnType<typeof createRecordings>;

/** The message of type 1004, as Tencent's own classroom sends it. Source: https://github.com/tencentyun/qcloud-documents */
const recordingMessage = (file: RecordedFile, seq: number, timestamp: number) => {
  const { name, videoId, videoUrl, userId, picture, startMs, endMs } = file;
  const start = inSeconds(startMs);
  const end = inSeconds(endMs);
  return {
    type: 1004,
    seq,
    timestamp,
    value: {
      uid: userId,
      start_time: start,
      end_time: end,
      media_start_time: startMs,
      duration: start !== undefined && end !== undefined ? end - start : undefined,
      video_id: videoId,
      video_url: videoUrl,
      file_name: name,
      type: picture,
    },
  };
};

const inSeconds = (ms: number | undefined) => (ms === undefined ? undefined : Math.floor(ms / 1000));
