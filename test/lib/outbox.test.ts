import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { OutboxMessage } from '../../lib/classroom/messages/outbox.ts';
import type { Database } from '../../lib/db/database.ts';
import type { CustomMessage, ImClient } from '../../lib/im/client.ts';
import { ImError } from '../../lib/im/error.ts';
import { compileFilter } from '../../lib/moderation/filter.ts';
import { createTestClassroom, type TestClassroom } from '../support/classroom.ts';
import { createClock, type TestClock } from '../support/clock.ts';
import { newDatabaseUrl, openDatabase } from '../support/database.ts';
import { createTestMessaging, type TestMessagingOptions } from '../support/messaging.ts';

let database: Database;
let clock: TestClock;
let classroom: TestClassroom;

beforeAll(async () => {
  database = openDatabase(await newDatabaseUrl());
});

const tables = ['classes', 'rooms', 'members', 'users', 'outbox', 'sent_messages', 'budgets'];

/** A class of teacher t1, whose groups have got nothing yet. */
const begin = async () => {
  clock = createClock();
  classroom = createTestClassroom({ database, clock });
  // Many times as fast as to truncate tables of a few rows.
  await Promise.all(tables.map((table) => database.run((sql) => sql`delete from ${sql(table)}`)));
  await classroom.openClass({ classId: 'c1' });
};
beforeEach(begin);

const filter = async () => ({ filter: compileFilter([]), version: 0 });
const open = (options: TestMessagingOptions = {}) => createTestMessaging(classroom, { filter, ...options });

const stroke = { classId: 'c1', type: 'board', data: 'a stroke', clientMessageId: 'm' };

/** How often the groups have delivered something, beside what woke the ReplayGroup. */
const delivered = () => {
  const { groups } = classroom.im.state;
  return {
    chat: (groups.get('c1_chat')?.nextMsgSeq ?? 0) - 1,
    replay: (groups.get('c1_replay')?.nextMsgSeq ?? 0) - 2,
  };
};

const rows = () =>
  database.run(
    (sql) => sql<{ groupId: string; random: number; isSent: boolean }[]>`
      select group_id as "groupId", random, sent_at is not null as "isSent" from outbox order by group_id, created_at`,
  );
const unsent = async () => (await rows()).filter(({ isSent }) => !isSent).map(({ groupId }) => groupId);

const changeClass = (change: object) => database.run((sql) => sql`update classes set ${sql({ ...change })}`);

/** Writes messages down as a process does that is killed before it sends them. */
const leave = async (...messages: Partial<OutboxMessage>[]) => {
  const { outbox } = open();
  const whole = messages.map((message, n) => ({
    messageId: `m${n}`,
    classId: 'c1',
    groupId: 'c1_replay',
    senderId: 't1',
    data: { n },
    description: '',
    priority: 'High' as const,
    ...message,
  }));
  await database.transaction((sql) => outbox.enqueue(sql, whole));
};
const toChat = { groupId: 'c1_chat' };
const repairLines = () => classroom.captured.lines.filter(({ repair }) => repair === 'unsent message');

/** A process that is killed at one of the points before and after each of its calls to IM and the database. */
const createMortal = (livesFor: number) => {
  let left = livesFor;
  const live = () => {
    left -= 1;
    if (left < 0) throw new Error('killed');
  };
  const mortal = <T extends object>(target: T): T =>
    new Proxy(target, {
      get:
        (_, name) =>
        async (...args: unknown[]) => {
          live();
          const result: unknown = await (Reflect.get(target, name) as (...args: unknown[]) => unknown)(...args);
          live();
          return result;
        },
    });
  return {
    process: open({ im: mortal(classroom.client), database: mortal(database) }),
    isKilled: () => left < 0,
  };
};

/** Lets the work be killed at each of its points in turn, each time in a world of its own, and then checks. */
const killAtEachPoint = async (
  prepare: () => Promise<unknown>,
  work: (process: ReturnType<typeof open>) => Promise<unknown>,
  check: (point: number) => Promise<void>,
): Promise<number> => {
  for (let point = 0; ; point += 1) {
    await begin();
    await prepare();
    const { process, isKilled } = createMortal(point);
    await work(process).catch(() => {});
    if (!isKilled()) return point;
    await check(point);
  }
};

