import { computed, signal } from '@preact/signals';
import { ImRefusal } from '../im/frames.ts';
import type { Notice } from './wire.ts';

/**
 * Something that somebody said. Of one's own: `sending` until IM has answered, then `sent`, `masked` when the others see
 * other words, `refused` with IM's code, or `lost` when no answer came.
 */
export interface Comment {
  key: number;
  userId: string;
  /** As the others see it. */
  text: string;
  /** What was typed, when that is not what the others see. */
  typed?: string;
  state: 'sending' | 'sent' | 'masked' | 'refused' | 'lost';
  /** IM's code for a refusal. */
  code?: number;
}

/** A line of the chat. */
export type Line = Comment | { key: number; notice: Notice } | { key: number; gap: true };

const keptLines = 300;

export interface ChatOptions {
  userId: string;
  /** Sends a comment; resolves when IM has taken it. */
  send(text: string): Promise<unknown>;
}

/** What has been said, the latest last. */
export const createChat = ({ userId, send }: ChatOptions) => {
  const lines = signal<readonly Line[]>([]);
  let lastKey = 0;
  /** Of one's own comments, in the order in which IM will bring them back. */
  let underWay: { key: number; typed: string }[] = [];
  let turn: Promise<unknown> = Promise.resolve();

  const add = <T extends object>(line: T): T & { key: number } => {
    lastKey += 1;
    const added = { key: lastKey, ...line };
    lines.value = [...lines.value, added as unknown as Line].slice(-keptLines);
    return added;
  };
  const comment = (said: Omit<Comment, 'key'>): Comment => add(said);
  const change = (key: number, changes: Partial<Comment>) => {
    lines.value = lines.value.map((line) => (line.key === key ? { ...line, ...changes } : line));
  };

  return {
    lines: computed(() => lines.value),
    notice: (notice: Notice) => add({ notice }),
    /** Says that something may be missing here. */
    gap: () => add({ gap: true as const }),
    /** A comment has come; of one's own it shows what the others see. */
    heard(from: string, text: string): Comment {
      const at = from === userId ? underWay.findIndex(({ typed }) => isEcho(text, typed)) : -1;
      const [own] = at < 0 ? [] : underWay.splice(at, 1);
      if (!own) return comment({ userId: from, text, state: 'sent' });
      const isMasked = text !== own.typed;
      change(own.key, { text, state: isMasked ? 'masked' : 'sent', ...(isMasked && { typed: own.typed }) });
      return { key: own.key, userId: from, text, state: 'sent' };
    },
    /** Says something; one after the other, so that what comes back can be told apart. */
    say(text: string): Promise<unknown> {
      const { key } = comment({ userId, text, state: 'sending' });
      turn = turn.then(async () => {
        const own = { key, typed: text };
        underWay.push(own);
        try {
          await send(text);
          // It came back before the answer, or never will: a dropped comment looks sent to its sender.
          if (underWay.includes(own)) change(key, { state: 'sent' });
        } catch (error) {
          change(key, error instanceof ImRefusal ? { state: 'refused', code: error.code } : { state: 'lost' });
        }
        underWay = underWay.filter((each) => each !== own);
      });
      return turn;
    },
  };
};

/** The chat of a class. */
export type Chat = ReturnType<typeof createChat>;

const mask = '*';

/** Whether this is what was typed, as it is or masked: the same user may also speak from elsewhere. */
const isEcho = (text: string, typed: string): boolean => {
  const [seen, said] = [[...text], [...typed]];
  return seen.length === said.length && seen.every((char, at) => char === said[at] || char === mask);
};
