import * as z from 'zod/mini';
import { hasOneCustomElemAtMost, msgBodySchema } from './msg-body.ts';
import { ImRefusal } from './refusal.ts';

/**
 * What a before-callback may be answered with. A rewritten message must hold one TIMCustomElem at most;
 * an answer of another shape is a failed callback.
 * Source: https://cloud.tencent.com/document/product/269/1619
 */
const answerSchema = z.object({
  ErrorCode: z.int(),
  ErrorInfo: z.optional(z.string()),
  MsgBody: z.optional(msgBodySchema.check(z.refine(hasOneCustomElemAtMost))),
  CloudCustomData: z.optional(z.string()),
  RefusedMembers_Account: z.optional(z.array(z.string())),
});

export type CallbackAnswer = z.output<typeof answerSchema>;

/** `undefined` when the text is no answer. */
export const parseCallbackAnswer = (text: string): CallbackAnswer | undefined => {
  try {
    return answerSchema.safeParse(JSON.parse(text)).data;
  } catch {
    // No JSON is as good as no answer.
    return undefined;
  }
};

/**
 * Throws what the caller gets to see when the app's backend says no: its own code and text when that is 10100..10200, else 10016.
 * No answer is a yes: the callback has failed, and then IM goes on. Codes that are not documented count as a no.
 */
export const assertAllowed = (answer: CallbackAnswer | undefined): void => {
  const code = answer?.ErrorCode ?? 0;
  if (code === 0) return;
  if (code >= 10100 && code <= 10200) throw new ImRefusal(code, answer?.ErrorInfo ?? '');
  throw new ImRefusal(10016, 'refused by the callback of the app');
};
