import { scanBoardText } from './board-message.ts';
import type { Filter } from './filter.ts';
import { maskPayload } from './json-strings.ts';
import { isObject, type MessageElement, maskBody } from './message-body.ts';
import { type Action, createScanner } from './scanner.ts';

/** An IM message as the before-send callback brings it; elements in which nobody reads pass unread. */
export interface Message {
  MsgBody: readonly MessageElement[];
  CloudCustomData?: string | null | undefined;
}

export type Judgement =
  | { verdict: 'pass' }
  | { verdict: 'mask'; message: Message; words: string[] }
  | { verdict: 'reject' | 'drop'; words: string[] };

/**
 * Judges what people can read of a message: its texts, each and joined, since a word may be split over several; the
 * string values of a custom element's `Data` and of `CloudCustomData`; the descriptions and names that other elements
 * carry. The strictest action wins.
 */
export const judgeMessage = (filter: Pick<Filter, 'scan'>, message: Message, defaultAction: Action): Judgement => {
  const { scan, action, words } = createScanner(filter, defaultAction);
  const MsgBody = maskBody(message.MsgBody, scan);
  const custom = typeof message.CloudCustomData === 'string' && {
    CloudCustomData: maskPayload(message.CloudCustomData, scan),
  };
  const verdict = action();
  if (verdict === undefined) return { verdict: 'pass' };
  if (verdict !== 'mask') return { verdict, words: words() };
  return { verdict, words: words(), message: { MsgBody, ...custom } };
};

/**
 * Judges a message that draws on the board: any hit rejects it, and nothing is rewritten, since a drawing must come out as
 * it was drawn. When it does nothing but draw, only the texts of the drawing count, and all that is said beside it.
 */
export const judgeBoardMessage = (filter: Pick<Filter, 'scan'>, message: Message): Judgement => {
  const [element, ...others] = message.MsgBody;
  const drawing = others.length === 0 ? customObject(element) : undefined;
  const hits = drawing ? scanBoardText(filter, drawing) : [];
  const rest = element && drawing ? { ...message, MsgBody: [withoutData(element)] } : message;
  const judgement = judgeMessage(filter, rest, 'reject');
  const words = [...hits.map(({ word }) => word), ...('words' in judgement ? judgement.words : [])];
  return words.length === 0 ? { verdict: 'pass' } : { verdict: 'reject', words: [...new Set(words)] };
};

const withoutData = ({ MsgType, MsgContent }: MessageElement): MessageElement => ({
  MsgType,
  MsgContent: { ...MsgContent, Data: '' },
});

/** The `type` of each element by which clients know what it is, numbers as text; `undefined` for elements without. */
export const elementTypes = (MsgBody: Message['MsgBody']): (string | undefined)[] =>
  MsgBody.map((element) => {
    const type = customObject(element)?.type;
    return typeof type === 'string' || typeof type === 'number' ? String(type) : undefined;
  });

/** The JSON object that a custom element carries, read as clients read it; `undefined` when it carries none. */
const customObject = (element: MessageElement | undefined): Record<string, unknown> | undefined => {
  if (element?.MsgType !== 'TIMCustomElem' || typeof element.MsgContent.Data !== 'string') return undefined;
  try {
    const carried: unknown = JSON.parse(element.MsgContent.Data);
    return isObject(carried) ? carried : undefined;
  } catch {
    // Clients that send plain text there send no type.
    return undefined;
  }
};
