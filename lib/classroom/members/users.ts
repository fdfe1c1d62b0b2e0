import type { Database } from '../../db/database.ts';

/** What is known of people beside their id. */
export const createUsers = (database: Database) => ({
  /** Keeps the nickname of somebody of whom none is known; `join-class` keeps the later ones, masked. Answers the one that is kept. */
  async introduce(userId: string, name: string): Promise<string> {
    const [row] = await database.run(
      (sql) => sql<{ name: string }[]>`
        insert into users (user_id, name) values (${userId}, ${name})
        on conflict (user_id) do update set name = coalesce(users.name, excluded.name) returning name`,
    );
    return row?.name ?? name;
  },

  async nameOf(userId: string): Promise<string | undefined> {
    return (await this.namesOf([userId])).get(userId);
  },

  /** The known nicknames of these people. */
  async namesOf(userIds: readonly string[]): Promise<Map<string, string>> {
    if (userIds.length === 0) return new Map();
    const rows = await database.run(
      (sql) => sql<{ userId: string; name: string }[]>`
        select user_id as "userId", name from users where user_id in ${sql([...userIds])} and name is not null`,
    );
    return new Map(rows.map(({ userId, name }) => [userId, name]));
  },
});

export type Users = ReturnType<typeof createUsers>;
