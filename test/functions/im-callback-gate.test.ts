import { randomBytes, randomInt } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Deps } from '../../functions/im-callback/handler.ts';
import { createPresence } from '../../lib/classroom/attendance/presence.ts';
import type { Lesson } from '../../lib/classroom/class/class.ts';
import { createClassFinder } from '../../lib/classroom/class/class-finder.ts';
import { createClassStore } from '../../lib/classroom/class/class-store.ts';
import type { Member } from '../../lib/classroom/members/member.ts';
import { createCurrentFilter } from '../../lib/classroom/words/current-filter.ts';
import { createWordList } from '../../lib/classroom/words/word-list.ts';
import type { Database } from '../../lib/db/database.ts';
import { createClock } from '../support/clock.ts';
import { newDatabaseUrl, openDatabase } from '../support/database.ts';
import {
  atOnce,
  beforeSend,
  callbackOf,
  createTestCallback,
  custom,
  down,
  joined,
  left,
  messageOf,
  never,
  ok,
  readReply,
  soon,
  text,
} from '../support/im-callback.ts';
import { lessonOf, memberOf } from '../support/lesson.ts';

const clock = createClock();
const now = clock.seconds();
const stateChanged = 'Group.CallbackOnMemberStateChange';
const beforeApply = 'Group.CallbackBeforeApplyJoinGroup';
const beforeInvite = 'Group.CallbackBeforeInviteJoinGroup';
const beforeCreate = 'Group.CallbackBeforeCreateGroup';
const denied = { ActionStatus: 'OK', ErrorInfo: '', ErrorCode: 1 };

const lessons: Record<string, Partial<Lesson>> = {
  c1: { status: 'live', assistantIds: ['a1', 'mutedAssistant', 'removedAssistant'] },
  quiet: { status: 'live', assistantIds: ['a1'], muted: true },
  ended: { status: 'ended', endedAt: now - 60 },
  overdue: { status: 'live', endsAt: now - 7200 },
  opening: { status: 'opening' },
};

/** Whom the classes know beyond their rows; the last second of a mute is over. */
const members: Record<string, Partial<Member>> = {
  member: { joinedAt: now },
  holder: { joinedAt: now, board: true },
  onceMuted: { joinedAt: now, mutedUntil: now },
  muted: { joinedAt: now, mutedUntil: now + 1 },
  mutedHolder: { joinedAt: now, board: true, mutedUntil: now + 60 },
  mutedAssistant: { mutedUntil: now + 60 },
  removed: { joinedAt: now, removedAt: now },
  removedHolder: { joinedAt: now, board: true, removedAt: now },
  removedAssistant: { removedAt: now },
};

/** A finder of the classes above, and what it was asked. */
const createFinder = () => {
  const asked: string[] = [];
  const findWith: Deps['finder']['findWith'] = async (classId, userId) => {
    asked.push(`${classId} ${userId}`);
    const lesson = lessons[classId];
    return lesson && { lesson: lessonOf({ classId, ...lesson }), member: memberOf({ userId, ...members[userId] }) };
  };
  return { asked, findWith };
};

const setUp = (deps: Partial<Deps> = {}) => {
  const finder = createFinder();
  const { handler, ...rest } = createTestCallback(clock, { finder, ...deps });
  const post = async (command: string, fields: object, query: Record<string, string> = {}) =>
    readReply(await handler(callbackOf(clock, command, { CallbackCommand: command, ...fields }, query)));
  return {
    ...rest,
    post,
    asked: finder.asked,
    send: async (MsgBody: object[], more: object = {}, query: Record<string, string> = {}) => {
      const { status, body } = await post(beforeSend, messageOf(MsgBody, more), query);
      expect(status).toBe(200);
      return body;
    },
  };
};

