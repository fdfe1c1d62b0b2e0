import type { Database } from '../../db/database.ts';
import { AppError } from '../../errors.ts';
import type { CustomMessage } from '../../im/client.ts';
import { ImError } from '../../im/error.ts';
import type { Log, LogFields } from '../../log.ts';
import { scanBoardText } from '../../moderation/board-message.ts';
import { judgeText } from '../../moderation/text.ts';
import type { WordAction } from '../../moderation/word-entry.ts';
import { chatGroupId, type Lesson, replayGroupId } from '../class/class.ts';
import { holdGoingOn } from '../class/hold-going-on.ts';
import type { LateOpening } from '../groups/late-opening.ts';
import { newId, type Random } from '../random.ts';
import { createRepairLog } from '../repair-log.ts';
import type { CurrentFilter } from '../words/current-filter.ts';
import type { Budget, BudgetRequest } from './budget.ts';
import { type ClassMessage, type ClassMessageType, groupMessagesPerSecond, wireMessage } from './class-message.ts';
import type { Messenger } from './messenger.ts';
import type { Outbox } from './outbox.ts';
import type { SentMessage, SentMessages } from './sent-messages.ts';

type Action = Exclude<WordAction, 'allow'>;

export interface SendingOptions {
  database: Database;
  sentMessages: SentMessages;
  outbox: Pick<Outbox, 'enqueue' | 'deliver' | 'giveUp' | 'takeBack'>;
  messenger: Messenger;
  budget: Budget;
  lateOpening: Pick<LateOpening, 'ensureOpen'>;
  filter(): Promise<CurrentFilter>;
  /** What happens to words that the list gives no action. */
  action: Action;
  /** What the app's IM plan allows. */
  imRestPerSecond: number;
  random: Random;
  log: Log;
}

/** A message of somebody who may send it. */
export interface Outgoing {
  lesson: Lesson;
  senderId: string;
  message: ClassMessage;
  /** The same of the same sender within 10 minutes is the same message. */
  clientMessageId: string | undefined;
  /** Adds fields to the invocation's log line. */
  note(fields: LogFields): void;
}

/** Of one message. Source: https://cloud.tencent.com/document/product/269/9346 */
const maxBytes = 12 * 1024;

/** So many hundredths of the budgets each type may use up: over them go likes first, then danmaku, then notices. */
const shares: Readonly<Record<ClassMessageType, number>> = { like: 70, danmaku: 80, notice: 90, board: 100 };

/**
 * Sends messages into classes: what is drawn into both groups, all else into the ChatGroup. What must not be lost or
 * doubled goes through the outbox; the rest is sent as it comes, or shed.
 */
export const createSending = (options: SendingOptions) => {
  const { database, sentMessages, outbox, messenger, budget, lateOpening, filter, action, imRestPerSecond } = options;
  const { random, log } = options;

  const recall = async ({ lesson, senderId, clientMessageId }: Outgoing): Promise<SentMessage | undefined> =>
    clientMessageId === undefined
      ? undefined
      : sentMessages.find({ classId: lesson.classId, userId: senderId, clientMessageId });

  /**
   * Remembers a reply, and writes down what is to be sent for it. Answers the reply that counts: of two calls with the
   * same id the first one's.
   */
  const record = (
    { lesson: { classId }, senderId, clientMessageId }: Outgoing,
    sent: SentMessage,
    messages: readonly Wired[],
  ): Promise<SentMessage> =>
    database.transaction(async (sql) => {
      if (messages.length > 0) await holdGoingOn(sql, classId);
      const counting =
        clientMessageId === undefined
          ? sent
          : await sentMessages.remember(sql, { classId, userId: senderId, clientMessageId }, sent);
      const { messageId } = sent;
      if (messages.length > 0 && counting.messageId === messageId)
        await outbox.enqueue(
          sql,
          messages.map((message) => ({ ...message, messageId, classId })),
        );
      return counting;
    });

  /** The reply to a message of which nothing is to be sent. */
  const recordUnsent = async (outgoing: Outgoing, sent: SentMessage): Promise<SentMessage> =>
    outgoing.clientMessageId === undefined ? sent : record(outgoing, sent, []);

  /** The reply to a recorded message, once its groups have it; `wasLeft` when an earlier call has recorded it. */
  const finish = async ({ lesson, message }: Outgoing, sent: SentMessage, wasLeft = false): Promise<SentMessage> => {
    if (!sent.delivered) return sent;
    const { messageId } = sent;
    const groupId = chatGroupId(lesson.classId);
    // It has not got the message, whatever the others have.
    const lastGroupId = groupsOf(message.type, lesson.classId).at(-1) ?? groupId;
    const withdrawal = {
      shed: () => outbox.giveUp(messageId, groupId),
      takeBack: () => outbox.takeBack(messageId, groupId),
      leave: createRepairLog(log, { repair: 'unsent message', groupId: lastGroupId }).due,
    };
    return { messageId, delivered: await outbox.deliver(messageId, wasLeft).catch(shedOrThrow(message, withdrawal)) };
  };

  /** The reply to a message that nobody will miss, or ask for again. */
  const sendAtOnce = async (message: ClassMessage, wired: Wired, messageId: string): Promise<SentMessage> => {
    const delivery = messenger.send({ ...wired, random: random.integer(0, 2 ** 32) }).then(() => true);
    return { messageId, delivered: await delivery.catch(shedOrThrow(message, unrecorded)) };
  };

  return {
    /**
     * Answers `delivered: false` for what was shed. Throws `CONTENT_REJECTED`, `PAYLOAD_TOO_LARGE`, `RATE_LIMITED` for what
     * is never shed, or what IM and the database failed with: the same call then goes on where this one ended.
     */
    async send(outgoing: Outgoing): Promise<SentMessage> {
      const { lesson, senderId, clientMessageId } = outgoing;
      const known = await recall(outgoing);
      if (known) return finish(outgoing, known, true);

      const messageId = newId(random);
      const message = await judge(outgoing, filter, action);
      if (!message) return recordUnsent(outgoing, { messageId, delivered: true });
      const wired = wireMessage(message);
      if (Buffer.byteLength(JSON.stringify(wired.data)) > maxBytes) throw tooLong();

      await lateOpening.ensureOpen(lesson);
      if (!(await budget.take(costOf(message.type, lesson.classId, imRestPerSecond)))) {
        if (message.type === 'board') throw overRate();
        return recordUnsent(outgoing, { messageId, delivered: false });
      }
      if (message.type !== 'board' && clientMessageId === undefined)
        return sendAtOnce(message, { ...wired, groupId: chatGroupId(lesson.classId), senderId }, messageId);
      const messages = groupsOf(message.type, lesson.classId).map((groupId) => ({ ...wired, groupId, senderId }));
      return finish(outgoing, await record(outgoing, { messageId, delivered: true }, messages));
    },
  };
};

