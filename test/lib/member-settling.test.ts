import { describe, expect, it } from 'vitest';
import { classLock } from '../../lib/classroom/class/class-lock.ts';
import { type Around, atIm, memberRow, startMembership } from '../support/membership.ts';
import { prepareClass } from '../support/prepared-class.ts';

const forGood = 4_294_967_295;
const settled = { board_unsettled: false, mute_unsettled: false, removal_unsettled: false };
const prepared = prepareClass();

const rowOf = (userId: string, classId = 'c1') => memberRow(prepared.classroom, classId, userId);
const lessonOf = async (classId = 'c1') => {
  const lesson = await prepared.classroom.store.find(classId);
  if (!lesson) throw new Error(`there is no class ${classId}`);
  return lesson;
};
const remove = (userId: string) => prepared.membership.call('remove-member', { classId: 'c1', userId });
/** Writes what a call would, had it not come to tell IM and TRTC. */
const leave = (userId: string, columns: Record<string, unknown>, classId = 'c1') =>
  prepared.database.run(
    (sql) => sql`update members set ${sql(columns)} where class_id = ${classId} and user_id = ${userId}`,
  );

describe('a pending member', () => {
  it('is told of all that is unsettled, and of nothing else', async () => {
    const { classroom, membership } = prepared;
    await leave('s1', { board: true, board_unsettled: true });
    await leave('s2', { muted_until: prepared.clock.seconds() + 9, mute_unsettled: true });

    expect(await membership.memberSettling.settlePending()).toBe(2);

    expect(classroom.takeCommands().sort()).toEqual([
      'account_import',
      'account_import',
      'add_group_member',
      'forbid_send_msg',
    ]);
    expect([await rowOf('s1'), await rowOf('s2')]).toMatchObject([settled, settled]);
    expect(await membership.memberSettling.settlePending()).toBe(0);
    expect(classroom.takeCommands()).toEqual([]);
  });

  it('is muted for what is left, and not at all when that is nothing', async () => {
    const { classroom, membership, clock } = prepared;
    await leave('s1', { muted_until: clock.seconds() + 60, mute_unsettled: true });
    await leave('s2', { muted_until: clock.seconds() + 10, mute_unsettled: true });
    clock.advance(20);
    await membership.memberSettling.settlePending();
    expect(atIm(classroom, 'c1').mutes).toEqual({ s1: clock.seconds() + 40 });
  });

  it('is muted for no longer than IM takes, whatever the clock says', async () => {
    const { classroom, membership, clock } = prepared;
    await leave('s1', { muted_until: clock.seconds() + forGood + 1, mute_unsettled: true });
    await membership.memberSettling.settlePending();
    expect(atIm(classroom, 'c1').mutes).toEqual({ s1: forGood });
  });

  it('does not keep the rest waiting when IM refuses it, and is told of in the log', async () => {
    const { classroom, membership } = prepared;
    for (const userId of ['s1', 's2', 's3']) await leave(userId, { board: true, board_unsettled: true });
    classroom.faults.order({ command: 'add_group_member', times: 1, errorCode: 10016 });

    expect(await membership.memberSettling.settlePending()).toBe(2);

    const [failed] = classroom.captured.lines.filter(({ level }) => level === 'warn');
    expect(failed).toMatchObject({ event: 'repair failed', classId: 'c1', vendorCode: 10016 });
    expect(await rowOf(String(failed?.userId))).toMatchObject({ board_unsettled: true });
    expect(classroom.logText()).not.toContain('usersig');
    expect(await membership.memberSettling.settlePending()).toBe(1);
    expect(atIm(classroom, 'c1').replay).toEqual(['s1', 's2', 's3', 't1']);
  });

  it('is left to whoever is busy with the class', async () => {
    const { classroom, membership, database } = prepared;
    await leave('s1', { board: true, board_unsettled: true });
    await database.exclusively(
      classLock('c1'),
      async () => expect(await membership.memberSettling.settlePending()).toBe(0),
      0,
    );
    expect(classroom.takeCommands()).toEqual([]);
    expect(await membership.memberSettling.settlePending()).toBe(1);
  });

  it.each(['ended', 'opening'] as const)('of a class that is %s is left alone', async (status) => {
    const { classroom, membership, database } = prepared;
    await leave('s1', { board: true, board_unsettled: true });
    await database.run((sql) => sql`update classes set status = ${status}`);
    expect(await membership.memberSettling.settlePending()).toBe(0);
    await membership.memberSettling.settle({ classId: 'c1' }, 's1');
    expect(classroom.takeCommands()).toEqual([]);
  });

  it('who is still in the room is left there by a function that puts nobody out, until the sweep', async () => {
    const { classroom, membership } = prepared;
    classroom.trtc.failNext('UPSTREAM_FAILED');
    await remove('s1');

    expect(await membership.call('mute-member', { classId: 'c1', userId: 's1', seconds: 60 })).toMatchObject({
      status: 200,
    });
    expect(await rowOf('s1')).toMatchObject({ ...settled, removal_unsettled: true });

    expect(await membership.memberSettling.settlePending()).toBe(1);
    expect(classroom.trtc.takeCalls()).toMatchObject([{ userId: 's1' }]);
    expect(await rowOf('s1')).toMatchObject(settled);
  });

  it('is imported again when IM has forgotten the account', async () => {
    const { classroom, membership } = prepared;
    await membership.call('grant-board', { classId: 'c1', userId: 's1' });
    classroom.im.state.accounts.delete('s1');
    await leave('s1', { board_unsettled: true });
    classroom.im.state.groups.get('c1_replay')?.members.delete('s1');
    classroom.takeCommands();

    expect(await membership.memberSettling.settlePending()).toBe(1);

    expect(classroom.takeCommands()).toEqual(['add_group_member', 'account_import', 'add_group_member']);
    expect(atIm(classroom, 'c1').replay).toEqual(['s1', 't1']);
  });

  it.each([
    ['board', 'add_group_member', { board: true, board_unsettled: true }, { board: false }],
    ['mute', 'forbid_send_msg', { muted_until: forGood, mute_unsettled: true }, { muted_until: 0 }],
    ['removal', 'ban_group_member', { removed_at: 1, removal_unsettled: true }, { removed_at: null }],
  ])('whose %s changes while IM is told stays unsettled', async (flag, command, columns, change) => {
    const around: Around = async (called, call) => {
      const reply = await call();
      if (called === command) await leave('s1', change);
      return reply;
    };
    const { memberSettling } = startMembership(prepared.classroom, { around });
    await leave('s1', columns);

    await memberSettling.settle({ classId: 'c1' }, 's1');

    expect(await rowOf('s1')).toMatchObject({ ...settled, [`${flag}_unsettled`]: true });
    await prepared.membership.memberSettling.settlePending();
    expect(atIm(prepared.classroom, 'c1')).toEqual({ replay: ['t1'], mutes: {}, bans: [], muted: false });
    expect(await rowOf('s1')).toMatchObject(settled);
  });
});

