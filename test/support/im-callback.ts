import { createHash } from 'node:crypto';
import { createHandler, type Deps } from '../../functions/im-callback/handler.ts';
import type { PresenceEvent } from '../../lib/classroom/attendance/attendance.ts';
import type { Movement } from '../../lib/classroom/notices/notice-store.ts';
import type { CurrentFilter } from '../../lib/classroom/words/current-filter.ts';
import { AppError } from '../../lib/errors.ts';
import { compileFilter } from '../../lib/moderation/filter.ts';
import type { HttpReply } from '../../lib/scf/reply.ts';
import type { TestClock } from './clock.ts';
import { sdkAppId } from './im.ts';
import { keepSecret } from './kept.ts';
import { finderOf, lessonOf } from './lesson.ts';
import { createTestLog } from './log.ts';

export const callbackToken = 'token-of-the-callback';
export const nextCallbackToken = 'next-token-of-the-callback';
keepSecret('callbackToken', callbackToken);
keepSecret('nextCallbackToken', nextCallbackToken);
export const beforeSend = 'Group.CallbackBeforeSendMsg';
export const joined = 'Group.CallbackAfterNewMemberJoin';
export const left = 'Group.CallbackAfterMemberExit';
export const ok = { ActionStatus: 'OK', ErrorInfo: '', ErrorCode: 0 };

/** A list with a word of each action; the first has none of its own. */
export const current: CurrentFilter = {
  filter: compileFilter([{ word: '微信' }, { word: 'refused', action: 'reject' }, { word: 'dropped', action: 'drop' }]),
  version: 7,
};

/** A timer that never rings. */
export const noDeadline: Deps['startTimer'] = () => () => {};
/** A timer that rings when all has been done that can be done at once. */
export const soon: Deps['startTimer'] = (_ms, ring) => {
  const immediate = setImmediate(ring);
  return () => clearImmediate(immediate);
};
/** A timer that rings before anything else is done. */
export const atOnce: Deps['startTimer'] = (_ms, ring) => {
  queueMicrotask(ring);
  return () => {};
};
export const never = () => new Promise<never>(() => {});
export const down = async (): Promise<never> => {
  throw new AppError('UPSTREAM_FAILED', 'The database cannot be reached. Try again.', {
    details: { vendor: 'postgresql', vendorCode: 'ECONNREFUSED' },
  });
};

/** The function over class c1 of teacher t1, with what it announced and kept. */
export const createTestCallback = (clock: TestClock, deps: Partial<Deps> = {}) => {
  const test = createTestLog();
  const announced: Movement[] = [];
  const kept: PresenceEvent[] = [];
  const handler = createHandler({
    log: test.log,
    clock,
    startTimer: noDeadline,
    callbackTokens: [nextCallbackToken, callbackToken],
    sdkAppId,
    adminUserId: 'administrator',
    moderation: { action: 'mask', onFailure: 'deliver', deadlineMs: 800 },
    filter: async () => current,
    finder: finderOf(lessonOf()),
    presence: { record: async (events) => void kept.push(...events) },
    notices: { announce: async (arrival) => void announced.push(arrival) },
    ...deps,
  });
  return { handler: (event: unknown) => handler(event, { request_id: 'r1' }), announced, kept, test };
};

export const signOf = (token: string, time: string) =>
  createHash('sha256')
    .update(token + time)
    .digest('hex');

/** A callback as IM posts it from a browser, freshly signed. */
export const callbackOf = (
  clock: TestClock,
  command: string,
  body: unknown,
  query: Record<string, string | undefined> = {},
) => {
  const RequestTime = String(clock.seconds());
  return {
    httpMethod: 'POST',
    path: '/im-callback',
    headers: { 'content-type': 'application/json' },
    queryString: {
      SdkAppid: String(sdkAppId),
      CallbackCommand: command,
      contenttype: 'json',
      ClientIP: '10.0.0.1',
      OptPlatform: 'Web',
      Sign: signOf(callbackToken, RequestTime),
      RequestTime,
      ...query,
    },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  };
};

/** Student s1's message into the ChatGroup of class c1. */
export const messageOf = (MsgBody: object[], more: object = {}) => ({
  CallbackCommand: beforeSend,
  GroupId: 'c1_chat',
  Type: 'AVChatRoom',
  From_Account: 's1',
  Operator_Account: 's1',
  Random: 123_456,
  MsgBody,
  ...more,
});
export const text = (Text: string) => ({ MsgType: 'TIMTextElem', MsgContent: { Text } });
/** A custom element; what is no text yet becomes JSON. */
export const custom = (data: unknown) => ({
  MsgType: 'TIMCustomElem',
  MsgContent: { Data: typeof data === 'string' ? data : JSON.stringify(data), Desc: '', Ext: '' },
});

export const readReply = ({ statusCode, body }: HttpReply) => ({ status: statusCode, body: JSON.parse(body) });
