import { setImmediate } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import type { Deps } from '../../functions/im-callback/handler.ts';
import { compileFilter, productionOptions } from '../../lib/moderation/filter.ts';
import type { HttpReply } from '../../lib/scf/reply.ts';
import { createClock } from '../support/clock.ts';
import { beforeSend, callbackOf, createTestCallback, down, joined, left, never, soon } from '../support/im-callback.ts';
import { lessonOf, memberOf } from '../support/lesson.ts';

const clock = createClock();
const now = clock.seconds();

const filter = compileFilter(
  [
    { word: '微信' },
    { word: '信用卡', action: 'mask' },
    { word: 'wechat', action: 'mask' },
    { word: '10086' },
    { word: '𠮷野' },
    { word: 'refused', action: 'reject' },
    { word: 'dropped', action: 'drop' },
    { word: '微信群', action: 'allow' },
  ],
  productionOptions,
);
const broken = {
  ...filter,
  scan: () => {
    throw new RangeError('broken');
  },
};

/** What IM takes for an answer. */
const answer = z.strictObject({
  ActionStatus: z.literal('OK'),
  ErrorInfo: z.string(),
  ErrorCode: z.union([z.literal([0, 1, 2]), z.int().check(z.gte(10_100), z.lte(10_200))]),
  MsgBody: z.optional(z.array(z.looseObject({ MsgType: z.string(), MsgContent: z.record(z.string(), z.unknown()) }))),
  CloudCustomData: z.optional(z.string()),
  RefusedMembers_Account: z.optional(z.array(z.string())),
});

const commands = [
  beforeSend,
  joined,
  left,
  'Group.CallbackBeforeApplyJoinGroup',
  'Group.CallbackBeforeInviteJoinGroup',
  'Group.CallbackBeforeCreateGroup',
  'Group.CallbackOnMemberStateChange',
  'Group.CallbackAfterSendMsg',
  'C2C.CallbackBeforeSendMsg',
  'State.StateChange',
  '',
  '__proto__',
];

const pieces = [
  ...[
    '微',
    '信',
    '微信',
    '信用卡',
    '微信群',
    'we',
    'chat',
    'WeChat',
    'ⓦechat',
    '1',
    '00',
    '86',
    '10086',
    '😀',
    '𠮷',
    '野',
    '𠮷野',
  ],
  ...['refused', 'dropped', ' ', '\n', '-', '*', '"', '\\', '\\u5fae', '{', '}', '[', ']', ':', ',', '"text":'],
  ...[
    '\0',
    '\u0001',
    '\u200b',
    '\u200d',
    '\u202e',
    '\ufeff',
    '\ufe0f',
    '\u0301',
    '\ud83d',
    '\ude00',
    '\uffff',
    '\u2028',
  ],
];
const hostileText = fc.oneof(
  { weight: 4, arbitrary: fc.array(fc.constantFrom(...pieces), { maxLength: 12 }).map((parts) => parts.join('')) },
  { weight: 2, arbitrary: fc.string({ unit: 'binary', maxLength: 30 }) },
  { weight: 1, arbitrary: fc.array(fc.nat(0xffff), { maxLength: 20 }).map((units) => String.fromCharCode(...units)) },
  {
    weight: 1,
    arbitrary: fc.tuple(fc.constantFrom(...pieces), fc.nat(500)).map(([part, times]) => part.repeat(times)),
  },
);

const jsonValue = fc.jsonValue({ stringUnit: fc.constantFrom(...pieces), maxDepth: 4 });
const deepJson = fc
  .tuple(fc.constantFrom('[', '{"a":', '{"text":'), fc.nat(2000), hostileText)
  .map(
    ([open, levels, text]) => open.repeat(levels) + JSON.stringify(text) + (open === '[' ? ']' : '}').repeat(levels),
  );
const hugeArray = fc
  .tuple(fc.oneof(jsonValue, hostileText), fc.nat(300))
  .map(([value, length]) => JSON.stringify(Array.from({ length }, () => value)));
const typed = fc
  .tuple(fc.constantFrom('board', 'danmaku', 'like', 'notice', 1003, '1004'), jsonValue, hostileText)
  .map(([type, data, text]) => JSON.stringify({ v: 1, type, text, data }));
const packed = fc
  .tuple(hostileText, jsonValue)
  .map(([text, data]) => JSON.stringify({ data: JSON.stringify({ text, data }) }));
const payload = fc.oneof(
  hostileText,
  jsonValue.map((value) => JSON.stringify(value)),
  typed,
  packed,
  hugeArray,
  deepJson,
);

/** Mostly what the field is for. */
const field = (text: fc.Arbitrary<string>): fc.Arbitrary<unknown> =>
  fc.oneof({ weight: 9, arbitrary: text }, { weight: 1, arbitrary: jsonValue });