describe('somebody in the room', () => {
  const putOut = async (userId: string) => prepared.membership.memberSettling.putOut(await lessonOf(), userId);

  it('is put out when removed, without another word to IM', async () => {
    const { classroom } = prepared;
    await remove('s1');
    classroom.takeCommands();
    classroom.trtc.takeCalls();

    await putOut('s1');

    const { roomId } = await lessonOf();
    expect(classroom.trtc.takeCalls()).toEqual([{ action: 'RemoveUser', roomId, userId: 's1' }]);
    expect(classroom.takeCommands()).toEqual([]);
    expect(await rowOf('s1')).toMatchObject(settled);
  });

  it('is put out while somebody is busy with the class', async () => {
    const { classroom, database } = prepared;
    await remove('s1');
    classroom.trtc.takeCalls();
    await database.exclusively(classLock('c1'), () => putOut('s1'), 0);
    expect(classroom.trtc.takeCalls()).toHaveLength(1);
  });

  it.each(['s2', 't1', 'stranger'])('stays there when not removed: %s', async (userId) => {
    await remove('s1');
    prepared.classroom.trtc.takeCalls();
    await putOut(userId);
    expect(prepared.classroom.trtc.takeCalls()).toEqual([]);
  });

  it('is put out by the sweep when TRTC fails', async () => {
    const { classroom, membership } = prepared;
    await remove('s1');
    classroom.trtc.takeCalls();
    classroom.trtc.failNext('UPSTREAM_TIMEOUT');

    await expect(putOut('s1')).rejects.toMatchObject({ code: 'UPSTREAM_TIMEOUT' });

    expect(classroom.trtc.takeCalls()).toEqual([]);
    expect(await membership.memberSettling.settlePending()).toBe(1);
    expect(classroom.trtc.takeCalls()).toHaveLength(1);
    expect(await rowOf('s1')).toMatchObject(settled);
  });

  it('is put out without forgetting what IM has not been told', async () => {
    const { classroom, membership } = prepared;
    classroom.faults.order({ command: 'ban_group_member', times: 1, errorCode: 10004 });
    await remove('s1');

    await putOut('s1');

    expect(await rowOf('s1')).toMatchObject({ removal_unsettled: true });
    await membership.memberSettling.settlePending();
    expect(atIm(classroom, 'c1').bans).toEqual(['s1']);
  });

  it('stays unsettled when restored while TRTC is told', async () => {
    await remove('s1');
    const around: Around = async (_, call) => {
      const reply = await call();
      await leave('s1', { removed_at: null, removal_unsettled: true });
      return reply;
    };
    await startMembership(prepared.classroom, { around }).memberSettling.putOut(await lessonOf(), 's1');
    expect(await rowOf('s1')).toMatchObject({ removed_at: null, removal_unsettled: true });
  });
});
