import type { Log } from '../log.ts';
import type { Trtc } from '../trtc/client.ts';
import { createClassEnding } from './class-ending.ts';
import { createClassSettling } from './class-settling.ts';
import { createClassroom } from './classroom.ts';
import type { Clients } from './clients.ts';
import { createCurrentFilter } from './current-filter.ts';
import { createGroupDrift } from './group-drift.ts';
import { createMemberSettling } from './member-settling.ts';
import { createMessaging } from './messaging.ts';
import type { NoticeLanguage } from './notice-text.ts';
import { createNotices } from './notices.ts';
import { createPasscodeTries } from './passcode-tries.ts';
import { createPresence } from './presence.ts';
import { createReplayExport } from './replay-export.ts';
import { createSweep, type SweepReport } from './sweep.ts';
import { createWordList } from './word-list.ts';

export interface SweepingOptions extends Omit<Clients, 'signer'> {
  trtc: Trtc;
  language: NoticeLanguage;
  log: Log;
}

/** All that leaves something to the sweep, and the sweep, put together. */
export const createSweeping = (options: SweepingOptions): (() => Promise<SweepReport>) => {
  const { database, clock, log } = options;
  const classroom = createClassroom(options);
  const { accounts, repairs, users } = classroom;
  const { outbox } = createMessaging({ ...options, accounts });
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
    passcodeTries: createPasscodeTries({ database, clock }),
  });
};
