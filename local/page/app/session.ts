import { computed, signal } from '@preact/signals';
import { createClassroomClient } from '../../../client/classroom.ts';
import { storedSignal } from './stored.ts';
import { surroundings } from './surroundings.ts';

export type Role = 'student' | 'teacher' | 'admin';

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
  token = await mintToken(who);
  signedIn.value = who;
};

/** Signs in with a token of the app's own login. Its signature is the functions' business: here it is only read. */
export const signInWithToken = (text: string): void => {
  const claims = readClaims(text);
  if (!claims?.sub) throw new SignInError('This is no token of a user.');
  token = text.trim();
  const { sub, role = 'student', name = sub } = claims;
  signedIn.value = { userId: sub, role, name };
};

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
  token = await mintToken(who);
  return token;
};

const mintToken = async (who: Person): Promise<string> => {
  const response = await fetch('/local/token', { method: 'POST', body: JSON.stringify(who) }).catch((cause) => {
    throw new SignInError('The gateway cannot be reached.', { cause });
  });
  const body = await response.json();
  if (!response.ok) throw new SignInError(body.detail);
  return body.token;
};

const readClaims = (text: string): { sub?: string; role?: Role; name?: string } | undefined => {
  try {
    const [, payload = ''] = text.trim().split('.');
    const bytes = Uint8Array.from(atob(payload.replaceAll('-', '+').replaceAll('_', '/')), (char) =>
      char.charCodeAt(0),
    );
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    // Whatever it is, it is no JWT.
    return undefined;
  }
};
