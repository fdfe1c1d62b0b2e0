import { describe, expect, it } from 'vitest';
import { readMessage, type Said, toMessage } from '../../../local/page/app/lesson/wire.ts';

const custom = (Data: string, Desc = '') => ({ MsgBody: [{ MsgType: 'TIMCustomElem', MsgContent: { Data, Desc } }] });

describe('what is said in a class', () => {
  it.each<Said>([
    { type: 'danmaku', text: '你好', color: '#f80' },
    { type: 'like', count: 3 },
    { type: 'notice', text: 'Quiet, please' },
    { type: 'notice', event: 'board', users: [{ userId: 's1', name: 'Ann' }], board: true, text: 'Ann may draw' },
    { type: 'board', data: { stroke: 'a', points: [1, 2] } },
  ])('is read as it was written: %j', (said) => {
    expect(readMessage(toMessage(said))).toEqual(said);
  });

  it('goes with the priority of its kind, strokes first', () => {
    const priorities = (['board', 'notice', 'like'] as const).map(
      (type) => (toMessage({ type, text: '', count: 1, data: 1 } as Said) as { MsgPriority: string }).MsgPriority,
    );

    expect(priorities).toEqual(['High', 'Normal', 'Low']);
  });

  it.each([
    [3.7, 3],
    [Number.POSITIVE_INFINITY, 100],
    [-5, 1],
    ['7', 1],
    [{ toString: 1, valueOf: 1 }, 1],
  ])('counts likes as one message may hold them: %j as %i', (count, counted) => {
    const data = JSON.stringify({ v: 1, type: 'like', count }).replace('null', '1e999');

    expect(readMessage(custom(data))).toEqual({ type: 'like', count: counted });
  });

  it.each(['danmaku', 'notice'])('of type %s is empty when its text is none', (type) => {
    const odd = { toString: 1 };
    const data = JSON.stringify({ v: 1, type, text: odd, users: [{ userId: odd, name: odd }] });

    expect(readMessage(custom(data))).toMatchObject({ type, text: '' });
  });

  it('is a comment when it is a plain text of another app', () => {
    expect(readMessage({ MsgBody: [{ MsgType: 'TIMTextElem', MsgContent: { Text: 'hi' } }] })).toEqual({
      type: 'danmaku',
      text: 'hi',
    });
  });

  it('takes the sentence of a notice that brings no text', () => {
    const data = JSON.stringify({ v: 1, type: 'notice', event: 'join', users: [], count: 2 });

    expect(readMessage(custom(data, 'Ann and Ben'))).toMatchObject({ event: 'join', count: 2, text: 'Ann and Ben' });
  });

  it('is a notice whatever is wrong in it', () => {
    const wrong = { v: 1, type: 'notice', text: 'Hm', event: 'quiz', users: [null, 7, { name: 'Ann' }], count: 'two' };

    expect(readMessage(custom(JSON.stringify(wrong)))).toEqual({
      type: 'notice',
      text: 'Hm',
      users: [
        { userId: '', name: '' },
        { userId: '', name: '' },
        { userId: '', name: 'Ann' },
      ],
    });
  });

  it.each([
    ['is empty', { MsgBody: [] }],
    ['is of a kind that the page does not know', { MsgBody: [{ MsgType: 'TIMFaceElem', MsgContent: {} }] }],
    ['holds no JSON', custom('{')],
    ['holds something else than an object', custom('7')],
    ['is of another type', custom('{"type":"quiz"}')],
  ])('is nothing when it %s', (_, message) => {
    expect(readMessage(message)).toBeUndefined();
  });
});
