import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { WebSocket } from 'ws';
import type { JoinClassOutput } from '../functions/join-class/schema.ts';
import type { Callee, CallSummary } from '../lib/calls.ts';
import type { LocalCloud } from '../local/cloud.ts';
import type { InvocationEvent } from '../local/feed-event.ts';
import { openImSession } from '../test/support/im-session.ts';
import { openTrtcSession } from '../test/support/trtc-session.ts';

/** What one event costs, as the local cloud has it: the invocation's milliseconds, and how often it called whom. */
export interface Cost extends Record<Callee, number> {
  ms: number;
}

export const callees = ['im', 'db', 'sts', 'trtc', 'cos'] as const satisfies readonly Callee[];

export interface LessonSize {
  students: number;
  strokes: number;
}

/** Longer than a window of notices is open. */
const windowMs = 1500;

/** Events whose dearest invocation counts: of those that come at once, one waits for the window to end and tells of all. */
const told = /AfterNewMemberJoin|AfterMemberExit/;

/** Holds one lesson with IM and TRTC clients, and answers what each kind of invocation cost: `join-class`, `im-callback Group.…`. */
export const measureLesson = async (cloud: LocalCloud, size: LessonSize): Promise<Map<string, Cost>> => {
  // The first one loads every function.
  await holdLesson(cloud, 'warm-up', { students: 2, strokes: 2 });
  const feed = await listen(cloud);
  await holdLesson(cloud, 'measured', size);
  await sleep(windowMs);
  feed.close();
  const costs = new Map<string, Cost[]>();
  for (const event of feed.invocations) {
    const kind = event.trigger === 'callback' ? `${event.function} ${event.command}` : event.function;
    costs.set(kind, [...(costs.get(kind) ?? []), costOf(event)]);
  }
  return new Map([...costs].map(([kind, all]) => [kind, told.test(kind) ? dearest(all) : typical(all)]));
};

const listen = async ({ gateway }: LocalCloud) => {
  const invocations: InvocationEvent[] = [];
  const socket = new WebSocket(`${gateway.replace('http', 'ws')}/local/feed`);
  const since = Date.now();
  socket.on('message', (text) => {
    const event = JSON.parse(String(text));
    // A listener is also told what was before.
    if (event.kind === 'invocation' && event.at >= since) invocations.push(event);
  });
  await once(socket, 'open');
  return { invocations, close: () => socket.terminate() };
};

const costOf = ({ ms, log }: InvocationEvent): Cost => {
  const line: Partial<Record<Callee, CallSummary>> = log.find(({ event }) => event === 'invocation') ?? {};
  const calls = callees.map((callee) => [callee, line[callee]?.calls ?? 0]);
  return { ms, ...(Object.fromEntries(calls) as Record<Callee, number>) };
};

const dearest = (costs: readonly Cost[]): Cost => [...costs].sort((a, b) => b.ms - a.ms)[0] as Cost;

/** The middle one. */
const typical = (costs: readonly Cost[]): Cost =>
  [...costs].sort((a, b) => a.ms - b.ms)[Math.floor((costs.length - 1) / 2)] as Cost;

/** Everybody comes, chats once, the teacher draws, everybody goes, and the class ends. */
const holdLesson = async (cloud: LocalCloud, classId: string, { students, strokes }: LessonSize): Promise<void> => {
  const call = async <Reply>(name: string, token: string, body: object): Promise<Reply> => {
    const reply = await fetch(`${cloud.gateway}/${name}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (!reply.ok) throw new Error(`${name} answered ${reply.status}: ${await reply.text()}`);
    return reply.json() as Promise<Reply>;
  };
  const enter = async (userId: string, role: string) => {
    const { token } = await call<{ token: string }>('local/token', '', { userId, role });
    await call('list-classes', token, {});
    if (role === 'teacher') await call('create-class', token, { classId, name: 'Maths' });
    const joined = await call<JoinClassOutput>('join-class', token, { classId });
    const login = { sdkAppId: joined.sig.sdkAppId, userId, userSig: joined.sig.userSig };
    const im = await openImSession(cloud.cloud, login);
    const { roomId, chatGroupId, replayGroupId } = joined.class;
    const room = openTrtcSession(cloud.cloud, { ...login, roomId, privateMapKey: joined.privateMapKey });
    await room.entered;
    const ask = async (frame: object) => {
      const { ErrorCode } = await im.ask(frame);
      if (ErrorCode !== 0) throw new Error(`IM answers ${ErrorCode} to ${userId}`);
    };
    await ask({ op: 'join', groupId: chatGroupId });
    const send = (groupId: string, MsgBody: object[]) => ask({ op: 'send', groupId, message: { MsgBody } });
    return { token, im, room, send, groups: [chatGroupId, replayGroupId] as const };
  };
  const custom = (data: object) => [
    { MsgType: 'TIMCustomElem', MsgContent: { Data: JSON.stringify(data), Desc: '', Ext: '' } },
  ];

  const teacher = await enter('t1', 'teacher');
  const everybody = [teacher];
  for (let number = 0; number < students; number += 1) everybody.push(await enter(`s${number}`, 'student'));
  for (const { token, send, groups } of everybody) {
    await send(groups[0], [{ MsgType: 'TIMTextElem', MsgContent: { Text: 'I have a question.' } }]);
    await call('vend-cos-credentials', token, { classId });
  }
  for (let number = 0; number < strokes; number += 1)
    for (const groupId of teacher.groups)
      await teacher.send(
        groupId,
        custom({ v: 1, type: 'board', data: { shape: 'line', points: [number, 20, 30, 40] } }),
      );
  await call('report-clock', teacher.token, { classId, clock: 1 });
  await sleep(windowMs);
  for (const { im, room } of everybody.slice(1)) {
    im.close();
    room.close();
  }
  await sleep(windowMs);
  await call('end-class', teacher.token, { classId });
  teacher.im.close();
  teacher.room.close();
  await cloud.invoke('sweep', { Type: 'Timer' });
};