describe('a stroke whose process is killed anywhere', () => {
  const nothing = async () => {};
  const once = { chat: 1, replay: 1 };

  it('is in both groups once when it is sent again', async () => {
    const points = await killAtEachPoint(
      nothing,
      (process) => process.send(stroke),
      async (point) => {
        expect(await open().send(stroke), `killed at ${point}`).toMatchObject({
          status: 200,
          body: { delivered: true },
        });
        expect(delivered(), `killed at ${point}`).toEqual(once);
        clock.advance(400);
        await open().outbox.flush();
        expect(delivered(), `killed at ${point}`).toEqual(once);
      },
    );
    expect(points).toBeGreaterThan(15);
  });

  it('is in both groups once after a sweep, if it was written down, or else in neither', async () => {
    const ends = new Set<string>();
    await killAtEachPoint(
      nothing,
      (process) => process.send(stroke),
      async (point) => {
        const isWritten = (await rows()).length > 0;
        clock.advance(15);
        await open().outbox.flush();
        expect(delivered(), `killed at ${point}`).toEqual(isWritten ? once : { chat: 0, replay: 0 });
        expect(await unsent()).toEqual([]);
        ends.add(String(isWritten));
      },
    );
    expect(ends.size).toBe(2);
  });

  it.each([
    ['a sweep', () => open().outbox.flush()],
    ['the same call', () => open().send(stroke)],
  ])(
    'is in the replay once, and in the chat no second time, by %s more than 5 minutes later',
    async (_what, recover) => {
      const chats = new Set<number>();
      await killAtEachPoint(
        nothing,
        (process) => process.send(stroke),
        async (point) => {
          const isWritten = (await rows()).length > 0;
          const { chat } = delivered();
          clock.advance(400);
          await recover();
          if (isWritten) expect(delivered(), `killed at ${point}`).toEqual({ chat, replay: 1 });
          chats.add(chat);
          clock.advance(400);
          await open().outbox.flush();
          if (isWritten) expect(delivered(), `killed at ${point}`).toEqual({ chat, replay: 1 });
        },
      );
      expect(chats).toEqual(new Set([0, 1]));
    },
  );

  it.each([20, 400])(
    '%i seconds after which the sweep is killed anywhere, is in the replay once after the next sweep',
    async (seconds) => {
      await killAtEachPoint(
        async () => {
          await leave(toChat, { messageId: 'm0' });
          clock.advance(seconds);
        },
        (process) => process.outbox.flush(),
        async (point) => {
          clock.advance(400);
          await open().outbox.flush();
          expect(delivered().replay, `killed at ${point}`).toBe(1);
          expect(delivered().chat).toBeLessThanOrEqual(1);
          expect(await unsent()).toEqual([]);
        },
      );
    },
  );

  it('is in the replay once after its class is drained, wherever that is killed', async () => {
    await killAtEachPoint(
      () => leave({}),
      (process) => process.outbox.drain('c1'),
      async (point) => {
        clock.advance(400);
        await open().outbox.drain('c1');
        expect(delivered(), `killed at ${point}`).toEqual({ chat: 0, replay: 1 });
      },
    );
  });
});

