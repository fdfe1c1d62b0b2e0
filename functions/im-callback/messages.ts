import { isRecordingUserId } from '../../lib/auth/reserved-user-ids.ts';
import { readGroupId } from '../../lib/classroom/class/class.ts';
import type { ClassFinder } from '../../lib/classroom/class/class-finder.ts';
import { type MessageObjection, objectionToMessage } from '../../lib/classroom/messages/gate.ts';
import type { CurrentFilter } from '../../lib/classroom/words/current-filter.ts';
import { type CallbackReply, clientCode, drop, proceed, refuse, rewrite } from '../../lib/im/callback-reply.ts';
import { elementTypes, judgeBoardMessage, judgeMessage } from '../../lib/moderation/message.ts';
import type { CallbackRequest } from '../../lib/scf/callback-endpoint.ts';
import { isFromRestApi } from './rest-api.ts';
import { beforeSendMsg } from './schema.ts';

export interface MessageJudgeOptions {
  /** Milliseconds since 1970. */
  clock(): number;
  adminUserId: string;
  moderation: { action: 'mask' | 'reject' | 'drop' };
  filter(): Promise<CurrentFilter>;
  finder: Pick<ClassFinder, 'findWith'>;
}

const refusals: Record<MessageObjection, CallbackReply> = {
  over: refuse(clientCode.silenced, 'This class has ended.'),
  silenced: refuse(clientCode.silenced, 'You may not speak in this class now.'),
  'reserved type': refuse(clientCode.reservedType, 'Messages of this type are not yours to send here.'),
  'no board': refuse(clientCode.noBoard, 'You do not hold the board of this class.'),
};

/** Judges a message before IM delivers it: first who may send what into a class's groups, then the words in it. */
export const createMessageJudge =
  ({ clock, adminUserId, moderation, filter, finder }: MessageJudgeOptions) =>
  async (request: CallbackRequest, body: unknown): Promise<CallbackReply> => {
    const { GroupId, From_Account, MsgBody, CloudCustomData } = beforeSendMsg.parse(body);
    request.note({ groupId: GroupId, userId: From_Account });
    if (From_Account === adminUserId && isFromRestApi(request)) return proceed;

    const group = readGroupId(GroupId);
    // The whiteboard's recorder belongs to no class, and must not be kept from recording one.
    const isRobot = isRecordingUserId(From_Account);
    const [{ filter: words, version }, found] = await Promise.all([
      filter(),
      group && !isRobot ? finder.findWith(group.classId, From_Account) : undefined,
    ]);
    const sender = found?.lesson.status === 'opening' ? undefined : found;

    const types = elementTypes(MsgBody);
    const objection = group && sender && objectionToMessage(group.kind, types, sender, Math.floor(clock() / 1000));
    if (objection) {
      request.note({ verdict: 'reject', reason: objection });
      return refusals[objection];
    }

    const message = { MsgBody, CloudCustomData };
    const isInClass = sender !== undefined || (group !== undefined && isRobot);
    const judgement =
      isInClass && types.includes('board')
        ? judgeBoardMessage(words, message)
        : judgeMessage(words, message, moderation.action);
    request.note({
      verdict: judgement.verdict,
      version,
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
