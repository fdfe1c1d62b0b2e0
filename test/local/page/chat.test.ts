import { describe, expect, it } from 'vitest';
import { AnswerLost, ImRefusal } from '../../../local/page/app/im/frames.ts';
import { createChat } from '../../../local/page/app/lesson/chat.ts';

/** A chat of u1 whose messages are answered when the test says so. */
const startChat = () => {
  const sent: { text: string; resolve: () => void; reject: (error: Error) => void }[] = [];
  const chat = createChat({
    userId: 'u1',
    send: (text) => new Promise<void>((resolve, reject) => sent.push({ text, resolve, reject })),
  });
  const lines = () => chat.lines.value.map(({ key: _, ...line }) => line);
  /** The next message that goes out. */
  const next = async (at: number) => {
    await expect.poll(() => sent.length).toBeGreaterThan(at);
    const message = sent[at];
    if (!message) throw new Error('Nothing was sent.');
    return message;
  };
  return { chat, lines, next, sent };
};

describe('a comment of one’s own', () => {
  it('is there at once, and counts as sent when it comes back as it was', async () => {
    const { chat, lines, next } = startChat();

    const said = chat.say('hello', undefined);
    expect(lines()).toEqual([{ userId: 'u1', text: 'hello', color: undefined, state: 'sending' }]);
    const message = await next(0);
    chat.heard('u1', 'hello', undefined);
    message.resolve();
    await said;

    expect(lines()).toEqual([{ userId: 'u1', text: 'hello', color: undefined, state: 'sent' }]);
  });

  it('shows what the others see when that is something else, and what was typed', async () => {
    const { chat, lines, next } = startChat();

    const said = chat.say('well, darn it', undefined);
    const message = await next(0);
    chat.heard('u1', 'well, **** it', undefined);
    message.resolve();
    await said;

    expect(lines()).toMatchObject([{ text: 'well, **** it', typed: 'well, darn it', state: 'masked' }]);
  });

  it('looks sent when nobody sees it, and the next one is not taken for it', async () => {
    const { chat, lines, next } = startChat();

    const said = [chat.say('dropped', undefined), chat.say('heard', undefined)];
    (await next(0)).resolve();
    const second = await next(1);
    chat.heard('u1', 'heard', undefined);
    second.resolve();
    await Promise.all(said);

    expect(lines()).toMatchObject([
      { text: 'dropped', state: 'sent' },
      { text: 'heard', state: 'sent' },
    ]);
  });

  it('waits for the one before, so that what comes back can be told apart', async () => {
    const { chat, next, sent } = startChat();

    void chat.say('one', undefined);
    void chat.say('two', undefined);
    await next(0);

    expect(sent.map(({ text }) => text)).toEqual(['one']);
  });

  it('is refused with the code of IM, and the next one goes out all the same', async () => {
    const { chat, lines, next } = startChat();

    const said = [chat.say('heck', undefined), chat.say('fine', undefined)];
    (await next(0)).reject(new ImRefusal({ ErrorCode: 10100, ErrorInfo: 'no' }));
    (await next(1)).resolve();
    await Promise.all(said);

    expect(lines()).toMatchObject([
      { text: 'heck', state: 'refused', code: 10100 },
      { text: 'fine', state: 'sent' },
    ]);
  });

  it('is lost when the connection goes away before the answer', async () => {
    const { chat, lines, next } = startChat();

    const said = chat.say('hello?', undefined);
    (await next(0)).reject(new AnswerLost('gone'));
    await said;

    expect(lines()).toMatchObject([{ text: 'hello?', state: 'lost' }]);
  });
});

describe('the chat', () => {
  it('holds what others say and what is announced, in order', () => {
    const { chat, lines } = startChat();
    const notice = { type: 'notice', text: 'Ben came in' } as const;

    chat.notice(notice);
    chat.heard('u2', 'hi', '#f00');

    expect(lines()).toEqual([{ notice }, { userId: 'u2', text: 'hi', color: '#f00', state: 'sent' }]);
  });

  it('forgets what was said long ago', () => {
    const { chat, lines } = startChat();

    for (let index = 0; index < 400; index += 1) chat.heard('u2', `comment ${index}`, undefined);

    expect(lines()).toHaveLength(300);
    expect(lines().at(-1)).toMatchObject({ text: 'comment 399' });
  });
});
