import * as z from 'zod/mini';

/** A numeric room or a string room: 123 and "123" are two rooms. */
export type RoomId = number | string;

/** Source: https://cloud.tencent.com/document/product/647/46351 */
export const numericRoomId = z.int().check(z.minimum(1), z.maximum(0xffff_fffe));

/** Source: as above. */
export const stringRoomId = z.string().check(z.regex(/^[A-Za-z0-9 !#$%&()+\-:;<=.>?@[\]^_{}|~,]{1,64}$/));
