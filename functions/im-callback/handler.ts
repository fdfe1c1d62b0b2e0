import { AppError } from '../../lib/errors.ts';
import { type CallbackReply, deny, denyInvitation, proceed } from '../../lib/im/callback-reply.ts';
import { verifyCallbackSignature } from '../../lib/im/callback-signature.ts';
import type { Log } from '../../lib/log.ts';
import { parseJson, readBody, unreadable } from '../../lib/scf/callback-body.ts';
import { callbackEndpoint } from '../../lib/scf/callback-endpoint.ts';
import { accountIds } from './account-ids.ts';
import { type ChangeKeeperOptions, createChangeKeeper, readChange } from './changes.ts';
import { type InTime, type StartTimer, withDeadline } from './deadline.ts';
import { createEntrance, type EntranceOptions } from './entrance.ts';
import { createMessageJudge, type MessageJudgeOptions } from './messages.ts';
import { anyCallback, beforeApplyJoinGroup, beforeCreateGroup, beforeInviteJoinGroup } from './schema.ts';

export interface Deps extends MessageJudgeOptions, EntranceOptions, ChangeKeeperOptions {
  log: Log;
  startTimer: StartTimer;
  callbackTokens: readonly string[];
  sdkAppId: number;
  moderation: { action: 'mask' | 'reject' | 'drop'; onFailure: 'deliver' | 'reject'; deadlineMs: number };
}

const maxBodyBytes = 256 * 1024;
/** Whoever gathers joins and leaves for a notice answers late, and IM does nothing with the answer; but it waits 2 s for it. */
const changeDeadlineMs = 1950;
/** What is left of the deadline for judging and for the way back, once there is nothing more to wait for. */
const reservedMs = 50;
const beforeSend = 'Group.CallbackBeforeSendMsg';

/**
 * `POST /im-callback`: the gate that everything passes which apps do at IM. It is asked before a message (refused to whoever
 * may not send it, masked, refused or dropped by the word list), before people come into a class's groups, and before a
 * group is made; it is told of joins and leaves (kept, and announced in the ChatGroup). IM goes on with what is not answered
 * in 2 s, so everything is decided by a deadline, with what is known by then: a message that cannot be judged gets the
 * verdict of `MODERATION_ON_FAILURE`, and nobody gets in unchecked.
 */
export const createHandler = (deps: Deps) => {
  const { log, clock, startTimer, callbackTokens, sdkAppId, moderation } = deps;
  const messages = createMessageJudge(deps);
  const entrance = createEntrance(deps);
  const keepChange = createChangeKeeper(deps);

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
      const arrivedAt = clock();
      const within = (ms: number, decide: (inTime: InTime) => Promise<CallbackReply>) =>
        withDeadline(startTimer, arrivedAt + ms - reservedMs - clock(), decide);
      /** Lets it happen when nothing stands against it; that this cannot be found out stands against it, too. */
      const unless = (objection: () => Promise<string | undefined>, denial: CallbackReply) =>
        within(moderation.deadlineMs, async (inTime) => {
          const outcome = await inTime(objection);
          if ('value' in outcome && outcome.value === undefined) {
            request.note({ verdict: 'pass' });
            return proceed;
          }
          if ('value' in outcome) request.note({ verdict: 'reject', reason: outcome.value });
          else request.warn({ verdict: 'reject', ...outcome.failure });
          return denial;
        });

      const command = request.query.CallbackCommand ?? '';
      request.note({ command });
      const body = parseJson(request.body);
      const { data: callback } = anyCallback.safeParse(body);
      if (!callback) {
        if (command === beforeSend) return messages.undecided(request, { reason: 'unreadable' });
        throw unreadable();
      }
      if (callback.CallbackCommand !== command)
        throw new AppError('BAD_REQUEST', 'The command in the query is not the one in the body.');
      switch (command) {
        case beforeSend:
          return within(moderation.deadlineMs, (inTime) => messages.judge(request, body, inTime));
        case 'Group.CallbackBeforeApplyJoinGroup': {
          const application = readBody(beforeApplyJoinGroup, body);
          return unless(() => entrance.objectionToApplicant(request, application), deny);
        }
        case 'Group.CallbackBeforeInviteJoinGroup': {
          const invitation = readBody(beforeInviteJoinGroup, body);
          const denial = denyInvitation(accountIds(invitation.DestinationMembers));
          return unless(() => entrance.objectionToInvitation(request, invitation), denial);
        }
        case 'Group.CallbackBeforeCreateGroup': {
          const creation = readBody(beforeCreateGroup, body);
          return unless(() => entrance.objectionToCreation(request, creation), deny);
        }
        default: {
          const change = readChange(command, body);
          if (!change) return proceed;
          return within(changeDeadlineMs, async (inTime) => {
            const outcome = await inTime(() => keepChange(change));
            if ('failure' in outcome) request.warn({ verdict: 'not finished', ...outcome.failure });
            return proceed;
          });
        }
      }
    },
  });
};
