import { AppError } from '../../lib/errors.ts';
import { type CallbackReply, clientCode, deny, denyInvitation, proceed, refuse } from '../../lib/im/callback-reply.ts';
import { verifyCallbackSignature } from '../../lib/im/callback-signature.ts';
import { describeError, type Log } from '../../lib/log.ts';
import { parseJson, readBody, unreadable } from '../../lib/scf/callback-body.ts';
import { type CallbackRequest, callbackEndpoint } from '../../lib/scf/callback-endpoint.ts';
import { accountIds } from './account-ids.ts';
import { type ChangeKeeperOptions, createChangeKeeper, readChange } from './changes.ts';
import { createEntrance, type EntranceOptions } from './entrance.ts';
import { createMessageJudge, type MessageJudgeOptions } from './messages.ts';
import { anyCallback, beforeApplyJoinGroup, beforeCreateGroup, beforeInviteJoinGroup } from './schema.ts';

export interface Deps extends MessageJudgeOptions, EntranceOptions, ChangeKeeperOptions {
  log: Log;
  sleep(ms: number, value: undefined, options: { signal: AbortSignal }): Promise<unknown>;
  callbackTokens: readonly string[];
  sdkAppId: number;
  moderation: { action: 'mask' | 'reject' | 'drop'; onFailure: 'deliver' | 'reject'; deadlineMs: number };
}

const maxBodyBytes = 256 * 1024;
const beforeSend = 'Group.CallbackBeforeSendMsg';

/**
 * `POST /im-callback`: the gate that everything passes which apps do at IM. It is asked before a message (refused to whoever
 * may not send it, masked, refused or dropped by the word list), before people come into a class's groups, and before a
 * group is made; it is told of joins and leaves (kept, and announced in the ChatGroup). IM goes on with what is not answered
 * in 2 s, so a message that cannot be judged gets the verdict of `MODERATION_ON_FAILURE` in time, and nobody gets in unchecked.
 */
export const createHandler = (deps: Deps) => {
  const { log, clock, sleep, callbackTokens, sdkAppId, moderation } = deps;
  const judgeMessage = createMessageJudge(deps);
  const entrance = createEntrance(deps);
  const keepChange = createChangeKeeper(deps);
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

  /** Lets it happen when nothing stands against it; that this cannot be found out stands against it, too. */
  const unless = (
    request: CallbackRequest,
    objection: Promise<string | undefined>,
    denial: CallbackReply,
  ): Promise<CallbackReply> => {
    const decided = objection.then((reason) => {
      if (reason === undefined) return proceed;
      request.note({ verdict: 'reject', reason });
      return denial;
    });
    return inTime(request, decided, denial, 'reject');
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
      const { data: body } = parsed;
      if (body.CallbackCommand !== command)
        throw new AppError('BAD_REQUEST', 'The command in the query is not the one in the body.');
      switch (command) {
        case beforeSend:
          return inTime(request, judgeMessage(request, body), onFailure, moderation.onFailure);
        case 'Group.CallbackBeforeApplyJoinGroup':
          return unless(request, entrance.objectionToApplicant(request, readBody(beforeApplyJoinGroup, body)), deny);
        case 'Group.CallbackBeforeInviteJoinGroup': {
          const invitation = readBody(beforeInviteJoinGroup, body);
          const denial = denyInvitation(accountIds(invitation.DestinationMembers));
          return unless(request, entrance.objectionToInvitation(request, invitation), denial);
        }
        case 'Group.CallbackBeforeCreateGroup':
          return unless(request, entrance.objectionToCreation(request, readBody(beforeCreateGroup, body)), deny);
        default: {
          const change = readChange(command, body);
          if (!change) return proceed;
          const kept = keepChange(change).then(() => proceed);
          return inTime(request, kept, proceed, 'not finished');
        }
      }
    },
  });
};