/** By what the rules have to say of them. */
const messages: Record<string, Record<string, object[]>> = {
  plain: {
    'no element': [],
    text: [text('hello')],
    'text that looks like a board message': [text('{"type":"board"}')],
    'face with such Data': [{ MsgType: 'TIMFaceElem', MsgContent: { Index: 1, Data: '{"type":"board"}' } }],
    danmaku: [custom({ v: 1, type: 'danmaku', text: 'hello' })],
    'two likes': [custom({ v: 1, type: 'like', count: 1 }), custom({ v: 1, type: 'like', count: 2 })],
    'no type': [custom({})],
    'another type': [custom({ type: 1005 })],
    'nearly the type': [custom({ type: 'Board' }), custom({ type: 'board ' }), custom({ type: '01003' })],
    'type that is a list': [custom({ type: ['board'] })],
    'type that is an object': [custom({ type: { type: 'notice' } })],
    'type that is a truth': [custom({ type: true })],
    'type that is nothing': [custom({ type: null })],
    'type further down': [custom({ data: { type: 'board' } })],
    'type in the prototype': [custom('{"__proto__":{"type":"board"}}')],
    'type in a list': [custom([{ type: 'board' }])],
    'type in a text': [custom(JSON.stringify('{"type":"board"}'))],
    'Data that is nothing': [custom('null')],
    'Data that is a number': [custom('1003')],
    'Data that is no JSON': [custom('{"type":"board"'), custom('board'), custom('')],
    'Data that is no text': [{ MsgType: 'TIMCustomElem', MsgContent: { Data: { type: 'board' } } }],
    'no Data': [{ MsgType: 'TIMCustomElem', MsgContent: {} }],
    'two types, of which clients know the last': [custom('{"type":"board","type":"danmaku"}')],
  },
  notice: {
    notice: [custom({ v: 1, type: 'notice', text: 'hello' })],
    'notice after text': [text('hello'), custom({ type: 'notice' })],
    'notice after another type': [custom('{"type":"danmaku","type":"notice"}')],
  },
  numbered: {
    'time line': [custom({ type: 1003, seq: 10_000, timestamp: 1, time_line: 2, value: { uid: 's1' } })],
    'time line as text': [custom({ type: '1003' })],
    'time line in another notation': [custom('{"type":1.003e3}')],
    recording: [custom({ type: 1004 })],
    'recording as text': [custom({ type: '1004' })],
    'recording after danmaku': [custom({ type: 'danmaku' }), custom({ type: 1004 })],
    'time line with a drawing': [custom({ type: 'board' }), custom({ type: 1003 })],
    'time line with a notice': [custom({ type: 'notice' }), custom({ type: 1003 })],
  },
  board: {
    drawing: [custom({ v: 1, type: 'board', data: { points: [1, 2] } })],
    'drawing without data': [custom({ type: 'board' })],
    'drawing after another type': [custom('{"type":"danmaku","type":"board"}')],
    'drawing in another spelling': [custom(' {"\\u0074ype":"b\\u006fard"} ')],
  },
  mixed: {
    'drawing with text': [custom({ type: 'board' }), text('hello')],
    'text with drawing': [text('hello'), custom({ type: 'board' })],
    'two drawings': [custom({ type: 'board' }), custom({ type: 'board' })],
    'drawing with danmaku': [custom({ type: 'board' }), custom({ type: 'danmaku' })],
  },
};

type Answers = Record<string, number>;

/** Reads a table of error codes: a column for each kind of message, a row for the senders left of the bar. */
const table = (drawn: string): Map<string, Answers> => {
  const cells = (side = '') => side.trim().split(/\s+/);
  const [head = [], ...rows] = drawn
    .trim()
    .split('\n')
    .map((line) => line.split('|'));
  return new Map(
    rows.flatMap(([left, right]) => {
      const codes = cells(right);
      const answers = Object.fromEntries(cells(head[1]).map((kind, index) => [kind, Number(codes[index])]));
      return cells(left).map((sender) => [sender, answers]);
    }),
  );
};

const chat = table(`
                                             senders | plain  notice  numbered  board  mixed
       tic_record_user_4242_1 TIC_RECORD_USER_4242_2 | 0      0       0         0      0
                                                  t1 | 0      0       10104     0      0
                                                  a1 | 0      0       10104     10101  10101
                                              holder | 0      10104   10104     0      0
  member onceMuted stranger administrator ADMINISTRATOR | 0   10104   10104     10101  10101
            muted mutedHolder mutedAssistant removed | 10102  10102   10102     10102  10102
                      removedHolder removedAssistant | 10102  10102   10102     10102  10102`);
const replay = table(`
                                             senders | plain  notice  numbered  board  mixed
       tic_record_user_4242_1 TIC_RECORD_USER_4242_2 | 0      0       0         0      0
                                           t1 holder | 10104  10104   10104     0      10104
  a1 member onceMuted stranger administrator ADMINISTRATOR | 10104 10104 10104  10101  10104
            muted mutedHolder mutedAssistant removed | 10102  10102   10102     10102  10102
                      removedHolder removedAssistant | 10102  10102   10102     10102  10102`);
const quiet = table(`
                                             senders | plain  notice  numbered  board  mixed
       tic_record_user_4242_1 TIC_RECORD_USER_4242_2 | 0      0       0         0      0
                                                  t1 | 0      0       10104     0      0
                                                  a1 | 0      0       10104     10101  10101
  holder member onceMuted stranger administrator ADMINISTRATOR | 10102 10102 10102 10102 10102
            muted mutedHolder mutedAssistant removed | 10102  10102   10102     10102  10102
                      removedHolder removedAssistant | 10102  10102   10102     10102  10102`);
const over = table(`
                                             senders | plain  notice  numbered  board  mixed
       tic_record_user_4242_1 TIC_RECORD_USER_4242_2 | 0      0       0         0      0
                                  t1 a1 holder member | 10102  10102   10102    10102  10102
    onceMuted stranger administrator ADMINISTRATOR   | 10102  10102   10102     10102  10102
            muted mutedHolder mutedAssistant removed | 10102  10102   10102     10102  10102
                      removedHolder removedAssistant | 10102  10102   10102     10102  10102`);
const kinds = Object.keys(messages);
const anything = new Map(
  [...chat.keys()].map((sender) => [sender, Object.fromEntries(kinds.map((kind) => [kind, 0]))]),
);

const groups: Record<string, Map<string, Answers>> = {
  c1_chat: chat,
  c1_replay: replay,
  quiet_chat: quiet,
  ended_chat: over,
  ended_replay: over,
  overdue_chat: over,
  overdue_replay: over,
  // No classes, or none yet, and names that none of ours has.
  opening_chat: anything,
  opening_replay: anything,
  unknown_chat: anything,
  unknown_replay: anything,
  c1: anything,
  c1_board: anything,
  'c1_chat ': anything,
  '@TGS#c1_chat': anything,
};

