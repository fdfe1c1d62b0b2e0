import { computed, signal } from '@preact/signals';
import { createClassroomClient } from '../../../client/classroom.ts';
import { storedSignal } from './stored.ts';
import { surroundings } from './surroundings.ts';

const roles = ['student', 'teacher', 'admin'] as const;

/** What a token says that somebody is. */
export type Role = (typeof roles)[number];

const isRole = (role: unknown): role is Role => roles.some((known) => known === role);

/** Who uses this tab. */
export interface Person {
  userId: string;
  role: Role;
  name: string;
}

const signedIn = storedSignal<Person | undefined>(sessionStorage, 'classroom.person', undefined);

const expired = signal(false);

/** Nobody is signed in, or not any more. */
export class SignInError extends Error {}

/** In memory alone: whoever reloads the page gets a new one. */
let token: string | undefined;

/** Who is signed in here; each tab has its own. */
export const person = computed(() => signedIn.value);

/** Whether the last one here was signed out because their token had run out. */
export const hasExpired = computed(() => expired.value);

/** Signs in with a token that the local cloud gives out. */
export const signIn = async (who: Person): Promise<void> => {
  const minted = await mintToken(who);
  token = minted;
  signedIn.value = who;
};

/** Signs in with a token of the app's own login. Its signature is the functions' business: here it is only read. */
export const signInWithToken = (text: string): void => {
  const {
    [surroundings.userIdClaim]: userId,
    [surroundings.roleClaim]: role = 'student',
    name = userId,
  } = readClaims(text);
  if (typeof userId !== 'string' || !isRole(role)) throw new SignInError('This is no token of a user.');
  token = text.trim();
  signedIn.value = { userId, role, name: String(name) };
};

/** Forgets who it was. */
export const signOut = (): void => {
  token = undefined;
  signedIn.value = undefined;
  expired.value = false;
};

/** All functions, called as who is signed in. A token that has run out is replaced, once a call. */
export const client = createClassroomClient({
  baseUrl: location.origin,
  token: async () => token ?? (await renewToken()),
  renewToken: () => renewToken(),
});

const renewToken = async (): Promise<string> => {
  const who = signedIn.value;
  if (!who || !surroundings.mintsTokens) {
    signOut();
    expired.value = true;
    throw new SignInError('Sign in again.');
  }
  const minted = await mintToken(who);
  // Somebody else may have come to sit here meanwhile.
  if (signedIn.value !== who) throw new SignInError('Signed out meanwhile.');
  token = minted;
  return minted;
};

const mintToken = async (who: Person): Promise<string> => {
  const response = await fetch('/local/token', { method: 'POST', body: JSON.stringify(who) }).catch((cause) => {
    throw new SignInError('The gateway cannot be reached.', { cause });
  });
  const body = await response.json();
  if (!response.ok) throw new SignInError(body.detail);
  return body.token;
};

const readClaims = (text: string): Record<string, unknown> => {
  try {
    const [, payload = ''] = text.trim().split('.');
    const bytes = Uint8Array.from(atob(payload.replaceAll('-', '+').replaceAll('_', '/')), (char) =>
      char.charCodeAt(0),
    );
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    // Whatever it is, it is no JWT.
    return {};
  }
};
