import { createHmac } from 'node:crypto';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createHandler, type Deps } from '../../functions/trtc-callback/handler.ts';
import { createPresence } from '../../lib/classroom/attendance/presence.ts';
import { replayGroupId } from '../../lib/classroom/class/class.ts';
import type { LessonRecord } from '../../lib/classroom/class/class-finder.ts';
import { createRoomFinder } from '../../lib/classroom/class/room-finder.ts';
import { createMemberSettling } from '../../lib/classroom/members/member-settling.ts';
import { createMessaging } from '../../lib/classroom/messages/messaging.ts';
import { createRecordings } from '../../lib/classroom/replay/recordings.ts';
import { createReplayExport } from '../../lib/classroom/replay/replay-export.ts';
import { createReplayStore } from '../../lib/classroom/replay/replay-store.ts';
import type { Database } from '../../lib/db/database.ts';
import { AppError } from '../../lib/errors.ts';
import type { HttpReply } from '../../lib/scf/reply.ts';
import { createTestClassroom } from '../support/classroom.ts';
import { createClock } from '../support/clock.ts';
import { newDatabaseUrl, openDatabase } from '../support/database.ts';
import { holdDeadlines } from '../support/deadlines.ts';
import { sdkAppId } from '../support/im.ts';

const clock = createClock();
const now = clock.seconds();
const ago = (seconds: number) => now - seconds;
const key = 'callbackKey0123456789';
const received = { status: 200, body: { code: 0 } };

let url: string;
let database: Database;
beforeAll(async () => {
  url = await newDatabaseUrl();
  database = openDatabase(url);
});
// s1 is in one room at a time, and what one test leaves unsent is not for the next.
beforeEach(() => database.run((sql) => sql`truncate presence, outbox`));

/** The function over a classroom, and a class in it whose student s1 has joined. */
const setUp = async (deps: Partial<Deps> = {}) => {
  const classroom = createTestClassroom({ database, clock });
  const { client: im, accounts, random, store, trtc, http } = classroom;
  const { log } = http;
  const { outbox } = createMessaging({ database, im, accounts, random, log, clock, sleep: async () => {} });
  const presence = createPresence(database);
  const recordings = createRecordings({ database, outbox, random, log, clock });
  const handler = createHandler({
    log,
    clock,
    trtcCallbackKey: key,
    sdkAppId,
    rooms: createRoomFinder(database),
    finder: store,
    presence,
    memberSettling: createMemberSettling({ database, im, trtc: trtc.client, accounts, log, clock }),
    recordings,
    ...deps,
  });
  const handle = (event: unknown) => handler(event, { request_id: 'r1' });
  const lesson = await classroom.openClass();
  const { classId, roomId } = lesson;
  await classroom.letIn(classId, 's1');
  const find = async () => (await store.find(classId)) as LessonRecord;
  return {
    ...classroom,
    lesson,
    outbox,
    handle,
    /** Posts a body as TRTC does, freshly signed. */
    post: async (body: unknown) => read(await handle(callbackOf(body))),
    postEvent: async (event: unknown) => read(await handle(event)),
    enter: (at: number, info: object = {}) => visitOf(103, roomId, at, info),
    exit: (at: number, info: object = {}) => visitOf(104, roomId, at, info),
    recorded: (eventType: number, payload: object, info: object = {}) => recordedOf(eventType, roomId, payload, info),
    attendance: async () => presence.attendanceOf(await find(), clock()),
    end: (at: number) =>
      database.run((sql) => sql`update classes set status = 'ended', ended_at = ${at} where class_id = ${classId}`),
    remove: (at: number) =>
      database.run((sql) => sql`update members set removed_at = ${at} where class_id = ${classId} and user_id = 's1'`),
    /** The recordings that the ReplayGroup tells of, oldest first. */
    async sent() {
      const { messages } = await im.readHistory(replayGroupId(classId));
      const read = messages.map(({ data, ...message }) => ({ ...message, data: JSON.parse(data ?? '') }));
      return read.filter(({ data }) => data.type === 1004).toReversed();
    },
    /** What the replay shows after its export. */
    async exported() {
      const replayExport = createReplayExport({ database, im, log, clock });
      await replayExport.export(await find(), { until: clock() + 1000 });
      return (await createReplayStore(database).page(classId, { after: 0, limit: 100 })).messages;
    },
  };
};

