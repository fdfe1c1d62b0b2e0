import type { Push } from '../im/frames.ts';

/** Somebody, as notices name people. */
export interface Named {
  userId: string;
  name: string;
}

/** A notice; with an `event`, what has happened: who came or went, or what the teacher has changed, for the apps to follow. */
export interface Notice {
  type: 'notice';
  text: string;
  event?: 'join' | 'leave' | 'board' | 'mute' | 'mute-class';
  /** Whom it is about; of many only some. */
  users?: readonly Named[];
  /** How many it is about. */
  count?: number;
  /** Of `board`: whether they have it now. */
  board?: boolean;
  /** Of `mute`: for how long; 0 lifts it. */
  seconds?: number;
  /** Of `mute-class`. */
  muted?: boolean;
}

/** What is said in a class. */
export type Said =
  | { type: 'danmaku'; text: string; color?: string }
  | { type: 'like'; count: number }
  | Notice
  | { type: 'board'; data: unknown };

type Priority = 'High' | 'Normal' | 'Low';

const priorities: Readonly<Record<Said['type'], Priority>> = {
  danmaku: 'Low',
  like: 'Low',
  notice: 'Normal',
  board: 'High',
};

/** A message as IM takes it; a stroke goes first when there are too many. */
export const toMessage = (said: Said): object => ({
  MsgBody: [
    {
      MsgType: 'TIMCustomElem',
      MsgContent: { Data: JSON.stringify({ v: 1, ...said }), Desc: 'text' in said ? said.text : '', Ext: '' },
    },
  ],
  MsgPriority: priorities[said.type],
});

/** What a message says; `undefined` for what this page does not know. */
export const readMessage = ({ MsgBody = [] }: Pick<Push, 'MsgBody'>): Said | undefined => {
  const [element] = MsgBody;
  if (!element) return undefined;
  if (element.MsgType === 'TIMTextElem') return { type: 'danmaku', text: readText(element.MsgContent.Text) };
  if (element.MsgType !== 'TIMCustomElem') return undefined;
  const data = parse(element.MsgContent.Data);
  switch (data?.type) {
    case 'danmaku':
      return {
        type: 'danmaku',
        text: readText(data.text),
        ...(typeof data.color === 'string' && { color: data.color }),
      };
    case 'like':
      return { type: 'like', count: readCount(data.count) };
    case 'notice':
      return readNotice(data, readText(data.text, element.MsgContent.Desc));
    case 'board':
      return { type: 'board', data: data.data };
    default:
      return undefined;
  }
};

/** As many as one message may hold. */
const readCount = (count: unknown): number =>
  typeof count === 'number' ? Math.min(Math.max(Math.trunc(count) || 1, 1), mostLikes) : 1;
const mostLikes = 100;

const readText = (...candidates: unknown[]): string => candidates.find((each) => typeof each === 'string') ?? '';

const events: readonly unknown[] = ['join', 'leave', 'board', 'mute', 'mute-class'];

/** Whoever may send a notice may send anything in it. */
const readNotice = ({ event, users, count, board, seconds, muted }: Record<string, unknown>, text: string): Notice => ({
  type: 'notice',
  text,
  ...(events.includes(event) && { event: event as NonNullable<Notice['event']> }),
  ...(Array.isArray(users) && { users: users.map(readNamed) }),
  ...(typeof count === 'number' && { count }),
  ...(typeof board === 'boolean' && { board }),
  ...(typeof seconds === 'number' && { seconds }),
  ...(typeof muted === 'boolean' && { muted }),
});

const readNamed = (somebody: unknown): Named => {
  const { userId, name } = Object(somebody) as Partial<Record<keyof Named, unknown>>;
  return { userId: readText(userId), name: readText(name) };
};

const parse = (text: unknown): Record<string, unknown> | undefined => {
  try {
    const value: unknown = typeof text === 'string' ? JSON.parse(text) : undefined;
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    // Another app's message.
    return undefined;
  }
};