const element = fc.oneof(
  fc.record({ MsgType: fc.constant('TIMTextElem'), MsgContent: fc.record({ Text: field(hostileText) }) }),
  fc.record({
    MsgType: fc.constant('TIMCustomElem'),
    MsgContent: fc.record(
      { Data: field(payload), Desc: field(hostileText), Ext: field(payload), Sound: field(hostileText) },
      { requiredKeys: [] },
    ),
  }),
  fc.record({
    MsgType: fc.constantFrom('TIMFileElem', 'TIMLocationElem', 'TIMRelayElem', 'TIMFaceElem', 'constructor', ''),
    MsgContent: fc.record(
      {
        FileName: field(hostileText),
        Desc: field(hostileText),
        Title: field(hostileText),
        AbstractList: jsonValue,
        MsgList: jsonValue,
        ['__proto__']: jsonValue,
      },
      { requiredKeys: [] },
    ),
    More: jsonValue,
  }),
);
const anyElement: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 20, arbitrary: element },
  { weight: 1, arbitrary: jsonValue },
);

const accounts = fc.constantFrom('s1', 't1', 'muted', 'administrator', 'tic_record_user_1_1', '', '__proto__');
const groupIds = fc.constantFrom('c1_chat', 'c1_replay', 'ended_chat', 'none_chat', 'other', '@TGS#1', '');
const memberList = fc.oneof(
  { weight: 5, arbitrary: fc.array(fc.record({ Member_Account: accounts }), { minLength: 1, maxLength: 5 }) },
  { weight: 1, arbitrary: jsonValue },
);

/** A body with the fields of every command, each mostly of the kind that it should be. */
const fields = fc.record(
  {
    GroupId: field(groupIds),
    From_Account: field(accounts),
    Operator_Account: field(accounts),
    Requestor_Account: field(accounts),
    MsgBody: fc.oneof(
      { weight: 9, arbitrary: fc.array(anyElement, { maxLength: 4 }) },
      {
        weight: 1,
        arbitrary: fc.tuple(anyElement, fc.nat(50)).map(([one, n]) => Array.from({ length: n }, () => one)),
      },
      { weight: 1, arbitrary: jsonValue },
    ),
    CloudCustomData: field(payload),
    DestinationMembers: memberList,
    NewMemberList: memberList,
    ExitMemberList: memberList,
    MemberList: memberList,
    EventType: field(fc.constantFrom('Online', 'Offline')),
    EventTime: fc.oneof(fc.integer(), hostileText, jsonValue),
  },
  { requiredKeys: ['GroupId', 'From_Account', 'MsgBody'] },
);

const query = fc.record({ OptPlatform: fc.constantFrom('Web', 'RESTAPI', 'RestApi', '') });
const circumstances = fc.record({
  filter: fc.constantFrom<Deps['filter']>(
    async () => ({ filter, version: 7 }),
    async () => ({ filter, version: 7 }),
    async () => ({ filter: broken, version: 7 }),
    down,
    never,
  ),
  findWith: fc.constantFrom<Deps['finder']['findWith']>(
    async (classId, userId) => {
      if (classId === 'none') return undefined;
      const lesson = lessonOf({ classId, status: classId === 'ended' ? 'ended' : 'live', endedAt: undefined });
      return {
        lesson,
        member: memberOf({ userId, joinedAt: now, mutedUntil: userId === 'muted' ? now + 60 : 0, board: true }),
      };
    },
    down,
    never,
  ),
  moderation: fc.record({
    action: fc.constantFrom('mask' as const, 'reject' as const, 'drop' as const),
    onFailure: fc.constantFrom('deliver' as const, 'reject' as const),
    deadlineMs: fc.constant(800),
  }),
  keeps: fc.constantFrom<() => Promise<void>>(async () => {}, down, never),
});
type Circumstances = typeof circumstances extends fc.Arbitrary<infer T> ? T : never;

/** Calls the function; the deadline passes as soon as nothing else is left to do. Throws when it has not answered then. */
const answerOf = async (
  { filter: current, findWith, moderation, keeps }: Circumstances,
  event: unknown,
): Promise<{ reply: HttpReply; lines: Record<string, unknown>[] }> => {
  const { handler, test } = createTestCallback(clock, {
    filter: current,
    finder: { findWith },
    moderation,
    presence: { record: keeps },
    notices: { announce: keeps },
    startTimer: soon,
  });
  const late = setImmediate()
    .then(() => setImmediate())
    .then(() => setImmediate());
  const reply = await Promise.race([handler(event), late.then(() => undefined)]);
  if (!reply) throw new Error('it did not answer by the deadline');
  return { reply, lines: test.lines };
};

/** A JSON text without what its string values say. */
const skeletonOf = (json: string) =>
  json.replace(/"(?:[^"\\]|\\.)*"(\s*:)?/g, (literal, colon: string | undefined) =>
    colon === undefined ? '""' : literal,
  );

const isJson = (text: string): boolean => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    // Then it is masked as plain text.
    return false;
  }
};

