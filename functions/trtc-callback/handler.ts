import { isRecordingUserId } from '../../lib/auth/reserved-user-ids.ts';
import type { Presence } from '../../lib/classroom/attendance/presence.ts';
import type { ClassFinder } from '../../lib/classroom/class/class-finder.ts';
import type { RoomFinder } from '../../lib/classroom/class/room-finder.ts';
import type { MemberSettling } from '../../lib/classroom/members/member-settling.ts';
import type { Recordings } from '../../lib/classroom/replay/recordings.ts';
import { AppError } from '../../lib/errors.ts';
import type { Log } from '../../lib/log.ts';
import { parseJson, readBody } from '../../lib/scf/callback-body.ts';
import { callbackEndpoint } from '../../lib/scf/callback-endpoint.ts';
import { verifyTrtcSignature } from '../../lib/trtc/callback-signature.ts';
import { type Recorded, readEvent, type Visit } from './event.ts';
import { anyCallback } from './schema.ts';

export interface Deps {
  log: Log;
  /** Milliseconds since 1970. */
  clock(): number;
  trtcCallbackKey: string;
  sdkAppId: number;
  rooms: Pick<RoomFinder, 'classIdOf'>;
  finder: Pick<ClassFinder, 'findWith'>;
  presence: Pick<Presence, 'record'>;
  memberSettling: Pick<MemberSettling, 'putOut'>;
  recordings: Pick<Recordings, 'announce'>;
}

const maxBodyBytes = 64 * 1024;
/** Source: https://trtc.io/document/39558 */
const received = { code: 0 };

/**
 * `POST /trtc-callback`: what TRTC tells of rooms and recordings. Who enters and leaves is kept for attendance, and whoever
 * was removed is put out again; recorded files are announced in the replay. TRTC repeats what is not answered with 200 in
 * 5 s, for a minute: everything may come twice and in any order.
 */
export const createHandler = (deps: Deps) => {
  const { log, clock, trtcCallbackKey, sdkAppId, rooms, finder, presence, memberSettling, recordings } = deps;

  const keepVisit = async ({ kind, userId, atMs, stay }: Visit, classId: string): Promise<void> => {
    if (isRecordingUserId(userId)) return;
    const found = await finder.findWith(classId, userId);
    if (!found || found.lesson.status === 'opening') return;
    const { lesson, member } = found;
    const isTooLate = lesson.endedAt !== undefined && atMs >= lesson.endedAt * 1000;
    if (kind === 'enter' && isTooLate) return;
    await presence.record([{ classId, userId, source: 'trtc', event: kind, atMs, stay }]);
    if (kind === 'enter' && member.removedAt !== undefined) await memberSettling.putOut(lesson, userId);
  };

  const keep = (event: Visit | Recorded, classId: string): Promise<void> =>
    event.kind === 'recorded' ? recordings.announce(classId, event.taskId, event.files) : keepVisit(event, classId);

  return callbackEndpoint(log, clock, {
    maxBodyBytes,
    verify({ headers, body }) {
      verifyTrtcSignature(headers.sign, body, trtcCallbackKey);
      if (headers.sdkappid !== String(sdkAppId))
        throw new AppError('UNAUTHENTICATED', 'This callback is for another app.');
    },
    async answer(request) {
      const callback = readBody(anyCallback, parseJson(request.body));
      request.note({ command: `TRTC.${callback.EventType}` });
      const event = readEvent(callback);
      const classId = event && (await rooms.classIdOf(event.roomId));
      if (!event || classId === undefined) return received;
      request.note({ classId, ...('userId' in event && { userId: event.userId }) });
      await keep(event, classId);
      return received;
    },
  });
};
