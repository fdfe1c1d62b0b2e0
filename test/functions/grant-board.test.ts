import { describe, expect, it } from 'vitest';
import { createHandler } from '../../functions/grant-board/handler.ts';
import { createUserSigSigner } from '../../lib/usersig/signer.ts';
import { createUserSigVerifier } from '../../lib/usersig/verifier.ts';
import { imSecretKey, sdkAppId } from '../support/im.ts';
import { atIm, memberRow, startMembership } from '../support/membership.ts';
import { describeNaming, describeNamingRefusals } from '../support/naming.ts';
import { prepareClass } from '../support/prepared-class.ts';

const key = { secretKey: imSecretKey };
const day = 86_400;
const full = { status: 409, body: { code: 'CONFLICT' } };

describe('grant-board', () => {
  const prepared = prepareClass();
  const grant = (userId: string, { membership } = prepared) =>
    membership.call('grant-board', { classId: 'c1', userId });
  const revoke = (userId: string, { membership } = prepared) =>
    membership.call('revoke-board', { classId: 'c1', userId });
  /** An app whose IM plan allows a ReplayGroup so many members. */
  const withRoomFor = (maxMembers: number) => ({
    ...prepared,
    membership: startMembership(prepared.classroom, { maxMembers }),
  });
  const readKey = (privateMapKey: string, userId: string) =>
    createUserSigVerifier(sdkAppId, key).verify(privateMapKey, { userId, now: prepared.clock.seconds() }).fields;

  it('makes the member known to IM and one of the ReplayGroup, without a word to the others', async () => {
    const { classroom } = prepared;

    const { status, body } = await grant('s1');

    expect([status, body]).toEqual([
      200,
      { classId: 'c1', userId: 's1', board: true, privateMapKey: expect.any(String) },
    ]);
    expect(classroom.calls.map(({ command, body }) => [command, body])).toEqual([
      ['account_import', { Identifier: 's1' }],
      ['add_group_member', { GroupId: 'c1_replay', Silence: 1, MemberList: [{ Member_Account: 's1' }] }],
    ]);
    expect(atIm(classroom, 'c1').replay).toEqual(['s1', 't1']);
    expect(await memberRow(classroom, 'c1', 's1')).toMatchObject({ board: true, board_unsettled: false });
  });

  it('gives a key to the room of the class with every privilege', async () => {
    const { roomId } = (await prepared.classroom.store.find('c1')) ?? {};
    const { body } = await grant('s1');
    const now = prepared.clock.seconds();
    expect(readKey(body.privateMapKey, 's1')).toMatchObject({
      issuedAt: now,
      expiresAt: now + 300,
      room: { roomId, privileges: 255, expiresAt: now + 300 },
    });
  });

  it('gives no key that outlives the class, and none in its last minute', async () => {
    prepared.clock.advance(3600 + 7200 - 60);
    const { body } = await grant('s1');
    expect(readKey(body.privateMapKey, 's1')?.expiresAt).toBe(prepared.clock.seconds() + 60);

    prepared.clock.advance(1);
    prepared.classroom.takeCommands();
    expect(await grant('s2')).toMatchObject({ status: 410, body: { code: 'GONE' } });
    expect(prepared.classroom.takeCommands()).toEqual([]);
    expect(await memberRow(prepared.classroom, 'c1', 's2')).toMatchObject({ board: false });
  });

  it('tells IM again when granted again, with a fresh key, and imports nobody twice', async () => {
    const { classroom, clock } = prepared;
    const first = await grant('s1');
    await classroom.client.removeMember('c1_replay', 's1');
    classroom.takeCommands();
    clock.advance(10);

    const second = await grant('s1');

    expect(second.status).toBe(200);
    expect(readKey(second.body.privateMapKey, 's1')?.issuedAt).toBe(clock.seconds());
    expect(second.body.privateMapKey).not.toBe(first.body.privateMapKey);
    expect(classroom.takeCommands()).toEqual(['add_group_member']);
    expect(atIm(classroom, 'c1').replay).toEqual(['s1', 't1']);
  });

  it('gives the teacher a fresh key and changes nothing', async () => {
    const { status, body } = await grant('t1');
    expect([status, body.board]).toEqual([200, true]);
    expect(readKey(body.privateMapKey, 't1')?.room?.privileges).toBe(255);
    expect(prepared.classroom.takeCommands()).toEqual([]);
    expect(await memberRow(prepared.classroom, 'c1', 't1')).toBeUndefined();
  });

  it('conflicts with a removal', async () => {
    await prepared.membership.call('remove-member', { classId: 'c1', userId: 's1' });
    prepared.classroom.takeCommands();
    expect(await grant('s1')).toMatchObject({ ...full, body: { detail: expect.stringContaining('removed') } });
    expect(prepared.classroom.takeCommands()).toEqual([]);
    expect(await memberRow(prepared.classroom, 'c1', 's1')).toMatchObject({ board: false });
  });

  it('opens the groups of a class far ahead first, but not for somebody who cannot have the board', async () => {
    const { classroom, membership, clock } = prepared;
    await classroom.openClass({ classId: 'c2', assistantIds: ['a2'], startsAt: clock.seconds() + 7 * day });

    expect(await membership.call('grant-board', { classId: 'c2', userId: 's1' })).toMatchObject({ status: 404 });
    expect(classroom.takeCommands()).toEqual([]);

    expect(await membership.call('grant-board', { classId: 'c2', userId: 'a2' })).toMatchObject({ status: 200 });
    expect(atIm(classroom, 'c2').replay).toEqual(['a2', 't1']);
    expect(await memberRow(classroom, 'c2', 'a2')).toMatchObject({ board: true, joined_at: null });
  });

  describe('in a group that is full', () => {
    it('conflicts before IM is asked, until somebody gives the board back', async () => {
      const small = withRoomFor(3);
      await grant('s1', small);
      await grant('s2', small);
      prepared.classroom.takeCommands();

      expect(await grant('s3', small)).toMatchObject(full);
      expect(prepared.classroom.takeCommands()).toEqual([]);
      expect(await memberRow(prepared.classroom, 'c1', 's3')).toMatchObject({ board: false, board_unsettled: false });

      expect(await grant('s2', small)).toMatchObject({ status: 200 });
      await revoke('s1', small);
      expect(await grant('s3', small)).toMatchObject({ status: 200 });
      expect(atIm(prepared.classroom, 'c1').replay).toEqual(['s2', 's3', 't1']);
    });

    it('counts whom IM has not let go yet', async () => {
      const small = withRoomFor(2);
      await grant('s1', small);
      prepared.classroom.faults.order({ command: 'delete_group_member', times: 1, errorCode: 10004 });
      expect(await revoke('s1', small)).toMatchObject({ status: 502 });

      expect(await grant('s2', small)).toMatchObject(full);
      await small.membership.settlePending();
      expect(await grant('s2', small)).toMatchObject({ status: 200 });
    });

    it('counts the same when the teacher has joined, and another class not at all', async () => {
      const small = withRoomFor(2);
      await prepared.classroom.openClass({ classId: 'c2' });
      await prepared.classroom.letIn('c2', 's2');
      await small.membership.call('grant-board', { classId: 'c2', userId: 's2' });
      await prepared.database.run(
        (sql) => sql`insert into members (class_id, user_id, joined_at, board) values ('c1', 't1', 1, true)`,
      );
      expect(await grant('s1', small)).toMatchObject({ status: 200 });
    });

    it('conflicts when IM’s plan allows fewer than we were told, and takes the grant back', async () => {
      const { classroom, membership } = prepared;
      classroom.faults.order({ command: 'add_group_member', times: 1, errorCode: 10014 });

      const reply = await grant('s1');

      expect(reply).toMatchObject(full);
      expect(JSON.stringify(reply)).not.toContain('10014');
      expect(await memberRow(classroom, 'c1', 's1')).toMatchObject({ board: false });
      await membership.settlePending();
      expect(await memberRow(classroom, 'c1', 's1')).toMatchObject({ board: false, board_unsettled: false });
      expect(atIm(classroom, 'c1').replay).toEqual(['t1']);
    });
  });

  it('answers 502 when IM refuses, with its code in the log alone and no sig in either', async () => {
    const { classroom } = prepared;
    classroom.faults.order({ command: 'add_group_member', times: 1, errorCode: 10016 });

    const reply = await grant('s1');

    expect(reply).toMatchObject({ status: 502, body: { code: 'UPSTREAM_FAILED' } });
    expect(JSON.stringify(reply)).not.toMatch(/10016|privateMapKey|eJ/);
    expect(classroom.logText()).toMatch(/add_group_member.*10016/);
    expect(classroom.logText()).not.toContain('usersig');
  });
});

describeNaming('grant-board', { toTeacher: true });

describeNamingRefusals('grant-board', (deps) =>
  createHandler({
    ...deps,
    board: { grant: async () => {} },
    signer: createUserSigSigner(sdkAppId, key),
    privateMapKeyTtlSeconds: 300,
  }),
);
