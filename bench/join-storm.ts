import { type ChildProcess, fork } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { WebSocket } from 'ws';
import type { LocalCloud } from '../local/cloud.ts';
import type { Answer } from './join-storm-process.ts';
import { median, percentile, round } from './median.ts';
import type { BenchResult } from './run.ts';
import { imOf, startBenchCloud } from './service.ts';

const processes = 4;
const joins = 10_000;
const stormMs = 10_000;
const strokesPerSecond = 30;
/** A machine too slow for the storm gets it a little slower, instead of a queue that would be measured for its length. */
const mostUnanswered = 100;
const windowMs = 1000;
/** What IM lets through, of a group and a second. */
const groupMessagesPerSecond = 40;
/** A killed holder's window is nobody's after so long, with a little for the way. */
const abandonedMs = windowMs + 1200;
/** A message takes its time from IM to the client that notes when it came. */
const clientJitterMs = 50;

const classId = 'storm';
const groupId = `${classId}_chat`;
const command = 'Group.CallbackAfterNewMemberJoin';

/** One of the processes, and what it has been given and has not answered. */
interface Instance {
  child: ChildProcess;
  given: Map<number, { at: number; answered(status: number | undefined): void }>;
}

interface Notice {
  event: 'join' | 'leave';
  count: number;
  at: number;
}

/**
 * 10,000 joins in 10 s into one class whose teacher draws, told to 4 processes, one of which is killed half-way while it
 * holds a window. IM repeats nothing: what the dead process had not answered is told to another one, as an IM that is set to
 * repeat callbacks does, so that every join has been taken by somebody. Of these none may be lost or counted twice.
 */
export const run = async (): Promise<BenchResult> => {
  const cloud = await startBenchCloud({
    imLimits: { messagesPerSecondPerGroup: groupMessagesPerSecond },
    // On SCF each of these callbacks would have a connection of its own, and not wait for another one's commit.
    databaseSettings: { synchronous_commit: 'off' },
  });
  const instances = await Promise.all(Array.from({ length: processes }, () => startInstance(cloud)));
  try {
    const teacher = await enterClass(cloud);
    const storm = createStorm(cloud, instances);
    const drawing = new AbortController();
    const drawn = teacher.draw(drawing.signal);
    const began = performance.now();
    const [told] = await Promise.all([storm.run(), sleep(stormMs / 2).then(storm.killHolder)]);
    const seconds = (performance.now() - began) / 1000;
    await sleep(abandonedMs);
    await cloud.invoke('sweep', { Type: 'Timer' });
    drawing.abort();
    const strokes = await drawn;
    // What is on its way still.
    await sleep(windowMs);
    return report({ ...told, seconds, strokes, ...teacher });
  } finally {
    for (const { child } of instances) child.kill();
    await cloud.stop();
  }
};

const startInstance = async ({ env }: LocalCloud): Promise<Instance> => {
  const child = fork(join(import.meta.dirname, 'join-storm-process.ts'), {
    execArgv: ['--import', 'tsx'],
    env: { PATH: process.env.PATH },
  });
  child.send({ ...env, NOTICE_WINDOW_MS: String(windowMs) });
  await Promise.race([
    once(child, 'message'),
    once(child, 'exit').then(() => Promise.reject(new Error('a process of the benchmark ended early'))),
  ]);
  const given: Instance['given'] = new Map();
  child.on('message', (answers: Answer[]) => {
    for (const { id, status } of answers) given.get(id)?.answered(status);
  });
  // What a killed process was at is told to another one.
  child.once('exit', () => {
    for (const { answered } of given.values()) answered(undefined);
  });
  return { child, given };
};

/** The teacher, who makes the class, comes in, and from then on draws and notes what everybody in it gets. */
const enterClass = async (cloud: LocalCloud) => {
  const ask = async <Reply>(url: string, body: object, token = ''): Promise<Reply> => {
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
    const reply = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
    if (!reply.ok) throw new Error(`${url} answered ${reply.status}`);
    return reply.json() as Promise<Reply>;
  };
  const login = { userId: 't1', role: 'teacher' };
  const { token } = await ask<{ token: string }>(`${cloud.gateway}/local/token`, login);
  await ask(`${cloud.gateway}/create-class`, { classId, name: 'Maths' }, token);
  const { userSig } = await ask<{ userSig: string }>(`${cloud.gateway}/issue-sig`, {}, token);

  const notices: Notice[] = [];
  const strokes: number[] = [];
  const query = new URLSearchParams({ sdkappid: cloud.env.IM_SDK_APP_ID ?? '', identifier: 't1', usersig: userSig });
  const socket = new WebSocket(`${cloud.cloud.replace('http', 'ws')}/im?${query}`);
  socket.on('message', (text) => {
    const { event, MsgBody } = JSON.parse(String(text));
    if (event !== 'message') return;
    const data = JSON.parse(MsgBody[0].MsgContent.Data);
    if (data.type === 'board') strokes.push(performance.now());
    else notices.push({ ...data, at: performance.now() });
  });
  await once(socket, 'open');
  socket.send(JSON.stringify({ id: 1, op: 'join', groupId }));
  // The teacher's own coming is no part of the storm.
  while (notices.length === 0) await sleep(windowMs);
  notices.length = 0;

  const im = imOf(cloud);
  return {
    notices,
    received: strokes,
    /** Draws until told otherwise; what was late is not made up for. Answers how many strokes that were. */
    async draw(signal: AbortSignal): Promise<number> {
      const drawn: Promise<void>[] = [];
      for (let dueAt = performance.now(); !signal.aborted; await sleep(dueAt - performance.now())) {
        const random = drawn.length;
        const data = { v: 1, type: 'board', data: { shape: 'line', points: [random, 20, 30, 40] } };
        drawn.push(im.sendCustomMessage({ groupId, senderId: 't1', random, data, description: '', priority: 'High' }));
        dueAt = Math.max(dueAt + 1000 / strokesPerSecond, performance.now());
      }
      await Promise.all(drawn);
      return drawn.length;
    },
  };
};