describe('the gate for messages', () => {
  const replyOf = (ErrorCode = 0) => ({
    ...ok,
    ErrorCode,
    ErrorInfo: ErrorCode === 0 ? '' : expect.stringMatching(/\w/),
  });

  it('is asked about every sender and every kind of message', () => {
    const everybody = [...Object.keys(members), 't1', 'a1', 'stranger', 'administrator', 'ADMINISTRATOR'];
    for (const answers of [chat, replay, quiet, over]) {
      expect([...answers.keys()].filter((sender) => !/^tic_/i.test(sender)).sort()).toEqual(everybody.sort());
      for (const codes of answers.values()) {
        expect(Object.keys(codes)).toEqual(kinds);
        for (const code of Object.values(codes)) expect([0, 10101, 10102, 10104]).toContain(code);
      }
    }
  });

  it.each(
    Object.keys(groups).flatMap((GroupId) => ['RESTAPI', 'Web'].map((OptPlatform) => ({ GroupId, OptPlatform }))),
  )('of $GroupId by $OptPlatform answers every sender as the table says', async ({ GroupId, OptPlatform }) => {
    const { send } = setUp();
    for (const [From_Account, codes] of groups[GroupId] ?? []) {
      const isExempt = From_Account === 'administrator' && OptPlatform === 'RESTAPI';
      for (const kind of kinds) {
        const [example = []] = Object.values(messages[kind] ?? {}).slice(-1);
        const reply = await send(example, { GroupId, From_Account }, { OptPlatform });
        const expected = replyOf(isExempt ? 0 : codes[kind]);
        expect.soft({ From_Account, kind, ...reply }).toEqual({ From_Account, kind, ...expected });
      }
    }
  });

  const examples = Object.entries(messages).flatMap(([kind, named]) =>
    Object.entries(named).map(([what, elements]) => ({ kind, what, elements })),
  );
  it.each(examples)('takes for $kind: $what', async ({ kind, elements }) => {
    const { send } = setUp();
    for (const [GroupId, answers] of Object.entries({ c1_chat: chat, c1_replay: replay }))
      for (const [From_Account, codes] of answers) {
        const reply = await send(elements, { GroupId, From_Account });
        expect.soft({ GroupId, From_Account, ...reply }).toEqual({ GroupId, From_Account, ...replyOf(codes[kind]) });
      }
  });

  it.each(['RESTAPI', 'RestApi', 'restapi'])('lets the administrator say anything by %s', async (OptPlatform) => {
    const { send } = setUp();
    for (const { elements } of examples)
      expect(await send(elements, { From_Account: 'administrator' }, { OptPlatform })).toEqual(ok);
  });

  it.each([
    ['t1', 0],
    ['a1', 10101],
    ['holder', 10104],
    ['member', 10104],
  ])('asks of a notice with a drawing what it asks of both: %s %i', async (From_Account, ErrorCode) => {
    const both = [custom({ type: 'notice' }), custom({ type: 'board' })];
    expect(await setUp().send(both, { From_Account })).toMatchObject({ ErrorCode });
  });

  it('goes by who a message is from, not by who operates', async () => {
    const { send } = setUp();
    const forged = { From_Account: 'member', Operator_Account: 'administrator' };
    expect(await send([custom({ type: 'board' })], forged, { OptPlatform: 'RESTAPI' })).toMatchObject({
      ErrorCode: 10101,
    });
  });

  it('refuses before it reads the words', async () => {
    const { send, test } = setUp();
    expect(await send([text('dropped')], { From_Account: 'muted' })).toMatchObject({ ErrorCode: 10102 });
    expect(test.lines).toEqual([expect.not.objectContaining({ version: 7 })]);
  });

  it.each([
    ['over', 'ended_chat', 't1', 'text'],
    ['silenced', 'c1_chat', 'muted', 'text'],
    ['reserved type', 'c1_chat', 'member', 'notice'],
    ['no board', 'c1_chat', 'member', 'board'],
  ])('tells the log “%s”', async (reason, GroupId, From_Account, type) => {
    const { send, test } = setUp();
    await send([custom({ type, text: 'quite private' })], { GroupId, From_Account });
    expect(test.lines).toEqual([
      expect.objectContaining({
        command: beforeSend,
        groupId: GroupId,
        userId: From_Account,
        verdict: 'reject',
        reason,
      }),
    ]);
    expect(test.text()).not.toContain('private');
  });

  it('asks nothing about the administrator, recording robots and groups that are not named like ours', async () => {
    const { send, asked } = setUp();
    await send([text('hello')], { From_Account: 'administrator' }, { OptPlatform: 'RESTAPI' });
    await send([text('hello')], { From_Account: 'tic_record_user_4242_1' });
    await send([text('hello')], { GroupId: 'other' });
    expect(asked).toEqual([]);
    await send([text('hello')], { From_Account: 'member' });
    expect(asked).toEqual(['c1 member']);
  });
});

