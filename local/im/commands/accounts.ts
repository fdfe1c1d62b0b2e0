import * as z from 'zod/mini';
import { importAccount } from '../import-account.ts';
import { ImRefusal } from '../refusal.ts';
import { command, done } from './command.ts';
import { account, textOf } from './fields.ts';

const invalidCode = 70402;

/** A repeated import is a success that changes nothing. Newer texts call the account `UserID`. Source: https://cloud.tencent.com/document/product/269/1608 */
export const accountImport = command(
  z.object({
    Identifier: z.optional(account),
    UserID: z.optional(account),
    Nick: z._default(z.string(), ''),
    FaceUrl: z._default(z.string(), ''),
  }),
  (im, { Identifier, UserID, Nick, FaceUrl }) => {
    const name = Identifier ?? UserID;
    if (name === undefined) throw new ImRefusal(invalidCode, 'bad parameter: Identifier');
    importAccount(im, name, { nick: Nick, faceUrl: FaceUrl });
    return done;
  },
  { invalidCode },
);

/** Success even when some fail: they are named. Source: https://cloud.tencent.com/document/product/269/4919 */
export const multiaccountImport = command(
  z.object({ Accounts: z.array(textOf(1024)).check(z.minLength(1), z.maxLength(100)) }),
  (im, { Accounts }) => {
    const failed = Accounts.filter((name) => !account.safeParse(name).success);
    for (const name of Accounts) if (!failed.includes(name)) importAccount(im, name);
    return { FailAccounts: failed };
  },
  { invalidCode, perSecond: 100 },
);
