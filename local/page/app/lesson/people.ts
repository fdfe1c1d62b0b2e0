import { computed, signal } from '@preact/signals';
import type { Answer } from '../im/frames.ts';
import type { ImConnection } from '../im/im-connection.ts';
import type { Named } from './wire.ts';

/** Somebody who is in the class now. */
export interface Present extends Named {
  /** Unix seconds; 0 when not muted. */
  mutedUntil: number;
  board: boolean;
}

export interface PeopleOptions {
  ask: ImConnection['ask'];
  chatGroupId: string;
  replayGroupId: string;
  teacherId: string;
  /** Whether the ReplayGroup is open to the caller, so that its members can be asked for. */
  seesBoardHolders(): boolean;
}

/** Who is here, as IM knows it: those in the ChatGroup, and of those in the ReplayGroup that they hold the board. */
export const createPeople = ({ ask, chatGroupId, replayGroupId, teacherId, seesBoardHolders }: PeopleOptions) => {
  const names = signal<ReadonlyMap<string, string>>(new Map());
  const members = signal<NonNullable<Answer['members']>>([]);
  const holders = signal<ReadonlySet<string>>(new Set());
  const isClassMuted = signal(false);
  let asking: Promise<void> | undefined;
  let isAskedAgain = false;

  const learn = (people: readonly Named[]) => {
    const next = new Map(names.value);
    for (const { userId, name } of people) if (name) next.set(userId, name);
    if (next.size !== names.value.size || [...next].some(([id, name]) => names.value.get(id) !== name))
      names.value = next;
  };

  const load = async () => {
    const { members: present = [], ShutUpAllMember } = await ask({ op: 'members', groupId: chatGroupId });
    learn(present.map(({ Member_Account, NickName }) => ({ userId: Member_Account, name: NickName ?? '' })));
    members.value = present;
    isClassMuted.value = ShutUpAllMember === 'On';
    if (!seesBoardHolders()) {
      holders.value = new Set();
      return;
    }
    const { members: drawing = [] } = await ask({ op: 'members', groupId: replayGroupId });
    holders.value = new Set(drawing.map(({ Member_Account }) => Member_Account));
  };

  return {
    names: computed(() => names.value),
    isClassMuted: computed(() => isClassMuted.value),
    present: computed<readonly Present[]>(() =>
      members.value.map(({ Member_Account: userId, MuteUntil }) => ({
        userId,
        name: names.value.get(userId) ?? userId,
        mutedUntil: MuteUntil,
        board: userId === teacherId || holders.value.has(userId),
      })),
    ),
    nameOf: (userId: string): string => names.value.get(userId) ?? userId,
    learn,
    /** Asks IM anew; calls that come meanwhile are one. */
    async refresh(): Promise<void> {
      isAskedAgain = true;
      asking ??= (async () => {
        try {
          while (isAskedAgain) {
            isAskedAgain = false;
            await load();
          }
        } catch {
          // The connection went away; whoever comes back asks anew.
        } finally {
          asking = undefined;
        }
      })();
      await asking;
    },
  };
};

export type People = ReturnType<typeof createPeople>;