describe('the words of a drawing', () => {
  const holder = { From_Account: 'holder' };
  const drawing = (data: unknown) => [custom({ v: 1, type: 'board', data })];
  const listed = ['微信', 'refused', 'dropped'];

  it.each(listed)('refuse it with 10100, whatever is to become of “%s”', async (word) => {
    const { send } = setUp();
    for (const data of [
      { text: `加${word}` },
      [{ a: { text: [{ b: word }] } }],
      { text: 'fine', more: { text: word } },
    ]) {
      const reply = await send(drawing(data), holder);
      expect(reply).toEqual({ ActionStatus: 'OK', ErrorCode: 10100, ErrorInfo: expect.stringMatching(/\w/) });
      expect(reply.ErrorInfo).not.toContain(word);
    }
  });

  it.each(listed)('are those under a key `text`: “%s” anywhere else goes through as it came', async (word) => {
    const { send } = setUp();
    for (const data of [{ title: word, [word]: 1, texts: [word], Text: word }, [word], word, null])
      expect(await send(drawing(data), holder)).toEqual(ok);
  });

  it('are looked for in the whole of it, and in what is said beside it', async () => {
    const { send } = setUp();
    const of = (carried: object) => send([custom({ type: 'board', ...carried })], holder);
    expect(await of({ text: '微信' })).toMatchObject({ ErrorCode: 10100 });
    expect(await of({ text: '微信', data: {} })).toMatchObject({ ErrorCode: 10100 });
    expect(await of({ title: '微信', data: {} })).toEqual(ok);
    const element = custom({ type: 'board', data: {} });
    for (const name of ['Desc', 'Ext'])
      expect(await send([{ ...element, MsgContent: { ...element.MsgContent, [name]: '微信' } }], holder)).toMatchObject(
        { ErrorCode: 10100 },
      );
    expect(await send([element], { ...holder, CloudCustomData: '{"a":"微信"}' })).toMatchObject({ ErrorCode: 10100 });
    expect(await send([element], { ...holder, CloudCustomData: null })).toEqual(ok);
  });

  it.each(['t1', 'tic_record_user_4242_1'])('are read whoever draws in either group: %s', async (From_Account) => {
    const { send } = setUp();
    for (const GroupId of ['c1_chat', 'c1_replay']) {
      const reply = await send(drawing({ text: '微信' }), { GroupId, From_Account });
      expect(reply).toMatchObject({ ErrorCode: 10100 });
      expect(reply).not.toHaveProperty('MsgBody');
    }
  });

  it('are logged as refused, and counted once each', async () => {
    const { send, test } = setUp();
    await send(drawing({ text: '微信 refused 微信' }), holder);
    expect(test.lines).toEqual([expect.objectContaining({ verdict: 'reject', version: 7, count: 2 })]);
  });

  it.each(listed)('sent with other elements are all of the message’s: “%s” anywhere refuses it', async (word) => {
    const { send } = setUp();
    const [element] = drawing({ title: 'fine' });
    expect(await send([element ?? {}, text(word)], holder)).toMatchObject({ ErrorCode: 10100 });
    expect(await send([text('fine'), ...drawing({ title: word })], holder)).toMatchObject({ ErrorCode: 10100 });
    expect(await send([text('fine'), ...drawing({ title: 'fine' })], holder)).toEqual(ok);
  });

  it.each(['unknown_chat', 'opening_replay', 'other'])('are any other’s in a group like %s', async (GroupId) => {
    const { send } = setUp();
    const reply = await send(drawing({ title: '微信' }), { GroupId, ...holder });
    expect(reply.MsgBody).toEqual(drawing({ title: '**' }));
  });

  it('do not make the rest of what is said pass: robots, teachers and strangers are moderated', async () => {
    const { send } = setUp();
    for (const From_Account of ['t1', 'stranger', 'tic_record_user_4242_1'])
      expect((await send([text('加微信')], { From_Account })).MsgBody).toEqual([text('加**')]);
  });
});

describe('what is nested very deep', () => {
  const levels = 10_000;
  const nested = (inside: string) => `${'{"a":['.repeat(levels)}${inside}${']}'.repeat(levels)}`;

  it('is read to the bottom of a drawing', async () => {
    const { send } = setUp();
    const drawn = (inside: string) => [custom(`{"type":"board","data":${nested(inside)}}`)];
    expect(await send(drawn('{"text":"微信"}'), { From_Account: 'holder' })).toMatchObject({ ErrorCode: 10100 });
    expect(await send(drawn('{"title":"微信"}'), { From_Account: 'holder' })).toEqual(ok);
  });

  it('is masked at the bottom of anything else', async () => {
    const danmaku = (inside: string) => [custom(`{"type":"danmaku","x":${nested(inside)}}`)];
    expect((await setUp().send(danmaku('"微信"'))).MsgBody).toEqual(danmaku('"**"'));
  });

  it('is no type', async () => {
    const { send } = setUp();
    expect(await send([custom(`{"type":${nested('"board"')}}`)])).toEqual(ok);
  });

  it.each([
    ['deliver', 0],
    ['reject', 10103],
  ] as const)('outside of Data is unreadable, and gets MODERATION_ON_FAILURE=%s', async (onFailure, ErrorCode) => {
    const { handler } = createTestCallback(clock, { moderation: { action: 'mask', onFailure, deadlineMs: 800 } });
    const body = JSON.stringify(messageOf([text('微信')])).replace('"微信"', `"微信","x":${nested('1')}`);
    const reply = readReply(await handler(callbackOf(clock, beforeSend, body)));
    expect(reply).toMatchObject({ status: 200, body: { ErrorCode } });
  });
});

