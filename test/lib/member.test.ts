import { describe, expect, it } from 'vitest';
import { holdsBoard, isMember, isSilenced } from '../../lib/classroom/members/member.ts';
import { lessonOf, memberOf } from '../support/lesson.ts';

const now = 1_767_225_600;
const lesson = lessonOf();

describe('a member', () => {
  it.each([
    ['the teacher, who never has to join', { userId: 't1' }, true],
    ['an assistant, who never has to join', { userId: 'a1' }, true],
    ['whoever has joined', { userId: 's1', joinedAt: now }, true],
    ['nobody who has not', { userId: 's1' }, false],
    ['nobody who got the board without joining, as an assistant once', { userId: 's1', board: true }, false],
    ['nobody who was removed', { userId: 's1', joinedAt: now, removedAt: now }, false],
    ['no assistant who was removed', { userId: 'a1', removedAt: now }, false],
  ])('is %s', (_who, member, expected) => {
    expect(isMember(lesson, memberOf(member))).toBe(expected);
  });
});

describe('the board', () => {
  it.each([
    ['the teacher', { userId: 't1' }, true],
    ['a student with the right to it', { userId: 's1', joinedAt: now, board: true }, true],
    ['an assistant with the right to it', { userId: 'a1', board: true }, true],
    ['no assistant without', { userId: 'a1' }, false],
    ['no student without', { userId: 's1', joinedAt: now }, false],
    ['nobody who is no member', { userId: 's1', board: true }, false],
    ['nobody who was removed', { userId: 's1', joinedAt: now, removedAt: now, board: true }, false],
  ])('is held by %s', (_who, member, expected) => {
    expect(holdsBoard(lesson, memberOf(member))).toBe(expected);
  });
});

describe('silence', () => {
  const muted = lessonOf({ muted: true });
  it.each([
    ['a student of a class that is not muted', false, lesson, { userId: 's1' }],
    ['a student of a muted class', true, muted, { userId: 's1' }],
    ['an assistant of a muted class', false, muted, { userId: 'a1' }],
    ['the teacher of a muted class', false, muted, { userId: 't1' }],
    ['somebody muted', true, lesson, { userId: 's1', mutedUntil: now + 1 }],
    ['somebody whose mute has just run out', false, lesson, { userId: 's1', mutedUntil: now }],
    ['a muted assistant', true, lesson, { userId: 'a1', mutedUntil: now + 1 }],
    ['somebody removed', true, lesson, { userId: 's1', removedAt: now }],
    ['the teacher, whatever their row says', false, muted, { userId: 't1', mutedUntil: now + 1, removedAt: now }],
  ])('of %s: %s', (_who, expected, ofLesson, member) => {
    expect(isSilenced(ofLesson, memberOf(member), now)).toBe(expected);
  });
});
