import type { Database } from '../../db/database.ts';

/** So much of what a key stands for, of which a second has `limit`. */
export interface BudgetRequest {
  key: string;
  n: number;
  limit: number;
}

export interface BudgetOptions {
  database: Database;
  /** Milliseconds since 1970. */
  clock(): number;
}

/** What may be used up in a second, shared by all instances. */
export const createBudget = ({ database, clock }: BudgetOptions) => ({
  /**
   * Takes all of this from what the second has left, or nothing. Answers whether it was left. Of calls that meet at the
   * very last of a key, those that come too late may have taken a part of the other keys.
   */
  async take(requests: readonly BudgetRequest[]): Promise<boolean> {
    const second = Math.floor(clock() / 1000);
    // What is used up is refused by the first condition, without a lock. Rows are locked in one order: nobody waits in a circle.
    const taken = await database.run(
      (sql) => sql`
        with request as (
          select key, n, "limit" from jsonb_to_recordset(${sql.json(requests.map((request) => ({ ...request })))})
            as row (key text, n integer, "limit" integer))
        insert into budgets as held (key, second, used)
        select key, ${second}, n from request
        where not exists (
          select 1 from request left join budgets on budgets.key = request.key and second >= ${second}
          where coalesce(used, 0) + n > "limit")
        order by key
        on conflict (key) do update set
          second = greatest(held.second, excluded.second),
          used = case when held.second < excluded.second then 0 else held.used end + excluded.used
        where held.second < excluded.second
          or held.used + excluded.used <= (select "limit" from request where request.key = excluded.key)
        returning 1`,
    );
    return taken.length === requests.length;
  },

  /** Drops keys that nobody has used for an hour. */
  async forgetOld(): Promise<void> {
    const longAgo = Math.floor(clock() / 1000) - 3600;
    await database.run(
      (sql) => sql`
        delete from budgets where key in (select key from budgets where second <= ${longAgo} for update skip locked)`,
    );
  },
});

export type Budget = ReturnType<typeof createBudget>;
