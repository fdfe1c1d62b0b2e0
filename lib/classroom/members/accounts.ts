import type { Database } from '../../db/database.ts';
import type { ImClient } from '../../im/client.ts';
import { onceMore, unless } from '../../im/retry.ts';
import type { Users } from './users.ts';

export interface AccountsOptions {
  database: Database;
  im: Pick<ImClient, 'importAccount'>;
  users: Pick<Users, 'nameOf'>;
  /** Milliseconds since 1970. */
  clock(): number;
}

const refusedNickname = 40005;
const unknownAccount = 10019;

/**
 * People as IM knows them. An account comes to be at its owner's first login; whoever acts for somebody before that
 * imports it. Joining does not: 10,000 at once would take 50 s of what IM allows.
 */
export const createAccounts = ({ database, im, users, clock }: AccountsOptions) => {
  const importAs = (userId: string, name: string | undefined): Promise<void> =>
    onceMore(() => im.importAccount({ userId, ...(name !== undefined && { name }) })).catch(
      unless(refusedNickname, () => im.importAccount({ userId })),
    );

  const importKnown = async (userId: string): Promise<void> => {
    await importAs(userId, await users.nameOf(userId));
    const now = Math.floor(clock() / 1000);
    await database.run(
      (sql) => sql`
        insert into users (user_id, imported_at) values (${userId}, ${now})
        on conflict (user_id) do update set imported_at = excluded.imported_at`,
    );
  };

  const isImported = async (userId: string): Promise<boolean> => {
    const rows = await database.run(
      (sql) => sql`select 1 from users where user_id = ${userId} and imported_at is not null`,
    );
    return rows.length > 0;
  };

  const pending = new Map<string, Promise<void>>();
  /** Once for all who need the account at the same time. */
  const ensureImported = (userId: string): Promise<void> => {
    const ensured =
      pending.get(userId) ??
      isImported(userId)
        .then((is) => (is ? undefined : importKnown(userId)))
        .finally(() => pending.delete(userId));
    pending.set(userId, ensured);
    return ensured;
  };

  return {
    /** Makes the account known to IM; without its nickname when IM does not like that. Again is no error. */
    importAs,

    /** Does something that needs the account at IM: imports it on first need, and once more when IM has forgotten it. */
    async withAccount<T>(userId: string, work: () => Promise<T>): Promise<T> {
      await ensureImported(userId);
      return work().catch(
        unless(unknownAccount, async () => {
          await importKnown(userId);
          return work();
        }),
      );
    },
  };
};

export type Accounts = ReturnType<typeof createAccounts>;
