import { describe, expect, it } from 'vitest';
import { createHandler } from '../../functions/remove-member/handler.ts';
import { atIm, memberRow } from '../support/membership.ts';
import { describeNaming, describeNamingRefusals } from '../support/naming.ts';
import { prepareClass } from '../support/prepared-class.ts';

const forGood = 4_294_967_295;
const settled = { board_unsettled: false, mute_unsettled: false, removal_unsettled: false };

describe('remove-member', () => {
  const prepared = prepareClass();
  const remove = (userId = 's1') => prepared.membership.call('remove-member', { classId: 'c1', userId });

  it('puts the member out of both groups and the room, for good', async () => {
    const { classroom, membership, clock } = prepared;
    const { roomId } = (await classroom.store.find('c1')) ?? {};
    await membership.call('grant-board', { classId: 'c1', userId: 's1' });
    classroom.takeCommands();

    const { status, body } = await remove();

    expect([status, body]).toEqual([200, { classId: 'c1', userId: 's1', removed: true }]);
    expect(new Map(classroom.calls.map(({ command, body }) => [command, body]))).toEqual(
      new Map<string, object>([
        ['delete_group_member', { GroupId: 'c1_replay', Silence: 1, MemberToDel_Account: ['s1'] }],
        ['forbid_send_msg', { GroupId: 'c1_chat', Members_Account: ['s1'], MuteTime: forGood }],
        [
          'ban_group_member',
          { GroupId: 'c1_chat', Members_Account: ['s1'], Duration: forGood, Description: expect.any(String) },
        ],
      ]),
    );
    expect(classroom.trtc.takeCalls()).toEqual([{ action: 'RemoveUser', roomId, userId: 's1' }]);
    expect(atIm(classroom, 'c1')).toEqual({ replay: ['t1'], mutes: { s1: forGood }, bans: ['s1'], muted: false });
    expect(await memberRow(classroom, 'c1', 's1')).toMatchObject({
      removed_at: clock.seconds(),
      board: false,
      ...settled,
    });
  });

  it('answers the same a second time, tells all again, and keeps the time of the first', async () => {
    const { classroom, clock } = prepared;
    await remove();
    const [removedAt, told] = [clock.seconds(), classroom.takeCommands()];
    const after = atIm(classroom, 'c1');
    clock.advance(60);

    expect(await remove()).toMatchObject({ status: 200, body: { removed: true } });

    expect(classroom.takeCommands().sort()).toEqual(told.filter((command) => command !== 'account_import').sort());
    expect(atIm(classroom, 'c1')).toEqual(after);
    expect(await memberRow(classroom, 'c1', 's1')).toMatchObject({ removed_at: removedAt, ...settled });
  });

  it('leaves it at the mute where the app’s plan has no bans', async () => {
    prepared.classroom.faults.order({ command: 'ban_group_member', times: 1, errorCode: 10007 });
    expect(await remove()).toMatchObject({ status: 200 });
    expect(atIm(prepared.classroom, 'c1')).toMatchObject({ mutes: { s1: forGood }, bans: [] });
    expect(await memberRow(prepared.classroom, 'c1', 's1')).toMatchObject(settled);
  });

  it.each([
    ['delete_group_member', { ...settled, board_unsettled: true }],
    ['forbid_send_msg', { ...settled, mute_unsettled: true }],
    ['ban_group_member', { ...settled, removal_unsettled: true }],
    ['RemoveUser', { ...settled, removal_unsettled: true }],
  ])('tells all the rest when %s fails, and keeps in mind that it did', async (failing, flags) => {
    const { classroom } = prepared;
    if (failing === 'RemoveUser') classroom.trtc.failNext('UPSTREAM_TIMEOUT');
    else classroom.faults.order({ command: failing, times: 1, errorCode: 10004 });

    const reply = await remove();

    expect(reply.status).toBe(failing === 'RemoveUser' ? 504 : 502);
    expect(classroom.takeCommands().sort()).toEqual([
      'account_import',
      'ban_group_member',
      'delete_group_member',
      'forbid_send_msg',
    ]);
    expect(classroom.trtc.takeCalls()).toHaveLength(failing === 'RemoveUser' ? 0 : 1);
    expect(await memberRow(classroom, 'c1', 's1')).toMatchObject({ removed_at: expect.any(Number), ...flags });
  });

  it('keeps an assistant out who never joined', async () => {
    await remove('a1');
    expect(await memberRow(prepared.classroom, 'c1', 'a1')).toMatchObject({ removed_at: expect.any(Number) });
    const muting = prepared.membership.call(
      'mute-class',
      { classId: 'c1', muted: true },
      { userId: 'a1', role: 'student' },
    );
    expect(await muting).toMatchObject({ status: 403 });
  });

  it('puts out of the room at once, and out of groups that are not there as soon as they are', async () => {
    const { classroom, membership, clock } = prepared;
    const startsAt = clock.seconds() + 7 * 86_400;
    const lesson = await classroom.openClass({ classId: 'c2', assistantIds: ['a2'], startsAt });
    expect(await membership.call('remove-member', { classId: 'c2', userId: 'a2' })).toMatchObject({ status: 200 });
    expect([classroom.takeCommands(), classroom.trtc.takeCalls()]).toMatchObject([[], [{ userId: 'a2' }]]);

    await classroom.lateOpening.ensureOpen(lesson);

    expect(await membership.settlePending()).toBe(1);
    expect(atIm(classroom, 'c2')).toMatchObject({ mutes: { a2: forGood }, bans: ['a2'] });
    expect(await memberRow(classroom, 'c2', 'a2')).toMatchObject(settled);
  });
});

describeNaming('remove-member');

describeNamingRefusals('remove-member', (deps) => createHandler({ ...deps, members: { remove: async () => {} } }));
