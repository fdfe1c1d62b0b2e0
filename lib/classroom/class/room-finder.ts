import type { Database } from '../../db/database.ts';

/** Finds whose a room number is; the number of a class that has ended stays its own while it rests. */
export const createRoomFinder = (database: Database) => ({
  async classIdOf(roomId: number): Promise<string | undefined> {
    const [row] = await database.run(
      (sql) => sql<{ classId: string }[]>`select class_id as "classId" from rooms where room_id = ${roomId}`,
    );
    return row?.classId;
  },
});

export type RoomFinder = ReturnType<typeof createRoomFinder>;
