import type { Transaction } from '../../db/database.ts';
import { AppError } from '../../errors.ts';
import type { Random } from '../random.ts';

/** TRTC's first documents allow 1 to 10000000; every client since can enter those. */
const maxRoomId = 10_000_000;
/** Old signalling must not leak into the next class: Tencent's classroom wants a fresh number for each. Source: https://github.com/tencentyun/qcloud-documents */
export const restSeconds = 86_400;
const candidatesPerTry = 16;
const maxTries = 20;

/**
 * Gives a class a room number that no other unfinished class has and that has rested since its last: the first free one
 * of some random candidates, in one statement on the primary key. Throws `QUOTA_EXCEEDED` when all are taken.
 */
export const allocateRoom = async (
  sql: Transaction,
  classId: string,
  nowSeconds: number,
  random: Random,
): Promise<number> => {
  for (let tries = 0; tries < maxTries; tries += 1) {
    const candidates = Array.from({ length: candidatesPerTry }, () => random.integer(1, maxRoomId + 1));
    const [room] = await sql<{ roomId: number }[]>`
      with free as (
        select candidate.room_id
        from unnest(${`{${candidates.join()}}`}::int[]) with ordinality as candidate (room_id, place)
        left join rooms using (room_id)
        where rooms.room_id is null or rooms.rests_until <= ${nowSeconds}
        order by candidate.place
        limit 1
      )
      insert into rooms (room_id, class_id)
      select room_id, ${classId} from free
      on conflict (room_id) do update set class_id = excluded.class_id, rests_until = null where rooms.rests_until <= ${nowSeconds}
      returning room_id as "roomId"`;
    if (room) return room.roomId;
  }
  throw new AppError('QUOTA_EXCEEDED', 'No room number is free.');
};

/** The class has ended: its number rests, and then is free. */
export const releaseRoom = async (sql: Transaction, classId: string, nowSeconds: number): Promise<void> => {
  await sql`update rooms set rests_until = ${nowSeconds + restSeconds} where class_id = ${classId}`;
};
