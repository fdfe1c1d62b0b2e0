import type { Database } from '../../db/database.ts';
import { AppError } from '../../errors.ts';

export interface PasscodeTriesOptions {
  database: Database;
  /** Milliseconds since 1970. */
  clock(): number;
}

const maxTries = 5;
const windowSeconds = 60;

/** Who has tried how many passcodes of late, over all classes: a passcode may be short, so guesses must be few. */
export const createPasscodeTries = ({ database, clock }: PasscodeTriesOptions) => {
  const nowSeconds = () => Math.floor(clock() / 1000);
  return {
    /**
     * Counts a try before it is looked at. Throws `RATE_LIMITED` at the sixth within a minute, which is not counted itself,
     * until the first of the five is a minute old.
     */
    async count(userId: string): Promise<void> {
      const now = nowSeconds();
      // What the outer select reads is from before this statement: of a caller's first tries at once it may know nothing.
      const [row] = await database.run(
        (sql) => sql<{ isCounted: boolean; oldest: number | null }[]>`
          with counted as (
            insert into passcode_tries as held (user_id, tried_at) values (${userId}, array[${now}::bigint])
            on conflict (user_id) do update set tried_at =
              array(select at from unnest(held.tried_at) as at where at > ${now - windowSeconds}) || excluded.tried_at
            where (select count(*) from unnest(held.tried_at) as at where at > ${now - windowSeconds}) < ${maxTries}
            returning 1
          )
          select exists (select 1 from counted) as "isCounted",
            (select min(at) from passcode_tries, unnest(tried_at) as at
             where user_id = ${userId} and at > ${now - windowSeconds}) as oldest`,
      );
      if (row?.isCounted) return;
      throw new AppError('RATE_LIMITED', `A passcode may be tried ${maxTries} times a minute.`, {
        retryAfterSeconds: (row?.oldest ?? now) + windowSeconds - now,
      });
    },

    /** Drops tries that count no more. */
    async forgetOld(): Promise<void> {
      await database.run(
        (sql) => sql`delete from passcode_tries where ${nowSeconds() - windowSeconds} >= all (tried_at)`,
      );
    },
  };
};

export type PasscodeTries = ReturnType<typeof createPasscodeTries>;
