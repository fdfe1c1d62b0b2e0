import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import { join } from 'node:path';
import { trtc } from 'tencentcloud-sdk-nodejs/tencentcloud/services/trtc/index.js';
import { Api } from 'tls-sig-api-v2/TLSSigAPIv2.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { createUserSigSigner } from '../../lib/usersig/signer.ts';
import { packToken } from '../../lib/usersig/token.ts';
import { encodeUserBuf, type RoomPermission } from '../../lib/usersig/user-buf.ts';
import { createTencentApi } from '../../local/api/server.ts';
import { createTemporaryKeys } from '../../local/api/temporary-keys.ts';
import { createFaults, type Faults } from '../../local/faults.ts';
import type { Reporter, Tell } from '../../local/feed.ts';
import { json, type LocalReply, type LocalServer, serve } from '../../local/http.ts';
import type { LocalFunction } from '../../local/runtime.ts';
import { createTrtcCallbacks, type TrtcCallbackOptions, type TrtcCallbacks } from '../../local/trtc/callbacks.ts';
import { createTrtc, type Trtc } from '../../local/trtc/trtc.ts';
import { serveUpgrades } from '../../local/upgrades.ts';
import { startTestCloud } from '../support/local-cloud.ts';
import { projectDir } from '../support/run.ts';
import { openTrtcSession, type TrtcEntry, type TrtcSession } from '../support/trtc-session.ts';

const sdkAppId = 1_400_000_001;
const secretKey = 'a-secret-key-of-the-tests';
const callbackKey = 'aCallbackKeyOfTheTests';
const permanentKey = { secretId: 'AKIDpermanent', secretKey: 'permanent-secret-key' };
const signer = createUserSigSigner(sdkAppId, { secretKey });
const startMs = 1_767_225_600_123;
const everything = 255;
/** To see and hear, and not to open the room. */
const audience = 170;

interface Event {
  EventGroupId: number;
  EventType: number;
  CallbackTs: number;
  EventInfo: Record<string, unknown>;
}

interface Received {
  headers: Record<string, unknown>;
  rawBody: Buffer;
  event: Event;
}

let now: number;
const clock = () => now;
const seconds = () => Math.floor(now / 1000);
let faults: Faults;
let callbacks: TrtcCallbacks;
let service: Trtc;
let server: LocalServer;
/** The app's backend: what it was told, and what it answers the nth time. */
let backend: LocalServer;
let received: Received[];
/** What the feed was told. */
let told: Parameters<Tell>[0][];
const feed: Reporter = { begin: () => (event) => void told.push(event) };
let answer: (count: number) => LocalReply | Promise<LocalReply>;
let onReceived: () => void;

const temporaryKeys = createTemporaryKeys('local-secret');

const startTrtc = async (options: Partial<TrtcCallbackOptions> = {}) => {
  callbacks = createTrtcCallbacks({
    url: `${backend.origin}/trtc-callback`,
    key: callbackKey,
    sdkAppId,
    clock,
    fetch,
    faults,
    feed,
    ...options,
  });
  service = createTrtc({ sdkAppId, key: { secretKey }, clock, callbacks });
  const api = createTencentApi({
    clock: Date.now,
    faults,
    permanentKey: () => permanentKey,
    temporaryKeys,
    services: service.actions,
  });
  server = await serve(0, async (request) =>
    request.path === '/local/trtc/recording' ? service.recording(request) : api.handle(request),
  );
  serveUpgrades(server.server, { '/trtc': service.upgrade });
};

const stopTrtc = async () => {
  await service.close();
  await callbacks.stop();
  await server.close();
};

/** TRTC anew, with other callbacks. */
const restartTrtc = async (options: Partial<TrtcCallbackOptions>) => {
  await stopTrtc();
  await startTrtc(options);
};

beforeEach(async () => {
  now = startMs;
  faults = createFaults();
  received = [];
  told = [];
  answer = () => json({ code: 0 });
  onReceived = () => undefined;
  backend = await serve(0, async ({ headers, body }) => {
    received.push({ headers, rawBody: body, event: JSON.parse(body.toString()) });
    onReceived();
    return answer(received.length);
  });
  await startTrtc();
});

afterEach(async () => {
  await stopTrtc();
  await backend.close();
});

const userSig = (userId: string) => signer.signUserSig({ userId, issuedAt: seconds(), ttlSeconds: 3600 });
const privateMapKey = (userId: string, roomId: number | string = 42, privileges = everything, by = signer) =>
  by.signPrivateMapKey({ userId, roomId, privileges, issuedAt: seconds(), ttlSeconds: 300 });

