import type { Senders } from '../../lib/classroom/messages/senders.ts';
import type { Sending } from '../../lib/classroom/messages/sending.ts';
import { type HttpDeps, httpEndpoint } from '../../lib/scf/http-endpoint.ts';
import { type SendMessageOutput, sendMessageInput } from './schema.ts';

export interface Deps {
  http: HttpDeps;
  senders: Pick<Senders, 'requireSender'>;
  sending: Pick<Sending, 'send'>;
}

/**
 * `POST /send-message`: a message of the caller's into the class, for who has no IM SDK; what is drawn goes into the
 * replay, too. 422 for words that are not allowed, 413 over 12 KB. Over the rates `delivered` is false, or, of what is
 * drawn, 429.
 */
export const createHandler = ({ http, senders, sending }: Deps) =>
  httpEndpoint(http, {
    input: sendMessageInput,
    async run({ classId, clientMessageId, ...message }, caller, { note }): Promise<SendMessageOutput> {
      const lesson = await senders.requireSender(classId, caller, message.type);
      return sending.send({ lesson, senderId: caller.userId, message, clientMessageId, note });
    },
  });
