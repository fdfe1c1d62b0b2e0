import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createWordEditing } from '../../lib/classroom/words/word-editing.ts';
import { createWordSync } from '../../lib/classroom/words/word-sync.ts';
import type { Database } from '../../lib/db/database.ts';
import { createTestClassroom, type TestClassroom } from '../support/classroom.ts';
import { createClock, type TestClock } from '../support/clock.ts';
import { newDatabaseUrl, openDatabase } from '../support/database.ts';
import { call, eventOf, tokenOf } from '../support/http.ts';
import { startMembership } from '../support/membership.ts';
import { createTestNotices, joinOf } from '../support/notices.ts';
import { type ChangingFunction, startProcess, type TestProcess } from '../support/process.ts';

let databaseUrl: string;
let database: Database;
beforeAll(async () => {
  databaseUrl = await newDatabaseUrl();
  database = openDatabase(databaseUrl);
});

let clock: TestClock;
let classroom: TestClassroom;
let instance: TestProcess;
beforeEach(async () => {
  await database.run(
    (sql) => sql`
      truncate classes, rooms, members, users, repairs, outbox, sent_messages, notices, notice_events, notice_windows, dirty_words,
        im_dirty_words`,
  );
  clock = createClock();
  classroom = createTestClassroom({ database, clock, syncsWords: true });
  instance = startProcess({ databaseUrl, im: classroom, trtc: classroom.trtc, clock });
  await classroom.openClass({ classId: 'c1', assistantIds: ['a1'] });
  await classroom.letIn('c1', 's1');
  return () => instance.end();
});

const ask = async (name: Exclude<ChangingFunction, 'trtc-callback'>, input: object = {}, userId = 't1') =>
  call(instance.functions[name], eventOf({ classId: 'c1', ...input }, await tokenOf(clock, userId, 'teacher')));
const sweep = async () => {
  clock.advance(60);
  await classroom.sweep({ Type: 'Timer' }, {});
};
const fail = (command: string, times = 1) => classroom.faults.order({ command, times, errorCode: 10004 });
const silence = (command: string) => classroom.faults.order({ command, times: 2, dropReply: true });

/** What the log tells of repairs: each event, with what is to be the same in all lines about one thing. */
const repairs = () =>
  [...instance.captured.lines, ...classroom.captured.lines]
    .filter(({ event }) => String(event).startsWith('repair'))
    .map(({ event, repair, classId, groupId, userId }) => [event, { repair, classId, groupId, userId }]);

const create = () => ask('create-class', { classId: 'c2', name: 'Maths' });
const mute = () => ask('mute-member', { userId: 's1', seconds: 600 });
const say = () => ask('send-message', { type: 'danmaku', text: 'Hi', clientMessageId: 'm1' });
const draw = () => ask('send-message', { type: 'board', data: { x: 1 }, clientMessageId: 'm1' });
/** A creation that cannot even be taken back. */
const leaveIntent = async () => {
  const { isHeldBy } = classroom.store;
  classroom.store.isHeldBy = () => Promise.reject(new Error('killed'));
  fail('account_import');
  const content = { classId: 'c2', name: 'Maths' };
  await call(classroom.createClass, eventOf(content, await tokenOf(clock, 't1', 'teacher')));
  classroom.store.isHeldBy = isHeldBy;
};
const announce = (userId: string) =>
  createTestNotices({ ...classroom, im: classroom.client, log: classroom.http.log }).announce(joinOf(userId));

const member = { repair: 'unsettled member', classId: 'c1', userId: 's1' };
const wholeClass = { repair: 'unsettled class', classId: 'c1' };
const creation = { repair: 'unfinished creation', classId: 'c2' };
const replayMessage = { repair: 'unsent message', classId: 'c1', groupId: 'c1_replay' };
const chatNotice = { repair: 'unsent notice', classId: 'c1', groupId: 'c1_chat' };

