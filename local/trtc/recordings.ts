import * as z from 'zod/mini';
import { isFromForeignPage, json, type LocalReply, type LocalRequest } from '../http.ts';
import { parseOrder } from '../orders.ts';
import type { TrtcCallbacks } from './callbacks.ts';
import { numericRoomId, stringRoomId } from './room-id.ts';

const text = z.string().check(z.minLength(1));
const milliseconds = z.int().check(z.minimum(0));

const recordingSchema = z.strictObject({
  roomId: z.union([numericRoomId, stringRoomId]),
  taskId: text,
  /** 310: files that went to COS. 311: files that went to VOD. */
  eventType: z.union([z.literal(310), z.literal(311)]),
  files: z
    .array(
      z.strictObject({
        fileName: text,
        /** Empty when all users are in one picture. */
        userId: z._default(z.string(), ''),
        trackType: z._default(text, 'audio_video'),
        mediaId: z._default(text, 'main'),
        fileId: z.optional(text),
        videoUrl: z.optional(text),
        startTimeStamp: z.optional(milliseconds),
        endTimeStamp: z.optional(milliseconds),
      }),
    )
    .check(z.minLength(1)),
});

type RecordedFile = z.output<typeof recordingSchema>['files'][number];

export interface RecordingsOptions {
  /** Milliseconds since 1970. */
  clock(): number;
  callbacks: Pick<TrtcCallbacks, 'tell'>;
}

/** How long a file is whose times are not given. */
const defaultLengthMs = 60_000;

/**
 * `POST /local/trtc/recording` on the cloud port: TRTC tells the app's backend that a recording has ended, as if it had
 * made one. 310 is one event with all files, 311 one for each.
 * Source: https://trtc.io/document/54914
 */
export const createRecordings = ({ clock, callbacks: { tell } }: RecordingsOptions) => {
  const recorders = new Map<string, string>();

  /** A task has one recorder of its own. */
  const recorderOf = (taskId: string, roomId: string): string => {
    const known = recorders.get(taskId) ?? `tic_record_user_${roomId}_${recorders.size + 1}`;
    recorders.set(taskId, known);
    return known;
  };

  const times = ({ startTimeStamp, endTimeStamp = clock() }: RecordedFile) => ({
    StartTimeStamp: startTimeStamp ?? endTimeStamp - defaultLengthMs,
    EndTimeStamp: endTimeStamp,
  });
  const source = ({ userId, trackType, mediaId }: RecordedFile) => ({
    UserId: userId,
    TrackType: trackType,
    MediaId: mediaId,
  });

  const cosPayload = (files: readonly RecordedFile[]) => ({
    Status: 0,
    FileList: files.map(({ fileName }) => fileName),
    FileMessage: files.map((file) => ({ FileName: file.fileName, ...source(file), ...times(file) })),
  });
  const vodPayload = (file: RecordedFile) => ({
    Status: 0,
    TencentVod: {
      ...source(file),
      FileId: file.fileId ?? file.fileName,
      VideoUrl: file.videoUrl ?? `https://vod.example.com/${encodeURIComponent(file.fileName)}`,
      CacheFile: file.fileName,
      ...times(file),
    },
  });

  return (request: LocalRequest): LocalReply => {
    if (isFromForeignPage(request)) return json({ error: 'Recordings are not for pages of other sites.' }, 403);
    if (request.method !== 'POST') return { status: 405, headers: { allow: 'POST' } };
    const { order, refusal } = parseOrder(recordingSchema, request.body);
    if (refusal) return refusal;
    const { taskId, eventType, files } = order;
    // These events name even a numeric room in text.
    const roomId = String(order.roomId);
    const payloads = eventType === 310 ? [cosPayload(files)] : files.map(vodPayload);
    for (const payload of payloads)
      tell(eventType, roomId, { UserId: recorderOf(taskId, roomId), TaskId: taskId, Payload: payload });
    return json({ events: payloads.length });
  };
};
