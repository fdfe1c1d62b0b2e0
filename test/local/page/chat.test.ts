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

    const said = chat.say('hello');
    expect(lines()).toEqual([{ userId: 'u1', text: 'hello', state: 'sending' }]);
    const message = await next(0);
    chat.heard('u1', 'hello');
    message.resolve();
    await said;

    expect(lines()).toEqual([{ userId: 'u1', text: 'hello', state: 'sent' }]);
  });

  it('shows what the others see when that is something else, and what was typed', async () => {
    const { chat, lines, next } = startChat();

    const said = chat.say('well, darn it');
    const message = await next(0);
    chat.heard('u1', 'well, **** it');
    message.resolve();
    await said;

    expect(lines()).toMatchObject([{ text: 'well, **** it', typed: 'well, darn it', state: 'masked' }]);
  });

  it('looks sent when nobody sees it, and the next one is not taken for it', async () => {
    const { chat, lines, next } = startChat();

    const said = [chat.say('dropped'), chat.say('heard')];
    (await next(0)).resolve();
    const second = await next(1);
    chat.heard('u1', 'heard');
    second.resolve();
    await Promise.all(said);

    expect(lines()).toMatchObject([
      { text: 'dropped', state: 'sent' },
      { text: 'heard', state: 'sent' },
    ]);
  });

  it('waits for the one before, so that what comes back can be told apart', async () => {
    const { chat, next, sent } = startChat();

    void chat.say('one');
    void chat.say('two');
    await next(0);

    expect(sent.map(({ text }) => text)).toEqual(['one']);
  });

  it('is not taken for another one that the same user says elsewhere meanwhile', async () => {
    const { chat, lines, next } = startChat();

    const said = chat.say('from here');
    const message = await next(0);
    chat.heard('u1', 'from my phone');
    chat.heard('u1', 'from here');
    message.resolve();
    await said;

    expect(lines()).toEqual([
      { userId: 'u1', text: 'from here', state: 'sent' },
      { userId: 'u1', text: 'from my phone', state: 'sent' },
    ]);
  });

  it('is refused with the code of IM, and the next one goes out all the same', async () => {
    const { chat, lines, next } = startChat();

    const said = [chat.say('heck'), chat.say('fine')];
    (await next(0)).reject(new ImRefusal({ ErrorCode: 10100, ErrorInfo: 'no' }));
    (await next(1)).resolve();
    await Promise.all(said);

    expect(lines()).toMatchObject([
      { text: 'heck', state: 'refused', code: 10100 },
      { text: 'fine', state: 'sent' },
    ]);
  });

  it.each([new AnswerLost('gone'), new Error('whatever')])('is lost when no answer comes: %s', async (error) => {
    const { chat, lines, next } = startChat();

    const said = chat.say('hello?');
    (await next(0)).reject(error);
    await said;

    expect(lines()).toMatchObject([{ text: 'hello?', state: 'lost' }]);
  });
});

describe('the chat', () => {
  it('holds what others say, what is announced, and where something may be missing, in order', () => {
    const { chat, lines } = startChat();
    const notice = { type: 'notice', text: 'Ben came in' } as const;

    chat.notice(notice);
    chat.heard('u2', 'hi');
    chat.gap();

    expect(lines()).toEqual([{ notice }, { userId: 'u2', text: 'hi', state: 'sent' }, { gap: true }]);
  });

  it('forgets what was said long ago', () => {
    const { chat, lines } = startChat();

    for (let index = 0; index < 400; index += 1) chat.heard('u2', `comment ${index}`);

    expect(lines()).toHaveLength(300);
    expect(lines().at(-1)).toMatchObject({ text: 'comment 399' });
  });
});
