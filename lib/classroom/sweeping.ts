import type { Log } from '../log.ts';
import type { Trtc } from '../trtc/client.ts';
import { createPresence } from './attendance/presence.ts';
import { createClassEnding } from './class/class-ending.ts';
import { createClassSettling } from './class/class-settling.ts';
import { createClassroom } from './classroom.ts';
import type { Clients } from './clients.ts';
import { createPasscodeTries } from './entry/passcode-tries.ts';
import { createGroupDrift } from './groups/group-drift.ts';
import { createMemberSettling } from './members/member-settling.ts';
import { createMessaging } from './messages/messaging.ts';
import { createSentMessages } from './messages/sent-messages.ts';
import type { NoticeLanguage } from './notices/notice-text.ts';
import { createNotices } from './notices/notices.ts';
import { createReplayExport } from './replay/replay-export.ts';
import { createSweep, type SweepReport } from './sweep.ts';
import { createCurrentFilter } from './words/current-filter.ts';
import { createWordEditing } from './words/word-editing.ts';
import { createWordList } from './words/word-list.ts';
import { createWordSync } from './words/word-sync.ts';

export interface SweepingOptions extends Omit<Clients, 'signer'> {
  trtc: Trtc;
  language: NoticeLanguage;
  noticeWindowMs: number;
  /** IM's own list of dirty words follows ours. */
  syncsWords: boolean;
  log: Log;
}

/** All that leaves something to the sweep, and the sweep, put together. */
export const createSweeping = (options: SweepingOptions): (() => Promise<SweepReport>) => {
  const { database, clock, log } = options;
  const classroom = createClassroom(options);
  const { accounts, repairs, users } = classroom;
  const { outbox, budget } = createMessaging({ ...options, accounts });
  const filter = createCurrentFilter(createWordList(database), options);
  return createSweep({
    ...classroom,
    database,
    log,
    clock,
    drift: createGroupDrift({ ...options, ...classroom }),
    memberSettling: createMemberSettling({ ...options, accounts }),
    classSettling: createClassSettling(options),
    presence: createPresence(database),
    ending: createClassEnding({ ...options, repairs, outbox, replayExport: createReplayExport(options) }),
    outbox,
    notices: createNotices({ ...options, users, filter }),
    sentMessages: createSentMessages({ database, clock }),
    budget,
    passcodeTries: createPasscodeTries({ database, clock }),
    wordEditing: createWordEditing(database),
    wordSync: options.syncsWords ? createWordSync(options) : undefined,
  });
};
