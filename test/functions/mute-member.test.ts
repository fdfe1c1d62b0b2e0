import { describe, expect, it } from 'vitest';
import { createHandler } from '../../functions/mute-member/handler.ts';
import { createClasses } from '../../lib/classroom/class/classes.ts';
import { createClock } from '../support/clock.ts';
import { createHttp } from '../support/http.ts';
import { finderOf, lessonOf } from '../support/lesson.ts';
import { atIm, memberRow } from '../support/membership.ts';
import { describeNaming } from '../support/naming.ts';
import { prepareClass } from '../support/prepared-class.ts';
import { describeRefusals } from '../support/refusals.ts';

const forGood = 4_294_967_295;

describe('mute-member', () => {
  const prepared = prepareClass();
  const mute = (seconds: number, userId = 's1') =>
    prepared.membership.call('mute-member', { classId: 'c1', userId, seconds });

  it('silences the member in the ChatGroup for so many seconds', async () => {
    const { classroom, clock } = prepared;

    const { status, body } = await mute(60);

    const mutedUntil = clock.seconds() + 60;
    expect([status, body]).toEqual([200, { classId: 'c1', userId: 's1', mutedUntil }]);
    expect(classroom.calls.map(({ command, body }) => [command, body])).toEqual([
      ['account_import', { Identifier: 's1' }],
      ['forbid_send_msg', { GroupId: 'c1_chat', Members_Account: ['s1'], MuteTime: 60 }],
    ]);
    expect(await memberRow(classroom, 'c1', 's1')).toMatchObject({ muted_until: mutedUntil, mute_unsettled: false });
  });

  it('counts from now when it silences again', async () => {
    await mute(600);
    prepared.clock.advance(30);
    const { body } = await mute(60);
    expect(body.mutedUntil).toBe(prepared.clock.seconds() + 60);
    expect(atIm(prepared.classroom, 'c1').mutes).toEqual({ s1: body.mutedUntil });
  });

  it('lets the member speak again with 0 seconds, also one who may', async () => {
    await mute(60);
    for (const userId of ['s1', 's1', 's2'])
      expect(await mute(0, userId)).toMatchObject({ status: 200, body: { mutedUntil: 0 } });
    expect(atIm(prepared.classroom, 'c1').mutes).toEqual({});
    expect(await memberRow(prepared.classroom, 'c1', 's1')).toMatchObject({ muted_until: 0, mute_unsettled: false });
  });

  it('silences for good', async () => {
    const { body } = await mute(forGood);
    expect(body.mutedUntil).toBe(prepared.clock.seconds() + forGood);
    expect(atIm(prepared.classroom, 'c1').mutes).toEqual({ s1: forGood });
  });

  it.each([0, 60])('remembers %i seconds of somebody removed, who stays silent at IM', async (seconds) => {
    await prepared.membership.call('remove-member', { classId: 'c1', userId: 's1' });
    const { status, body } = await mute(seconds);
    expect(status).toBe(200);
    expect(await memberRow(prepared.classroom, 'c1', 's1')).toMatchObject({ muted_until: body.mutedUntil });
    expect(atIm(prepared.classroom, 'c1').mutes).toEqual({ s1: forGood });
  });

  it('is not what a muted assistant lifts again', async () => {
    const { classroom, membership } = prepared;
    await classroom.openClass({ classId: 'c3', assistantIds: ['a3'] });
    const muteIn = (seconds: number, userId: string) =>
      membership.call('mute-member', { classId: 'c3', userId: 'a3', seconds }, { userId, role: 'student' });
    expect(await muteIn(60, 't1')).toMatchObject({ status: 200 });
    expect(await muteIn(0, 'a3')).toMatchObject({ status: 403, body: { code: 'FORBIDDEN' } });
  });

  it('tells IM once there are groups, and then only what is left', async () => {
    const { classroom, membership, clock } = prepared;
    const startsAt = clock.seconds() + 7 * 86_400;
    const lesson = await classroom.openClass({ classId: 'c2', assistantIds: ['a2', 'a3'], startsAt });
    const muteIn = (userId: string, seconds: number) =>
      membership.call('mute-member', { classId: 'c2', userId, seconds });
    expect(await muteIn('a2', 100)).toMatchObject({ status: 200, body: { mutedUntil: clock.seconds() + 100 } });
    expect(await muteIn('a3', 10)).toMatchObject({ status: 200 });
    expect([await membership.settlePending(), classroom.takeCommands()]).toEqual([0, []]);

    await classroom.lateOpening.ensureOpen(lesson);
    clock.advance(40);

    expect(await membership.settlePending()).toBe(2);
    expect(atIm(classroom, 'c2').mutes).toEqual({ a2: clock.seconds() + 60 });
    expect(await membership.settlePending()).toBe(0);
  });
});

describeNaming('mute-member', { input: { seconds: 60 }, byAssistants: true });

const clock = createClock();

describeRefusals('mute-member', {
  clock,
  setUp: () => {
    const { http, logText } = createHttp(clock);
    const classes = createClasses({ finder: finderOf(lessonOf()), clock });
    return { handler: createHandler({ http, classes, members: { mute: async () => 0 } }), logText };
  },
  input: { classId: 'c1', userId: 's1', seconds: 0 },
  as: { userId: 't1', role: 'teacher' },
  otherRoles: [],
  badInputs: [
    ['nothing at all', {}, '/classId', '/userId', '/seconds'],
    ['less than no time', { classId: 'c1', userId: 's1', seconds: -1 }, '/seconds'],
    ['a part of a second', { classId: 'c1', userId: 's1', seconds: 0.5 }, '/seconds'],
    ['more than IM takes', { classId: 'c1', userId: 's1', seconds: 4_294_967_296 }, '/seconds'],
    ['a time as text', { classId: 'c1', userId: 's1', seconds: '60' }, '/seconds'],
  ],
});
