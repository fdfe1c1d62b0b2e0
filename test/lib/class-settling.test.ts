import { describe, expect, it } from 'vitest';
import { classLock } from '../../lib/classroom/class/class-lock.ts';
import { createTestClassroom } from '../support/classroom.ts';
import { type Around, startMembership } from '../support/membership.ts';
import { prepareClass } from '../support/prepared-class.ts';

const prepared = prepareClass();

/** Writes what a call would, had it not come to tell IM. */
const leave = (columns: Record<string, unknown>, classId = 'c1') =>
  prepared.database.run((sql) => sql`update classes set ${sql(columns)} where class_id = ${classId}`);
const rename = (name: string, classId?: string) => leave({ name, name_unsettled: true }, classId);
const flags = async (classId = 'c1') => {
  const [row] = await prepared.database.run(
    (sql) => sql`select mute_unsettled, name_unsettled from classes where class_id = ${classId}`,
  );
  return row;
};
const settled = { mute_unsettled: false, name_unsettled: false };
const atIm = ({ im } = prepared.classroom) =>
  ['c1_chat', 'c1_replay'].map((groupId) => {
    const group = im.state.groups.get(groupId);
    return [group?.name, group?.shutUpAllMember];
  });

describe('a class that is unsettled', () => {
  it('has both groups renamed and the ChatGroup muted', async () => {
    const { classroom, membership } = prepared;
    await rename('几何');
    await leave({ muted: true, mute_unsettled: true });

    await membership.classSettling.settle('c1');

    expect(atIm()).toEqual([
      ['几何', 'On'],
      ['几何', 'Off'],
    ]);
    expect(await flags()).toEqual(settled);
    classroom.takeCommands();
    await membership.classSettling.settle('c1');
    expect(classroom.takeCommands()).toEqual([]);
  });

  it('has its name cut for IM', async () => {
    await rename('课'.repeat(11));
    await prepared.membership.classSettling.settle('c1');
    expect(atIm()[0]?.[0]).toBe('课'.repeat(10));
  });

  it('is called by its id at IM when IM refuses the name', async () => {
    const { database, clock } = prepared;
    const classroom = createTestClassroom({ database, clock, im: { refusedWords: ['bad'] } });
    await database.run((sql) => sql`truncate classes, rooms`);
    await classroom.openClass({ classId: 'c1' });
    await rename('a bad name');

    await startMembership(classroom).classSettling.settle('c1');

    expect(atIm(classroom).map(([name]) => name)).toEqual(['c1', 'c1']);
    expect(await flags()).toEqual(settled);
  });

  it.each([
    [
      'its mute',
      1,
      { mute_unsettled: true, name_unsettled: false },
      [
        ['Geometry', 'Off'],
        ['Geometry', 'Off'],
      ],
    ],
    [
      'the name of one group',
      2,
      { mute_unsettled: false, name_unsettled: true },
      [
        ['Maths', 'On'],
        ['Geometry', 'Off'],
      ],
    ],
  ])('is told the rest when IM refuses %s, and settled by the next', async (_what, nth, left, told) => {
    let calls = 0;
    const around: Around = (_, call) => {
      calls += 1;
      if (calls === nth)
        prepared.classroom.faults.order({ command: 'modify_group_base_info', times: 1, errorCode: 10007 });
      return call();
    };
    await rename('Geometry');
    await leave({ muted: true, mute_unsettled: true });

    const settling = startMembership(prepared.classroom, { around }).classSettling.settle('c1');

    await expect(settling).rejects.toMatchObject({ code: 'UPSTREAM_FAILED' });
    expect(await flags()).toEqual(left);
    expect(atIm()).toEqual(told);
    await prepared.membership.classSettling.settle('c1');
    expect(atIm()).toEqual([
      ['Geometry', 'On'],
      ['Geometry', 'Off'],
    ]);
    expect(await flags()).toEqual(settled);
  });

  it.each([
    ['name', { name: 'Geometry', name_unsettled: true }, { name: 'Algebra' }],
    ['mute', { muted: true, mute_unsettled: true }, { muted: false }],
  ])('stays so when its %s changes while IM is told', async (flag, columns, change) => {
    const around: Around = async (_, call) => {
      const reply = await call();
      await leave(change);
      return reply;
    };
    await leave(columns);

    await startMembership(prepared.classroom, { around }).classSettling.settle('c1');

    expect(await flags()).toEqual({ ...settled, [`${flag}_unsettled`]: true });
  });

  it.each([{ status: 'ended' }, { groups: 'none' }, { groups: 'opening' }])(
    'is left alone with %j',
    async (columns) => {
      const { classroom, membership } = prepared;
      await rename('Geometry');
      await leave(columns);
      await membership.classSettling.settle('c1');
      expect(await membership.classSettling.settlePending()).toBe(0);
      expect([classroom.takeCommands(), await flags()]).toEqual([[], { ...settled, name_unsettled: true }]);
    },
  );
});

describe('the classes that are unsettled', () => {
  it('are settled each, and one that fails stops no other', async () => {
    const { classroom, membership } = prepared;
    for (const classId of ['c2', 'c3']) await classroom.openClass({ classId });
    for (const classId of ['c1', 'c2', 'c3']) await leave({ muted: true, mute_unsettled: true }, classId);
    classroom.faults.order({ command: 'modify_group_base_info', times: 1, errorCode: 10004 });

    expect(await membership.classSettling.settlePending()).toBe(2);

    const failed = classroom.captured.lines.filter(({ event }) => event === 'repair failed');
    expect(failed).toMatchObject([{ level: 'warn', repair: 'unsettled class', vendorCode: 10004 }]);
    expect(await flags(String(failed[0]?.classId))).toEqual({ ...settled, mute_unsettled: true });
    expect(await membership.classSettling.settlePending()).toBe(1);
    expect(await membership.classSettling.settlePending()).toBe(0);
  });

  it('are left to whoever is busy with them', async () => {
    const { membership, database } = prepared;
    await leave({ muted: true, mute_unsettled: true });
    await database.exclusively(
      classLock('c1'),
      async () => expect(await membership.classSettling.settlePending()).toBe(0),
      0,
    );
    expect(await membership.classSettling.settlePending()).toBe(1);
  });
});
