import * as z from 'zod/mini';
import { ImRefusal } from '../refusal.ts';

const maxUint32 = 0xffff_ffff;

export const uint32 = z.int().check(z.minimum(0), z.maximum(maxUint32));

/** At most so many bytes of UTF-8. */
export const textOf = (maxBytes: number) => z.string().check(z.refine((text) => Buffer.byteLength(text) <= maxBytes));

export const account = textOf(32).check(z.minLength(1));

export const accounts = z.array(account).check(z.minLength(1));

/** IM writes its switches as 0 and 1. */
export const flag = z.union([z.literal(0), z.literal(1)]);

/** 10005 over `max`. */
export const assertAtMost = (max: number, list: readonly unknown[]): void => {
  if (list.length > max) throw new ImRefusal(10005, `at most ${max} accounts a call`);
};

/** Texts of a group. Source: https://cloud.tencent.com/document/product/269/9346 */
export const groupTexts = {
  Name: textOf(30).check(z.minLength(1)),
  Introduction: textOf(240),
  Notification: textOf(300),
  FaceUrl: textOf(100),
};

export const applyJoinOption = z.enum(['FreeAccess', 'NeedPermission', 'DisableApply']);

export const appDefinedData = z.array(z.object({ Key: z.string(), Value: z.string() })).check(z.maxLength(10));

/** 80001 when a text holds one of the words. */
export const assertDecent = (texts: readonly (string | undefined)[], refusedWords: readonly string[]): void => {
  for (const text of texts)
    if (text !== undefined && refusedWords.some((word) => text.toLowerCase().includes(word.toLowerCase())))
      throw new ImRefusal(80001, 'the text does not pass the content check');
};
