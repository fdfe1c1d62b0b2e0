import { describe, expect, it } from 'vitest';
import { compileFilter, productionOptions } from '../../lib/moderation/filter.ts';
import { judgeMessage, type Message } from '../../lib/moderation/message.ts';
import { judgeText } from '../../lib/moderation/text.ts';

const filterOf = (...words: string[]) => compileFilter(words.map((word) => ({ word })));

describe('judgeMessage', () => {
  const text = (...texts: string[]): Message => ({
    MsgBody: texts.map((Text) => ({ MsgType: 'TIMTextElem', MsgContent: { Text } })),
  });
  const custom = (MsgContent: Record<string, unknown>): Message => ({
    MsgBody: [{ MsgType: 'TIMCustomElem', MsgContent }],
  });
  const masked = (message: Message, ...words: string[]) => {
    const judgement = judgeMessage(filterOf(...words), message, 'mask');
    if (judgement.verdict !== 'mask') throw new Error(`the verdict is ${judgement.verdict}`);
    return judgement.message;
  };

  it('lets pass what holds no word', () => {
    expect(judgeMessage(filterOf('x'), text('hello'), 'reject')).toEqual({ verdict: 'pass' });
    expect(judgeMessage(filterOf('x'), { MsgBody: [] }, 'reject')).toEqual({ verdict: 'pass' });
  });

  it('masks each text where it has the word', () => {
    expect(masked(text('加微信', 'hello', '微信'), '微信')).toEqual(text('加**', 'hello', '**'));
  });

  it('finds a word that is split over texts, with something between them too', () => {
    expect(masked(text('加微', '信吧'), '微信')).toEqual(text('加*', '*吧'));
    const face = { MsgType: 'TIMFaceElem', MsgContent: { Index: 1, Data: '微信' } };
    const [first, second] = text('微', '信').MsgBody;
    if (!first || !second) throw new Error('two texts are expected');
    expect(masked({ MsgBody: [first, face, second] }, '微信').MsgBody).toEqual([
      text('*').MsgBody[0],
      face,
      text('*').MsgBody[0],
    ]);
  });

  it('masks a split word in as many texts as it is split over, and what one of them holds besides', () => {
    expect(masked(text('a微', '', '信', '号a', 'b'), '微信号', '信', 'ab')).toEqual(text('a*', '', '*', '**', '*'));
  });

  it('takes the halves of a character in two texts for what each of them is', () => {
    expect(masked(text('a\ud83d', '\ude00b'), 'a😀b')).toEqual(text('**', '**'));
  });

  it('finds a whole word that is none with the next text, and one that is only whole with it', () => {
    const filter = compileFilter([{ word: 'darn' }], { latinWholeWord: true });
    const judged = (...texts: string[]) => judgeMessage(filter, text(...texts), 'mask');
    expect(judged('oh darn', 'it')).toMatchObject({ message: text('oh ****', 'it') });
    expect(judged('oh da', 'rn')).toMatchObject({ message: text('oh **', '**') });
    expect(judged('oh da', 'rnit')).toEqual({ verdict: 'pass' });
  });

  it('does not take a word of one text back for what the next one adds to it', () => {
    const filter = compileFilter([{ word: '甲孙' }, { word: '甲孙可', action: 'allow' }]);
    expect(judgeMessage(filter, text('甲孙可'), 'mask')).toEqual({ verdict: 'pass' });
    expect(judgeMessage(filter, text('甲孙', '可'), 'mask')).toMatchObject({ message: text('**', '可') });
  });

  it('scans a single text once, and several each and together', () => {
    const scanned: string[] = [];
    const filter = {
      scan(part: string) {
        scanned.push(part);
        return [];
      },
    };
    judgeMessage(filter, text('', 'one', ''), 'mask');
    expect(scanned.splice(0)).toEqual(['one']);
    judgeMessage(filter, text('one', 'two'), 'mask');
    expect(scanned).toEqual(['onetwo', 'one', 'two']);
  });

  it('masks string values of custom Data, and Desc and Ext as they are', () => {
    const content = {
      Data: '{"danmaku":"加微信","n":1.0,"微信":true}',
      Desc: '微信',
      Ext: '{"a":"微信"}',
      Sound: '微信',
    };
    expect(masked(custom(content), '微信')).toEqual(
      custom({ Data: '{"danmaku":"加**","n":1.0,"微信":true}', Desc: '**', Ext: '{"a":"**"}', Sound: '微信' }),
    );
  });

  it('finds a word that is written in escapes', () => {
    expect(masked(custom({ Data: '{"a":"\\u5fae\\u4fe1"}' }), '微信')).toEqual(custom({ Data: '{"a":"**"}' }));
  });

  it('masks Data that is no JSON as the text that it is', () => {
    expect(masked(custom({ Data: '加微信{' }), '微信')).toEqual(custom({ Data: '加**{' }));
  });

  it('masks CloudCustomData likewise, and keeps it absent when it is', () => {
    const message = { ...text('hello'), CloudCustomData: '{"quote":"微信"}' };
    expect(masked(message, '微信')).toEqual({ ...text('hello'), CloudCustomData: '{"quote":"**"}' });
    expect(masked(text('微信'), '微信')).not.toHaveProperty('CloudCustomData');
  });

  it('masks the descriptions and names that people read in other elements', () => {
    const place = (Desc: unknown) => ({ MsgType: 'TIMLocationElem', MsgContent: { Desc, Latitude: 29.3 } });
    const file = (FileName: unknown) => ({ MsgType: 'TIMFileElem', MsgContent: { FileName, Url: 'https://微信' } });
    const message = { MsgBody: [place('微信 4'), file('微信.pdf'), place(7), file(['微信'])] };
    expect(masked(message, '微信').MsgBody).toEqual([place('** 4'), file('**.pdf'), place(7), file(['微信'])]);
  });

  it('masks what people read in forwarded messages', () => {
    const forwarded = (word: string) => ({
      MsgType: 'TIMRelayElem',
      MsgContent: {
        Title: `${word} 1`,
        CompatibleText: word,
        AbstractList: [`A: ${word}`, 7],
        MsgList: [{ From_Account: '微信', ...text(word) }, { MsgBody: '微信' }, '微信'],
        JsonMsgKey: '微信',
      },
    });
    expect(masked({ MsgBody: [forwarded('微信')] }, '微信').MsgBody).toEqual([forwarded('**')]);
    const strange = { MsgType: 'TIMRelayElem', MsgContent: { Title: 7, AbstractList: '微信', MsgList: '微信' } };
    expect(judgeMessage(filterOf('微信'), { MsgBody: [strange] }, 'mask')).toEqual({ verdict: 'pass' });
  });

  it('leaves every other field and element as it is', () => {
    const message: Message = {
      MsgBody: [
        { MsgType: 'TIMTextElem', MsgContent: { Text: '微信', More: 1 } },
        { MsgType: 'TIMTextElem', MsgContent: { Text: 7 } },
        { MsgType: 'TIMImageElem', MsgContent: { UUID: '微信' } },
        { MsgType: 'constructor', MsgContent: { Text: '微信', Data: '微信' } },
        {
          MsgType: 'TIMFileElem',
          MsgContent: JSON.parse('{"__proto__":{"FileName":"微信"},"toJSON":1}'),
          ...{ More: 1 },
        },
      ],
    };
    expect(masked(message, '微信').MsgBody).toStrictEqual([
      { MsgType: 'TIMTextElem', MsgContent: { Text: '**', More: 1 } },
      ...message.MsgBody.slice(1),
    ]);
  });

  it.each([
    [['mask', 'mask'], 'mask'],
    [['mask', 'reject'], 'reject'],
    [['reject', 'drop'], 'drop'],
    [['drop', 'mask'], 'drop'],
  ] as const)('takes the strictest of %j', ([a, b], verdict) => {
    const filter = compileFilter([
      { word: 'a', action: a },
      { word: 'b', action: b },
    ]);
    expect(judgeMessage(filter, text('b', 'a'), 'mask')).toMatchObject({ verdict, words: ['b', 'a'] });
  });

  it('looks for the strictest in every part', () => {
    const filter = compileFilter([{ word: 'a' }, { word: 'b', action: 'drop' }]);
    const message = { ...custom({ Data: '["a"]', Ext: 'a' }), CloudCustomData: 'b' };
    expect(judgeMessage(filter, message, 'mask').verdict).toBe('drop');
  });

  it.each(['mask', 'reject', 'drop'] as const)('does %s for a word to which the list gives no action', (action) => {
    expect(judgeMessage(filterOf('a'), text('a'), action).verdict).toBe(action);
    const own = compileFilter([{ word: 'a', action: 'reject' }]);
    expect(judgeMessage(own, text('a'), action).verdict).toBe('reject');
  });
});

describe('judgeText', () => {
  const filter = compileFilter(
    [{ word: '微信' }, { word: 'refused', action: 'reject' }, { word: 'dropped', action: 'drop' }],
    productionOptions,
  );

  it.each([
    ['hello', { verdict: 'pass' }],
    ['加 微-信 号', { verdict: 'mask', masked: '加 *** 号' }],
    ['微信, refused', { verdict: 'reject' }],
    ['dropped or refused', { verdict: 'drop' }],
  ])('of %j is %j', (words, judgement) => {
    expect(judgeText(filter, words, 'mask')).toEqual(judgement);
  });

  it('scans once', () => {
    const scanned: string[] = [];
    const counting = {
      scan(words: string) {
        scanned.push(words);
        return filter.scan(words);
      },
    };
    expect(judgeText(counting, '微信', 'mask')).toEqual({ verdict: 'mask', masked: '**' });
    expect(scanned).toEqual(['微信']);
  });
});
