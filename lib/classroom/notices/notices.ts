import { createHash } from 'node:crypto';
import type { Database } from '../../db/database.ts';
import type { ImClient } from '../../im/client.ts';
import { describeError, type Log } from '../../log.ts';
import type { Users } from '../members/users.ts';
import { isSilent } from '../settling.ts';
import type { CurrentFilter } from '../words/current-filter.ts';
import { type NoticeEvent, type NoticeLanguage, noticeText } from './notice-text.ts';

/** People who came into a ChatGroup or left it, as one callback tells it. */
export interface Movement {
  groupId: string;
  event: NoticeEvent;
  userIds: readonly string[];
  /** The same for a repeated callback, another for another event. */
  eventKey: string;
}

export interface NoticesOptions {
  database: Database;
  im: Pick<ImClient, 'sendCustomMessage'>;
  users: Pick<Users, 'namesOf'>;
  filter(): Promise<CurrentFilter>;
  language: NoticeLanguage;
  log: Log;
  /** Milliseconds since 1970. */
  clock(): number;
}

const listedPeople = 20;
const lateAfterSeconds = 15;
/** Within this IM drops a message that it has had already; later, a notice is no news. */
const sendableForSeconds = 300;
/** After so long nobody repeats a callback. */
const forgottenAfterSeconds = 86_400;

/** System notices of who joined and left, each event announced once. */
export const createNotices = ({ database, im, users, filter, language, log, clock }: NoticesOptions) => {
  const nowSeconds = () => Math.floor(clock() / 1000);

  const send = async (
    groupId: string,
    event: NoticeEvent,
    userIds: readonly string[],
    random: number,
  ): Promise<void> => {
    const [names, { filter: words }] = await Promise.all([users.namesOf(userIds), filter()]);
    const people = userIds.map((userId) => ({ userId, name: words.mask(names.get(userId) ?? userId) }));
    await im.sendCustomMessage({
      groupId,
      random,
      data: { v: 1, type: 'notice', event, users: people.slice(0, listedPeople), count: people.length },
      description: noticeText(
        language,
        event,
        people.map(({ name }) => name),
        people.length,
      ),
      priority: 'Normal',
    });
    await database.run(
      (sql) => sql`update notices set sent_at = ${nowSeconds()} where group_id = ${groupId} and random = ${random}`,
    );
  };

  return {
    /** Announces an arrival; what another delivery of the same callback has announced is left out. */
    async announce({ groupId, event, userIds, eventKey }: Movement): Promise<void> {
      // Of its people too: two callbacks of one moment are two messages to IM.
      const random = createHash('sha256')
        .update([eventKey, ...userIds].join(' '))
        .digest()
        .readUInt32BE();
      const rows = userIds.map((userId) => ({ event_key: `${eventKey} ${userId}`, user_id: userId }));
      const fresh = await database.run(
        (sql) => sql<{ userId: string }[]>`
          insert into notices (event_key, group_id, event, user_id, random, created_at)
          select event_key, ${groupId}, ${event}, user_id, ${random}, ${nowSeconds()}
          from jsonb_to_recordset(${sql.json(rows)}) as row (event_key text, user_id text)
          on conflict (event_key) do nothing
          returning user_id as "userId"`,
      );
      if (fresh.length > 0)
        await send(
          groupId,
          event,
          fresh.map(({ userId }) => userId),
          random,
        );
    },

    /** Sends what a killed or failed invocation left unsent; IM drops what it had sent after all. Answers how many it tried. */
    async flush(): Promise<number> {
      const now = nowSeconds();
      const late = await database.run(
        (sql) => sql<{ groupId: string; event: NoticeEvent; random: number; userIds: string[] }[]>`
          select group_id as "groupId", event, random, jsonb_agg(user_id order by event_key) as "userIds"
          from notices where sent_at is null and created_at <= ${now - lateAfterSeconds} and created_at > ${now - sendableForSeconds}
          group by group_id, event, random limit 100`,
      );
      for (const { groupId, event, userIds, random } of late) {
        try {
          await send(groupId, event, userIds, random);
        } catch (error) {
          log.warn('notice not sent', { groupId, ...describeError(error) });
          if (isSilent(error)) break;
        }
      }
      await database.run((sql) => sql`delete from notices where created_at <= ${now - forgottenAfterSeconds}`);
      return late.length;
    },
  };
};

export type Notices = ReturnType<typeof createNotices>;
