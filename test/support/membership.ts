import { createHandler as createGrantBoard } from '../../functions/grant-board/handler.ts';
import { createHandler as createMuteClass } from '../../functions/mute-class/handler.ts';
import { createHandler as createMuteMember } from '../../functions/mute-member/handler.ts';
import { createHandler as createRemoveMember } from '../../functions/remove-member/handler.ts';
import { createHandler as createRestoreMember } from '../../functions/restore-member/handler.ts';
import { createHandler as createRevokeBoard } from '../../functions/revoke-board/handler.ts';
import { chatGroupId, replayGroupId } from '../../lib/classroom/class/class.ts';
import { createClassMute } from '../../lib/classroom/class/class-mute.ts';
import { createClassSettling } from '../../lib/classroom/class/class-settling.ts';
import { createClassroom } from '../../lib/classroom/classroom.ts';
import { createBoardGrant } from '../../lib/classroom/members/board-grant.ts';
import { createMembership } from '../../lib/classroom/members/membership.ts';
import type { Database } from '../../lib/db/database.ts';
import type { Fetch } from '../../lib/http/fetch.ts';
import { createImClient } from '../../lib/im/client.ts';
import type { Trtc } from '../../lib/trtc/client.ts';
import { createUserSigSigner } from '../../lib/usersig/signer.ts';
import type { TestClassroom } from './classroom.ts';
import { call, eventOf, tokenOf } from './http.ts';
import { imSecretKey, sdkAppId } from './im.ts';

export interface TestMembershipOptions {
  /** A connection of its own makes it another instance. */
  database?: Database;
  maxMembers?: number;
  around?: Around;
}

/** Makes a call to IM or TRTC, or does not: a command's last word or an action, and the signal of its deadline. */
export type Around = <T>(command: string, call: () => Promise<T>, signal?: AbortSignal) => Promise<T>;

/** The functions that change what members may do, put together as their `index.ts` do, over the IM and TRTC of a classroom. */
export const startMembership = (
  classroom: TestClassroom,
  { database = classroom.database, maxMembers = 200, around = (_, call) => call() }: TestMembershipOptions = {},
) => {
  const { http, reserved, random, clock } = classroom;
  const { log } = http;
  const fetch: Fetch = (target, init) =>
    around(new URL(target).pathname.split('/').at(-1) ?? '', () => classroom.fetch(target, init), init?.signal);
  const trtc: Trtc = {
    ...classroom.trtc.client,
    removeUser: (roomId, userId) => around('RemoveUser', () => classroom.trtc.client.removeUser(roomId, userId)),
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

  const { store: finder, lateOpening } = createClassroom({ database, im, random, log, clock });
  const { classes, members } = createMembership({ database, im, reserved, log, clock });
  const withTrtc = createMembership({ database, im, trtc, reserved, log, clock });
  const { memberSettling } = withTrtc;
  const classSettling = createClassSettling({ database, im, log });
  const handlers = {
    'grant-board': createGrantBoard({
      http,
      classes,
      board: createBoardGrant({ database, members, lateOpening, maxMembers }),
      signer,
      privateMapKeyTtlSeconds: 300,
    }),
    'revoke-board': createRevokeBoard({ http, classes, members }),
    'mute-member': createMuteMember({ http, classes, members }),
    'mute-class': createMuteClass({
      http,
      classes,
      muteClass: createClassMute({ database, finder, classes, settling: classSettling }),
    }),
    'remove-member': createRemoveMember({ http, ...withTrtc }),
    'restore-member': createRestoreMember({ http, classes, members }),
  };

  return {
    memberSettling,
    classSettling,
    /** Calls a function as the teacher of the class, or as somebody else. */
    call: async (name: keyof typeof handlers, body: object, { userId = 't1', role = 'teacher' } = {}) =>
      call(handlers[name], eventOf(body, await tokenOf(clock, userId, role))),
    /** What the sweep does for members and classes. */
    settlePending: async () => (await memberSettling.settlePending()) + (await classSettling.settlePending()),
  };
};

export type FunctionName = Parameters<ReturnType<typeof startMembership>['call']>[0];

/** What the database has of a member. */
export const memberRow = async ({ database }: TestClassroom, classId: string, userId: string) => {
  const [row] = await database.run(
    (sql) => sql<Record<string, unknown>[]>`
      select joined_at, removed_at, muted_until, board, board_unsettled, mute_unsettled, removal_unsettled
      from members where class_id = ${classId} and user_id = ${userId}`,
  );
  return row;
};

/** What IM has of a class. */
export const atIm = ({ im }: TestClassroom, classId: string) => {
  const chat = im.state.groups.get(chatGroupId(classId));
  const replay = im.state.groups.get(replayGroupId(classId));
  return {
    replay: [...(replay?.members.keys() ?? [])].sort(),
    mutes: Object.fromEntries(chat?.mutes ?? []),
    bans: [...(chat?.bans.keys() ?? [])],
    muted: chat?.shutUpAllMember === 'On',
  };
};