const read = ({ statusCode, body }: HttpReply) => ({ status: statusCode, body: JSON.parse(body) });

const signOf = (body: string | Buffer, signingKey = key) =>
  createHmac('sha256', signingKey).update(body).digest('base64');

/** A callback as TRTC posts it. */
const callbackOf = (given: unknown) => {
  const body = typeof given === 'string' ? given : JSON.stringify(given);
  return {
    httpMethod: 'POST',
    path: '/trtc-callback',
    headers: { 'Content-Type': 'application/json', Sign: signOf(body), SdkAppId: String(sdkAppId) } as Record<
      string,
      string | undefined
    >,
    queryString: {},
    body,
  };
};

const visitOf = (EventType: number, RoomId: unknown, at: number, info: object = {}) => ({
  EventGroupId: 1,
  EventType,
  CallbackTs: at * 1000 + 700,
  EventInfo: {
    RoomId,
    EventTs: at,
    EventMsTs: at * 1000,
    UserId: 's1',
    UniqueId: 1_615_554_922_656,
    Role: 20,
    TerminalType: 3,
    UserType: 3,
    Reason: 1,
    ...info,
  },
});

const recordedOf = (EventType: number, roomId: number, Payload: object, info: object = {}) => ({
  EventGroupId: 3,
  EventType,
  CallbackTs: now * 1000,
  EventInfo: {
    RoomId: String(roomId),
    EventTs: String(now),
    EventMsTs: now * 1000,
    UserId: 'tic_record_user_1_2',
    TaskId: '-m9-task',
    Payload,
    ...info,
  },
});

