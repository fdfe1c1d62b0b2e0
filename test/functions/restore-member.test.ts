import { describe, expect, it } from 'vitest';
import { createHandler } from '../../functions/restore-member/handler.ts';
import { atIm, memberRow } from '../support/membership.ts';
import { describeNaming, describeNamingRefusals } from '../support/naming.ts';
import { prepareClass } from '../support/prepared-class.ts';

const settled = { board_unsettled: false, mute_unsettled: false, removal_unsettled: false };

describe('restore-member', () => {
  const prepared = prepareClass();
  const act = (name: 'remove-member' | 'restore-member' | 'grant-board', userId = 's1') =>
    prepared.membership.call(name, { classId: 'c1', userId });
  const mute = (seconds: number) => prepared.membership.call('mute-member', { classId: 'c1', userId: 's1', seconds });

  it('lifts the ban and the mute, and does not give the board back', async () => {
    const { classroom } = prepared;
    await act('grant-board');
    await act('remove-member');
    classroom.takeCommands();
    classroom.trtc.takeCalls();

    const { status, body } = await act('restore-member');

    expect([status, body]).toEqual([200, { classId: 'c1', userId: 's1', removed: false }]);
    expect(classroom.takeCommands().sort()).toEqual(['forbid_send_msg', 'unban_group_member']);
    expect(classroom.trtc.takeCalls()).toEqual([]);
    expect(atIm(classroom, 'c1')).toEqual({ replay: ['t1'], mutes: {}, bans: [], muted: false });
    expect(await memberRow(classroom, 'c1', 's1')).toMatchObject({ removed_at: null, board: false, ...settled });
  });

  it('leaves what is left of a mute', async () => {
    await mute(600);
    await act('remove-member');
    prepared.clock.advance(200);
    await act('restore-member');
    expect(atIm(prepared.classroom, 'c1').mutes).toEqual({ s1: prepared.clock.seconds() + 400 });
  });

  it('leaves nothing of a mute that is over', async () => {
    await act('remove-member');
    await mute(60);
    prepared.clock.advance(61);
    await act('restore-member');
    expect(atIm(prepared.classroom, 'c1').mutes).toEqual({});
  });

  it('asks nothing of IM for somebody who is not removed', async () => {
    await mute(60);
    prepared.classroom.takeCommands();
    const before = await memberRow(prepared.classroom, 'c1', 's1');

    for (const userId of ['s1', 's1', 'a1'])
      expect(await act('restore-member', userId)).toMatchObject({ status: 200, body: { userId, removed: false } });

    expect(prepared.classroom.takeCommands()).toEqual([]);
    expect(await memberRow(prepared.classroom, 'c1', 's1')).toEqual(before);
  });

  it('knows somebody removed who has been an assistant and never joined', async () => {
    await act('remove-member', 'a1');
    await prepared.database.run((sql) => sql`update classes set assistant_ids = '[]'`);
    expect(await act('restore-member', 'a1')).toMatchObject({ status: 200, body: { removed: false } });
  });

  it('leaves nothing to tell TRTC of a removal that it never heard of', async () => {
    prepared.classroom.trtc.failNext('UPSTREAM_FAILED');
    await act('remove-member');
    await act('restore-member');
    expect(await memberRow(prepared.classroom, 'c1', 's1')).toMatchObject({ removed_at: null, ...settled });
    expect(await prepared.membership.settlePending()).toBe(0);
    expect(prepared.classroom.trtc.takeCalls()).toEqual([]);
  });
});

describeNaming('restore-member');

describeNamingRefusals('restore-member', (deps) => createHandler({ ...deps, members: { restore: async () => {} } }));