describe('the gate without its database', () => {
  const failing = { finder: { findWith: down } };
  const verdicts = [
    ['deliver', 0],
    ['reject', 10103],
  ] as const;

  const moderationOf = (onFailure: 'deliver' | 'reject') => ({ action: 'mask', onFailure, deadlineMs: 800 }) as const;
  const unanswered: [string, Partial<Deps>, object][] = [
    [
      'is down',
      failing,
      { level: 'warn', reason: 'UPSTREAM_FAILED', vendor: 'postgresql', error: expect.stringContaining('database') },
    ],
    ['says nothing', { finder: { findWith: never }, startTimer: soon }, { level: 'warn', reason: 'deadline' }],
  ];

  describe.each(unanswered)('which %s', (_what, deps, why) => {
    it.each(verdicts)(
      'gives a message without a word the verdict of MODERATION_ON_FAILURE=%s',
      async (onFailure, code) => {
        const { send, test } = setUp({ ...deps, moderation: moderationOf(onFailure) });
        expect(await send([custom({ type: 'board' })])).toEqual({
          ...ok,
          ErrorCode: code,
          ErrorInfo: expect.anything(),
        });
        const verdict = onFailure === 'deliver' ? 'pass' : 'reject';
        expect(test.lines).toEqual([expect.objectContaining({ verdict, version: 7, ...why })]);
      },
    );

    it.each([
      ['deliver', { ...ok, MsgBody: [text('加**')] }, 'mask'],
      ['reject', { ...ok, ErrorCode: 10103, ErrorInfo: expect.stringMatching(/\w/) }, 'reject'],
    ] as const)('masks a word when MODERATION_ON_FAILURE is %s', async (onFailure, reply, verdict) => {
      const { send, test } = setUp({ ...deps, moderation: moderationOf(onFailure) });
      expect(await send([text('加微信')])).toEqual(reply);
      expect(test.lines).toEqual([expect.objectContaining({ verdict, version: 7, count: 1, ...why })]);
    });

    it.each([
      ['refused', 10100, 'reject'],
      ['dropped', 2, 'drop'],
    ])('keeps the word “%s” out, whatever MODERATION_ON_FAILURE is', async (word, ErrorCode, verdict) => {
      for (const [onFailure] of verdicts) {
        const { send, test } = setUp({ ...deps, moderation: moderationOf(onFailure) });
        expect(await send([text(word)])).toMatchObject({ ErrorCode });
        expect(test.lines).toEqual([expect.objectContaining({ verdict, version: 7, count: 1, ...why })]);
      }
    });

    it('takes nothing for a drawing: it may be of somebody who may not draw', async () => {
      const { send } = setUp(deps);
      for (const GroupId of ['c1_chat', 'other'])
        expect((await send([custom({ type: 'board', data: { title: '微信' } })], { GroupId })).MsgBody).toEqual([
          custom({ type: 'board', data: { title: '**' } }),
        ]);
    });
  });

  const noList: [string, Partial<Deps>][] = [
    ['cannot be read', { filter: down }],
    ['does not come', { filter: never, startTimer: soon }],
  ];
  it.each(noList)('still refuses whom it knows when the list %s', async (_what, deps) => {
    for (const [onFailure] of verdicts) {
      const { send, test } = setUp({ ...deps, moderation: moderationOf(onFailure) });
      expect(await send([text('hello')], { From_Account: 'muted' })).toMatchObject({ ErrorCode: 10102 });
      expect(await send([custom({ type: 'board' })], { From_Account: 'member' })).toMatchObject({ ErrorCode: 10101 });
      expect(test.lines).toMatchObject([{ reason: 'silenced' }, { reason: 'no board' }]);
    }
  });

  it('refuses whom it knows without waiting for the list', async () => {
    const { send } = setUp({ filter: never });
    expect(await send([text('hello')], { From_Account: 'removed' })).toMatchObject({ ErrorCode: 10102 });
  });

  it('lets the administrator and recording robots speak', async () => {
    const { send } = setUp({ ...failing, moderation: { action: 'mask', onFailure: 'reject', deadlineMs: 800 } });
    const drawing = [custom({ type: 'board' })];
    expect(await send(drawing, { From_Account: 'administrator' }, { OptPlatform: 'RESTAPI' })).toEqual(ok);
    expect(await send(drawing, { From_Account: 'tic_record_user_4242_1' })).toEqual(ok);
  });

  const questions = [
    ['applicant', beforeApply, { GroupId: 'c1_chat', Requestor_Account: 'member' }, denied],
    [
      'invitation',
      beforeInvite,
      { GroupId: 'c1_chat', Operator_Account: 'a1', DestinationMembers: [{ Member_Account: 's2' }] },
      { ...denied, RefusedMembers_Account: ['s2'] },
    ],
  ] as const;

  it.each(questions)('lets nobody in: %s', async (_what, command, body, reply) => {
    const { post, test } = setUp(failing);
    expect(await post(command, body)).toEqual({ status: 200, body: reply });
    expect(test.lines).toEqual([
      expect.objectContaining({ command, verdict: 'reject', error: expect.stringContaining('database') }),
    ]);
  });

  it.each(questions)('lets nobody in, in time: %s', async (_what, command, body, reply) => {
    const { post, test } = setUp({ finder: { findWith: never }, startTimer: atOnce });
    expect(await post(command, body)).toEqual({ status: 200, body: reply });
    expect(test.lines).toEqual([
      expect.objectContaining({ level: 'warn', command, verdict: 'reject', reason: 'deadline' }),
    ]);
  });

  it('still knows who needs no asking', async () => {
    const { post } = setUp(failing);
    const invitation = { GroupId: 'c1_replay', DestinationMembers: [{ Member_Account: 's2' }] };
    const rest = { OptPlatform: 'RESTAPI' };
    for (const [command, body] of [
      [beforeApply, { GroupId: 'c1_chat', Requestor_Account: 'administrator' }],
      [beforeApply, { GroupId: 'c1_chat', Requestor_Account: 'tic_record_user_4242_1' }],
      [beforeApply, { GroupId: 'other', Requestor_Account: 's1' }],
      [beforeInvite, { ...invitation, Operator_Account: 'administrator' }],
      [beforeInvite, { ...invitation, GroupId: 'other', Operator_Account: 's1' }],
      [beforeCreate, { Operator_Account: 'administrator', Type: 'AVChatRoom', Name: 'c' }],
    ] as const)
      expect(await post(command, body, rest)).toEqual({ status: 200, body: ok });
  });
});