describe('a stroke that IM fails on', () => {
  const failed = { command: 'group_open_http_svc/send_group_msg', tries: 1, replyLost: true };
  const failures = {
    'with an error': { isDone: false, error: new ImError({ ...failed, imCode: 10002 }), status: 502 },
    'without a reply': { isDone: false, error: new ImError(failed), status: 502 },
    'with a reply that is lost': { isDone: true, error: new ImError(failed), status: 502 },
    'by taking too long': { isDone: true, error: new ImError({ ...failed, timedOut: true }), status: 504 },
    'by its rate': { isDone: false, error: new ImError({ ...failed, imCode: 60011, replyLost: false }), status: 429 },
  };

  /** IM as it is for one process, for which it fails on all that goes into one group. */
  const failingFor = (groupId: string, { isDone, error }: (typeof failures)['with an error']): ImClient => ({
    ...classroom.client,
    sendCustomMessage: async (message: CustomMessage) => {
      if (message.groupId !== groupId || isDone) await classroom.client.sendCustomMessage(message);
      if (message.groupId === groupId) throw error;
    },
  });

  /** IM says that the chat does not have it: the caller has been told, and nothing is left to be sent. */
  const isTakenBack = (how: keyof typeof failures, groupId: string) => how === 'by its rate' && groupId === 'c1_chat';

  const cases = Object.keys(failures).flatMap((how) =>
    ['c1_chat', 'c1_replay'].map((groupId) => [how as keyof typeof failures, groupId] as const),
  );

  it.each(cases)(
    '%s, for %s, is a failure of the call, and is in both groups once when it is sent again',
    async (how, groupId) => {
      const failing = open({ im: failingFor(groupId, failures[how]) });
      expect(await failing.send(stroke)).toMatchObject({ status: failures[how].status });
      // What the chat has not got, the replay is not given.
      const left = groupId === 'c1_chat' ? ['c1_chat', 'c1_replay'] : ['c1_replay'];
      expect(await unsent()).toEqual(isTakenBack(how, groupId) ? [] : left);

      expect(await open().send(stroke)).toMatchObject({ status: 200, body: { delivered: true } });
      expect(delivered()).toEqual({ chat: 1, replay: 1 });
    },
  );

  it.each(cases)('%s, for %s, is in both groups once after a sweep', async (how, groupId) => {
    const { clientMessageId: _, ...unnamed } = stroke;
    await open({ im: failingFor(groupId, failures[how]) }).send(unnamed);
    clock.advance(60);
    await open().outbox.flush();

    expect(delivered()).toEqual(isTakenBack(how, groupId) ? { chat: 0, replay: 0 } : { chat: 1, replay: 1 });
  });

  it.each(cases)('%s, for %s, is in the replay once after a sweep that comes late', async (how, groupId) => {
    await open({ im: failingFor(groupId, failures[how]) }).send(stroke);
    const { chat } = delivered();
    clock.advance(400);
    await open().outbox.flush();

    if (isTakenBack(how, groupId)) return expect(delivered()).toEqual({ chat: 0, replay: 0 });
    expect(delivered()).toEqual({ chat, replay: 1 });
    expect(await open().send(stroke)).toMatchObject({ status: 200, body: { delivered: groupId !== 'c1_chat' } });
    expect(delivered()).toEqual({ chat, replay: 1 });
  });

  it('only to say once, for each group, that it has it, is sent again within the call', async () => {
    const heard = new Set<string>();
    const losing: ImClient = {
      ...classroom.client,
      sendCustomMessage: async (message) => {
        await classroom.client.sendCustomMessage(message);
        if (heard.has(message.groupId)) return;
        heard.add(message.groupId);
        throw new ImError(failed);
      },
    };

    expect(await open({ im: losing }).send(stroke)).toMatchObject({ status: 200, body: { delivered: true } });
    expect(delivered()).toEqual({ chat: 1, replay: 1 });
  });
});

