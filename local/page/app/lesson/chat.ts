import { computed, signal } from '@preact/signals';
import { AnswerLost, ImRefusal } from '../im/frames.ts';
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
  color?: string | undefined;
  state: 'sending' | 'sent' | 'masked' | 'refused' | 'lost';
  /** IM's code for a refusal. */
  code?: number;
}

/** A line of the chat. */
export type Line = Comment | { key: number; notice: Notice };

const keptLines = 300;

export interface ChatOptions {
  userId: string;
  /** Sends a comment; resolves when IM has taken it. */
  send(text: string, color: string | undefined): Promise<unknown>;
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

  const outcomeOf = (error: unknown): Partial<Comment> => {
    if (error instanceof ImRefusal) return { state: 'refused', code: error.code };
    if (error instanceof AnswerLost) return { state: 'lost' };
    throw error;
  };

  return {
    lines: computed(() => lines.value),
    notice: (notice: Notice) => add({ notice }),
    /** A comment has come; of one's own it shows what the others see. */
    heard(from: string, text: string, color: string | undefined): Comment {
      const own = from === userId ? underWay.shift() : undefined;
      if (!own) return comment({ userId: from, text, color, state: 'sent' });
      const isMasked = text !== own.typed;
      change(own.key, { text, state: isMasked ? 'masked' : 'sent', ...(isMasked && { typed: own.typed }) });
      return { key: own.key, userId: from, text, color, state: 'sent' };
    },
    /** Says something; one after the other, so that what comes back can be told apart. */
    say(text: string, color: string | undefined): Promise<unknown> {
      const { key } = comment({ userId, text, color, state: 'sending' });
      turn = turn.then(async () => {
        const own = { key, typed: text };
        underWay.push(own);
        try {
          await send(text, color);
          // It came back before the answer, or never will: a dropped comment looks sent to its sender.
          if (underWay.includes(own)) change(key, { state: 'sent' });
        } catch (error) {
          change(key, outcomeOf(error));
        }
        underWay = underWay.filter((each) => each !== own);
      });
      return turn;
    },
  };
};

export type Chat = ReturnType<typeof createChat>;
