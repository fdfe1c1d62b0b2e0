import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isOver } from '../../lib/classroom/class/class.ts';
import { holdsBoard, isMember, isSilenced } from '../../lib/classroom/members/member.ts';
import { objectionToEntry, objectionToMessage } from '../../lib/classroom/messages/gate.ts';
import { lessonOf, memberOf } from '../support/lesson.ts';

const now = 1_767_225_600;
const time = fc.constantFrom(undefined, now - 90_000, now - 1, now, now + 1, now + 90_000);

const participant = fc.record({
  lesson: fc
    .record({
      status: fc.constantFrom('scheduled', 'live', 'ended'),
      muted: fc.boolean(),
      startsAt: time,
      endsAt: time,
      createdAt: fc.constantFrom(now - 86_400, now - 86_399, now),
    })
    .map(lessonOf),
  member: fc
    .record({
      userId: fc.constantFrom('t1', 'a1', 's1'),
      joinedAt: time,
      removedAt: time,
      mutedUntil: fc.constantFrom(0, now, now + 1),
      board: fc.boolean(),
    })
    .map(memberOf),
});
const types = fc.array(fc.constantFrom(undefined, 'board', 'notice', '1003', '1004', 'danmaku', 'like'), {
  maxLength: 4,
});
const kind = fc.constantFrom('chat', 'replay');

describe('a class', () => {
  it('is over in the second of its hard end, or as soon as it is ended', () => {
    const lesson = lessonOf({ status: 'live', endsAt: now });
    expect(isOver(lesson, now + 7199)).toBe(false);
    expect(isOver(lesson, now + 7200)).toBe(true);
    expect(isOver({ ...lesson, status: 'ended' }, now)).toBe(true);
  });
});

describe('the gate', () => {
  it('lets nobody say anything in a class that is over, or while they are silenced', () => {
    fc.assert(
      fc.property(kind, types, participant, (into, said, who) => {
        const objection = objectionToMessage(into, said, who, now);
        expect(objection === 'over').toBe(isOver(who.lesson, now));
        expect(objection === 'silenced').toBe(!isOver(who.lesson, now) && isSilenced(who.lesson, who.member, now));
      }),
    );
  });

  it('lets nothing into a ReplayGroup but a drawing alone, of somebody who holds the board', () => {
    fc.assert(
      fc.property(types, participant, (said, who) => {
        const isDrawing = said.length === 1 && said[0] === 'board';
        const mayDraw =
          !isOver(who.lesson, now) && !isSilenced(who.lesson, who.member, now) && holdsBoard(who.lesson, who.member);
        expect(objectionToMessage('replay', said, who, now) === undefined).toBe(isDrawing && mayDraw);
      }),
    );
  });

  it('lets into a ChatGroup whatever else is said, and keeps each type for whom it is for', () => {
    fc.assert(
      fc.property(types, participant, (said, who) => {
        const mayNotify = who.member.userId !== 's1';
        const isAllowed =
          objectionToMessage('chat', [], who, now) === undefined &&
          !said.includes('1003') &&
          !said.includes('1004') &&
          (mayNotify || !said.includes('notice')) &&
          (holdsBoard(who.lesson, who.member) || !said.includes('board'));
        expect(objectionToMessage('chat', said, who, now) === undefined).toBe(isAllowed);
      }),
    );
  });

  it('opens a ChatGroup to its members while the class goes on, and a ReplayGroup to nobody', () => {
    fc.assert(
      fc.property(kind, participant, (into, who) => {
        const mayEnter = into === 'chat' && !isOver(who.lesson, now) && isMember(who.lesson, who.member);
        expect(objectionToEntry(into, who, now) === undefined).toBe(mayEnter);
      }),
    );
  });
});
