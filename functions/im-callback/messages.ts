import { isRecordingUserId } from '../../lib/auth/reserved-user-ids.ts';
import { readGroupId } from '../../lib/classroom/class/class.ts';
import type { ClassFinder } from '../../lib/classroom/class/class-finder.ts';
import type { Participant } from '../../lib/classroom/members/member.ts';
import { type MessageObjection, objectionToMessage } from '../../lib/classroom/messages/gate.ts';
import type { CurrentFilter } from '../../lib/classroom/words/current-filter.ts';
import { type CallbackReply, clientCode, drop, proceed, refuse, rewrite } from '../../lib/im/callback-reply.ts';
import type { LogFields } from '../../lib/log.ts';
import { elementTypes, type Judgement, judgeBoardMessage, judgeMessage } from '../../lib/moderation/message.ts';
import type { CallbackRequest } from '../../lib/scf/callback-endpoint.ts';
import { attempt, type InTime } from './deadline.ts';
import { isFromRestApi } from './rest-api.ts';
import { beforeSendMsg } from './schema.ts';

export interface MessageJudgeOptions {
  /** Milliseconds since 1970. */
  clock(): number;
  adminUserId: string;
  moderation: { action: 'mask' | 'reject' | 'drop'; onFailure: 'deliver' | 'reject' };
  filter(): Promise<CurrentFilter>;
  finder: Pick<ClassFinder, 'findWith'>;
}

const refusals: Record<MessageObjection, CallbackReply> = {
  over: refuse(clientCode.silenced, 'This class has ended.'),
  silenced: refuse(clientCode.silenced, 'You may not speak in this class now.'),
  'reserved type': refuse(clientCode.reservedType, 'Messages of this type are not yours to send here.'),
  'no board': refuse(clientCode.noBoard, 'You do not hold the board of this class.'),
};

/**
 * Judges messages before IM delivers them: who may send what into a class's groups, and the words in it. Each of the two
 * counts without the other; on what cannot be found out in time, `MODERATION_ON_FAILURE` decides.
 */
export const createMessageJudge = ({ clock, adminUserId, moderation, filter, finder }: MessageJudgeOptions) => {
  const onFailure =
    moderation.onFailure === 'deliver'
      ? proceed
      : refuse(clientCode.undecided, 'This message could not be checked. Send it again.');

  /** The verdict on what cannot be judged, and in the log why. */
  const undecided = (request: CallbackRequest, failure: LogFields): CallbackReply => {
    request.warn({ verdict: moderation.onFailure, ...failure });
    return onFailure;
  };

  /** Somebody as the class knows them; `undefined` when there is no class, or none yet. */
  const findSender = async (classId: string, userId: string): Promise<Participant | undefined> => {
    const found = await finder.findWith(classId, userId);
    return found?.lesson.status === 'opening' ? undefined : found;
  };

  const judge = async (request: CallbackRequest, body: unknown, inTime: InTime): Promise<CallbackReply> => {
    const { data: message } = beforeSendMsg.safeParse(body);
    if (!message) return undecided(request, { reason: 'unreadable' });
    const { GroupId, From_Account, MsgBody } = message;
    request.note({ groupId: GroupId, userId: From_Account });
    if (From_Account === adminUserId && isFromRestApi(request)) {
      request.note({ verdict: 'pass' });
      return proceed;
    }

    const group = readGroupId(GroupId);
    // The whiteboard's recorder belongs to no class, and must not be kept from recording one.
    const isRobot = isRecordingUserId(From_Account);
    // Asked first: on the one connection a long list keeps what is asked after it waiting.
    const asking = inTime(() => (group && !isRobot ? findSender(group.classId, From_Account) : undefined));
    const reading = inTime(filter);
    const sender = await asking;
    const isUnknown = 'failure' in sender;

    const types = elementTypes(MsgBody);
    if (group && !isUnknown && sender.value) {
      const objection = objectionToMessage(group.kind, types, sender.value, Math.floor(clock() / 1000));
      if (objection) {
        request.note({ verdict: 'reject', reason: objection });
        return refusals[objection];
      }
    }

    const list = await reading;
    if ('failure' in list) return undecided(request, list.failure);
    const { filter: words, version } = list.value;
    const isOfClass = group !== undefined && !isUnknown && (isRobot || sender.value !== undefined);
    const judged = await attempt(() =>
      isOfClass && types.includes('board')
        ? judgeBoardMessage(words, message)
        : judgeMessage(words, message, moderation.action),
    );
    if ('failure' in judged) return undecided(request, { version, ...judged.failure });
    const judgement = judged.value;
    request.note({ version, ...('words' in judgement && { count: judgement.words.length }) });
    const isKeptOut = judgement.verdict === 'reject' || judgement.verdict === 'drop';
    if (isUnknown && !isKeptOut && moderation.onFailure === 'reject') return undecided(request, sender.failure);
    request.note({ verdict: judgement.verdict });
    if (isUnknown) request.warn(sender.failure);
    return replyTo(judgement);
  };

  return { judge, undecided };
};

const replyTo = (judgement: Judgement): CallbackReply => {
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
