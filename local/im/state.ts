import * as z from 'zod/mini';
import { type Group, groupSchema, savedGroup } from './group.ts';

const accountSchema = z.object({ account: z.string(), nick: z.string(), faceUrl: z.string() });

const savedSchema = z.object({
  format: z.literal(1),
  accounts: z.array(accountSchema),
  groups: z.array(groupSchema),
  dirtyWords: z.array(z.string()),
});

type Account = z.output<typeof accountSchema>;

/** All that IM keeps. Sessions are not in it: who is in an AVChatRoom is gone when IM stops. */
export interface ImState {
  readonly accounts: Map<string, Account>;
  readonly groups: Map<string, Group>;
  readonly dirtyWords: Set<string>;
  /** Counts the changes. */
  readonly version: number;
  /** Whoever changes something above says so. */
  changed(): void;
  /** Called after each change, in the same tick. */
  onChange(listener: () => void): void;
  toJSON(): object;
}

/** A new state, or the one that `toJSON` has saved. Throws zod's error when it is not such a one. */
export const createImState = (saved?: unknown): ImState => {
  const parsed = saved === undefined ? undefined : savedSchema.parse(saved);
  const listeners: (() => void)[] = [];
  let version = 0;
  const state = {
    accounts: new Map(parsed?.accounts.map((account) => [account.account, account])),
    groups: new Map(parsed?.groups.map((group) => [group.groupId, group])),
    dirtyWords: new Set(parsed?.dirtyWords),
  };
  return {
    ...state,
    get version() {
      return version;
    },
    changed() {
      version += 1;
      for (const listener of listeners) listener();
    },
    onChange: (listener) => void listeners.push(listener),
    toJSON: () => ({
      format: 1,
      accounts: [...state.accounts.values()],
      groups: [...state.groups.values()].map(savedGroup),
      dirtyWords: [...state.dirtyWords],
    }),
  };
};
