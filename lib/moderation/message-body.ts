import { maskPayload } from './json-strings.ts';
import { maskRanges } from './mask.ts';
import { type Find, mergeRanges, type Range } from './ranges.ts';

/** A part of a message, as IM's callbacks bring it. */
export interface MessageElement {
  MsgType: string;
  MsgContent: Readonly<Record<string, unknown>>;
}

/** Answers whether a value has the form of a `MsgBody`. */
export const isMessageBody = (value: unknown): value is readonly MessageElement[] =>
  Array.isArray(value) &&
  value.every((element) => isObject(element) && typeof element.MsgType === 'string' && isObject(element.MsgContent));

/** Masks what people read of a message's elements, and leaves all else as it is. */
export const maskBody = (elements: readonly MessageElement[], find: Find): MessageElement[] => {
  const texts = maskTexts(elements.map(textOf), find);
  return elements.map((element, index) => {
    const MsgContent = { ...element.MsgContent };
    if (isText(element)) MsgContent.Text = texts[index];
    for (const [name, mask] of Object.entries(readableFields(element.MsgType)))
      if (Object.hasOwn(MsgContent, name)) MsgContent[name] = mask(MsgContent[name], find);
    return { ...element, MsgContent };
  });
};

const isText = ({ MsgType, MsgContent }: MessageElement): boolean =>
  MsgType === 'TIMTextElem' && typeof MsgContent.Text === 'string';

const textOf = (element: MessageElement): string => (isText(element) ? String(element.MsgContent.Text) : '');

/**
 * Masks texts that are read one after the other. Each is scanned for itself too: with the next one a word may be but a part
 * of a longer, harmless one, but people see where an element ends.
 */
const maskTexts = (texts: readonly string[], find: Find): string[] => {
  const found = [...find(texts.join(''))];
  if (texts.filter((text) => text !== '').length > 1) {
    let from = 0;
    for (const text of texts) {
      for (const { start, end } of find(text)) found.push({ start: from + start, end: from + end });
      from += text.length;
    }
  }
  return maskEach(texts, mergeRanges(found));
};

/** Masks ranges of the joined texts, given in order, in each of the texts that they touch. */
const maskEach = (texts: readonly string[], ranges: readonly Range[]): string[] => {
  let from = 0;
  let next = 0;
  return texts.map((text) => {
    const to = from + text.length;
    const inside: Range[] = [];
    for (let range = ranges[next]; range && range.start < to; range = ranges[next]) {
      inside.push({ start: Math.max(range.start - from, 0), end: Math.min(range.end, to) - from });
      // What is left of it is the next text's.
      if (range.end > to) break;
      next += 1;
    }
    from = to;
    return maskRanges(text, inside);
  });
};

const maskText = (text: string, find: Find): string => maskRanges(text, find(text));

/** Rewrites what a field holds, unless it is of another kind than the field is for. */
type Mask = (value: unknown, find: Find) => unknown;

const inText: Mask = (value, find) => (typeof value === 'string' ? maskText(value, find) : value);

const inPayload: Mask = (value, find) => (typeof value === 'string' ? maskPayload(value, find) : value);

const inTexts: Mask = (value, find) => (Array.isArray(value) ? value.map((text) => inText(text, find)) : value);

const inMessages: Mask = (value, find) =>
  Array.isArray(value)
    ? value.map((message) =>
        isMessageBody(message?.MsgBody) ? { ...message, MsgBody: maskBody(message.MsgBody, find) } : message,
      )
    : value;

/** Where people read in the elements that are no texts. Source: https://cloud.tencent.com/document/product/269/2720 */
const readableFields = (MsgType: string): Record<string, Mask> => {
  switch (MsgType) {
    case 'TIMCustomElem':
      return { Data: inPayload, Desc: inText, Ext: inPayload };
    case 'TIMLocationElem':
      return { Desc: inText };
    case 'TIMFileElem':
      return { FileName: inText };
    case 'TIMRelayElem':
      return { Title: inText, CompatibleText: inText, AbstractList: inTexts, MsgList: inMessages };
    default:
      return {};
  }
};

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