describe('trtc-callback lets nobody in', () => {
  const good = visitOf(103, 4242, now);

  it('before it has checked the method, the size, the signature and the app, in this order', async () => {
    const { postEvent } = await setUp();
    const foreign = { Sign: signOf('x'), SdkAppId: '1' };
    const wrong = { ...callbackOf('x'.repeat(64 * 1024 + 1)), headers: { Sign: 'x', SdkAppId: '1' } };
    expect(await postEvent({ ...wrong, httpMethod: 'GET' })).toEqual({ status: 405, body: {} });
    expect(await postEvent(wrong)).toEqual({ status: 413, body: {} });
    expect(await postEvent({ ...wrong, body: 'x' })).toEqual({ status: 401, body: {} });
    expect(await postEvent({ ...wrong, body: 'x', headers: foreign })).toEqual({ status: 401, body: {} });
    expect(await postEvent(callbackOf('x'))).toEqual({ status: 400, body: {} });
  });

  it.each([
    ['a preflight', { httpMethod: 'OPTIONS' }, 405],
    ['no event', { httpMethod: undefined }, 400],
  ])('who comes with %s', async (_what, change, status) => {
    const { postEvent } = await setUp();
    expect(await postEvent({ ...callbackOf(good), ...change })).toEqual({ status, body: {} });
  });

  it.each([
    ['no sign', { Sign: undefined }],
    ['the sign of another key', { Sign: signOf(JSON.stringify(good), 'another') }],
    ['the sign of another body', { Sign: signOf(JSON.stringify(good, null, 1)) }],
    ['no app', { SdkAppId: undefined }],
    ['another app', { SdkAppId: '1400000001' }],
    ['nearly our app', { SdkAppId: `${sdkAppId}.0` }],
  ])('who comes with %s, and tells them nothing', async (_what, change) => {
    const { postEvent, captured } = await setUp();
    const event = callbackOf(good);
    expect(await postEvent({ ...event, headers: { ...event.headers, ...change } })).toEqual({ status: 401, body: {} });
    expect(captured.lines).toEqual([expect.objectContaining({ status: 401, code: 'UNAUTHENTICATED' })]);
    expect(captured.text()).not.toContain(key);
  });

  it('who has changed a byte of the body', async () => {
    const { postEvent, enter, attendance } = await setUp();
    const event = callbackOf(enter(now));
    expect(await postEvent({ ...event, body: event.body.replace('"s1"', '"s2"') })).toEqual({ status: 401, body: {} });
    expect(await attendance()).toEqual([]);
  });

  const recording = (info: object) => recordedOf(310, 4242, { Status: 0, FileList: ['a.mp4'] }, info);
  it.each<[string, unknown]>([
    ['nothing', ''],
    ['no JSON', '{'],
    ['no object', '[]'],
    ['no type', { EventGroupId: 1, EventInfo: good.EventInfo }],
    ['a type in text', { ...good, EventType: '103' }],
    ['no group', { EventType: 103, EventInfo: good.EventInfo }],
    ['no event', { ...good, EventInfo: undefined }],
    ['an enter into no room', visitOf(103, undefined, now)],
    ['an enter into a list of rooms', visitOf(103, [4242], now)],
    ['an enter of nobody', visitOf(103, 4242, now, { UserId: undefined })],
    ['an enter of a number', visitOf(103, 4242, now, { UserId: 1 })],
    ['an exit at no time', visitOf(104, 4242, now, { EventTs: undefined, EventMsTs: undefined })],
    ['an exit at the beginning of time', visitOf(104, 4242, now, { EventMsTs: 0 })],
    ['an exit before that', visitOf(104, 4242, now, { EventMsTs: -1 })],
    ['an exit at some time', visitOf(104, 4242, now, { EventMsTs: 'soon' })],
    ['an exit at half a millisecond', visitOf(104, 4242, now, { EventMsTs: now * 1000 + 0.5 })],
    ['a stay that PostgreSQL cannot hold', visitOf(103, 4242, now, { UniqueId: '\0' })],
    ['a stay that is too long', visitOf(103, 4242, now, { UniqueId: 'x'.repeat(101) })],
    ['a recording of no task', recording({ TaskId: undefined })],
    ['a recording of an empty task', recording({ TaskId: '' })],
    ['a recording of a task that PostgreSQL cannot hold', recording({ TaskId: '\ud800' })],
    ['a recording without its outcome', recording({ Payload: { FileList: ['a.mp4'] } })],
    ['a recording without anything', recording({ Payload: undefined })],
    ['files without names', recording({ Payload: { Status: 0, FileMessage: [{ UserId: 's1' }] } })],
    ['names that are numbers', recording({ Payload: { Status: 0, FileList: [1] } })],
    ['an id that is a number', recordedOf(311, 4242, { Status: 0, TencentVod: { FileId: 1 } })],
  ])('with %s', async (_what, body) => {
    const { post } = await setUp();
    expect(await post(body)).toEqual({ status: 400, body: {} });
  });

  it('with bytes that are no text', async () => {
    const { postEvent } = await setUp();
    const bytes = Buffer.concat([Buffer.from(JSON.stringify(good)), Buffer.from([0xff])]);
    const event = {
      ...callbackOf(''),
      headers: { Sign: signOf(bytes), SdkAppId: String(sdkAppId) },
      body: bytes.toString('base64'),
      isBase64Encoded: true,
    };
    expect(await postEvent(event)).toEqual({ status: 400, body: {} });
  });

  it('but takes 64 KiB, in base64, with headers in any case', async () => {
    const { postEvent, enter, attendance } = await setUp();
    const body = JSON.stringify(enter(ago(60), { Note: '课' })).padEnd(64 * 1024 - 2);
    const event = {
      ...callbackOf(body),
      headers: { SIGN: signOf(body), sdkappid: String(sdkAppId) },
      body: Buffer.from(body).toString('base64'),
      isBase64Encoded: true,
    };
    expect(Buffer.byteLength(body)).toBe(64 * 1024);
    expect(await postEvent(event)).toEqual(received);
    expect(await attendance()).toMatchObject([{ userId: 's1', seconds: 60 }]);
  });
});