/** Texts alone may change, and never grow; what was JSON in a payload stays it, byte for byte around its strings. */
const expectSameShape = (before: unknown, after: unknown, name = ''): void => {
  if (typeof before === 'string' && typeof after === 'string') {
    expect([...after].length).toBeLessThanOrEqual([...before].length);
    if (['Data', 'CloudCustomData'].includes(name) && isJson(before)) {
      expect(isJson(after)).toBe(true);
      expect(skeletonOf(after)).toBe(skeletonOf(before));
    }
    return;
  }
  if (typeof before !== 'object' || before === null) {
    expect(after).toBe(before);
    return;
  }
  expect(Array.isArray(after)).toBe(Array.isArray(before));
  const changed = new Map(Object.entries(after ?? {}));
  expect([...changed.keys()]).toEqual(Object.keys(before));
  for (const [key, value] of Object.entries(before)) expectSameShape(value, changed.get(key), key);
};

const expectAnswer = (reply: HttpReply) => {
  expect(reply.statusCode).toBe(200);
  const sent = JSON.parse(reply.body);
  answer.parse(sent);
  return sent;
};

const isTooLarge = ({ body }: { body: string | Buffer }) => Buffer.byteLength(body) > 256 * 1024;

const expectRefusal = ({ statusCode, body }: HttpReply, ...codes: number[]): void => {
  expect(codes).toContain(statusCode);
  expect(body).toBe('{}');
};

describe('im-callback, whatever it is sent', () => {
  it('answers every message in time, with something that IM can read and that changes its words alone', async () => {
    await fc.assert(
      fc.asyncProperty(fields, query, circumstances, async (sent, from, around) => {
        const event = callbackOf(clock, beforeSend, { CallbackCommand: beforeSend, ...sent }, from);
        const { reply, lines } = await answerOf(around, event);
        if (isTooLarge(event)) return expectRefusal(reply, 413);
        const { ErrorCode, MsgBody, CloudCustomData } = expectAnswer(reply);
        const before = JSON.parse(event.body);
        if (MsgBody) {
          expect(ErrorCode).toBe(0);
          expectSameShape(before.MsgBody, MsgBody);
          // IM may send null for what is absent.
          expectSameShape(before.CloudCustomData ?? undefined, CloudCustomData, 'CloudCustomData');
        }
        // It warns of what it had to judge without.
        expect(lines).toMatchObject([{ event: 'invocation', level: expect.stringMatching(/^(info|warn)$/) }]);
      }),
      { numRuns: 8000 },
    );
  });

  it('answers every command in time, or refuses what it cannot read', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...commands),
        fc.option(fc.constantFrom(...commands), { nil: undefined }),
        fields,
        query,
        circumstances,
        async (command, other, sent, from, around) => {
          const event = callbackOf(clock, command, { CallbackCommand: other ?? command, ...sent }, from);
          const { reply } = await answerOf(around, event);
          if (isTooLarge(event)) expectRefusal(reply, 413);
          else if (reply.statusCode === 200) expectAnswer(reply);
          else expectRefusal(reply, 400);
        },
      ),
      { numRuns: 4000 },
    );
  });

  it('answers bodies that are no callbacks', async () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 200 }).map((array) => Buffer.from(array)),
      fc.oneof(payload, hostileText).map((text) => Buffer.from(text)),
      fc.tuple(fields, fc.nat(500)).map(([sent, end]) => Buffer.from(JSON.stringify(sent)).subarray(0, end)),
      fc.constant(Buffer.from(`[${'0,'.repeat(130_000)}0]`)),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...commands),
        bytes,
        query,
        circumstances,
        async (command, body, from, around) => {
          const event = { ...callbackOf(clock, command, body.toString('base64'), from), isBase64Encoded: true };
          const { reply } = await answerOf(around, event);
          if (isTooLarge({ body })) expectRefusal(reply, 413);
          else if (command === beforeSend) expectAnswer(reply);
          else if (reply.statusCode !== 200) expectRefusal(reply, 400);
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('refuses whoever does not sign, and whatever is no event', async () => {
    const forged = fc.record(
      { Sign: field(hostileText), RequestTime: field(fc.nat().map(String)), SdkAppid: field(hostileText) },
      { requiredKeys: ['Sign'] },
    );
    await fc.assert(
      fc.asyncProperty(fields, forged, circumstances, async (sent, signed, around) => {
        const event = callbackOf(clock, beforeSend, { CallbackCommand: beforeSend, ...sent });
        const { reply } = await answerOf(around, { ...event, queryString: { ...event.queryString, ...signed } });
        expectRefusal(reply, isTooLarge(event) ? 413 : 401);
      }),
      { numRuns: 1000 },
    );
    await fc.assert(
      fc.asyncProperty(fc.anything(), circumstances, async (event, around) => {
        expectRefusal((await answerOf(around, event)).reply, 400, 405);
      }),
      { numRuns: 1000 },
    );
  });
});
