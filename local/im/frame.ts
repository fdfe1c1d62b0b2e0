import { randomInt } from 'node:crypto';
import * as z from 'zod/mini';
import type { Session } from './audience.ts';
import type { ImContext } from './context.ts';
import { requireMembership } from './groups.ts';
import { joinGroup, quitGroup } from './membership.ts';
import { msgBodySchema, priorities } from './msg-body.ts';
import { ImRefusal } from './refusal.ts';
import { listMembers } from './roster.ts';
import { sendMessage } from './send-message.ts';

const id = z.union([z.string(), z.number()]);
const groupId = z.string();

const frameSchema = z.discriminatedUnion('op', [
  z.object({ id, op: z.enum(['join', 'quit', 'members']), groupId }),
  z.object({ id, op: z.literal('send'), groupId, message: z.optional(z.unknown()) }),
  z.object({ id, op: z.literal('renew'), userSig: z.string() }),
]);

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
  return data ? { frame: data } : { id: z.object({ id }).safeParse(value).data?.id ?? null };
};

/** Does what a frame asks for, and answers what its reply says beside the outcome. Throws `ImRefusal`. */
export const runFrame = async (im: ImContext, session: Session, frame: Frame): Promise<object | undefined> => {
  switch (frame.op) {
    case 'join':
      await joinGroup(im, frame.groupId, session);
      return;
    case 'quit':
      quitGroup(im, frame.groupId, session);
      return;
    case 'members':
      return listMembers(im, frame.groupId, session);
    case 'renew':
      session.renew(frame.userSig);
      return;
    case 'send':
      return send(im, session, frame.groupId, frame.message);
  }
};

const send = async (im: ImContext, session: Session, groupId: string, message: unknown): Promise<undefined> => {
  const { data } = messageSchema.safeParse(message);
  if (!data) throw new ImRefusal(10004, 'bad parameter: message');
  requireMembership(im, groupId, session.account);
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