describe('an event', () => {
  it.each<[string, (roomId: number) => object]>([
    ['of a room’s beginning', (roomId) => visitOf(101, roomId, now)],
    ['of a room’s end, by nobody', (roomId) => visitOf(102, roomId, now, { UserId: undefined })],
    ['of a changed role', (roomId) => visitOf(105, roomId, now)],
    ['of a picture', (roomId) => ({ ...visitOf(201, roomId, now), EventGroupId: 2 })],
    ['of another group under the number of ours', (roomId) => ({ ...visitOf(103, roomId, now), EventGroupId: 2 })],
    ['of a recorder', (roomId) => recordedOf(301, roomId, { Status: 0 })],
    ['of a page’s recording, in no room', () => ({ EventGroupId: 8, EventType: 801, EventInfo: { TaskId: 't' } })],
    ['of next year', () => ({ EventGroupId: 99, EventType: 9901 })],
  ])('%s is received, and nothing comes of it', async (_what, bodyOf) => {
    const { post, lesson, attendance, sent } = await setUp();
    expect(await post(bodyOf(lesson.roomId))).toEqual(received);
    expect([...(await attendance()), ...(await sent())]).toEqual([]);
  });

  it.each<[string, (roomId: number) => unknown]>([
    ['in the room whose name is our number', (roomId) => String(roomId)],
    ['in a room of nobody', (roomId) => (roomId % 10_000_000) + 1],
    ['in room 0', () => 0],
    ['in a room below', () => -1],
    ['in a room over ours', () => 10_000_001],
    ['in the highest room of TRTC', () => 4_294_967_294],
    ['in half a room', (roomId) => roomId + 0.5],
  ])('%s is received, and nothing comes of it', async (_what, roomOf) => {
    const { post, lesson, attendance, sent } = await setUp();
    expect(await post(visitOf(103, roomOf(lesson.roomId), now))).toEqual(received);
    const room = { RoomId: typeof roomOf(1) === 'string' ? `0${lesson.roomId}` : String(roomOf(lesson.roomId)) };
    expect(await post(recordedOf(310, 1, { Status: 0, FileList: ['a.mp4'] }, room))).toEqual(received);
    expect([...(await attendance()), ...(await sent())]).toEqual([]);
  });

  it('of a class that is only being made is received, and nothing comes of it', async () => {
    const { post, enter, recorded, lesson, attendance, sent } = await setUp();
    await database.run((sql) => sql`update classes set status = 'opening' where class_id = ${lesson.classId}`);
    expect(await post(enter(now))).toEqual(received);
    expect(await post(recorded(310, { Status: 0, FileList: ['a.mp4'] }))).toEqual(received);
    expect([...(await attendance()), ...(await sent())]).toEqual([]);
  });

  it('is answered in fewer bytes than TRTC takes', async () => {
    const { handle, enter } = await setUp();
    const { headers, body } = await handle(callbackOf(enter(now)));
    expect(JSON.stringify(headers).length + body.length).toBeLessThan(1000);
  });

  it('leaves one line in the log, with what it was about', async () => {
    const { post, enter, lesson, captured } = await setUp();
    await post(enter(now));
    expect(captured.lines).toEqual([
      expect.objectContaining({ event: 'invocation', command: 'TRTC.103', classId: lesson.classId, userId: 's1' }),
    ]);
  });

  it('that cannot be kept is refused, so that TRTC tells it again', async () => {
    const record = async () => {
      throw new AppError('UPSTREAM_TIMEOUT', 'The database did not answer in time. Try again.');
    };
    const { post, enter } = await setUp({ presence: { record } });
    expect(await post(enter(now))).toEqual({ status: 504, body: {} });
  });
});