/** A client that asks to be let in. */
const knock = (userId: string, entry: Partial<TrtcEntry> = {}): TrtcSession => {
  const roomId = entry.roomId ?? 42;
  return openTrtcSession(server.origin, {
    sdkAppId,
    userId,
    userSig: userSig(userId),
    roomId,
    privateMapKey: privateMapKey(userId, roomId),
    ...entry,
  });
};

/** A client that is in. */
const enter = async (userId: string, entry?: Partial<TrtcEntry>): Promise<TrtcSession> => {
  const session = knock(userId, entry);
  await session.entered;
  return session;
};

/** So many events, waited for; they may overtake each other on their way, so they come sorted. */
const events = async (count: number): Promise<Event[]> => {
  while (received.length < count)
    await new Promise<void>((resolve) => {
      onReceived = resolve;
    });
  await callbacks.idle();
  const order = ({ EventType, EventInfo: { UniqueId, UserId } }: Event) => `${EventType} ${UniqueId} ${UserId}`;
  return received.map(({ event }) => event).sort((a, b) => order(a).localeCompare(order(b)));
};

/** So many events in short: `[type, user, reason]`. */
const brief = async (count: number) =>
  (await events(count)).map(({ EventType, EventInfo }) => [EventType, EventInfo.UserId, EventInfo.Reason]);

/** Waits for so many events, and forgets them. */
const forget = async (count: number) => {
  await events(count);
  received.length = 0;
};

