import { isUtf8 } from 'node:buffer';
import type * as z from 'zod/mini';
import { isRecordingUserId } from '../../lib/auth/reserved-user-ids.ts';
import { classIdOfChatGroup } from '../../lib/classroom/class.ts';
import type { ClassFinder } from '../../lib/classroom/class-finder.ts';
import type { CurrentFilter } from '../../lib/classroom/current-filter.ts';
import type { NoticeEvent } from '../../lib/classroom/notice-text.ts';
import type { Notices } from '../../lib/classroom/notices.ts';
import { AppError } from '../../lib/errors.ts';
import { type CallbackReply, clientCode, drop, proceed, refuse, rewrite } from '../../lib/im/callback-reply.ts';
import { verifyCallbackSignature } from '../../lib/im/callback-signature.ts';
import { describeError, type Log } from '../../lib/log.ts';
import { judgeMessage } from '../../lib/moderation/message.ts';
import { type CallbackRequest, callbackEndpoint } from '../../lib/scf/callback-endpoint.ts';
import { afterMemberExit, afterNewMemberJoin, anyCallback, beforeSendMsg } from './schema.ts';

export interface Deps {
  log: Log;
  /** Milliseconds since 1970. */
  clock(): number;
  sleep(ms: number, value: undefined, options: { signal: AbortSignal }): Promise<unknown>;
  callbackTokens: readonly string[];
  sdkAppId: number;
  adminUserId: string;
  moderation: { action: 'mask' | 'reject' | 'drop'; onFailure: 'deliver' | 'reject'; deadlineMs: number };
  filter(): Promise<CurrentFilter>;
  finder: ClassFinder;
  notices: Pick<Notices, 'announce'>;
}

const maxBodyBytes = 256 * 1024;
const beforeSend = 'Group.CallbackBeforeSendMsg';
/** Of callbacks whose time IM does not tell: those of one member within so long are one. */
const timelessBucketMs = 5000;

/**
 * `POST /im-callback`: what IM asks before a message (masked, refused or dropped by the word list) and tells of joins and
 * leaves (announced in the ChatGroup). IM delivers what is not answered in 2 s, so a message that cannot be judged gets
 * the verdict of `MODERATION_ON_FAILURE`, in time.
 */