const createStorm = ({ env }: LocalCloud, instances: readonly Instance[]) => {
  const alive = [...instances];
  const ms: number[] = [];
  let posts = 0;
  let turn = 0;
  let repeated = 0;

  const unanswered = () => alive.reduce((sum, { given }) => sum + given.size, 0);

  const queryNow = () => {
    const requestTime = String(Math.floor(Date.now() / 1000));
    const token = env.IM_CALLBACK_TOKEN ?? '';
    return {
      SdkAppid: env.IM_SDK_APP_ID ?? '',
      CallbackCommand: command,
      OptPlatform: 'Web',
      Sign: createHash('sha256')
        .update(token + requestTime)
        .digest('hex'),
      RequestTime: requestTime,
    };
  };

  /** Answers whether the process has taken it. */
  const post = async ({ child, given }: Instance, body: string): Promise<boolean> => {
    const at = performance.now();
    const id = posts++;
    const status = await new Promise<number | undefined>((answered) => {
      given.set(id, { at, answered });
      const event = { httpMethod: 'POST', path: '/im-callback', headers: {}, queryString: queryNow(), body };
      child.send({ id, event }, () => {});
    });
    given.delete(id);
    if (status !== undefined && status !== 200) throw new Error(`im-callback answered ${status}`);
    if (status === 200) ms.push(performance.now() - at);
    return status === 200;
  };

  const tell = async (userId: string): Promise<void> => {
    const body = JSON.stringify({
      CallbackCommand: command,
      GroupId: groupId,
      Type: 'AVChatRoom',
      JoinType: 'Apply',
      Operator_Account: userId,
      NewMemberList: [{ Member_Account: userId }],
      EventTime: Date.now(),
    });
    const next = () => alive[turn++ % alive.length] as Instance;
    while (!(await post(next(), body))) repeated += 1;
  };

  return {
    /** Tells of all joins, evenly over the time; answers once all have been taken. */
    async run() {
      const began = performance.now();
      const tellings: Promise<void>[] = [];
      while (tellings.length < joins) {
        const due = Math.min(joins, Math.ceil(((performance.now() - began) / stormMs) * joins));
        while (tellings.length < due && unanswered() < mostUnanswered) tellings.push(tell(`s${tellings.length}`));
        await sleep(1);
      }
      await Promise.all(tellings);
      return { ms, repeated: () => repeated };
    },

    /** Kills the process that waits for a window's end: the only one to have been silent for long. */
    async killHolder(): Promise<void> {
      const isHolder = ({ given }: Instance) =>
        [...given.values()].some(({ at }) => performance.now() - at > windowMs / 2);
      while (!alive.some(isHolder)) await sleep(10);
      const [holder] = alive.splice(alive.findIndex(isHolder), 1);
      holder?.child.kill('SIGKILL');
    },
  };
};

interface Measured {
  ms: readonly number[];
  repeated(): number;
  seconds: number;
  strokes: number;
  received: readonly number[];
  notices: readonly Notice[];
}

const report = ({ ms, repeated, seconds, strokes, received, notices }: Measured): BenchResult => {
  const comings = notices.filter(({ event }) => event === 'join').map(({ at }) => at);
  const inWindow = mostWithin(windowMs - clientJitterMs, comings);
  const inSecond = mostWithin(1000, [...notices.map(({ at }) => at), ...received]);
  const told = notices.reduce((sum, { count }) => sum + count, 0);
  const gaps = comings.slice(1).map((at, index) => at - (comings[index] ?? 0));
  return {
    rows: {
      callbacks: {
        count: joins,
        perSecond: Math.round(joins / seconds),
        repeated: repeated(),
        medianMs: round(median(ms), 1),
        p99Ms: round(percentile(ms, 99), 1),
        maxMs: round(Math.max(...ms), 1),
      },
      notices: { count: notices.length, shortestGapMs: round(Math.min(...gaps), 1) },
      strokes: { count: received.length },
    },
    checks: [
      { what: `notices within ${windowMs} ms`, is: inWindow, limit: 1, ok: inWindow === 1 },
      { what: 'joins that were told', is: told, limit: joins, ok: told === joins },
      {
        what: 'messages of the group within a second',
        is: inSecond,
        limit: groupMessagesPerSecond,
        ok: inSecond <= groupMessagesPerSecond,
      },
      { what: 'strokes that arrived', is: received.length, limit: strokes, ok: received.length === strokes },
    ],
    notes: [
      `${processes} processes, one of them killed half-way with a window open; ${strokesPerSecond} strokes a second.`,
      `Seen by a client in the class, of whose clock ${clientJitterMs} ms are forgiven.`,
    ],
  };
};

/** How many of these moments are at most within so long. */
const mostWithin = (lengthMs: number, moments: readonly number[]): number => {
  const sorted = [...moments].sort((a, b) => a - b);
  let from = 0;
  return sorted.reduce((most, at, index) => {
    while (at - (sorted[from] ?? 0) >= lengthMs) from += 1;
    return Math.max(most, index - from + 1);
  }, 0);
};