const ways: Record<string, [place: object, leave: () => unknown]> = {
  'a creation': [creation, leaveIntent],
  'a creation whose groups an earlier attempt may have made': [
    creation,
    async () => {
      await leaveIntent();
      fail('create_group');
      await create();
      expect(instance.captured.lines[0]).toMatchObject({ event: 'repair due', ...creation });
    },
  ],
  'the groups of a creation': [
    { repair: 'leftover groups', classId: 'c2' },
    async () => {
      fail('send_group_msg');
      fail('destroy_group');
      await create();
    },
  ],
  'a group that is gone from IM': [
    { repair: 'lost groups', classId: 'c1' },
    async () => {
      clock.advance(301);
      await classroom.client.destroyGroup('c1_chat');
    },
  ],
  'a board granted': [
    member,
    () => {
      fail('add_group_member');
      return ask('grant-board', { userId: 's1' });
    },
  ],
  'a board revoked': [
    member,
    () => {
      fail('delete_group_member');
      return ask('revoke-board', { userId: 's1' });
    },
  ],
  'a member muted': [
    member,
    () => {
      fail('forbid_send_msg');
      return mute();
    },
  ],
  'a member removed': [
    member,
    () => {
      fail('ban_group_member');
      return ask('remove-member', { userId: 's1' });
    },
  ],
  'a member restored': [
    member,
    async () => {
      await ask('remove-member', { userId: 's1' });
      fail('unban_group_member');
      await ask('restore-member', { userId: 's1' });
    },
  ],
  'somebody removed who is in the room': [
    member,
    async () => {
      await ask('remove-member', { userId: 's1' });
      const lesson = await classroom.store.find('c1');
      classroom.trtc.failNext('UPSTREAM_FAILED');
      const { putOut } = startMembership(classroom).memberSettling;
      await expect(putOut(lesson as NonNullable<typeof lesson>, 's1')).rejects.toThrow();
    },
  ],
  'an assistant who lost the board with the office': [
    { ...member, userId: 'a1' },
    async () => {
      await ask('grant-board', { userId: 'a1' });
      fail('delete_group_member');
      await ask('update-class', { assistantIds: [] });
    },
  ],
  'a class muted': [
    wholeClass,
    () => {
      fail('modify_group_base_info');
      return ask('mute-class', { muted: true });
    },
  ],
  'a class renamed': [
    wholeClass,
    () => {
      fail('modify_group_base_info', 2);
      return ask('update-class', { name: 'Geometry' });
    },
  ],
  'a class ended': [
    { repair: 'ended class', classId: 'c1' },
    () => {
      fail('destroy_group');
      return ask('end-class');
    },
  ],
  'a comment': [
    { ...replayMessage, groupId: 'c1_chat' },
    () => {
      silence('send_group_msg');
      return say();
    },
  ],
  'a clock': [
    replayMessage,
    () => {
      fail('send_group_msg');
      return ask('report-clock', { clock: 1 });
    },
  ],
  'a notice': [
    chatNotice,
    async () => {
      fail('send_group_msg');
      await expect(announce('s1')).rejects.toThrow();
    },
  ],
  'words at IM': [
    { repair: 'untold words' },
    async () => {
      const { client: im, http } = classroom;
      await createWordEditing(database).edit({ add: [{ word: 'darn' }], remove: [] });
      fail('add');
      await createWordSync({ database, im, log: http.log, clock }).tellIm(2000);
    },
  ],
};

describe('what a call leaves', () => {
  it.each(Object.entries(ways))('%s is due until the sweep has made it good', async (_what, [place, leave]) => {
    await leave();
    await sweep();
    const told = repairs();
    expect(told.map(([event]) => event).filter((event) => event !== 'repair due')).toEqual(['repair']);
    expect([told[0]?.[0], told.at(-1)?.[0]]).toEqual(['repair due', 'repair']);
    expect(told.map(([, where]) => where)).toEqual(told.map(() => place));

    await sweep();
    expect(repairs()).toEqual(told);
  });

  it('is told with the reason, and the invocation that left it', async () => {
    fail('forbid_send_msg');
    await mute();
    expect(instance.captured.lines[0]).toMatchObject({
      level: 'warn',
      event: 'repair due',
      requestId: 'r1',
      function: 'test',
      reason: 'UPSTREAM_FAILED',
      vendorCode: 10004,
    });
  });

  const again: Record<string, [place: object, command: string, ask: () => unknown]> = {
    'a member muted': [member, 'forbid_send_msg', mute],
    'a class muted': [wholeClass, 'modify_group_base_info', () => ask('mute-class', { muted: true })],
    'a notice': [chatNotice, 'send_group_msg', () => announce('s1').catch(() => {})],
    'a creation’s groups': [{ repair: 'leftover groups', classId: 'c2' }, 'destroy_group', create],
  };

  it.each(Object.entries(again))(
    '%s is made good by the same call again',
    async (_what, [place, command, askAgain]) => {
      if (askAgain === create) fail('send_group_msg');
      fail(command);
      await askAgain();
      clock.advance(2);
      await askAgain();
      expect(repairs()).toEqual([
        ['repair due', place],
        ['repair', place],
      ]);
    },
  );

  it('a stroke is made good in each of its groups by the same call again', async () => {
    silence('send_group_msg');
    await draw();
    await draw();
    expect(repairs()).toEqual([
      ['repair due', replayMessage],
      ['repair', { ...replayMessage, groupId: 'c1_chat' }],
      ['repair', replayMessage],
    ]);
  });

  it('is nothing when all goes well, however often it is asked', async () => {
    for (let times = 0; times < 2; times += 1) {
      await mute();
      await ask('mute-class', { muted: true });
      await draw();
      await create();
      await announce(`s${times}`);
    }
    await sweep();
    expect(repairs()).toEqual([]);
  });
});

describe('what the sweep does anyway', () => {
  it('is no repair, and told in words of its own', async () => {
    const day = 86_400;
    await classroom.openClass({ classId: 'c2', startsAt: clock.seconds() + day + 10 });
    clock.advance(10);
    await sweep();
    const told = classroom.captured.lines.filter(({ event }) => event !== 'invocation');
    expect(told).toMatchObject([{ level: 'info', event: 'groups opened', classId: 'c2' }]);
    expect(repairs()).toEqual([]);
  });
});
