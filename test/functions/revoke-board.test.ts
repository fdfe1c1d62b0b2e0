import { describe, expect, it } from 'vitest';
import { createHandler } from '../../functions/revoke-board/handler.ts';
import { atIm, memberRow } from '../support/membership.ts';
import { describeNaming, describeNamingRefusals } from '../support/naming.ts';
import { prepareClass } from '../support/prepared-class.ts';

describe('revoke-board', () => {
  const prepared = prepareClass();
  const grant = (userId: string) => prepared.membership.call('grant-board', { classId: 'c1', userId });
  const revoke = (userId: string) => prepared.membership.call('revoke-board', { classId: 'c1', userId });

  it('takes the member out of the ReplayGroup, and nobody else', async () => {
    const { classroom } = prepared;
    await grant('s1');
    await grant('s2');
    classroom.takeCommands();

    const { status, body } = await revoke('s1');

    expect([status, body]).toEqual([200, { classId: 'c1', userId: 's1', board: false }]);
    expect(classroom.calls.map(({ command, body }) => [command, body])).toEqual([
      ['delete_group_member', { GroupId: 'c1_replay', Silence: 1, MemberToDel_Account: ['s1'] }],
    ]);
    expect(atIm(classroom, 'c1').replay).toEqual(['s2', 't1']);
    expect(await memberRow(classroom, 'c1', 's1')).toMatchObject({ board: false, board_unsettled: false });
    expect(await memberRow(classroom, 'c1', 's2')).toMatchObject({ board: true });
  });

  it('answers the same a second time, and to somebody who never had the board', async () => {
    await grant('s1');
    for (const userId of ['s1', 's1', 's2'])
      expect(await revoke(userId)).toMatchObject({ status: 200, body: { userId, board: false } });
    expect(atIm(prepared.classroom, 'c1').replay).toEqual(['t1']);
  });

  it('takes out whom IM has as a member against our row', async () => {
    await prepared.classroom.client.addMember('c1_replay', 's1');
    await revoke('s1');
    expect(atIm(prepared.classroom, 'c1').replay).toEqual(['t1']);
  });

  it('has nobody to take out of a class without groups', async () => {
    const { classroom, membership, clock } = prepared;
    await classroom.openClass({ classId: 'c2', assistantIds: ['a1'], startsAt: clock.seconds() + 7 * 86_400 });
    expect(await membership.call('revoke-board', { classId: 'c2', userId: 'a1' })).toMatchObject({ status: 200 });
    expect(classroom.takeCommands()).toEqual([]);
  });
});

describeNaming('revoke-board');

describeNamingRefusals('revoke-board', (deps) => createHandler({ ...deps, members: { revokeBoard: async () => {} } }));