describe('whoever enters and leaves a room', () => {
  it('is counted between', async () => {
    const { post, enter, exit, attendance } = await setUp();
    expect(await post(enter(ago(60)))).toEqual(received);
    expect(await attendance()).toMatchObject([{ userId: 's1', joinedAt: ago(60), seconds: 60 }]);
    expect(await post(exit(ago(20)))).toEqual(received);
    expect(await attendance()).toMatchObject([{ leftAt: ago(20), seconds: 40 }]);
  });

  it('is counted by the milliseconds where they are told, else by the seconds, also in text', async () => {
    const { post, enter, exit, attendance } = await setUp();
    await post(enter(ago(60), { EventTs: ago(70), EventMsTs: String(ago(60) * 1000) }));
    await post(exit(ago(50), { EventTs: ago(50), EventMsTs: undefined }));
    await post(enter(ago(40), { EventTs: String(ago(40)), EventMsTs: undefined }));
    expect(await attendance()).toMatchObject([{ joinedAt: ago(60), seconds: 10 + 40 }]);
  });

  it('is counted once, in whatever order and however often that is told', async () => {
    const { post, enter, exit, attendance } = await setUp();
    for (const event of [exit(ago(20)), exit(ago(20)), enter(ago(60)), exit(ago(20)), enter(ago(60))])
      expect(await post(event)).toEqual(received);
    expect(await attendance()).toMatchObject([{ userId: 's1', joinedAt: ago(60), leftAt: ago(20), seconds: 40 }]);
  });

  it('is counted once on two devices, told apart by number or text', async () => {
    const { post, enter, exit, attendance } = await setUp();
    await post(enter(ago(60), { UniqueId: 1 }));
    await post(enter(ago(50), { UniqueId: 'two' }));
    await post(exit(ago(40), { UniqueId: '1' }));
    expect(await attendance()).toMatchObject([{ joinedAt: ago(60), seconds: 60 }]);
    await post(exit(ago(30), { UniqueId: 'two' }));
    expect(await attendance()).toMatchObject([{ leftAt: ago(30), seconds: 30 }]);
  });

  it('is counted without a UniqueId', async () => {
    const { post, enter, exit, attendance } = await setUp();
    await post(enter(ago(60), { UniqueId: undefined }));
    await post(exit(ago(20), { UniqueId: undefined }));
    expect(await attendance()).toMatchObject([{ leftAt: ago(20), seconds: 40 }]);
  });

  it('is counted up to where they show up in another room', async () => {
    const { post, enter, attendance, openClass } = await setUp();
    const other = await openClass();
    await post(enter(ago(60)));
    await post(visitOf(103, other.roomId, ago(20), { UniqueId: 2 }));
    expect(await attendance()).toMatchObject([{ userId: 's1', leftAt: ago(20), seconds: 40 }]);
  });

  it.each([
    ['a recording robot', 'tic_record_user_4242_1'],
    ['a recording robot in capitals', 'TIC_RECORD_USER_4242_1'],
    ['nobody of ours', 's1@example.com'],
    ['nobody at all', ''],
    ['nobody whom PostgreSQL can hold', '\0'],
  ])('is not counted when it is %s', async (_who, UserId) => {
    const { post, enter, attendance } = await setUp();
    expect(await post(enter(ago(60), { UserId }))).toEqual(received);
    expect(await attendance()).toEqual([]);
  });

  it('is counted up to the end of the class, though the rest is told late', async () => {
    const { post, enter, exit, attendance, end } = await setUp();
    await end(ago(30));
    await post(exit(ago(29)));
    await post(enter(ago(60)));
    await post(enter(ago(30), { UserId: 's2' }));
    await post(enter(ago(20), { UserId: 's3' }));
    expect(await attendance()).toMatchObject([{ userId: 's1', joinedAt: ago(60), leftAt: ago(30), seconds: 30 }]);
    const kept = await database.run((sql) => sql`select user_id, event from presence order by at_ms`);
    expect([...kept]).toEqual([
      { user_id: 's1', event: 'enter' },
      { user_id: 's1', event: 'exit' },
    ]);
  });
});