describe('the outbox', () => {
  it('sends what was written down, as it was, with a random of each group', async () => {
    const data = { type: 'x', text: '"\\\u0000\ud800', 1: null };
    await leave(
      { messageId: 'm', groupId: 'c1_chat', data, description: '课', priority: 'Low' },
      { messageId: 'm', groupId: 'c1_replay', data, senderId: undefined, random: 7 },
    );
    await open().outbox.deliver('m');

    const bodies = classroom.calls
      .flatMap(({ command, body }) => (command === 'send_group_msg' ? [body] : []))
      .sort((a, b) => String(a.GroupId).localeCompare(String(b.GroupId)));
    expect(bodies).toMatchObject([
      {
        GroupId: 'c1_chat',
        From_Account: 't1',
        MsgPriority: 'Low',
        MsgBody: [{ MsgContent: { Data: JSON.stringify(data), Desc: '课' } }],
      },
      {
        GroupId: 'c1_replay',
        Random: 7,
        MsgPriority: 'High',
        MsgBody: [{ MsgContent: { Data: JSON.stringify(data), Desc: '' } }],
      },
    ]);
    expect(bodies[1]).not.toHaveProperty('From_Account');
    expect(bodies[0]?.Random).not.toBe(7);
    expect((await rows()).map(({ random }) => random)).toEqual(bodies.map(({ Random }) => Random));
  });

  it('leaves to a call for 15 seconds what it may still be sending', async () => {
    await leave({});
    clock.advance(14);
    expect(await open().outbox.flush()).toBe(0);
    clock.advance(1);
    expect(await open().outbox.flush()).toBe(1);
    expect(await open().outbox.flush()).toBe(0);
  });

  it('sends the rest when it cannot send one, and the log says so', async () => {
    await leave({ groupId: 'gone_replay' }, {});
    clock.advance(15);

    expect(await open().outbox.flush()).toBe(2);
    expect(delivered().replay).toBe(1);
    expect(classroom.captured.lines).toContainEqual(
      expect.objectContaining({ event: 'repair', repair: 'unsent message', groupId: 'c1_replay' }),
    );
    expect(classroom.captured.lines).toContainEqual(
      expect.objectContaining({
        event: 'repair failed',
        repair: 'unsent message',
        groupId: 'gone_replay',
        vendorCode: 10010,
      }),
    );
    expect(await unsent()).toEqual(['gone_replay']);
  });

  it('is told of a group in one line, which what could be sent does not make a good one', async () => {
    await leave({}, {}, {});
    clock.advance(15);
    classroom.faults.order({ command: 'send_group_msg', times: 1, errorCode: 10017 });
    await open().outbox.flush();
    await open().outbox.flush();

    expect(delivered().replay).toBe(3);
    expect(repairLines()).toMatchObject([
      { event: 'repair failed', groupId: 'c1_replay', vendorCode: 10017 },
      { event: 'repair', groupId: 'c1_replay', count: 1 },
    ]);
  });

  it('gives up what is no news any more, what IM refuses for good and what a class has left behind, and says so', async () => {
    await leave(toChat);
    clock.advance(300);
    await open().outbox.flush();
    await leave({ messageId: 'refused' });
    clock.advance(15);
    classroom.faults.order({ command: 'send_group_msg', times: 1, errorCode: 80001 });
    await open().outbox.flush();
    await leave({ messageId: 'over', ...toChat });
    clock.advance(15);
    await changeClass({ status: 'ended', ended_at: clock.seconds() });
    await open().outbox.flush();

    expect(await unsent()).toEqual([]);
    expect(repairLines()).toMatchObject([
      { level: 'warn', event: 'repair given up', groupId: 'c1_chat', reason: 'no news any more' },
      { level: 'warn', event: 'repair given up', groupId: 'c1_replay', vendorCode: 80001 },
      { level: 'warn', event: 'repair given up', groupId: 'c1_chat', reason: 'the class has ended' },
    ]);
  });

  it('takes up a hundred at a time, the latest first, so that what is stuck is in nobody’s way', async () => {
    await leave(...Array.from({ length: 100 }, (_, n) => ({ messageId: `stuck${n}`, groupId: 'gone_replay' })));
    clock.advance(1);
    await leave({});
    clock.advance(15);

    expect(await open().outbox.flush()).toBe(100);
    expect(delivered().replay).toBe(1);
  });

  it('sends no faster than a group carries, since IM drops the rest in silence', async () => {
    await leave(...Array.from({ length: 60 }, () => ({})).map((message, n) => ({ ...message, messageId: `m${n}` })));
    clock.advance(15);
    await open().outbox.flush();

    expect(delivered().replay).toBe(60);
    const stored = classroom.im.state.groups.get('c1_replay')?.messages.slice(1) ?? [];
    expect(stored.map(({ body }) => body[0]?.MsgContent.Data)).toEqual(
      Array.from({ length: 60 }, (_, n) => JSON.stringify({ n })),
    );
  });

  it('waits for its turn for some seconds, and then leaves the rest to the next sweep', async () => {
    await leave({});
    clock.advance(15);
    const { budget, outbox } = open();
    const takeAll = async (ms: number) => {
      clock.advance(ms / 1000);
      await budget.take([{ key: 'c1_replay', n: 40, limit: 40 }]);
    };
    await takeAll(0);

    await createTestMessaging(classroom, { sleep: takeAll }).outbox.flush();
    expect(delivered().replay).toBe(0);
    clock.advance(1);
    await outbox.flush();
    expect(delivered().replay).toBe(1);
  });

  it('looks back no further than it must, however much there is, and once for all of a group', async () => {
    const message = { groupId: 'c1_replay', data: {}, description: '', priority: 'Low' as const };
    let random = 0;
    const send = async (count: number) => {
      for (let n = 0; n < count; n += 1) {
        if (n % 30 === 0) clock.advance(1);
        random += 1;
        await classroom.client.sendCustomMessage({ ...message, random });
      }
    };
    await send(100);
    clock.advance(300);
    await leave({ messageId: 'a', random: 1001 }, { messageId: 'b', senderId: undefined, random: 1002 });
    await classroom.client.sendCustomMessage({ ...message, senderId: 't1', random: 1001 });
    await send(30);
    clock.advance(300);
    const before = delivered().replay;
    classroom.calls.splice(0);
    await open().outbox.flush();

    expect(delivered().replay).toBe(before + 1);
    const pages = classroom.calls.flatMap(({ command, body }) =>
      command === 'group_msg_get_simple' ? [body.ReqMsgSeq] : [],
    );
    // Of 132 numbers: the page that ends with the 93rd reaches what was there long before.
    expect(pages).toEqual([undefined, 112]);
  });

  it('takes the same random of somebody else for another message', async () => {
    await leave({ random: 7 });
    await classroom.letIn('c1', 's1');
    await classroom.client.sendCustomMessage({
      groupId: 'c1_replay',
      senderId: 's1',
      random: 7,
      data: {},
      description: '',
      priority: 'Low',
    });
    clock.advance(300);
    await open().outbox.flush();

    expect(delivered().replay).toBe(2);
  });

  it('gives up what a chat has missed for 4 minutes, and then says so', async () => {
    const danmaku = { classId: 'c1', text: 'hi', clientMessageId: 'm' };
    classroom.faults.order({ command: 'send_group_msg', times: 3, errorCode: 10002 });
    expect(await open().send(danmaku)).toMatchObject({ status: 502 });
    clock.advance(240);
    await open().outbox.flush();

    expect(await open().send(danmaku)).toMatchObject({ status: 200, body: { delivered: false } });
    expect(delivered().chat).toBe(0);
  });

  it('forgets what was sent more than an hour ago, replies after 10 minutes, and budgets of an hour ago', async () => {
    const { outbox, sentMessages, budget, send } = open();
    const forget = () => Promise.all([outbox.flush(), sentMessages.forgetOld(), budget.forgetOld()]);
    await send(stroke);
    await leave({ groupId: 'gone_replay' });
    const counts = async () => {
      const [row] = await database.run(
        (sql) => sql<{ outbox: number; sent: number; budgets: number }[]>`
          select (select count(*) from outbox) as outbox, (select count(*) from sent_messages) as sent,
                 (select count(*) from budgets) as budgets`,
      );
      return row;
    };
    clock.advance(599);
    await forget();
    expect(await counts()).toEqual({ outbox: 3, sent: 1, budgets: 3 });
    clock.advance(1);
    await forget();
    expect(await counts()).toEqual({ outbox: 3, sent: 0, budgets: 3 });
    clock.advance(3000);
    await forget();
    expect(await counts()).toEqual({ outbox: 1, sent: 0, budgets: 0 });
  });
});

