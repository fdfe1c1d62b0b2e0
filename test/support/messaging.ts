import { createHandler as createReportClock } from '../../functions/report-clock/handler.ts';
import { createHandler as createSendMessage } from '../../functions/send-message/handler.ts';
import { createClasses } from '../../lib/classroom/class/classes.ts';
import { createClassroom } from '../../lib/classroom/classroom.ts';
import { createMessaging } from '../../lib/classroom/messages/messaging.ts';
import { createSenders } from '../../lib/classroom/messages/senders.ts';
import { createSending } from '../../lib/classroom/messages/sending.ts';
import { createSentMessages } from '../../lib/classroom/messages/sent-messages.ts';
import { createClockReports } from '../../lib/classroom/replay/clock-reports.ts';
import { type CurrentFilter, createCurrentFilter } from '../../lib/classroom/words/current-filter.ts';
import { createWordList } from '../../lib/classroom/words/word-list.ts';
import type { Database } from '../../lib/db/database.ts';
import type { ImClient } from '../../lib/im/client.ts';
import type { TestClassroom } from './classroom.ts';
import { call, eventOf, tokenOf } from './http.ts';

export interface TestMessagingOptions {
  database?: Database;
  im?: ImClient;
  filter?: () => Promise<CurrentFilter>;
  /** Passes the classroom's time, unless told otherwise. */
  sleep?: (ms: number) => Promise<unknown>;
  action?: 'mask' | 'reject' | 'drop';
  imRestPerSecond?: number;
}

/** One instance of what sends messages into a test classroom; another is another process. */
export const createTestMessaging = (
  { database: theirs, client, clock, random, http }: TestClassroom,
  options: TestMessagingOptions = {},
) => {
  const { database = theirs, im = client, action = 'mask', imRestPerSecond = 150 } = options;
  const { sleep = async (ms: number) => clock.advance(ms / 1000) } = options;
  const { log } = http;
  const { store, accounts, lateOpening } = createClassroom({ database, im, random, log, clock });
  const classes = createClasses({ finder: store, clock });
  const words = createCurrentFilter(createWordList(database), { log, clock });
  const messaging = createMessaging({ database, im, accounts, random, log, clock, sleep });
  const sentMessages = createSentMessages({ database, clock });
  const sending = createSending({
    ...messaging,
    database,
    sentMessages,
    lateOpening,
    filter: options.filter ?? words,
    action,
    imRestPerSecond,
    random,
    log,
  });
  const sendMessage = createSendMessage({ http, senders: createSenders({ classes, clock }), sending });
  const clockReports = createClockReports({ database, outbox: messaging.outbox, lateOpening, random, log, clock });
  const reportClock = createReportClock({ http, classes, clockReports });
  return {
    ...messaging,
    sentMessages,
    sending,
    sendMessage,
    reportClock,
    /** Sends as somebody, a student by their token unless told otherwise. */
    send: async (body: object, userId = 't1', role = 'student') =>
      call(sendMessage, eventOf(body, await tokenOf(clock, userId, role))),
    report: async (body: object, userId = 't1', role = 'student') =>
      call(reportClock, eventOf(body, await tokenOf(clock, userId, role))),
  };
};

export type TestMessaging = ReturnType<typeof createTestMessaging>;
