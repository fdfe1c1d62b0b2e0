import { expect, it } from 'vitest';
import { openImSession } from '../support/im-session.ts';
import { startTestCloud } from '../support/local-cloud.ts';
import { openTrtcSession } from '../support/trtc-session.ts';

const cloud = await startTestCloud();
const [teacher, ann, ben] = await Promise.all([
  cloud.clientOf('t1', 'teacher'),
  cloud.clientOf('s1', 'student'),
  cloud.clientOf('s2', 'student'),
]);

it('somebody removed is put out of the room and the chat, and comes back with nothing that they still have', async () => {
  await teacher.call('create-class', { classId: 'c1', name: 'Maths' });
  await teacher.call('join-class', { classId: 'c1' });
  const { sig, privateMapKey, class: lesson } = await ann.call('join-class', { classId: 'c1' });
  await ben.call('join-class', { classId: 'c1' });
  // A function's first call bundles it, which may take longer than IM waits for an answer.
  for (const name of ['im-callback', 'trtc-callback']) expect((await cloud.post(name, {})).status).toBe(401);
  const chat = { groupId: lesson.chatGroupId };
  const say = { op: 'send', ...chat, message: { MsgBody: [{ MsgType: 'TIMTextElem', MsgContent: { Text: 'hi' } }] } };
  const enterRoom = () => openTrtcSession(cloud.cloud, { ...sig, roomId: lesson.roomId, privateMapKey });
  const im = await openImSession(cloud.cloud, sig);
  expect(await im.ask({ op: 'join', ...chat })).toMatchObject({ ErrorCode: 0 });
  expect(await im.ask(say)).toMatchObject({ ErrorCode: 0 });
  const room = enterRoom();
  await room.entered;

  await teacher.call('remove-member', { classId: 'c1', userId: 's1' });

  expect(await room.closed).toBe('4002 removed');
  expect(await im.ask({ op: 'join', ...chat })).not.toMatchObject({ ErrorCode: 0 });
  expect(await im.ask(say)).not.toMatchObject({ ErrorCode: 0 });
  // TRTC takes the key for as long as it lives, and tells us; then they are put out again.
  const again = enterRoom();
  await again.entered;
  expect(await again.closed).toBe('4002 removed');
  for (const name of ['join-class', 'vend-cos-credentials', 'list-files', 'get-replay'] as const)
    await expect(ann.call(name, { classId: 'c1' })).rejects.toMatchObject({ status: 403, code: 'FORBIDDEN' });

  await teacher.call('restore-member', { classId: 'c1', userId: 's1' });

  expect(await ann.call('join-class', { classId: 'c1' })).toMatchObject({ board: false });
  expect(await im.ask({ op: 'join', ...chat })).toMatchObject({ ErrorCode: 0 });
  expect(await im.ask(say)).toMatchObject({ ErrorCode: 0 });
});

it('a stranger comes into neither of the groups', async () => {
  const client = await cloud.clientOf('s3', 'student');
  const stranger = await openImSession(cloud.cloud, await client.call('issue-sig', {}));
  for (const groupId of ['c1_chat', 'c1_replay'])
    expect(await stranger.ask({ op: 'join', groupId })).not.toMatchObject({ ErrorCode: 0 });
});