describe('the outbox of a class that has ended', () => {
  const end = (change: object = {}) => changeClass({ status: 'ended', ended_at: clock.seconds(), ...change });

  it('takes nothing more from a call that began before', async () => {
    const late = open({
      filter: async () => {
        await end();
        return filter();
      },
    });

    expect(await late.send(stroke)).toMatchObject({ status: 410, body: { code: 'GONE' } });
    expect(await rows()).toEqual([]);
    expect(delivered()).toEqual({ chat: 0, replay: 0 });
  });

  it.each([0, 400])('is drained into its replay %i seconds later, and its chat gets no more', async (seconds) => {
    await leave(toChat, {}, {});
    await end();
    clock.advance(seconds);
    await open().outbox.drain('c1');

    expect(delivered()).toEqual({ chat: 0, replay: 2 });
    expect(await unsent()).toEqual([]);
  });

  it('is drained of what IM has had already', async () => {
    await open({
      im: {
        ...classroom.client,
        sendCustomMessage: async (message) => {
          await classroom.client.sendCustomMessage(message);
          throw new Error('killed');
        },
      },
    }).send(stroke);
    await end();
    clock.advance(400);
    await open().outbox.drain('c1');

    expect(delivered()).toEqual({ chat: 1, replay: 1 });
  });

  it('is not drained while IM fails, and keeps what is left', async () => {
    await leave({}, {});
    await end();
    classroom.faults.order({ command: 'send_group_msg', times: 3, errorCode: 10002 });

    await expect(open().outbox.drain('c1')).rejects.toMatchObject({ code: 'UPSTREAM_FAILED' });
    expect(await unsent()).toHaveLength(2);
    await open().outbox.drain('c1');
    expect(delivered().replay).toBe(2);
  });

  it('is drained of what no group can take any more, with a word in the log', async () => {
    await leave({});
    await end();
    await classroom.client.destroyGroup('c1_replay');
    await open().outbox.drain('c1');

    expect(await unsent()).toEqual([]);
    expect(repairLines()).toMatchObject([{ event: 'repair given up', groupId: 'c1_replay', vendorCode: 10010 }]);
  });

  it('drains nothing of another class', async () => {
    await leave({ classId: 'c2', groupId: 'c2_replay' });
    await open().outbox.drain('c1');

    expect(await unsent()).toEqual(['c2_replay']);
  });

  it('gives its replay what is left by a sweep, too, and its chat no more', async () => {
    await leave(toChat, {});
    await end();
    clock.advance(15);
    await open().outbox.flush();

    expect(delivered()).toEqual({ chat: 0, replay: 1 });
    expect(await unsent()).toEqual([]);
  });

  it('is only cleared once its replay is exported', async () => {
    await leave(toChat, {});
    await end({ exported_at: clock.seconds() });
    clock.advance(15);
    await open().outbox.flush();

    expect(delivered()).toEqual({ chat: 0, replay: 0 });
    expect(await unsent()).toEqual([]);
  });
});
