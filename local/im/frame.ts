import { randomInt } from 'node:crypto';
import * as z from 'zod/mini';
import type { Session } from './audience.ts';
import type { ImContext } from './context.ts';
import { membersOf, requireGroup } from './groups.ts';
import { joinGroup, quitGroup } from './membership.ts';
import { msgBodySchema, priorities } from './msg-body.ts';
import { ImRefusal } from './refusal.ts';
import { sendMessage } from './send-message.ts';

const frameSchema = z.object({
  id: z.union([z.string(), z.number()]),
  op: z.enum(['join', 'quit', 'send']),
  groupId: z.string(),
  message: z.optional(z.unknown()),
});

const messageSchema = z.object({
  MsgBody: msgBodySchema,
  MsgPriority: z._default(z.enum(priorities), 'Normal'),
  CloudCustomData: z.optional(z.string()),
});

/** What a client asks for. */
export type Frame = z.output<typeof frameSchema>;

/** 60003 when it is not a frame; `id` is what could be read of it. */
export const parseFrame = (text: string): { frame: Frame } | { id: string | number | null } => {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { id: null };
  }
  const { data } = frameSchema.safeParse(value);
  return data ? { frame: data } : { id: z.object({ id: frameSchema.shape.id }).safeParse(value).data?.id ?? null };
};

/** Does what a frame asks for. Throws `ImRefusal`. */
export const runFrame = async (im: ImContext, session: Session, { op, groupId, message }: Frame): Promise<void> => {
  if (op === 'join') return joinGroup(im, groupId, session);
  if (op === 'quit') return quitGroup(im, groupId, session);
  const { data } = messageSchema.safeParse(message);
  if (!data) throw new ImRefusal(10004, 'bad parameter: message');
  if (!membersOf(im, requireGroup(im, groupId)).has(session.account)) throw new ImRefusal(10007, 'not in the group');
  const { MsgBody: body, MsgPriority: priority, CloudCustomData } = data;
  await sendMessage(
    im,
    {
      groupId,
      from: session.account,
      random: randomInt(2 ** 32),
      body,
      priority,
      ...(CloudCustomData !== undefined && { cloudCustomData: CloudCustomData }),
    },
    session,
  );
};
