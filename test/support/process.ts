import { randomBytes, randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { createHandler as createCreateClass } from '../../functions/create-class/handler.ts';
import { createHandler as createEndClass } from '../../functions/end-class/handler.ts';
import { createHandler as createGrantBoard } from '../../functions/grant-board/handler.ts';
import { createHandler as createJoinClass } from '../../functions/join-class/handler.ts';
import { createHandler as createMuteClass } from '../../functions/mute-class/handler.ts';
import { createHandler as createMuteMember } from '../../functions/mute-member/handler.ts';
import { createHandler as createRemoveMember } from '../../functions/remove-member/handler.ts';
import { createHandler as createReportClock } from '../../functions/report-clock/handler.ts';
import { createHandler as createRestoreMember } from '../../functions/restore-member/handler.ts';
import { createHandler as createRevokeBoard } from '../../functions/revoke-board/handler.ts';
import { createHandler as createSendMessage } from '../../functions/send-message/handler.ts';
import { createHandler as createTrtcCallback } from '../../functions/trtc-callback/handler.ts';
import { createHandler as createUpdateClass } from '../../functions/update-class/handler.ts';
import { createPresence } from '../../lib/classroom/attendance/presence.ts';
import { createClassEditing } from '../../lib/classroom/class/class-editing.ts';
import { createClassEnding } from '../../lib/classroom/class/class-ending.ts';
import { createClassMute } from '../../lib/classroom/class/class-mute.ts';
import { createClassSettling } from '../../lib/classroom/class/class-settling.ts';
import { createClasses } from '../../lib/classroom/class/classes.ts';
import { createRoomFinder } from '../../lib/classroom/class/room-finder.ts';
import { createClassroom } from '../../lib/classroom/classroom.ts';
import { createJoining } from '../../lib/classroom/entry/joining.ts';
import { createPasscodeTries } from '../../lib/classroom/entry/passcode-tries.ts';
import { createBoardGrant } from '../../lib/classroom/members/board-grant.ts';
import { createMembership } from '../../lib/classroom/members/membership.ts';
import { createMessaging } from '../../lib/classroom/messages/messaging.ts';
import { createSenders } from '../../lib/classroom/messages/senders.ts';
import { createSending } from '../../lib/classroom/messages/sending.ts';
import { createSentMessages } from '../../lib/classroom/messages/sent-messages.ts';
import { createClockReports } from '../../lib/classroom/replay/clock-reports.ts';
import { createRecordings } from '../../lib/classroom/replay/recordings.ts';
import { createReplayExport } from '../../lib/classroom/replay/replay-export.ts';
import { createSweeping } from '../../lib/classroom/sweeping.ts';
import { createCurrentFilter } from '../../lib/classroom/words/current-filter.ts';
import { createWordList } from '../../lib/classroom/words/word-list.ts';
import { createDatabase, type Database } from '../../lib/db/database.ts';
import { AppError } from '../../lib/errors.ts';
import type { Fetch } from '../../lib/http/fetch.ts';
import { createImClient } from '../../lib/im/client.ts';
import type { Trtc } from '../../lib/trtc/client.ts';
import { createUserSigSigner } from '../../lib/usersig/signer.ts';
import type { TestClock } from './clock.ts';
import { createHttp } from './http.ts';
import { imSecretKey, sdkAppId, type TestIm } from './im.ts';
import { keepSecret } from './kept.ts';
import type { createTestTrtc } from './trtc.ts';

/** What goes wrong with one outside call: it is refused, not done and not answered, done and not answered, or the process dies with its reply. */
export const faultKinds = ['error', 'timeout', 'lost reply', 'kill'] as const;
export type FaultKind = (typeof faultKinds)[number];

export interface Fault {
  kind: FaultKind;
  /** Which of the process's outside calls, from 0. */
  at: number;
}

/** What stays while processes come and go. */
export interface Surroundings {
  databaseUrl: string;
  im: TestIm;
  trtc: ReturnType<typeof createTestTrtc>;
  clock: TestClock;
}

export const trtcCallbackKey = 'key-of-the-callback';
keepSecret('trtcCallbackKey', trtcCallbackKey);

/** All functions that change a class, as one instance of each would run them, over real statements and an IM in memory; with one fault. */
export const startProcess = ({ databaseUrl, im: testIm, trtc: testTrtc, clock }: Surroundings, fault?: Fault) => {
  let calls: string[] = [];
  let isDead = false;
  let die = () => {};
  const killed = new Promise<'killed'>((resolve) => {
    die = () => {
      isDead = true;
      resolve('killed');
    };
  });
  const never = () => new Promise<never>(() => {});

  const outside = async <T>(
    what: string,
    work: () => Promise<T>,
    { refuse, silence }: { refuse(): Promise<T>; silence(): never },
  ): Promise<T> => {
    if (isDead) return never();
    const at = calls.push(what) - 1;
    if (at !== fault?.at) {
      const result = await work();
      return isDead ? never() : result;
    }
    if (fault.kind === 'error') return refuse();
    if (fault.kind !== 'timeout') await work().catch(() => {});
    if (fault.kind !== 'kill') return silence();
    die();
    return never();
  };

  const upstream = (code: 'UPSTREAM_FAILED' | 'UPSTREAM_TIMEOUT') => new AppError(code, 'It failed. Try again.');
  const ordinary = {
    refuse: () => Promise.reject(upstream('UPSTREAM_FAILED')),
    silence: () => {
      throw upstream('UPSTREAM_TIMEOUT');
    },
  };

  const real = createDatabase({ url: databaseUrl, clock: Date.now, sleep });
  const database: Database = {
    ...real,
    run: (work) => outside('database', () => real.run(work), ordinary),
    transaction: (work) => outside('database', () => real.transaction(work), ordinary),
  };
  const fetch: Fetch = (url, init) =>
    outside(new URL(url).pathname.split('/').at(-1) ?? '', () => testIm.fetch(url, init), {
      refuse: async () => ({ status: 200, text: async () => '{"ErrorCode":10004,"ErrorInfo":"a fault"}' }),
      silence: () => {
        throw Object.assign(new Error('no reply'), { code: 'ECONNRESET' });
      },
    });
  const trtc: Trtc = {
    dismissRoom: (roomId) => outside('DismissRoom', () => testTrtc.client.dismissRoom(roomId), ordinary),
    removeUser: (roomId, userId) => outside('RemoveUser', () => testTrtc.client.removeUser(roomId, userId), ordinary),
  };

  const signer = createUserSigSigner(sdkAppId, { secretKey: imSecretKey });
  const im = createImClient({
    apiUrl: 'https://im.example.com',
    adminUserId: 'administrator',
    signer,
    fetch,
    sleep: async () => {},
    random: Math.random,
    clock,
  });
  const { http, reserved, captured } = createHttp(clock);
  const { log } = http;
  const random = { bytes: randomBytes, integer: randomInt };
  const notices = { language: 'en' as const, noticeWindowMs: 1000 };
  const parts = { database, im, trtc, random, reserved, log, clock, sleep: async () => {}, ...notices };
  const classroom = createClassroom(parts);
  const { store, accounts, repairs, creation, lateOpening } = classroom;
  const { classes, members, memberSettling } = createMembership(parts);
  const classSettling = createClassSettling(parts);
  const messaging = createMessaging({ ...parts, accounts });
  const { outbox } = messaging;
  const filter = createCurrentFilter(createWordList(database), { log, clock });
  const ttl = { userSigTtlSeconds: 86_400, privateMapKeyTtlSeconds: 300 };

  return {
    functions: {
      'create-class': createCreateClass({ http, reserved, creation, classesPerTeacherPerDay: 1_000_000 }),
      'update-class': createUpdateClass({
        http,
        reserved,
        classes,
        editing: createClassEditing({ ...parts, classes, classSettling, memberSettling }),
      }),
      'join-class': createJoinClass({
        http,
        classes,
        signer,
        ...ttl,
        joining: createJoining({
          ...parts,
          classes,
          lateOpening,
          passcodeTries: createPasscodeTries(parts),
          currentFilter: filter,
        }),
      }),
      'grant-board': createGrantBoard({
        http,
        classes,
        signer,
        ...ttl,
        board: createBoardGrant({ database, members, lateOpening, maxMembers: 200 }),
      }),
      'revoke-board': createRevokeBoard({ http, classes, members }),
      'mute-member': createMuteMember({ http, classes, members }),
      'mute-class': createMuteClass({
        http,
        classes,
        muteClass: createClassMute({ database, finder: store, classes, settling: classSettling }),
      }),
      'remove-member': createRemoveMember({ http, classes, members }),
      'restore-member': createRestoreMember({ http, classes, members }),
      'send-message': createSendMessage({
        http,
        senders: createSenders({ classes: createClasses({ finder: store, clock }), clock }),
        sending: createSending({
          ...parts,
          ...messaging,
          lateOpening,
          filter,
          sentMessages: createSentMessages(parts),
          action: 'mask',
          imRestPerSecond: 1_000_000,
        }),
      }),
      'report-clock': createReportClock({
        http,
        classes,
        clockReports: createClockReports({ ...parts, outbox, lateOpening }),
      }),
      'end-class': createEndClass({
        http,
        classes,
        ending: createClassEnding({ ...parts, repairs, outbox, replayExport: createReplayExport(parts) }),
      }),
      'trtc-callback': createTrtcCallback({
        log,
        clock,
        trtcCallbackKey,
        sdkAppId,
        rooms: createRoomFinder(database),
        finder: store,
        presence: createPresence(database),
        memberSettling,
        recordings: createRecordings({ ...parts, outbox }),
      }),
    },
    sweep: createSweeping({ ...parts, syncsWords: false }),
    killed,
    captured,
    /** The outside calls so far, in order. */
    takeCalls: () => calls.splice(0),
    /** Ends it: its connection is gone, and the locks with that. */
    async end(): Promise<void> {
      isDead = true;
      calls = [];
      await real.close();
    },
  };
};

export type TestProcess = ReturnType<typeof startProcess>;
export type ChangingFunction = keyof TestProcess['functions'];
