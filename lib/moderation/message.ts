import { scanBoardText } from './board-message.ts';
import { type Filter, type Hit, maskRanges, type WordAction } from './filter.ts';
import { mapJsonStrings } from './json-strings.ts';

/** An IM message as the before-send callback brings it; elements of other types pass unread. */
export interface Message {
  MsgBody: readonly { MsgType: string; MsgContent: Readonly<Record<string, unknown>> }[];
  CloudCustomData?: string | undefined;
}

export type Judgement =
  | { verdict: 'pass' }
  | { verdict: 'mask'; message: Message; words: string[] }
  | { verdict: 'reject' | 'drop'; words: string[] };

type Action = Exclude<WordAction, 'allow'>;

const strictness: Record<Action, number> = { mask: 1, reject: 2, drop: 3 };

/**
 * Judges what people can read of a message: its texts, each and joined, since a word may be split over several; the
 * string values of a custom element's `Data`, its `Desc` and `Ext`, and `CloudCustomData`. The strictest action wins.
 */
export const judgeMessage = (filter: Filter, message: Message, defaultAction: Action): Judgement => {
  const found: Hit[] = [];
  const scan = (text: string): Hit[] => {
    const hits = filter.scan(text);
    found.push(...hits);
    return hits;
  };
  const mask = (text: string) => maskRanges(text, scan(text));
  const maskPayload = (payload: string) => mapJsonStrings(payload, mask) ?? mask(payload);

  const texts = message.MsgBody.map(({ MsgType, MsgContent }) =>
    MsgType === 'TIMTextElem' && typeof MsgContent.Text === 'string' ? MsgContent.Text : '',
  );
  const maskedTexts = maskSplit(texts, [...scan(texts.join('')), ...scanEach(texts, scan)]);

  const MsgBody = message.MsgBody.map(({ MsgType, MsgContent }, index) => {
    if (MsgType === 'TIMTextElem' && typeof MsgContent.Text === 'string')
      return { MsgType, MsgContent: { ...MsgContent, Text: maskedTexts[index] } };
    if (MsgType !== 'TIMCustomElem') return { MsgType, MsgContent };
    return {
      MsgType,
      MsgContent: mapStrings(MsgContent, (name, value) =>
        name === 'Data' ? maskPayload(value) : name === 'Desc' || name === 'Ext' ? mask(value) : value,
      ),
    };
  });
  const CloudCustomData = message.CloudCustomData === undefined ? undefined : maskPayload(message.CloudCustomData);

  const words = [...new Set(found.map(({ word }) => word))];
  const verdict = found
    .map(({ action = defaultAction }) => action)
    .reduce<Action | undefined>(
      (worst, action) => (worst === undefined || strictness[action] > strictness[worst] ? action : worst),
      undefined,
    );
  if (verdict === undefined) return { verdict: 'pass' };
  if (verdict !== 'mask') return { verdict, words };
  return { verdict, words, message: { MsgBody, ...(CloudCustomData !== undefined && { CloudCustomData }) } };
};

/**
 * Judges a message that draws on the board: any hit rejects it, and nothing is rewritten, since a drawing must come out as
 * it was drawn. When it does nothing but draw, only the texts in the drawing count.
 */
export const judgeBoardMessage = (filter: Filter, message: Message): Judgement => {
  const [element, ...others] = message.MsgBody;
  const drawn = others.length === 0 ? customObject(element) : undefined;
  if (drawn) {
    const hits = scanBoardText(filter, 'data' in drawn ? drawn.data : drawn);
    return hits.length === 0
      ? { verdict: 'pass' }
      : { verdict: 'reject', words: [...new Set(hits.map(({ word }) => word))] };
  }
  const judgement = judgeMessage(filter, message, 'reject');
  return judgement.verdict === 'pass' ? judgement : { verdict: 'reject', words: judgement.words };
};

/** The `type` of each element by which clients know what it is, numbers as text; `undefined` for elements without. */
export const elementTypes = (MsgBody: Message['MsgBody']): (string | undefined)[] =>
  MsgBody.map((element) => {
    const type = customObject(element)?.type;
    return typeof type === 'string' || typeof type === 'number' ? String(type) : undefined;
  });

/** The JSON object that a custom element carries, read as clients read it; `undefined` when it carries none. */
const customObject = (element: Message['MsgBody'][number] | undefined): Record<string, unknown> | undefined => {
  if (element?.MsgType !== 'TIMCustomElem' || typeof element.MsgContent.Data !== 'string') return undefined;
  try {
    const carried: unknown = JSON.parse(element.MsgContent.Data);
    return isObject(carried) ? carried : undefined;
  } catch {
    // Clients that send plain text there send no type.
    return undefined;
  }
};

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

/** Hits inside the single texts, as offsets into the joined one. */
const scanEach = (texts: readonly string[], scan: (text: string) => Hit[]): Hit[] => {
  let offset = 0;
  return texts.flatMap((text) => {
    const hits = scan(text).map((hit) => ({ ...hit, start: hit.start + offset, end: hit.end + offset }));
    offset += text.length;
    return hits;
  });
};

/** Masks ranges of the joined texts in each of the texts that they touch. */
const maskSplit = (texts: readonly string[], ranges: readonly { start: number; end: number }[]): string[] => {
  let offset = 0;
  return texts.map((text) => {
    const from = offset;
    offset += text.length;
    const inside = ranges
      .map(({ start, end }) => ({ start: Math.max(start - from, 0), end: Math.min(end - from, text.length) }))
      .filter(({ start, end }) => start < end);
    return maskRanges(text, inside);
  });
};

const mapStrings = (record: Readonly<Record<string, unknown>>, map: (name: string, value: string) => string) =>
  Object.fromEntries(
    Object.entries(record).map(([name, value]) => [name, typeof value === 'string' ? map(name, value) : value]),
  );