describe('asking to come in', () => {
  const service = ['administrator', 'tic_record_user_4242_1', 'TIC_RECORD_USER_4242_2'];
  const insiders = ['t1', 'a1', 'mutedAssistant', 'member', 'holder', 'onceMuted', 'muted', 'mutedHolder'];
  const outsiders = ['stranger', 'removed', 'removedHolder', 'removedAssistant', 'ADMINISTRATOR'];
  const all = [...service, ...insiders, ...outsiders];
  /** Who is let in. */
  const doors: Record<string, string[]> = {
    c1_chat: [...service, ...insiders],
    c1_replay: [],
    ended_chat: service,
    ended_replay: [],
    overdue_chat: service,
    opening_replay: [],
    unknown_chat: all,
    unknown_replay: all,
    other: all,
    '@TGS#c1_chat': all,
  };

  it.each(Object.entries(doors))('of %s is for whom it is for', async (GroupId, welcome) => {
    const { post } = setUp();
    for (const Requestor_Account of all) {
      const { body } = await post(beforeApply, { GroupId, Type: 'AVChatRoom', Requestor_Account });
      const expected = welcome.includes(Requestor_Account) ? ok : denied;
      expect.soft({ Requestor_Account, ...body }).toEqual({ Requestor_Account, ...expected });
    }
  });

  it('of a class that is still being created is for its teacher and assistants', async () => {
    const { post } = setUp();
    const apply = (Requestor_Account: string) => post(beforeApply, { GroupId: 'opening_chat', Requestor_Account });
    expect((await apply('t1')).body).toEqual(ok);
    expect((await apply('stranger')).body).toEqual(denied);
  });

  it.each([
    ['by invitation only', 'c1_replay', 'holder'],
    ['over', 'ended_chat', 'member'],
    ['not in the class', 'c1_chat', 'stranger'],
  ])('is refused with “%s” in the log', async (reason, groupId, userId) => {
    const { post, test } = setUp();
    await post(beforeApply, { GroupId: groupId, Requestor_Account: userId });
    expect(test.lines).toEqual([
      expect.objectContaining({ level: 'info', groupId, userId, verdict: 'reject', reason }),
    ]);
  });
});

describe('bringing others in', () => {
  const DestinationMembers = [{ Member_Account: 's2' }, { Member_Account: 's3' }];
  const refused = { ...denied, RefusedMembers_Account: ['s2', 's3'] };

  it.each(['c1_chat', 'c1_replay', 'ended_replay', 'opening_replay'])(
    'to %s is for the administrator over REST',
    async (GroupId) => {
      const { post } = setUp();
      const invite = async (Operator_Account: string, OptPlatform: string) =>
        (await post(beforeInvite, { GroupId, Type: 'Private', Operator_Account, DestinationMembers }, { OptPlatform }))
          .body;
      for (const OptPlatform of ['RESTAPI', 'RestApi']) expect(await invite('administrator', OptPlatform)).toEqual(ok);
      for (const OptPlatform of ['Web', 'Unknown', ''])
        expect(await invite('administrator', OptPlatform)).toEqual(refused);
      for (const userId of ['t1', 'a1', 'holder', 'stranger', 'ADMINISTRATOR', 'tic_record_user_4242_1'])
        for (const OptPlatform of ['RESTAPI', 'Web']) expect(await invite(userId, OptPlatform)).toEqual(refused);
    },
  );

  it.each(['unknown_replay', 'other', '@TGS#c1_replay'])('to %s is for anybody', async (GroupId) => {
    const invitation = { GroupId, Operator_Account: 's1', DestinationMembers };
    expect((await setUp().post(beforeInvite, invitation)).body).toEqual(ok);
  });

  it('is refused with a reason in the log, and asks nothing about the administrator', async () => {
    const { post, test, asked } = setUp();
    const invitation = { GroupId: 'c1_replay', DestinationMembers };
    await post(beforeInvite, { ...invitation, Operator_Account: 'administrator' }, { OptPlatform: 'RESTAPI' });
    expect(asked).toEqual([]);
    await post(beforeInvite, { ...invitation, Operator_Account: 't1' });
    expect(test.lines[1]).toMatchObject({
      groupId: 'c1_replay',
      userId: 't1',
      verdict: 'reject',
      reason: 'not the administrator',
    });
  });
});