export type Sending = ReturnType<typeof createSending>;

type Wired = Omit<CustomMessage, 'random'>;

const groupsOf = (type: ClassMessageType, classId: string): string[] =>
  type === 'board' ? [chatGroupId(classId), replayGroupId(classId)] : [chatGroupId(classId)];

/** What a message takes of the app's calls and of its groups' messages. */
const costOf = (type: ClassMessageType, classId: string, imRestPerSecond: number): BudgetRequest[] => {
  const groups = groupsOf(type, classId);
  const request = (key: string, n: number, limit: number) => ({
    key,
    n,
    limit: Math.max(n, Math.floor((limit * shares[type]) / 100)),
  });
  return [
    request('im', groups.length, imRestPerSecond),
    ...groups.map((groupId) => request(groupId, 1, groupMessagesPerSecond)),
  ];
};

/** The message as people may see it; `undefined` when nobody may, and its sender is not to know. Throws `CONTENT_REJECTED`. */
const judge = async (
  { message, note }: Outgoing,
  currentFilter: () => Promise<CurrentFilter>,
  action: Action,
): Promise<ClassMessage | undefined> => {
  if (message.type === 'like') return message;
  const { filter, version } = await currentFilter();
  if (message.type === 'board') {
    const isRefused = scanBoardText(filter, message.data).length > 0;
    note({ verdict: isRefused ? 'reject' : 'pass', version });
    if (isRefused) throw contentRejected();
    return message;
  }
  const judgement = judgeText(filter, message.text, action);
  note({ verdict: judgement.verdict, version });
  switch (judgement.verdict) {
    case 'pass':
      return message;
    case 'mask':
      return { ...message, text: judgement.masked };
    case 'reject':
      throw contentRejected();
    case 'drop':
      return undefined;
  }
};

interface Withdrawal {
  /** Sends it no more, and remembers so. Answers false when it had been sent after all. */
  shed(): Promise<boolean>;
  /** Forgets that it was ever to be sent. */
  takeBack(): Promise<boolean>;
  /** Leaves what is not sent to the same call or the sweep. */
  leave(error: unknown): void;
}

const unrecorded: Withdrawal = { shed: async () => true, takeBack: async () => true, leave: () => {} };

/**
 * After a failure: what may be shed is shed when IM is at its rate; what IM has refused is taken back, so that the caller
 * may send it again; what IM may have is left for the same call or the sweep. Answers whether it was delivered.
 */
const shedOrThrow =
  ({ type }: ClassMessage, { shed, takeBack, leave }: Withdrawal) =>
  async (error: unknown): Promise<boolean> => {
    if (type !== 'board' && error instanceof AppError && error.code === 'RATE_LIMITED') return !(await shed());
    const isRefused = error instanceof ImError && error.imCode !== undefined && !error.replyLost;
    if (!(isRefused && (await takeBack()))) leave(error);
    throw asRefusal(error) ?? error;
  };

/** What IM says of messages that it does not take. Source: https://cloud.tencent.com/document/product/269/1671 */
const asRefusal = (error: unknown): AppError | undefined => {
  switch (error instanceof ImError && error.imCode) {
    case 10017:
      return new AppError('FORBIDDEN', 'You may not speak in this class now.', { cause: error });
    case 80001:
      return contentRejected(error);
    case 80002:
      return tooLong(error);
    default:
      return undefined;
  }
};

const overRate = () =>
  new AppError('RATE_LIMITED', 'The class is at its message rate. Try again.', { retryAfterSeconds: 1 });
const contentRejected = (cause?: unknown) =>
  new AppError('CONTENT_REJECTED', 'The message contains a word that is not allowed here.', { cause });
const tooLong = (cause?: unknown) =>
  new AppError('PAYLOAD_TOO_LARGE', `A message may be ${maxBytes} bytes of JSON.`, { cause });
