import type * as z from 'zod/mini';
import type { RecordedFile } from '../../lib/classroom/replay/recordings.ts';
import { userIdField } from '../../lib/fields.ts';
import { readBody } from '../../lib/scf/callback-body.ts';
import { type anyCallback, cosRecording, type fileDetails, visit, vodRecording } from './schema.ts';

type CosPayload = z.output<typeof cosRecording>['EventInfo']['Payload'];
type VodPayload = z.output<typeof vodRecording>['EventInfo']['Payload'];

/** Somebody who has entered a room or left it. */
export interface Visit {
  kind: 'enter' | 'exit';
  roomId: number;
  userId: string;
  /** Milliseconds since 1970, by TRTC's clock. */
  atMs: number;
  /** The same for the enter and exit of one device; empty when TRTC does not say. */
  stay: string;
}

/** Files that a recording task has made of a room. */
export interface Recorded {
  kind: 'recorded';
  roomId: number;
  taskId: string;
  files: RecordedFile[];
}

/** `undefined` for what is none of ours to know: other events, rooms and people. Throws `BAD_REQUEST`. */
export const readEvent = (callback: z.output<typeof anyCallback>): Visit | Recorded | undefined =>
  readers[`${callback.EventGroupId}.${callback.EventType}`]?.(callback);

/** By group and type of the event. */
const readers: Readonly<Record<string, (body: unknown) => Visit | Recorded | undefined>> = {
  '1.103': (body) => readVisit('enter', body),
  '1.104': (body) => readVisit('exit', body),
  '3.310': (body) => readRecording(readBody(cosRecording, body).EventInfo, cosFiles),
  '3.311': (body) => readRecording(readBody(vodRecording, body).EventInfo, vodFiles),
};

const readVisit = (kind: Visit['kind'], body: unknown): Visit | undefined => {
  const { RoomId, UserId, UniqueId = '', EventTs = 0, EventMsTs = EventTs * 1000 } = readBody(visit, body).EventInfo;
  // TRTC's room "123" is another than its room 123.
  if (typeof RoomId !== 'number' || !isOurRoom(RoomId) || !userIdField.safeParse(UserId).success) return undefined;
  return { kind, roomId: RoomId, userId: UserId, atMs: EventMsTs, stay: String(UniqueId) };
};

const readRecording = <Payload>(
  { RoomId, TaskId, Payload }: { RoomId: number | string; TaskId: string; Payload: Payload },
  filesOf: (payload: Payload) => RecordedFile[],
): Recorded | undefined => {
  const files = filesOf(Payload);
  // These name even a numeric room in text.
  if (!isOurRoom(RoomId) || files.length === 0) return undefined;
  return { kind: 'recorded', roomId: Number(RoomId), taskId: TaskId, files };
};

/** 1 to 10000000, as classes get them. */
const isOurRoom = (roomId: number | string): boolean => /^([1-9]\d{0,6}|10000000)$/.test(String(roomId));

/** `Status` 1: some files are late, which does not concern those that are listed. 2: it came to nothing. */
const cosFiles = ({ Status, FileList, FileMessage }: CosPayload): RecordedFile[] => {
  if (Status !== 0 && Status !== 1) return [];
  if (!FileMessage?.length) return (FileList ?? []).map((name) => ({ id: name, name }));
  return FileMessage.map((file) => ({ id: file.FileName, name: file.FileName, ...readDetails(file) }));
};

const vodFiles = ({ Status, TencentVod }: VodPayload): RecordedFile[] => {
  if (Status !== 0 || !TencentVod) return [];
  const videoId = TencentVod.FileId || undefined;
  const name = TencentVod.CacheFile || undefined;
  const id = videoId ?? name;
  return id === undefined ? [] : [{ id, name, videoId, videoUrl: TencentVod.VideoUrl, ...readDetails(TencentVod) }];
};

/** An empty user is everybody in one picture. */
const readDetails = ({ UserId, MediaId, StartTimeStamp, EndTimeStamp }: z.output<typeof fileDetails>) => ({
  userId: UserId || undefined,
  picture: MediaId || undefined,
  startMs: inMs(StartTimeStamp),
  endMs: inMs(EndTimeStamp),
});

/** Documented in milliseconds; what would be before 1973 is in seconds. */
const inMs = (time: number | undefined) => (time !== undefined && time < 1e11 ? time * 1000 : time);