describe('somebody removed who enters again', () => {
  it('is put out at once', async () => {
    const { post, enter, remove, trtc, lesson } = await setUp();
    await remove(ago(30));
    expect(await post(enter(ago(2)))).toEqual(received);
    expect(trtc.takeCalls()).toEqual([{ action: 'RemoveUser', roomId: lesson.roomId, userId: 's1' }]);
    const rows = await database.run(
      (sql) => sql`select 1 from presence where class_id = ${lesson.classId} and user_id = 's1'`,
    );
    expect(rows).toHaveLength(1);
  });

  it('is left alone when they leave, as is everybody else', async () => {
    const { post, enter, exit, remove, trtc } = await setUp();
    await post(enter(ago(60)));
    await remove(ago(30));
    await post(exit(ago(29)));
    await post(enter(ago(20), { UserId: 's2' }));
    expect(trtc.calls).toEqual([]);
  });

  it.each([
    ['UPSTREAM_FAILED', 502, false],
    ['UPSTREAM_TIMEOUT', 504, false],
    ['UPSTREAM_TIMEOUT', 504, true],
  ] as const)('is put out when TRTC calls again after %s (%i), done or not (%s)', async (code, status, isDone) => {
    const { post, enter, remove, trtc } = await setUp();
    await remove(ago(30));
    trtc.failNext(code, { isDone });
    expect(await post(enter(ago(2)))).toEqual({ status, body: {} });
    expect(await post(enter(ago(2)))).toEqual(received);
    expect(trtc.takeCalls()).toHaveLength(isDone ? 2 : 1);
  });

  it('is counted no more', async () => {
    const { post, enter, remove, attendance } = await setUp();
    await post(enter(ago(60)));
    await remove(ago(30));
    await post(enter(ago(2), { UniqueId: 2 }));
    expect(await attendance()).toMatchObject([{ userId: 's1', leftAt: ago(30), seconds: 30 }]);
  });
});