export const createHandler = (deps: Deps) => {
  const { log, clock, sleep, callbackTokens, sdkAppId, adminUserId, moderation, filter, finder, notices } = deps;
  const onFailure =
    moderation.onFailure === 'deliver'
      ? proceed
      : refuse(clientCode.undecided, 'This message could not be checked. Send it again.');

  /** The work's result, or the fallback when it fails or is late. Work that is late goes on until the instance is frozen. */
  const inTime = async (
    request: CallbackRequest,
    work: Promise<CallbackReply>,
    fallback: CallbackReply,
    verdict: string,
  ): Promise<CallbackReply> => {
    const timer = new AbortController();
    const guarded = work.catch((error: unknown) => {
      request.note({ verdict, ...describeError(error) });
      return fallback;
    });
    const late = sleep(moderation.deadlineMs, undefined, { signal: timer.signal }).then(
      () => {
        request.note({ verdict, reason: 'deadline' });
        return fallback;
      },
      () => fallback,
    );
    const reply = await Promise.race([guarded, late]);
    timer.abort();
    return reply;
  };

  const judge = async (request: CallbackRequest, body: unknown): Promise<CallbackReply> => {
    const { GroupId, From_Account, MsgBody, CloudCustomData } = beforeSendMsg.parse(body);
    request.note({ groupId: GroupId, userId: From_Account });
    // IM knows the administrator by the REST call alone: a client may claim any name it has a sig for.
    if (From_Account === adminUserId && request.query.OptPlatform?.toUpperCase() === 'RESTAPI') return proceed;
    const current = await filter();
    const judgement = judgeMessage(current.filter, { MsgBody, CloudCustomData }, moderation.action);
    request.note({
      verdict: judgement.verdict,
      version: current.version,
      ...('words' in judgement && { count: judgement.words.length }),
    });
    switch (judgement.verdict) {
      case 'pass':
        return proceed;
      case 'mask':
        return rewrite(judgement.message);
      case 'reject':
        return refuse(clientCode.word, 'This message contains a word that is not allowed here.');
      case 'drop':
        return drop;
    }
  };

  const announce = async ({ event, command, groupId, members, eventTime }: Change): Promise<CallbackReply> => {
    const userIds = [...new Set(members)].filter((userId) => !isRecordingUserId(userId));
    const classId = classIdOfChatGroup(groupId);
    if (classId === undefined || userIds.length === 0) return proceed;
    const lesson = await finder.find(classId);
    if (!lesson || lesson.status === 'opening' || lesson.status === 'ended') return proceed;
    const time = eventTime ?? `~${Math.floor(clock() / timelessBucketMs)}`;
    await notices.announce({ groupId, event, userIds, eventKey: `${command} ${groupId} ${time}` });
    return proceed;
  };

  return callbackEndpoint(log, clock, {
    maxBodyBytes,
    verify({ query }) {
      verifyCallbackSignature(
        { sign: query.Sign, requestTime: query.RequestTime },
        callbackTokens,
        Math.floor(clock() / 1000),
      );
      if (query.SdkAppid !== String(sdkAppId))
        throw new AppError('UNAUTHENTICATED', 'This callback is for another app.');
    },
    async answer(request) {
      const command = request.query.CallbackCommand ?? '';
      request.note({ command });
      const parsed = anyCallback.safeParse(parseJson(request.body));
      if (!parsed.success) {
        if (command !== beforeSend) throw unreadable();
        request.note({ verdict: moderation.onFailure, reason: 'unreadable' });
        return onFailure;
      }
      if (parsed.data.CallbackCommand !== command)
        throw new AppError('BAD_REQUEST', 'The command in the query is not the one in the body.');
      if (command === beforeSend) return inTime(request, judge(request, parsed.data), onFailure, moderation.onFailure);
      const change = readChange(command, parsed.data);
      return change ? inTime(request, announce(change), proceed, 'left to the sweep') : proceed;
    },
  });
};

/** People who came into a group or left it. */
interface Change {
  event: NoticeEvent;
  command: string;
  groupId: string;
  members: readonly string[];
  eventTime: number | string | undefined;
}

/** `undefined` for the callbacks that tell of nothing that we announce. Throws `BAD_REQUEST`. */
const readChange = (command: string, body: unknown): Change | undefined => {
  switch (command) {
    case 'Group.CallbackAfterNewMemberJoin': {
      const { GroupId, NewMemberList, EventTime } = read(afterNewMemberJoin, body);
      return { event: 'join', command, groupId: GroupId, members: accounts(NewMemberList), eventTime: EventTime };
    }
    case 'Group.CallbackAfterMemberExit': {
      const { GroupId, ExitMemberList, EventTime } = read(afterMemberExit, body);
      return { event: 'leave', command, groupId: GroupId, members: accounts(ExitMemberList), eventTime: EventTime };
    }
    default:
      return undefined;
  }
};

const read = <T>(schema: z.ZodMiniType<T>, body: unknown): T => {
  const parsed = schema.safeParse(body);
  if (!parsed.success) throw unreadable();
  return parsed.data;
};

const unreadable = () => new AppError('BAD_REQUEST', 'The body is no callback.');

const accounts = (members: readonly { Member_Account: string }[]) =>
  members.map(({ Member_Account }) => Member_Account);

/** `undefined` for what is no JSON in UTF-8: the schema finds that to be no callback. */
const parseJson = (bytes: Buffer): unknown => {
  try {
    return isUtf8(bytes) ? JSON.parse(bytes.toString('utf8')) : undefined;
  } catch {
    return undefined;
  }
};
