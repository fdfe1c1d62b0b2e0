import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { afterEach, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import type { FeedEvent, InvocationEvent, UpstreamEvent } from '../../local/feed-event.ts';
import { type ImSession, openImSession } from '../support/im-session.ts';
import { startTestCloud } from '../support/local-cloud.ts';
import { createPushes } from '../support/pushes.ts';
import { openTrtcSession } from '../support/trtc-session.ts';

const cloud = await startTestCloud();
const [teacher, student, admin] = await Promise.all([
  cloud.signIn('t1', 'teacher', '李老师'),
  cloud.signIn('s1', 'student', 'Ming'),
  cloud.signIn('a1', 'admin'),
]);
const passcode = 'open sesame';
const feedUrl = `${cloud.gateway.replace('http', 'ws')}/local/feed`;

interface Listener {
  /** The oldest event not yet taken that fits, waited for if need be. */
  next<Event extends FeedEvent = InvocationEvent>(fits: (event: FeedEvent) => boolean): Promise<Event>;
  /** Their frames, as they came. */
  frames: string[];
}

/** Listens to what begins from now on; `since` (milliseconds since 1970) reaches back. */
const listen = async (since = Date.now()): Promise<Listener> => {
  const socket = new WebSocket(feedUrl, { origin: cloud.gateway });
  const pushes = createPushes();
  const frames: string[] = [];
  socket.on('message', (data) => {
    const event: FeedEvent = JSON.parse(String(data));
    if (event.at < since) return;
    frames.push(String(data));
    pushes.take(event);
  });
  await once(socket, 'open');
  onTestFinished(() => socket.terminate());
  return { next: pushes.next, frames };
};

const isOf = (name: string) => (event: FeedEvent) => event.kind === 'invocation' && event.function === name;
const isUpstream = (command: string) => (event: FeedEvent) => event.kind === 'upstream' && event.command === command;
const text = (Text: string) => ({ MsgBody: [{ MsgType: 'TIMTextElem', MsgContent: { Text } }] });
const say = (classId: string, sentence: string) => ({
  op: 'send',
  groupId: `${classId}_chat`,
  message: text(sentence),
});

const logIn = async (userId: string, authorization: string): Promise<ImSession> => {
  const { body } = await cloud.post('issue-sig', {}, authorization);
  return openImSession(cloud.cloud, { ...body, userId });
};

beforeAll(async () => {
  // What is bundled at its first call would make IM wait for too long.
  expect((await cloud.post('im-callback', {})).status).toBe(401);
  expect((await cloud.post('trtc-callback', {})).status).toBe(401);
  const add = [{ word: 'darn' }, { word: 'heck', action: 'reject' }, { word: 'blast', action: 'drop' }];
  await cloud.post('edit-dirty-words', { add }, admin);
  await cloud.post('create-class', { classId: 'c1', name: '代数' }, teacher);
  await cloud.post('join-class', { classId: 'c1' }, student);
});
afterEach(() => fetch(`${cloud.cloud}/local/faults`, { method: 'DELETE' }));

describe('the feed', () => {
  it('tells of a call with its request, its reply and the lines that were logged in it', async () => {
    const feed = await listen();
    const before = Date.now();
    await cloud.post('get-class', { classId: 'c1', surprise: 1 }, student);
    const refused = await feed.next(isOf('get-class'));
    expect(refused).toEqual({
      id: expect.any(Number),
      at: expect.any(Number),
      ms: expect.any(Number),
      kind: 'invocation',
      function: 'get-class',
      trigger: 'http',
      caller: 's1',
      request: { classId: 'c1', surprise: 1 },
      status: 400,
      reply: expect.objectContaining({ code: 'BAD_REQUEST' }),
      log: [expect.objectContaining({ event: 'invocation', code: 'BAD_REQUEST', userId: 's1' })],
    });
    expect(refused.at).toBeGreaterThanOrEqual(before);
    await cloud.post('get-class', { classId: 'c1' }, student);
    const answered = await feed.next(isOf('get-class'));
    expect(answered).toMatchObject({ status: 200, reply: { classId: 'c1', name: '代数' } });
    expect(answered.id).toBeGreaterThan(refused.id);
  });

  it('keeps the lines of calls apart that run at once', async () => {
    const feed = await listen();
    const classIds = Array.from({ length: 10 }, (_, index) => `at-once-${index}`);
    await Promise.all(classIds.map((classId) => cloud.post('get-class', { classId }, student)));
    for (const _ of classIds) {
      const { reply, log } = await feed.next(isOf('get-class'));
      const { requestId } = reply as { requestId: string };
      expect(log).toMatchObject([{ requestId }]);
      expect(requestId).toMatch(/.{36}/);
    }
  });

  it('tells of events that are not HTTP', async () => {
    const feed = await listen();
    const result = await cloud.invoke('sweep', { Type: 'Timer', TriggerName: 'sweep' });
    const event = await feed.next(isOf('sweep'));
    expect(event).toMatchObject({ trigger: 'invoke', request: { Type: 'Timer', TriggerName: 'sweep' }, reply: result });
    expect(event).not.toHaveProperty('status');
  });

  it('begins with the latest 300 events', async () => {
    await Promise.all(Array.from({ length: 310 }, () => cloud.post('verify-sig', {}, student)));
    const feed = await listen(0);
    const { id } = await feed.next(isOf('verify-sig'));
    await cloud.post('get-class', { classId: 'c1' }, teacher);
    const newest = await feed.next(isOf('get-class'));
    expect(feed.frames).toHaveLength(301);
    expect(newest.id - id).toBe(300);
  });

  it('cuts what is long, and says so', async () => {
    const feed = await listen();
    const words = Array.from({ length: 2000 }, (_, index) => ({ word: `long-${index}-${'x'.repeat(20)}` }));
    await cloud.post('edit-dirty-words', { replaceAll: words }, student);
    await cloud.post('verify-sig', { userId: 'x'.repeat(10_000) }, student);
    await cloud.post('verify-sig', { userId: 'x'.repeat(300_000) }, student);
    const list = (await feed.next(isOf('edit-dirty-words'))).request as { replaceAll: unknown[] };
    expect(list.replaceAll.at(-1)).toBe('… (2000 items)');
    const { request } = await feed.next(isOf('verify-sig'));
    expect((request as { userId: string }).userId).toMatch(/^x{3990,4000}… \(10000 characters\)$/);
    expect((await feed.next(isOf('verify-sig'))).request).toBe('… (300013 characters)');
    for (const frame of feed.frames) expect(frame.length).toBeLessThan(20_000);
  });

  it.each([
    ['a page of another site', { origin: 'https://evil.example' }],
    ['another host', { headers: { host: 'evil.example' } }],
  ])('is not for %s', async (_, options) => {
    const socket = new WebSocket(feedUrl, options);
    const [error] = await once(socket, 'error');
    expect(error.message).toBe('Unexpected server response: 403');
  });
});

describe('the verdict of a callback', () => {
  const callbackOf = (sentence: string) => (event: FeedEvent) =>
    isOf('im-callback')(event) &&
    (event as InvocationEvent).command === 'Group.CallbackBeforeSendMsg' &&
    JSON.stringify(event.request).includes(sentence);

  it.each([
    ['a good sentence', { outcome: 'passed' }],
    ['a darn sentence', { outcome: 'masked' }],
    ['a heck of a sentence', { outcome: 'refused', code: 10100 }],
    ['a blast of a sentence', { outcome: 'dropped', code: 2 }],
  ])('on %s is told as it was', async (sentence, verdict) => {
    const feed = await listen();
    const session = await logIn('s1', student);
    await session.ask({ op: 'join', groupId: 'c1_chat' });
    await session.ask(say('c1', sentence));
    expect(await feed.next(callbackOf(sentence))).toMatchObject({
      trigger: 'callback',
      command: 'Group.CallbackBeforeSendMsg',
      platform: 'Web',
      caller: 's1',
      request: { From_Account: 's1', MsgBody: text(sentence).MsgBody },
      status: 200,
      verdict,
    });
  });

  it('says what could not be judged', async () => {
    const feed = await listen();
    const RequestTime = String(Math.floor(Date.now() / 1000));
    const query = new URLSearchParams({
      SdkAppid: cloud.env.IM_SDK_APP_ID ?? '',
      CallbackCommand: 'Group.CallbackBeforeSendMsg',
      RequestTime,
      Sign: createHash('sha256').update(`${cloud.env.IM_CALLBACK_TOKEN}${RequestTime}`).digest('hex'),
    });
    await cloud.post(`im-callback?${query}`, 'no JSON');
    expect(await feed.next(isOf('im-callback'))).toMatchObject({
      request: '(7 characters that are no JSON)',
      status: 200,
      verdict: { outcome: 'undecided', reason: 'unreadable' },
    });
  });

  it('is not given on what is no question, nor to a stranger', async () => {
    const feed = await listen();
    await cloud.post('im-callback?CallbackCommand=Group.CallbackBeforeSendMsg&Sign=a', { GroupId: 'c1_chat' });
    const stranger = await feed.next(isOf('im-callback'));
    expect(stranger).toMatchObject({ command: 'Group.CallbackBeforeSendMsg', status: 401 });
    expect(stranger).not.toHaveProperty('verdict');
    const session = await logIn('s1', student);
    await session.ask({ op: 'join', groupId: 'c1_chat' });
    await session.ask({ op: 'quit', groupId: 'c1_chat' });
    const isExit = (event: FeedEvent) => 'command' in event && event.command === 'Group.CallbackAfterMemberExit';
    expect(await feed.next(isExit)).not.toHaveProperty('verdict');
  });
});

describe('calls to services', () => {
  it('of IM are told, with what it answered', async () => {
    const feed = await listen();
    await cloud.orderFault({ command: 'create_group', errorCode: 10037 });
    await cloud.post('create-class', { classId: 'refused', name: 'Class' }, teacher);
    expect(await feed.next<UpstreamEvent>(isUpstream('account_import'))).toMatchObject({
      service: 'IM',
      outcome: 'ok',
      request: { Identifier: 't1' },
    });
    expect(await feed.next<UpstreamEvent>(isUpstream('create_group'))).toMatchObject({
      outcome: 'refused',
      code: 10037,
      message: 'a fault that was ordered',
      fault: { errorCode: 10037 },
    });
  });

  it('of STS are told, and so is a reply that was lost', async () => {
    const feed = await listen();
    await cloud.orderFault({ command: 'GetFederationToken', dropReply: true });
    for (const status of [502, 200])
      expect((await cloud.post('vend-cos-credentials', { classId: 'c1' }, student)).status).toBe(status);
    expect(await feed.next<UpstreamEvent>(isUpstream('GetFederationToken'))).toMatchObject({
      service: 'STS',
      outcome: 'reply lost',
      request: { Name: expect.any(String) },
      fault: { dropReply: true },
    });
    const second = await feed.next<UpstreamEvent>(isUpstream('GetFederationToken'));
    expect(second).toMatchObject({ outcome: 'ok' });
    expect(second).not.toHaveProperty('fault');
  });

  it('of the database are told when they were made to fail', async () => {
    const feed = await listen();
    await cloud.post('get-class', { classId: 'c1' }, student);
    await cloud.orderFault({ command: 'PostgreSQL', errorCode: '57P01' });
    await cloud.post('get-class', { classId: 'c1' }, student);
    expect(await feed.next<UpstreamEvent>(isUpstream('PostgreSQL'))).toMatchObject({
      service: 'PostgreSQL',
      outcome: 'refused',
      code: '57P01',
      fault: { errorCode: '57P01' },
    });
  });

  it('of COS are told when they fail', async () => {
    const feed = await listen();
    expect((await fetch(`${cloud.cos}/c1/courseware/a.txt`)).status).toBe(403);
    expect(await feed.next<UpstreamEvent>(isUpstream('GetObject'))).toMatchObject({
      service: 'COS',
      request: { path: '/c1/courseware/a.txt' },
      outcome: 'refused',
      code: 'AccessDenied',
    });
  });

  it('of a client whose connection was cut are told', async () => {
    const feed = await listen();
    const session = await logIn('s1', student);
    await cloud.orderFault({ command: 'socket' });
    void session.ask({ op: 'join', groupId: 'c1_chat' });
    expect(await feed.next<UpstreamEvent>(isUpstream('socket'))).toMatchObject({
      service: 'IM',
      request: { account: 's1' },
      outcome: 'cut',
    });
  });

  it('that make no callback are told', async () => {
    const feed = await listen();
    await cloud.orderFault({ command: 'Group.CallbackAfterNewMemberJoin', errorCode: 1 });
    const session = await logIn('s1', student);
    await session.ask({ op: 'join', groupId: 'c1_chat' });
    expect(await feed.next<UpstreamEvent>(isUpstream('Group.CallbackAfterNewMemberJoin'))).toMatchObject({
      service: 'IM',
      outcome: 'not sent',
      request: { GroupId: 'c1_chat' },
    });
  });
});

it('a whole class leaves no secret in the feed', async () => {
  const feed = await listen();
  const call = async (name: string, body: object, authorization: string) => {
    const { status, body: reply } = await cloud.post(name, { classId: 'whole', ...body }, authorization);
    expect([name, status < 300]).toEqual([name, true]);
    return reply;
  };
  await call('create-class', { name: '几何', passcode }, teacher);
  const taught = await call('join-class', {}, teacher);
  const joined = await call('join-class', { passcode }, student);
  const sessions = [
    await openImSession(cloud.cloud, { ...taught.sig, userId: 't1' }),
    await openImSession(cloud.cloud, { ...joined.sig, userId: 's1' }),
  ] as const;
  const rooms = [taught, joined].map(({ class: { roomId }, sig, privateMapKey }) =>
    openTrtcSession(cloud.cloud, { ...sig, roomId, privateMapKey }),
  );
  for (const room of rooms) await room.entered;
  for (const session of sessions) await session.ask({ op: 'join', groupId: 'whole_chat' });
  await sessions[1].ask(say('whole', 'a darn good class'));
  const granted = await call('grant-board', { userId: 's1' }, teacher);
  const renewed = await cloud.post('issue-sig', {}, student);
  await sessions[1].ask({ op: 'renew', userSig: renewed.body.userSig });
  const { userSig: otherSig } = renewed.body;
  const verified = await cloud.post('verify-sig', { userSig: otherSig }, admin);
  expect(verified.body.valid).toBe(true);
  const uploading = await call('vend-cos-credentials', {}, student);
  const signed = await call('sign-cos-object', { path: 'a.txt', method: 'PUT', mode: 'once' }, student);
  const put = await fetch(signed.url, { method: 'PUT', body: 'homework' });
  expect(put.status).toBe(200);
  await call('mute-member', { userId: 's1', seconds: 60 }, teacher);
  await call('update-class', { passcode: `${passcode} 2` }, teacher);
  await cloud.post('create-class', `{"classId":"broken","name":"x","passcode":"${passcode}"`, teacher);
  await call('end-class', {}, teacher);
  await call('get-replay', {}, student);
  await call('get-attendance', {}, teacher);
  await feed.next(isOf('get-attendance'));

  const told = feed.frames.join('\n');
  const shown = ['grant-board', 'sign-cos-object', 'CallbackBeforeSendMsg', 'GetFederationToken', 'TRTC.103', '•••'];
  for (const each of shown) expect(told).toContain(each);
  const issued = [
    ...[taught.sig, joined.sig, renewed.body].map(({ userSig }) => userSig),
    ...[taught, joined, granted].map(({ privateMapKey }) => privateMapKey),
    ...Object.values(uploading.credentials),
    ...[signed.authorization, signed.securityToken, signed.url, new URL(signed.url).search],
    ...[teacher, student, admin].map((token) => token.replace('Bearer ', '')),
    ...['IM_SECRET_KEY', 'IM_CALLBACK_TOKEN', 'TRTC_CALLBACK_KEY', 'AUTH_JWT_SECRET'].map((name) => cloud.env[name]),
    ...['TENCENTCLOUD_SECRETID', 'TENCENTCLOUD_SECRETKEY', 'DATABASE_URL'].map((name) => cloud.env[name]),
    passcode,
  ];
  for (const secret of issued) {
    expect(secret).toMatch(/.{8}/);
    expect(told).not.toContain(secret);
  }
  expect(told).not.toMatch(/eJ[\w*-]{40}|usersig=|[Ss]ign(ature)?=/);
});
