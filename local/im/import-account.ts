import type { ImContext } from './context.ts';

/** Keeps what is known of the account: a first client login creates it, too. */
export const importAccount = (
  { state }: Pick<ImContext, 'state'>,
  name: string,
  profile?: { nick: string; faceUrl: string },
): void => {
  if (state.accounts.has(name)) return;
  state.accounts.set(name, { account: name, nick: '', faceUrl: '', ...profile });
  state.changed();
};