describe('making a group', () => {
  it.each([
    ['RESTAPI', ok],
    ['RestApi', ok],
    ['Web', denied],
    ['Unknown', denied],
    ['', denied],
  ])('over “%s”', async (OptPlatform, reply) => {
    const { post, asked } = setUp();
    for (const Operator_Account of ['administrator', 't1', 'stranger'])
      expect((await post(beforeCreate, { Operator_Account, Type: 'Public', Name: 'c' }, { OptPlatform })).body).toEqual(
        reply,
      );
    expect(asked).toEqual([]);
  });

  it('is refused with a reason in the log', async () => {
    const { post, test } = setUp();
    await post(beforeCreate, { Operator_Account: 's1' });
    expect(test.lines).toEqual([expect.objectContaining({ userId: 's1', verdict: 'reject', reason: 'not over REST' })]);
  });
});

describe('a question that cannot be read', () => {
  it.each([
    [beforeApply, {}],
    [beforeApply, { GroupId: 'c1_chat' }],
    [beforeApply, { GroupId: 7, Requestor_Account: 's1' }],
    [beforeInvite, { GroupId: 'c1_replay', DestinationMembers: [{ Member_Account: 's2' }] }],
    [beforeInvite, { GroupId: 'c1_replay', Operator_Account: 't1' }],
    [beforeInvite, { GroupId: 'c1_replay', Operator_Account: 't1', DestinationMembers: [] }],
    [beforeInvite, { GroupId: 'c1_replay', Operator_Account: 't1', DestinationMembers: ['s2'] }],
    [beforeCreate, {}],
    [stateChanged, { GroupId: 'c1_chat', EventType: 'Online' }],
    [stateChanged, { GroupId: 'c1_chat', MemberList: [{ Member_Account: 's2' }] }],
  ])('is refused with 400: %s %j', async (command, fields) => {
    const { post, asked, kept } = setUp();
    expect(await post(command, fields)).toEqual({ status: 400, body: {} });
    expect([...asked, ...kept]).toEqual([]);
  });
});

describe('who is there', () => {
  const atMs = 1_767_225_601_234;
  const list = (...userIds: string[]) => userIds.map((Member_Account) => ({ Member_Account }));
  const group = { GroupId: 'c1_chat', Type: 'AVChatRoom', EventTime: atMs };
  const entered = { classId: 'c1', userId: 'member', source: 'im', event: 'enter', atMs, stay: '' };

  it.each([
    [joined, { NewMemberList: list('member') }, 'enter', true],
    [left, { ExitMemberList: list('member') }, 'exit', true],
    [stateChanged, { EventType: 'Online', MemberList: list('member') }, 'enter', false],
    [stateChanged, { EventType: 'Online', EventCause: 'HeartbeatRecover', MemberList: list('member') }, 'enter', false],
    [stateChanged, { EventType: 'Offline', MemberList: list('member') }, 'exit', false],
    [
      stateChanged,
      { EventType: 'Offline', EventCause: 'HeartbeatInterrupt', MemberList: list('member') },
      'exit',
      false,
    ],
  ])('is kept as %s tells it: %j', async (command, fields, event, isAnnounced) => {
    const { post, kept, announced } = setUp();
    expect(await post(command, { ...group, ...fields })).toEqual({ status: 200, body: ok });
    expect(kept).toEqual([{ ...entered, event }]);
    expect(announced).toHaveLength(isAnnounced ? 1 : 0);
  });

  it.each([
    { EventType: 'Online', EventCause: 'Join' },
    { EventType: 'Offline', EventCause: 'Quit' },
    { EventType: 'Asleep' },
    { EventType: 'constructor' },
  ])('is not kept twice, nor for what says nothing of it: %j', async (state) => {
    const { post, kept, asked } = setUp();
    expect(await post(stateChanged, { ...group, ...state, MemberList: list('member') })).toEqual({
      status: 200,
      body: ok,
    });
    expect([...kept, ...asked]).toEqual([]);
  });

  it.each([
    [String(atMs), atMs],
    [undefined, clock()],
    ['', clock()],
    ['soon', clock()],
    [1.5, clock()],
    [0, clock()],
    [-1, clock()],
    [1e300, clock()],
  ])('is kept at the time that IM tells, else at ours: %j', async (EventTime, expected) => {
    const { post, kept } = setUp();
    await post(joined, { ...group, EventTime, NewMemberList: list('member') });
    expect(kept).toEqual([{ ...entered, atMs: expected }]);
  });

  it('is kept of each of several, once, and not of recording robots', async () => {
    const { post, kept, asked } = setUp();
    const MemberList = list('member', 'tic_record_user_4242_1', 'holder', 'member', 'TIC_RECORD_USER_4242_2');
    await post(stateChanged, { ...group, EventType: 'Online', MemberList });
    expect(kept.map(({ userId }) => userId)).toEqual(['member', 'holder']);
    expect(asked).toHaveLength(1);
    await post(joined, { ...group, NewMemberList: list('tic_record_user_4242_1') });
    expect(kept).toHaveLength(2);
  });

  it.each(['c1_replay', 'ended_chat', 'overdue_chat', 'opening_chat', 'unknown_chat', 'other'])(
    'is not kept of %s',
    async (GroupId) => {
      const { post, kept, announced } = setUp();
      await post(joined, { ...group, GroupId, NewMemberList: list('member') });
      await post(stateChanged, { ...group, GroupId, EventType: 'Online', MemberList: list('member') });
      expect([...kept, ...announced]).toEqual([]);
    },
  );

  it('is kept of somebody removed, whose coming is not announced but whose leaving is', async () => {
    const { post, kept, announced } = setUp();
    await post(joined, { ...group, NewMemberList: list('removed') });
    expect(kept).toMatchObject([{ userId: 'removed', event: 'enter' }]);
    expect(announced).toEqual([]);
    await post(joined, { ...group, NewMemberList: list('member', 'removed', 'stranger') });
    expect(announced).toMatchObject([{ event: 'join', userIds: ['member', 'stranger'] }]);
    await post(left, { ...group, ExitMemberList: list('removed') });
    expect(announced[1]).toMatchObject({ event: 'leave', userIds: ['removed'] });
  });

  it('is kept before it is announced', async () => {
    const done: string[] = [];
    const { post } = setUp({
      presence: { record: async () => void done.push('kept') },
      notices: { announce: async () => void done.push('announced') },
    });
    await post(joined, { ...group, NewMemberList: list('member') });
    expect(done).toEqual(['kept', 'announced']);
  });

  it('is announced when it cannot be kept, and kept when it cannot be announced; the log tells of either', async () => {
    const unkept = setUp({ presence: { record: down } });
    const unannounced = setUp({ notices: { announce: down } });
    for (const { post, test } of [unkept, unannounced]) {
      expect(await post(joined, { ...group, NewMemberList: list('member') })).toEqual({ status: 200, body: ok });
      expect(test.lines).toEqual([
        expect.objectContaining({ level: 'warn', verdict: 'not finished', error: expect.stringContaining('database') }),
      ]);
    }
    expect(unkept.announced).toHaveLength(1);
    expect(unannounced.kept).toHaveLength(1);
  });

  it('is answered for when both are done, since the instance may be frozen then', async () => {
    const done: string[] = [];
    const slow = (what: string) => async () => {
      await setImmediate();
      done.push(what);
    };
    const change = { ...group, NewMemberList: list('member') };
    await setUp({ presence: { record: down }, notices: { announce: slow('announced') } }).post(joined, change);
    await setUp({ presence: { record: slow('kept') }, notices: { announce: down } }).post(joined, change);
    expect(done).toEqual(['announced', 'kept']);
  });

  it('does not keep IM waiting', async () => {
    const { post } = setUp({ presence: { record: never }, startTimer: atOnce });
    expect(await post(joined, { ...group, NewMemberList: list('member') })).toEqual({ status: 200, body: ok });
  });
});

