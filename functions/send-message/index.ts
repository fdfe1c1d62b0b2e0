import { createClasses } from '../../lib/classroom/class/classes.ts';
import { createClassroom } from '../../lib/classroom/classroom.ts';
import { createClients } from '../../lib/classroom/clients.ts';
import { createMessaging } from '../../lib/classroom/messages/messaging.ts';
import { createSenders } from '../../lib/classroom/messages/senders.ts';
import { createSending } from '../../lib/classroom/messages/sending.ts';
import { createSentMessages } from '../../lib/classroom/messages/sent-messages.ts';
import { createCurrentFilter } from '../../lib/classroom/words/current-filter.ts';
import { createWordList } from '../../lib/classroom/words/word-list.ts';
import {
  classroomSettings,
  httpSettings,
  logSettings,
  messageSettings,
  moderationSettings,
  readConfig,
} from '../../lib/config.ts';
import { createFetch } from '../../lib/http/fetch.ts';
import { createHttpDeps } from '../../lib/scf/http-deps.ts';
import { createHandler } from './handler.ts';

const config = readConfig(
  process.env,
  logSettings,
  httpSettings,
  messageSettings,
  moderationSettings,
  ...classroomSettings,
);
const clock = Date.now;
const fetch = createFetch(clock, config.imApiUrl);
const http = createHttpDeps(config, { fetch, clock, write: console.log });
const clients = createClients(config, { fetch, clock });
const parts = { ...clients, log: http.log };
const { store, accounts, lateOpening } = createClassroom(parts);

export const main = createHandler({
  http,
  senders: createSenders({ classes: createClasses({ finder: store, clock }), clock }),
  sending: createSending({
    ...parts,
    ...createMessaging({ ...parts, accounts }),
    sentMessages: createSentMessages(parts),
    lateOpening,
    filter: createCurrentFilter(createWordList(parts.database), parts),
    action: config.moderation.action,
    imRestPerSecond: config.imRestPerSecond,
  }),
});
