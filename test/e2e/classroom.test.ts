import { describe, expect, it } from 'vitest';
import { type ImSession, openImSession } from '../support/im-session.ts';
import { startTestCloud } from '../support/local-cloud.ts';

const cloud = await startTestCloud();
const [teacher, student, admin] = await Promise.all([
  cloud.signIn('t1', 'teacher', '李老师'),
  cloud.signIn('s1', 'student', 'Ming'),
  cloud.signIn('a1', 'admin'),
]);

const text = (Text: string) => ({ MsgBody: [{ MsgType: 'TIMTextElem', MsgContent: { Text } }] });
const noticeOf = ({ MsgBody: [{ MsgContent }] }: { MsgBody: [{ MsgContent: { Data: string; Desc: string } }] }) => ({
  ...JSON.parse(MsgContent.Data),
  sentence: MsgContent.Desc,
});

/** Asks for a sig and logs in with it, as an app does. */
const logIn = async (userId: string, authorization: string): Promise<ImSession> => {
  const { body } = await cloud.post('issue-sig', {}, authorization);
  expect(body).toMatchObject({ userId, sdkAppId: 1400000000, version: 2 });
  return openImSession(cloud.cloud, { sdkAppId: body.sdkAppId, userId, userSig: body.userSig });
};

describe('a class', () => {
  it('is created by its teacher, and known in full to its members alone', async () => {
    const { status, body } = await cloud.post(
      'create-class',
      { classId: 'c1', name: '代数', passcode: 'sesame' },
      teacher,
    );
    expect([status, body]).toEqual([
      201,
      {
        classId: 'c1',
        name: '代数',
        teacherId: 't1',
        assistantIds: [],
        status: 'scheduled',
        chatGroupId: 'c1_chat',
        replayGroupId: 'c1_replay',
        roomId: expect.any(Number),
        needsPasscode: true,
        createdAt: expect.any(Number),
      },
    ]);
    expect((await cloud.post('get-class', { classId: 'c1' }, teacher)).body).toEqual(body);
    expect((await cloud.post('get-class', { classId: 'c1' }, student)).body).toEqual({
      classId: 'c1',
      name: '代数',
      teacherId: 't1',
      status: 'scheduled',
      needsPasscode: true,
    });
  });

  it('is made once by fifty identical calls at once, with two groups at IM', async () => {
    const ordered = 1000;
    for (const command of ['create_group', 'account_import']) await cloud.orderFault({ command, times: ordered });
    const replies = await Promise.all(
      Array.from({ length: 50 }, () => cloud.post('create-class', { classId: 'rush', name: 'Rush' }, teacher)),
    );
    const statuses = replies.map(({ status }) => status).sort();
    expect(statuses).toEqual([...Array(49).fill(200), 201]);
    expect(new Set(replies.map(({ text }) => text)).size).toBe(1);
    expect(await cloud.callsOf('create_group', ordered)).toBe(2);
    expect(await cloud.callsOf('account_import', ordered)).toBe(1);
    await fetch(`${cloud.cloud}/local/faults`, { method: 'DELETE' });
  });
});

describe('the chat of a class', async () => {
  await cloud.post('create-class', { classId: 'chat', name: 'Chat' }, teacher);
  await cloud.post(
    'edit-dirty-words',
    { add: [{ word: 'darn' }, { word: 'heck', action: 'reject' }, { word: 'blast', action: 'drop' }] },
    admin,
  );
  expect((await cloud.post('join-class', { classId: 'chat' }, student)).status).toBe(200);
  // A function's first call bundles it, which may take longer than IM waits for an answer.
  expect((await cloud.post('im-callback', {})).status).toBe(401);
  const groupId = 'chat_chat';
  const [listener, speaker] = [await logIn('t1', teacher), await logIn('s1', student)];
  const join = { op: 'join', groupId };
  const say = (Text: string) => speaker.ask({ op: 'send', groupId, message: text(Text) });
  const nextFrom = (session: ImSession, userId: string) =>
    session.next((push) => push.groupId === groupId && push.From_Account === userId);
  const noticed = async (session: ImSession) => noticeOf(await nextFrom(session, 'administrator'));
  const heard = async () => (await nextFrom(listener, 's1')).MsgBody[0].MsgContent.Text;

  it('announces who joins, to all who are there', async () => {
    expect(await listener.ask(join)).toMatchObject({ ErrorCode: 0 });
    expect(await noticed(listener)).toMatchObject({ event: 'join', sentence: '李老师 加入了房间' });
    expect(await speaker.ask(join)).toMatchObject({ ErrorCode: 0 });
    for (const session of [listener, speaker]) {
      expect(await noticed(session)).toEqual({
        v: 1,
        type: 'notice',
        event: 'join',
        users: [{ userId: 's1', name: 'Ming' }],
        count: 1,
        sentence: 'Ming 加入了房间',
      });
    }
  });

  it('delivers a clean message as it is, and masks a dirty word one for one', async () => {
    expect(await say('hello')).toMatchObject({ ErrorCode: 0 });
    expect(await heard()).toBe('hello');
    expect(await say('well, darn it')).toMatchObject({ ErrorCode: 0 });
    expect(await heard()).toBe('well, **** it');
  });

  it('answers 10100 to the sender of a word that is refused, and delivers nothing', async () => {
    expect(await say('what the heck')).toMatchObject({ ErrorCode: 10100 });
    await say('after the refusal');
    expect(await heard()).toBe('after the refusal');
  });

  it('swallows a word that is dropped, and tells the sender nothing of it', async () => {
    expect(await say('blast')).toMatchObject({ ErrorCode: 0, ErrorInfo: '' });
    await say('after the drop');
    expect(await heard()).toBe('after the drop');
  });

  it('announces who leaves', async () => {
    expect(await speaker.ask({ op: 'quit', groupId })).toMatchObject({ ErrorCode: 0 });
    expect(await noticed(listener)).toMatchObject({ event: 'leave', sentence: 'Ming 离开了房间', count: 1 });
  });
});