describe('the database of the gate', () => {
  let database: Database;
  let queries: number;
  beforeAll(async () => {
    const opened = openDatabase(await newDatabaseUrl());
    database = {
      ...opened,
      run: (work) => {
        queries += 1;
        return opened.run(work);
      },
    };
    const store = createClassStore({ database, random: { bytes: randomBytes, integer: randomInt }, clock });
    await store.insertIntent({ ...lessonOf(), createdFrom: 'x' }, 'attempt', 50);
    await store.finish('c1');
    await opened.run(
      (sql) => sql`
        insert into members (class_id, user_id, joined_at, removed_at, muted_until, board)
        values ('c1', 'holder', 1, null, 0, true), ('c1', 'removed', 1, 2, 0, true), ('c1', 'muted', 1, null, ${now + 60}, false)`,
    );
  });
  beforeEach(() => {
    queries = 0;
  });

  const setUpWithDatabase = () => {
    const filter = createCurrentFilter(createWordList(database), { log: createTestCallback(clock).test.log, clock });
    return setUp({ filter, finder: createClassFinder(database), presence: createPresence(database) });
  };

  it.each([
    ['t1', 0],
    ['a1', 10101],
    ['holder', 0],
    ['removed', 10102],
    ['muted', 10102],
    ['stranger', 10101],
  ])('says of %s what the fakes say', async (From_Account, ErrorCode) => {
    const { send } = setUpWithDatabase();
    expect(await send([custom({ type: 'board', data: {} })], { From_Account })).toMatchObject({ ErrorCode });
  });

  it('is asked once for a message, besides a look for a newer list every 10 seconds', async () => {
    const { send } = setUpWithDatabase();
    await send([text('hello')]);
    queries = 0;
    await send([text('hello')]);
    expect(queries).toBe(1);
    clock.advance(9);
    await send([text('hello')]);
    expect(queries).toBe(2);
    queries = 1;
    clock.advance(1);
    await send([text('hello')]);
    expect(queries).toBe(3);
    await send([text('hello')], { GroupId: 'other' });
    await send([text('hello')], { From_Account: 'tic_record_user_4242_1' });
    await send([text('hello')], { From_Account: 'administrator' }, { OptPlatform: 'RESTAPI' });
    expect(queries).toBe(3);
  });

  it('is asked once for an applicant, and twice for a join', async () => {
    const { post, announced } = setUpWithDatabase();
    await post(beforeApply, { GroupId: 'c1_chat', Requestor_Account: 'holder' });
    expect(queries).toBe(1);
    await post(joined, { GroupId: 'c1_chat', NewMemberList: [{ Member_Account: 'removed' }], EventTime: 1 });
    expect(queries).toBe(3);
    expect(announced).toEqual([]);
    const kept = await database.run((sql) => sql`select user_id, source, event, at_ms, stay from presence`);
    expect([...kept]).toEqual([{ user_id: 'removed', source: 'im', event: 'enter', at_ms: 1, stay: '' }]);
  });
});
