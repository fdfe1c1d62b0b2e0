import * as z from 'zod/mini';
import { nowSeconds } from '../context.ts';
import { assertClean, assertSendable, msgBodySchema } from '../msg-body.ts';
import { ImRefusal } from '../refusal.ts';
import { command } from './command.ts';
import { account, uint32 } from './fields.ts';

/** To one user's sessions, if there are any: nothing is kept, and no callback asked. Source: https://cloud.tencent.com/document/product/269/2282 */
export const sendC2c = command(
  z.object({
    From_Account: z.optional(account),
    To_Account: account,
    MsgRandom: uint32,
    MsgBody: msgBodySchema,
    CloudCustomData: z.optional(z.string()),
  }),
  (im, { From_Account, To_Account, MsgRandom, MsgBody, CloudCustomData }, operator) => {
    const from = From_Account ?? operator.account;
    if (!im.state.accounts.has(from)) throw new ImRefusal(20003, `the account ${from} is not imported`);
    if (!im.state.accounts.has(To_Account)) throw new ImRefusal(90012, `the account ${To_Account} is not imported`);
    assertSendable(MsgBody, CloudCustomData, true);
    assertClean(MsgBody, im.state.dirtyWords);
    const now = nowSeconds(im);
    const key = `${MsgRandom % 100_000}_${MsgRandom}_${now}`;
    for (const session of im.audience.sessionsOf(To_Account))
      session.push({
        event: 'message',
        From_Account: from,
        To_Account,
        MsgBody,
        MsgTime: now,
        MsgKey: key,
        ...(CloudCustomData !== undefined && { CloudCustomData }),
      });
    return { MsgTime: now, MsgKey: key };
  },
  { invalidCode: 90010 },
);