describe('entering a room', () => {
  /** A PrivateMapKey whose userbuf says something else than the sig around it. */
  const craftKey = (permission: Partial<RoomPermission>) => {
    const full = { userId: 's1', sdkAppId, roomId: 42, privileges: everything, expiresAt: seconds(), ...permission };
    const userBuf = encodeUserBuf(full).toString('base64');
    return packToken({
      'TLS.ver': '2.0',
      'TLS.identifier': 's1',
      'TLS.sdkappid': sdkAppId,
      'TLS.time': seconds(),
      'TLS.expire': 300,
      'TLS.userbuf': userBuf,
      'TLS.sig': new Api(sdkAppId, secretKey)._hmacsha256('s1', seconds(), 300, userBuf),
    });
  };

  it('is told with the privileges of the key', async () => {
    expect(await knock('t1').entered).toEqual({ event: 'entered', roomId: 42, privileges: 255 });
    const entry = { roomId: 'Room 1', privateMapKey: privateMapKey('s1', 'Room 1', 3) };
    expect(await knock('s1', entry).entered).toEqual({ event: 'entered', roomId: 'Room 1', privileges: 3 });
  });

  it("takes the PrivateMapKeys of Tencent's own signer", async () => {
    now = Date.now();
    const api = new Api(sdkAppId, secretKey);
    await enter('t1', { privateMapKey: api.genPrivateMapKey('t1', 300, 42, everything) });
    const ofString = api.genPrivateMapKeyWithStringRoomID('t2', 300, 'room', everything);
    await enter('t2', { roomId: 'room', privateMapKey: ofString });
  });

  it.each<[string, () => Partial<TrtcEntry>, string]>([
    ['another SDKAppID', () => ({ sdkAppId: sdkAppId + 1 }), 'not our sdkappid'],
    ['no user', () => ({ userId: '' }), 'no userid'],
    ['no UserSig', () => ({ userSig: '' }), 'no usersig'],
    ['the UserSig of another user', () => ({ userSig: userSig('s2') }), 'bad usersig: userId'],
    ['a UserSig that is none', () => ({ userSig: 'nonsense' }), 'bad usersig: malformed'],
    ['no room', () => ({ roomId: '' }), 'no such roomid'],
    ['a room number that is too high', () => ({ roomId: 4_294_967_295 }), 'no such roomid'],
    ['a room number with a fraction', () => ({ roomId: 1.5 }), 'no such roomid'],
    ['a character that no room has', () => ({ roomId: 'a/b' }), 'no such roomid'],
    ['no PrivateMapKey', () => ({ privateMapKey: '' }), 'no privatemapkey'],
    ['a mere UserSig for one', () => ({ privateMapKey: userSig('s1') }), 'the privatemapkey names no room'],
    [
      'a PrivateMapKey that another key has signed',
      () => {
        const stranger = createUserSigSigner(sdkAppId, { secretKey: 'another' });
        return { privateMapKey: privateMapKey('s1', 42, everything, stranger) };
      },
      'bad privatemapkey: signature',
    ],
    [
      'a PrivateMapKey of another app',
      () => {
        const sister = createUserSigSigner(sdkAppId + 1, { secretKey });
        return { privateMapKey: privateMapKey('s1', 42, everything, sister) };
      },
      'bad privatemapkey: sdkAppId',
    ],
    ['a PrivateMapKey of another user', () => ({ privateMapKey: privateMapKey('s2') }), 'bad privatemapkey: userId'],
    [
      'a userbuf of another user',
      () => ({ privateMapKey: craftKey({ userId: 's2' }) }),
      'the privatemapkey is of another user',
    ],
    [
      'a userbuf of another app',
      () => ({ privateMapKey: craftKey({ sdkAppId: sdkAppId + 1 }) }),
      'the privatemapkey is of another sdkappid',
    ],
    [
      'a userbuf that ends before its sig',
      () => ({ privateMapKey: craftKey({ expiresAt: seconds() - 1 }) }),
      'the permission has expired',
    ],
    [
      'the PrivateMapKey of another room',
      () => ({ privateMapKey: privateMapKey('s1', 43) }),
      'the privatemapkey is of another room',
    ],
    [
      'the PrivateMapKey of the string room of that number',
      () => ({ privateMapKey: privateMapKey('s1', '42') }),
      'the privatemapkey is of another room',
    ],
    [
      'a PrivateMapKey without the bit for entering',
      () => ({ privateMapKey: privateMapKey('s1', 42, everything - 2) }),
      'not permitted to enter the room',
    ],
  ])('with %s is refused, and nobody hears of it', async (_, entry, reason) => {
    const session = knock('s1', { privateMapKey: privateMapKey('s1'), ...entry() });
    expect(await session.closed).toBe(`4001 ${reason}`);
    await callbacks.idle();
    expect(received).toEqual([]);
  });

  it('is possible until the key ends, in either place', async () => {
    await enter('s1', { privateMapKey: craftKey({}) });
    const [sig, key] = [userSig('s1'), privateMapKey('s1')];
    now += 300_000;
    await enter('s1', { privateMapKey: key });
    now += 1000;
    expect(await knock('s1', { privateMapKey: key }).closed).toBe('4001 bad privatemapkey: expired');
    now += 3_300_000;
    expect(await knock('s1', { userSig: sig }).closed).toBe('4001 bad usersig: expired');
  });

  it('needs the bit for creating the room as long as nobody is in', async () => {
    const asAudience = () => knock('s1', { privateMapKey: privateMapKey('s1', 42, audience) });
    const refusal = '4001 nobody is in the room, and not permitted to create it';
    expect(await asAudience().closed).toBe(refusal);
    const teacher = await enter('t1');
    const student = asAudience();
    expect(await student.entered).toMatchObject({ privileges: audience });
    teacher.close();
    student.close();
    await events(6);
    expect(await asAudience().closed).toBe(refusal);
  });

  it('goes by the number when both kinds of room are named', async () => {
    const query = { sdkappid: `${sdkAppId}`, userid: 's1', usersig: userSig('s1'), privatemapkey: privateMapKey('s1') };
    const rooms = { roomid: '42', strroomid: 'room' };
    const url = `${server.origin.replace('http', 'ws')}/trtc?${new URLSearchParams({ ...query, ...rooms })}`;
    const [push] = await once(new WebSocket(url), 'message');
    expect(JSON.parse(String(push))).toMatchObject({ event: 'entered', roomId: 42 });
  });

  it.each([
    ['another host', '/trtc', 'evil.example', 403],
    ['another path', '/trtc/', 'localhost', 404],
  ])('from %s is refused before it is a WebSocket', async (_, path, host, status) => {
    const socket = connect(server.port, '127.0.0.1');
    socket.write(
      `GET ${path} HTTP/1.1\r\nHost: ${host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
        'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
    );
    const [head] = await once(socket, 'data');
    expect(String(head)).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    socket.destroy();
  });
});

describe('the events of a room', () => {
  it('tell of its beginning, of who came and went how, and of its end', async () => {
    const teacher = await enter('t1');
    now += 1000;
    const student = await enter('s1', { privateMapKey: privateMapKey('s1', 42, audience) });
    await events(3);
    now += 1000;
    student.drop();
    await events(4);
    now += 1000;
    teacher.close(1000);

    const at = (secondsLater: number) => {
      const EventMsTs = startMs + secondsLater * 1000;
      return { RoomId: 42, EventTs: Math.floor(EventMsTs / 1000), EventMsTs };
    };
    const event = (EventType: number, secondsLater: number, info: object) => ({
      EventGroupId: 1,
      EventType,
      CallbackTs: startMs + secondsLater * 1000,
      EventInfo: { ...at(secondsLater), ...info },
    });
    const user = (UserId: string, UniqueId: number) => ({
      UserId,
      UniqueId,
      Role: 20,
      TerminalType: 4,
      UserType: 3,
    });
    const [t1, s1] = [user('t1', startMs), user('s1', startMs + 1000)];
    expect(await events(6)).toEqual([
      event(101, 0, { UserId: 't1' }),
      event(102, 3, {}),
      event(103, 0, { ...t1, Reason: 1 }),
      event(103, 1, { ...s1, Reason: 1 }),
      event(104, 3, { ...t1, Reason: 1 }),
      event(104, 2, { ...s1, Reason: 2 }),
    ]);
  });

  it('are signed over the body as it is sent', async () => {
    await enter('t1', { roomId: 'room' });
    await events(2);
    for (const { headers, rawBody } of received) {
      expect(headers).toMatchObject({
        'content-type': 'application/json',
        sdkappid: String(sdkAppId),
        sign: createHmac('sha256', callbackKey).update(rawBody).digest('base64'),
      });
    }
  });

  it('name a string room in text, and keep it apart from the number', async () => {
    await enter('t1', { roomId: 42 });
    await enter('t2', { roomId: '42' });
    const created = (await events(4)).filter(({ EventType }) => EventType === 101);
    expect(created.map(({ EventInfo }) => EventInfo.RoomId)).toEqual([42, '42']);
  });

  it('number each stay, even two of one millisecond', async () => {
    await enter('t1');
    await enter('s1');
    const stays = (await events(3)).filter(({ EventType }) => EventType === 103);
    expect(new Set(stays.map(({ EventInfo }) => EventInfo.UniqueId)).size).toBe(2);
  });

  it('tell of everybody as gone when TRTC stops, before it has stopped', async () => {
    const session = await enter('t1');
    await forget(2);
    await service.close();
    await callbacks.idle();
    expect(received).toHaveLength(2);
    expect((await brief(2)).at(-1)).toEqual([104, 't1', 2]);
    expect(await session.closed).toBe('1006 ');
  });

  it('take a page that goes away for a timeout', async () => {
    (await enter('s1')).close(1001);
    expect((await brief(4)).at(-1)).toEqual([104, 's1', 2]);
  });
});

describe('a user who enters again', () => {
  it('leaves the other room, which ends with the last one', async () => {
    const older = await enter('s1');
    await forget(2);
    await enter('s1', { roomId: 43 });
    expect(await older.next()).toEqual({ event: 'evicted' });
    expect(await older.closed).toBe('4004 evicted');
    expect(await events(4)).toMatchObject([
      { EventType: 101, EventInfo: { RoomId: 43 } },
      { EventType: 102, EventInfo: { RoomId: 42 } },
      { EventType: 103, EventInfo: { RoomId: 43, UserId: 's1', Reason: 1 } },
      { EventType: 104, EventInfo: { RoomId: 42, UserId: 's1', Reason: 3 } },
    ]);
  });

  it('takes the place of the older connection in the same room, which goes on', async () => {
    const older = await enter('s1');
    const firstStay = (await events(2)).at(-1)?.EventInfo.UniqueId;
    received.length = 0;
    now += 1000;
    const newer = await enter('s1', { privateMapKey: privateMapKey('s1', 42, audience) });
    expect(await older.closed).toBe('4004 evicted');
    expect(await events(2)).toMatchObject([
      { EventType: 103, EventInfo: { UserId: 's1', Reason: 1, UniqueId: now } },
      { EventType: 104, EventInfo: { UserId: 's1', Reason: 3, UniqueId: firstStay } },
    ]);
    received.length = 0;
    newer.close();
    expect(await brief(2)).toEqual([
      [102, undefined, undefined],
      [104, 's1', 1],
    ]);
  });
});

describe("the API, through Tencent's own SDK", () => {
  const client = (credential = permanentKey) =>
    new trtc.v20190722.Client({
      credential,
      region: 'ap-guangzhou',
      profile: { httpProfile: { endpoint: `127.0.0.1:${server.port}`, protocol: 'http://' } },
    });
  const room = { SdkAppId: sdkAppId, RoomId: 42 };

  it('removes the users who are in the room', async () => {
    const [, s1, s2] = [await enter('t1'), await enter('s1'), await enter('s2')];
    await forget(4);
    const { RequestId } = await client().RemoveUser({ ...room, UserIds: ['s1', 's2', 's3'] });
    expect(RequestId).toMatch(/^[0-9a-f-]{36}$/);
    for (const session of [s1, s2]) {
      expect(await session.next()).toEqual({ event: 'removed' });
      expect(await session.closed).toBe('4002 removed');
    }
    expect(await brief(2)).toEqual([
      [104, 's1', 4],
      [104, 's2', 4],
    ]);
    await enter('s1');
  });

  it('ends the room with the last one who is removed', async () => {
    await enter('s1', { roomId: 'room' });
    await forget(2);
    await client().RemoveUserByStrRoomId({ SdkAppId: sdkAppId, RoomId: 'room', UserIds: ['s1'] });
    expect(await brief(2)).toEqual([
      [102, undefined, undefined],
      [104, 's1', 4],
    ]);
  });

  it('dismisses a room with all who are in it, once', async () => {
    const sessions = [await enter('t1'), await enter('s1')];
    await enter('t2', { roomId: '42' });
    await forget(5);
    await client().DismissRoom(room);
    for (const session of sessions) {
      expect(await session.next()).toEqual({ event: 'dismissed' });
      expect(await session.closed).toBe('4003 dismissed');
    }
    expect(await brief(3)).toEqual([
      [102, undefined, undefined],
      [104, 't1', 6],
      [104, 's1', 6],
    ]);
    await expect(client().DismissRoom(room)).rejects.toMatchObject({ code: 'FailedOperation.RoomNotExist' });
    await client().DismissRoomByStrRoomId({ SdkAppId: sdkAppId, RoomId: '42' });
  });

  it.each<[string, string, object, string]>([
    ['a room that nobody is in', 'DismissRoom', { RoomId: 43 }, 'FailedOperation.RoomNotExist'],
    ['a string room for a numeric one', 'DismissRoomByStrRoomId', { RoomId: '42' }, 'FailedOperation.RoomNotExist'],
    ['users of another room', 'RemoveUser', { RoomId: 43, UserIds: ['s1'] }, 'FailedOperation.RoomNotExist'],
    ['users who are not in', 'RemoveUser', { UserIds: ['s2', 's3'] }, 'FailedOperation.UserNotExist'],
    ['another app', 'DismissRoom', { SdkAppId: 1 }, 'FailedOperation.SdkAppIdNotExist'],
    ['an SdkAppId of text', 'DismissRoom', { SdkAppId: '1' }, 'InvalidParameter.SdkAppId'],
    ['a RoomId of text', 'DismissRoom', { RoomId: '42' }, 'InvalidParameter.RoomId'],
    ['the RoomId 0', 'RemoveUser', { RoomId: 0, UserIds: ['s1'] }, 'InvalidParameter.RoomId'],
    ['a number for a string room', 'DismissRoomByStrRoomId', {}, 'InvalidParameter.RoomId'],
    ['no RoomId', 'DismissRoom', { RoomId: undefined }, 'MissingParameter.RoomId'],
    ['no SdkAppId', 'DismissRoom', { SdkAppId: undefined }, 'MissingParameter.SdkAppId'],
    ['no UserIds', 'RemoveUser', {}, 'MissingParameter.UserIds'],
    ['no user', 'RemoveUser', { UserIds: [] }, 'InvalidParameter.UserIds'],
    ['eleven users', 'RemoveUser', { UserIds: Array(11).fill('s1') }, 'InvalidParameter.UserIds'],
    ['a user of no text', 'RemoveUserByStrRoomId', { RoomId: '42', UserIds: [7] }, 'InvalidParameter.UserIds'],
    ['an unknown parameter', 'DismissRoom', { Reason: 'x' }, 'UnknownParameter'],
  ])('refuses %s', async (_, action, input, code) => {
    const session = await enter('s1');
    await expect(client().request(action, { ...room, ...input })).rejects.toMatchObject({ code });
    session.close(1000);
    expect(await session.closed).toBe('1000 ');
  });

  it('refuses a wrong key, and does nothing', async () => {
    const session = await enter('s1');
    const stranger = client({ ...permanentKey, secretKey: 'another' });
    await expect(stranger.DismissRoom(room)).rejects.toMatchObject({ code: 'AuthFailure.SignatureFailure' });
    await client().RemoveUser({ ...room, UserIds: ['s1'] });
    expect(await session.closed).toBe('4002 removed');
  });

  it('lets temporary keys do what their policy says, and no more', async () => {
    await enter('s1');
    const keysThatAllow = (action: string) => {
      const policy = JSON.stringify({ version: '2.0', statement: [{ effect: 'allow', action, resource: '*' }] });
      const { tmpSecretId, tmpSecretKey, token } = temporaryKeys.issue({
        policy,
        expiresAt: Math.floor(Date.now() / 1000) + 600,
      });
      return client({ secretId: tmpSecretId, secretKey: tmpSecretKey, token } as typeof permanentKey);
    };
    await expect(keysThatAllow('name/cos:PutObject').DismissRoom(room)).rejects.toMatchObject({
      code: 'UnauthorizedOperation',
    });
    await keysThatAllow('name/trtc:DismissRoom').DismissRoom(room);
  });

  it('suffers the faults that are ordered for an action', async () => {
    await enter('t1');
    const session = await enter('s1');
    faults.order({ command: 'RemoveUser', times: 1, errorCode: 'InternalError' });
    faults.order({ command: 'RemoveUser', times: 1, dropReply: true });
    const remove = () => client().RemoveUser({ ...room, UserIds: ['s1'] });
    await expect(remove()).rejects.toMatchObject({ code: 'InternalError' });
    await expect(remove()).rejects.toThrow(/socket hang up|ECONNRESET/);
    expect(await session.closed).toBe('4002 removed');
    await expect(remove()).rejects.toMatchObject({ code: 'FailedOperation.UserNotExist' });
  });
});

describe('an event that is not answered with 200', () => {
  /** Waiting takes no time; answers what was waited. */
  const startWithoutWaits = async (options: Partial<TrtcCallbackOptions> = {}) => {
    const waits: number[] = [];
    await restartTrtc({
      sleep: async (ms) => {
        waits.push(ms);
        now += ms;
      },
      ...options,
    });
    return waits;
  };
  const record = { roomId: 42, taskId: 'task', eventType: 311, files: [{ fileName: 'a.mp4' }] };
  /** One event, and no more. */
  const tellOnce = () =>
    fetch(`${server.origin}/local/trtc/recording`, { method: 'POST', body: JSON.stringify(record) });

  it('comes again at once, and then every 10 s until a minute has passed', async () => {
    const waits = await startWithoutWaits();
    answer = () => json({}, 500);
    await tellOnce();
    await callbacks.idle();
    expect(waits).toEqual(Array(6).fill(10_000));
    expect(received.map(({ event }) => event.CallbackTs - startMs)).toEqual([
      0, 0, 10_000, 20_000, 30_000, 40_000, 50_000, 60_000,
    ]);
    for (const { event, headers, rawBody } of received) {
      expect(event.EventInfo.EventMsTs).toBe(startMs);
      expect(headers.sign).toBe(createHmac('sha256', callbackKey).update(rawBody).digest('base64'));
    }
  });

  it.each<[string, () => LocalReply, string]>([
    ['of another status', () => json({}, 204), 'bad reply'],
    ['that is lost on its way', () => 'hang up', 'no connection'],
  ])('because of a reply %s comes until there is one', async (_, failure, outcome) => {
    const waits = await startWithoutWaits();
    answer = (count) => (count < 3 ? failure() : json({ code: 0 }));
    await tellOnce();
    await callbacks.idle();
    expect(waits).toEqual([10_000]);
    expect(received).toHaveLength(3);
    expect(told).toMatchObject([
      { service: 'TRTC', command: 'TRTC.311', outcome },
      { service: 'TRTC', command: 'TRTC.311', outcome },
    ]);
  });

  it('in time comes again', async () => {
    await startWithoutWaits({ timeoutMs: 500 });
    let release: (reply: LocalReply) => void = () => undefined;
    answer = (count) => (count > 1 ? json({}) : new Promise<LocalReply>((resolve) => (release = resolve)));
    await tellOnce();
    await callbacks.idle();
    expect(received).toHaveLength(2);
    expect(told).toMatchObject([{ command: 'TRTC.311', outcome: 'timeout' }]);
    release(json({}));
  });

  it('because nothing is there does not come again', async () => {
    await startWithoutWaits();
    answer = () => ({ status: 404 });
    await tellOnce();
    await callbacks.idle();
    expect(received).toHaveLength(1);
  });

  it('is given up when TRTC stops', async () => {
    let fallAsleep: () => void = () => undefined;
    const asleep = new Promise<void>((resolve) => (fallAsleep = resolve));
    await restartTrtc({
      sleep() {
        fallAsleep();
        return new Promise(() => undefined);
      },
    });
    answer = () => json({}, 500);
    await tellOnce();
    await asleep;
    await callbacks.stop();
    expect(received).toHaveLength(2);
  });
});

describe('an ordered fault of an event', () => {
  it('with a code keeps it from being sent', async () => {
    faults.order({ command: 'TRTC.103', times: 1, errorCode: 500 });
    const session = await enter('t1');
    session.close();
    expect(await brief(3)).toEqual([
      [101, 't1', undefined],
      [102, undefined, undefined],
      [104, 't1', 1],
    ]);
    expect(told).toMatchObject([{ command: 'TRTC.103', outcome: 'not sent', request: { EventType: 103 } }]);
  });

  it('that delays holds it back, and it tells when it happened', async () => {
    await restartTrtc({
      sleep: async (ms) => {
        now += ms;
      },
    });
    faults.order({ command: 'TRTC.103', times: 1, delayMs: 3000 });
    await enter('t1');
    expect((await events(2)).at(1)).toMatchObject({ CallbackTs: startMs + 3000, EventInfo: { EventMsTs: startMs } });
  });

  it('that drops the reply has it sent again', async () => {
    faults.order({ command: 'TRTC.103', times: 1, dropReply: true });
    await enter('t1');
    expect(await brief(3)).toEqual([
      [101, 't1', undefined],
      [103, 't1', 1],
      [103, 't1', 1],
    ]);
    expect(told).toMatchObject([{ command: 'TRTC.103', outcome: 'reply lost', fault: { dropReply: true } }]);
  });

  it('that duplicates sends it twice', async () => {
    faults.order({ command: 'TRTC.104', times: 1, duplicate: true });
    (await enter('t1')).close();
    const [, , , ...exits] = await events(5);
    expect(exits).toHaveLength(2);
    expect(exits[0]).toEqual(exits[1]);
  });
});

describe('a recording that is ordered', () => {
  const order = (body: unknown, init: RequestInit = {}) =>
    fetch(`${server.origin}/local/trtc/recording`, { method: 'POST', body: JSON.stringify(body), ...init });
  const files = [
    { fileName: 'a.mp4', userId: 't1', trackType: 'audio', mediaId: 'aux', startTimeStamp: 1000, endTimeStamp: 2000 },
    { fileName: 'b c.mp4' },
  ];

  it('of files in COS is one event with all of them', async () => {
    const reply = await order({ roomId: 42, taskId: 'task', eventType: 310, files });
    expect([reply.status, await reply.json()]).toEqual([200, { events: 1 }]);
    expect(await events(1)).toEqual([
      {
        EventGroupId: 3,
        EventType: 310,
        CallbackTs: startMs,
        EventInfo: {
          RoomId: '42',
          EventTs: seconds(),
          EventMsTs: startMs,
          UserId: 'tic_record_user_42_1',
          TaskId: 'task',
          Payload: {
            Status: 0,
            FileList: ['a.mp4', 'b c.mp4'],
            FileMessage: [
              {
                FileName: 'a.mp4',
                UserId: 't1',
                TrackType: 'audio',
                MediaId: 'aux',
                StartTimeStamp: 1000,
                EndTimeStamp: 2000,
              },
              {
                FileName: 'b c.mp4',
                UserId: '',
                TrackType: 'audio_video',
                MediaId: 'main',
                StartTimeStamp: startMs - 60_000,
                EndTimeStamp: startMs,
              },
            ],
          },
        },
      },
    ]);
  });

  it('of files in VOD is an event for each', async () => {
    const [first, second] = files;
    const inVod = [{ ...first, fileId: '387702', videoUrl: 'https://vod.example/a.mp4' }, second];
    const reply = await order({ roomId: 'room', taskId: 'task', eventType: 311, files: inVod });
    expect(await reply.json()).toEqual({ events: 2 });
    await events(2);
    const infos = received.map(({ event }) => event.EventInfo);
    expect(infos).toContainEqual(
      expect.objectContaining({
        RoomId: 'room',
        UserId: 'tic_record_user_room_1',
        TaskId: 'task',
        Payload: {
          Status: 0,
          TencentVod: {
            UserId: 't1',
            TrackType: 'audio',
            MediaId: 'aux',
            FileId: '387702',
            VideoUrl: 'https://vod.example/a.mp4',
            CacheFile: 'a.mp4',
            StartTimeStamp: 1000,
            EndTimeStamp: 2000,
          },
        },
      }),
    );
    expect(infos).toContainEqual(
      expect.objectContaining({
        Payload: {
          Status: 0,
          TencentVod: expect.objectContaining({
            FileId: 'b c.mp4',
            VideoUrl: 'https://vod.example.com/b%20c.mp4',
            CacheFile: 'b c.mp4',
          }),
        },
      }),
    );
  });

  it('has a recorder of its own for each task', async () => {
    for (const taskId of ['one', 'two', 'one']) {
      await order({ roomId: 42, taskId, eventType: 311, files: [{ fileName: 'a.mp4' }] });
      await callbacks.idle();
    }
    expect(received.map(({ event }) => event.EventInfo.UserId)).toEqual([
      'tic_record_user_42_1',
      'tic_record_user_42_2',
      'tic_record_user_42_1',
    ]);
  });

  it('suffers the faults that are ordered for it', async () => {
    faults.order({ command: 'TRTC.310', times: 1, duplicate: true });
    await order({ roomId: 42, taskId: 'task', eventType: 310, files });
    expect(await events(2)).toHaveLength(2);
  });

  it.each([
    ['no JSON', undefined],
    ['another event', { roomId: 42, taskId: 'task', eventType: 301, files }],
    ['no file', { roomId: 42, taskId: 'task', eventType: 310, files: [] }],
    ['an unknown field', { roomId: 42, taskId: 'task', eventType: 310, files, status: 1 }],
    ['a room that cannot be', { roomId: 0, taskId: 'task', eventType: 310, files }],
  ])('is refused with %s', async (_, body) => {
    const reply = await order(body);
    expect(reply.status).toBe(400);
    expect(await reply.json()).toEqual({ errors: [expect.any(Object)] });
    await callbacks.idle();
    expect(received).toEqual([]);
  });

  it('is not for pages of other sites, and goes by POST', async () => {
    const body = { roomId: 42, taskId: 'task', eventType: 310, files };
    expect((await order(body, { headers: { origin: 'https://evil.example' } })).status).toBe(403);
    expect((await order(body, { headers: { origin: 'http://localhost:5173' } })).status).toBe(200);
    expect((await fetch(`${server.origin}/local/trtc/recording`)).status).toBe(405);
  });
});

describe('the local cloud', () => {
  /** Writes the events that it gets. */
  const recorder: LocalFunction = {
    name: 'trtc-callback',
    deployedName: 'trtc-callback',
    exportName: 'main',
    environment: [],
    memoryMb: 128,
    timeoutSeconds: 5,
    region: 'ap-guangzhou',
    namespace: 'default',
    isRouted: true,
    cron: [],
    bundle: async () => ({
      file: join(projectDir, 'recorder.cjs'),
      code: 'exports.main = async ({ body }) => { console.log(body); return { statusCode: 200 }; };',
    }),
  };

  it('serves rooms, API, recordings and faults, and tells of the last exits when it stops', async () => {
    const cloud = await startTestCloud({ functions: [recorder] });
    const own = createUserSigSigner(Number(cloud.env.IM_SDK_APP_ID), { secretKey: cloud.env.IM_SECRET_KEY ?? '' });
    const issuedAt = Math.floor(Date.now() / 1000);
    const open = (userId: string) =>
      openTrtcSession(cloud.cloud, {
        sdkAppId: own.sdkAppId,
        userId,
        userSig: own.signUserSig({ userId, issuedAt, ttlSeconds: 60 }),
        roomId: 42,
        privateMapKey: own.signPrivateMapKey({ userId, roomId: 42, privileges: everything, issuedAt, ttlSeconds: 60 }),
      });
    await cloud.orderFault({ command: 'TRTC.101', errorCode: 500 });
    const [teacher, student] = [open('t1'), open('s1')];
    await Promise.all([teacher.entered, student.entered]);
    const client = new trtc.v20190722.Client({
      credential: { secretId: cloud.env.TENCENTCLOUD_SECRETID, secretKey: cloud.env.TENCENTCLOUD_SECRETKEY },
      region: 'ap-guangzhou',
      profile: { httpProfile: { endpoint: new URL(cloud.cloud).host, protocol: 'http://' } },
    });
    await client.RemoveUser({ SdkAppId: own.sdkAppId, RoomId: 42, UserIds: ['s1'] });
    expect(await student.closed).toBe('4002 removed');
    const files = [{ fileName: 'a.mp4' }];
    const recording = JSON.stringify({ roomId: 42, taskId: 'task', eventType: 310, files });
    await fetch(`${cloud.cloud}/local/trtc/recording`, { method: 'POST', body: recording });

    await cloud.stop();

    expect(await teacher.closed).toMatch(/^1006 /);
    const told = cloud.log().map((event) => {
      const { EventType, EventInfo } = event as unknown as Event;
      return [EventType, EventInfo.UserId, EventInfo.Reason].join(' ');
    });
    expect(told.sort()).toEqual(['102  ', '103 s1 1', '103 t1 1', '104 s1 4', '104 t1 2', '310 tic_record_user_42_1 ']);
  });
});