describe('a recorded file', () => {
  const startMs = ago(600) * 1000 + 145;
  const endMs = ago(500) * 1000 + 200;
  const times = { StartTimeStamp: startMs, EndTimeStamp: endMs };
  const source = { UserId: 's1', TrackType: 'audio_video', MediaId: 'main' };
  const cosFile = (FileName: string) => ({ FileName, ...source, ...times });
  const cos = (...names: string[]) => ({ Status: 0, FileList: names, FileMessage: names.map(cosFile) });
  const vodFile = {
    ...source,
    FileId: '5285',
    VideoUrl: 'https://vod.example.com/a.mp4',
    CacheFile: 'a.mp4',
    ...times,
  };

  it('in COS is announced in the replay by the administrator', async () => {
    const { post, recorded, sent, lesson } = await setUp();
    expect(await post(recorded(310, cos('a.mp4')))).toEqual(received);
    const [message, ...more] = await sent();
    expect(more).toEqual([]);
    expect(message).toMatchObject({ senderId: 'administrator' });
    expect(message?.data).toEqual({
      type: 1004,
      seq: expect.any(Number),
      timestamp: now,
      value: {
        uid: 's1',
        start_time: ago(600),
        end_time: ago(500),
        media_start_time: startMs,
        duration: 100,
        file_name: 'a.mp4',
        type: 'main',
      },
    });
    expect(message?.data.seq).toBeGreaterThanOrEqual(10_000);
    expect(message?.data.seq).toBeLessThanOrEqual(100_000_000);
    expect(lesson.status).toBe('scheduled');
  });

  it('in VOD is announced with its id and address', async () => {
    const { post, recorded, sent } = await setUp();
    expect(await post(recorded(311, { Status: 0, TencentVod: vodFile }))).toEqual(received);
    const [message] = await sent();
    expect(message?.data.value).toEqual({
      uid: 's1',
      start_time: ago(600),
      end_time: ago(500),
      media_start_time: startMs,
      duration: 100,
      video_id: '5285',
      video_url: 'https://vod.example.com/a.mp4',
      file_name: 'a.mp4',
      type: 'main',
    });
  });

  it('of which little is known is announced with that', async () => {
    const { post, recorded, sent } = await setUp();
    await post(recorded(310, { Status: 0, FileList: ['list.mp4'], FileMessage: null }));
    await post(recorded(310, { Status: 0, FileList: ['bare.mp4'], FileMessage: [] }));
    const odd = { UserId: '', MediaId: 7, StartTimeStamp: 'later', EndTimeStamp: 0 };
    await post(recorded(310, { Status: 0, FileList: null, FileMessage: [{ FileName: 'odd.mp4', ...odd }] }));
    await post(
      recorded(310, {
        Status: 0,
        FileMessage: [{ FileName: 'mix.mp4', UserId: '', MediaId: 'mix', EndTimeStamp: endMs }],
      }),
    );
    await post(recorded(311, { Status: 0, TencentVod: { CacheFile: 'vod.mp4', FileId: '' } }));
    const values = (await sent()).map(({ data }) => data.value);
    expect(values).toEqual([
      { file_name: 'list.mp4' },
      { file_name: 'bare.mp4' },
      { file_name: 'odd.mp4' },
      { file_name: 'mix.mp4', type: 'mix', end_time: ago(500) },
      { file_name: 'vod.mp4' },
    ]);
  });

  it('has its times in seconds, however they are told', async () => {
    const { post, recorded, sent } = await setUp();
    const told = { StartTimeStamp: String(startMs), EndTimeStamp: ago(500) };
    await post(recorded(310, { Status: 0, FileMessage: [{ FileName: 'a.mp4', ...told }] }));
    const [message] = await sent();
    expect(message?.data.value).toMatchObject({ start_time: ago(600), end_time: ago(500), media_start_time: startMs });
  });

  it.each<[string, number, object, string[]]>([
    ['with others late', 310, { ...cos('a.mp4'), Status: 1 }, ['a.mp4']],
    ['of a task that came to nothing', 310, { ...cos('a.mp4'), Status: 2 }, []],
    ['of no name', 310, { Status: 0 }, []],
    ['that is late for VOD', 311, { Status: 1, Errmsg: 'x', TencentVod: { ...source, CacheFile: 'a.mp4' } }, []],
    ['that VOD did not take', 311, { Status: 2, TencentVod: vodFile }, []],
    ['of which VOD tells nothing', 311, { Status: 0 }, []],
    ['without id and name', 311, { Status: 0, TencentVod: source }, []],
  ])('%s (%i) is received, and announced if it is there', async (_what, eventType, payload, names) => {
    const { post, recorded, sent } = await setUp();
    expect(await post(recorded(eventType, payload))).toEqual(received);
    expect((await sent()).map(({ data }) => data.value.file_name)).toEqual(names);
  });

  it('is announced once for each task and file, however often it is told', async () => {
    const { post, recorded, sent, outbox } = await setUp();
    await Promise.all([post(recorded(310, cos('a.mp4'))), post(recorded(310, cos('a.mp4')))]);
    await post(recorded(310, cos('a.mp4', 'b.mp4', 'b.mp4')));
    await post(recorded(310, cos('a.mp4'), { TaskId: 'another' }));
    clock.advance(60);
    await outbox.flush();
    await post(recorded(310, cos('a.mp4')));
    clock.advance(-60);
    const names = (await sent()).map(({ data }) => data.value.file_name);
    expect(names.sort()).toEqual(['a.mp4', 'a.mp4', 'b.mp4']);
  });

  it('in VOD is told from others by its id', async () => {
    const { post, recorded, sent } = await setUp();
    await post(recorded(311, { Status: 0, TencentVod: vodFile }));
    await post(recorded(311, { Status: 0, TencentVod: { ...vodFile, CacheFile: 'renamed.mp4' } }));
    await post(recorded(311, { Status: 0, TencentVod: { ...vodFile, FileId: '5286' } }));
    expect((await sent()).map(({ data }) => data.value.video_id)).toEqual(['5285', '5286']);
  });

  it('is also announced of a room whose number is told as one', async () => {
    const { post, recorded, sent, lesson } = await setUp();
    await post(recorded(310, cos('a.mp4'), { RoomId: lesson.roomId }));
    expect(await sent()).toHaveLength(1);
  });

  it.each([
    ['fails', { errorCode: 10002, times: 3 }],
    ['loses its replies', { dropReply: true, times: 2 }],
  ])('is announced by the sweep, once, when IM %s', async (_what, fault) => {
    const { post, recorded, sent, faults, outbox, logText } = await setUp();
    faults.order({ command: 'send_group_msg', ...fault });
    expect(await post(recorded(310, cos('a.mp4')))).toEqual(received);
    expect(logText()).toMatch(/repair due.*"vendor":"im".*"repair":"unsent message"/);
    clock.advance(60);
    await outbox.flush();
    await outbox.flush();
    expect(await post(recorded(310, cos('a.mp4')))).toEqual(received);
    clock.advance(-60);
    expect(await sent()).toHaveLength(1);
  });

  it('is received in time though IM says nothing, and announced by the sweep', async () => {
    const { outbox, random, http, ...classroom } = await setUp();
    const deadlines = holdDeadlines();
    const deliver = () => {
      deadlines.pass();
      return new Promise<never>(() => {});
    };
    const silent = { enqueue: outbox.enqueue, deliver };
    const { log } = http;
    const recordings = createRecordings({ database, outbox: silent, random, log, clock });
    await recordings.announce(classroom.lesson.classId, 'task', [{ id: 'a.mp4' }]);
    expect(deadlines.set).toEqual([3000]);
    expect(classroom.logText()).toContain('repair due');
  });

  it('is kept, and announced by the export, of a class that has ended since', async () => {
    const { post, recorded, sent, exported, end, takeCommands } = await setUp();
    await post(recorded(310, cos('before.mp4')));
    await end(ago(30));
    takeCommands();
    expect(await post(recorded(310, cos('after.mp4')))).toEqual(received);
    expect(takeCommands()).toEqual([]);
    expect(await sent()).toHaveLength(1);
    const messages = await exported();
    expect(messages).toMatchObject([
      { type: 1004, userId: 's1', data: { value: { file_name: 'before.mp4' } } },
      { type: 1004, userId: 's1', time: now, data: { value: { file_name: 'after.mp4' } } },
    ]);
  });

  it('is decided on after an end that is under way', async () => {
    const { post, recorded, sent, lesson } = await setUp();
    const others = openDatabase(url);
    const posted = await others.transaction(async (sql) => {
      await sql`update classes set status = 'ended', ended_at = ${now} where class_id = ${lesson.classId}`;
      const reply = post(recorded(310, cos('a.mp4')));
      for (let isWaiting = false; !isWaiting; )
        isWaiting =
          (await sql`select 1 from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`)
            .length > 0;
      return [reply];
    });
    expect(await Promise.all(posted)).toEqual([received]);
    expect(await sent()).toEqual([]);
  });

  it('is added to the replay of a class that is exported, once', async () => {
    const { post, recorded, exported, end, takeCommands } = await setUp();
    await post(recorded(310, cos('before.mp4')));
    await end(ago(30));
    await exported();
    takeCommands();
    await post(recorded(310, cos('before.mp4', 'after.mp4')));
    await post(recorded(310, cos('after.mp4')));
    expect(takeCommands()).toEqual([]);
    const names = (await exported()).map(({ data }) => (data as { value: { file_name: string } }).value.file_name);
    expect(names).toEqual(['before.mp4', 'after.mp4']);
  });

  it('of a class without groups is kept for its export', async () => {
    const { post, recorded, exported, end, lesson, takeCommands } = await setUp();
    await database.run((sql) => sql`update classes set groups = 'none' where class_id = ${lesson.classId}`);
    await post(recorded(310, cos('a.mp4')));
    expect(takeCommands()).toEqual([]);
    await end(ago(30));
    expect(await exported()).toMatchObject([{ type: 1004, data: { value: { file_name: 'a.mp4' } } }]);
  });
});
