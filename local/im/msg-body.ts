import * as z from 'zod/mini';
import { ImRefusal } from './refusal.ts';

const elementSchema = z.object({ MsgType: z.string(), MsgContent: z.record(z.string(), z.unknown()) });

export const msgBodySchema = z.array(elementSchema).check(z.minLength(1));

export type MsgBody = z.output<typeof msgBodySchema>;

/** Highest first, as history numbers them from 1. `Lowest` is of the older documents. */
export const priorities = ['High', 'Normal', 'Low', 'Lowest'] as const;

export type MsgPriority = (typeof priorities)[number];

/** Source: https://cloud.tencent.com/document/product/269/9346 */
const maxBytes = 12 * 1024;

/** All that the REST API may send. Source: https://cloud.tencent.com/document/product/269/1629 */
const restElements: readonly string[] = ['TIMTextElem', 'TIMLocationElem', 'TIMFaceElem', 'TIMCustomElem'];

export const hasOneCustomElemAtMost = (body: MsgBody): boolean =>
  body.filter(({ MsgType }) => MsgType === 'TIMCustomElem').length <= 1;

/** 10004 for elements that this way of sending does not take, 80002 for a message that is too long. */
export const assertSendable = (body: MsgBody, cloudCustomData: string | undefined, isRest: boolean): void => {
  if (!hasOneCustomElemAtMost(body)) throw new ImRefusal(10004, 'more than one TIMCustomElem in a message');
  if (isRest && !body.every(({ MsgType }) => restElements.includes(MsgType)))
    throw new ImRefusal(10004, 'the REST API sends text, location, face and custom elements only');
  if (Buffer.byteLength(JSON.stringify(body)) + Buffer.byteLength(cloudCustomData ?? '') > maxBytes)
    throw new ImRefusal(80002, 'message too long');
};

/**
 * IM's own dirty words: a text element that holds one is refused with 80001; custom elements are not looked at.
 * The real list takes an hour to take effect, this one none.
 * Source: https://cloud.tencent.com/document/product/269/2395
 */
export const assertClean = (body: MsgBody, dirtyWords: ReadonlySet<string>): void => {
  for (const { MsgType, MsgContent } of body) {
    const text = MsgType === 'TIMTextElem' && typeof MsgContent.Text === 'string' ? MsgContent.Text.toLowerCase() : '';
    for (const word of dirtyWords)
      if (text.includes(word.toLowerCase())) throw new ImRefusal(80001, 'the text holds a dirty word');
  }
};
